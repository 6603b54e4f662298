from django.apps import AppConfig


class VideosConfig(AppConfig):
    name = "cms.videos"
    verbose_name = "Video"

    def ready(self) -> None:
        """Say what each role may do with videos; load the checks."""
        from cms.cooperatives import roles
        from cms.cooperatives.access import Role
        from cms.core import health
        from cms.videos import checks  # noqa: F401
        from cms.videos.encoding import workers
        from cms.videos.models import Video
        from cms.videos.replacing import PURPOSE, ReplacementPurpose
        from cms.videos.uploads import purposes
        from cms.videos.uploads.direct import checks as _uploads_checks  # noqa: F401

        roles.grant(Video, Role.EDITOR, ("view", "add", "change"))
        roles.grant(Video, Role.MODERATOR, ("publish", "lock", "unlock", "delete"))
        roles.grant(Video, Role.COORDINATOR, ("view",))
        health.register_part("encoding", workers.check)
        purposes.register(PURPOSE, ReplacementPurpose())

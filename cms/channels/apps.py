from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "cms.channels"
    verbose_name = "Saluran"

    def ready(self) -> None:
        """Say what each role may do with channels, and which publications are in use."""
        from cms.channels.in_force import publications_in_use
        from cms.channels.models import Channel
        from cms.cooperatives import roles
        from cms.cooperatives.access import Role
        from cms.videos.publications import register_publication_users

        roles.grant(Channel, Role.EDITOR, ("view", "change"))
        roles.grant(Channel, Role.MODERATOR, ("add",))
        roles.grant(Channel, Role.COORDINATOR, ("view",))
        register_publication_users(publications_in_use)

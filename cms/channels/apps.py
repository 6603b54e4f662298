from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "cms.channels"
    verbose_name = "Saluran"

    def ready(self) -> None:
        """Say what each role may do with channels, which publications and videos are in use,
        and what of a trader is forgotten here.
        """
        from cms.channels.asrun.personal import do_forget_titles, tell_airings
        from cms.channels.in_force import publications_in_use
        from cms.channels.models import Channel, Playlist
        from cms.channels.uses import uses_of
        from cms.cooperatives import roles
        from cms.cooperatives.access import Role
        from cms.traders.personal.doors import register_personal
        from cms.videos.publications import register_publication_users
        from cms.videos.uses import register_uses

        roles.grant(Channel, Role.EDITOR, ("view", "change"))
        roles.grant(Channel, Role.MODERATOR, ("add",))
        roles.grant(Channel, Role.COORDINATOR, ("view",))
        roles.grant(Playlist, Role.EDITOR, ("view", "add", "change", "delete"))
        roles.grant(Playlist, Role.COORDINATOR, ("view",))
        register_publication_users(publications_in_use)
        register_uses(uses_of)
        register_personal("airings", tell=tell_airings, erase=do_forget_titles)

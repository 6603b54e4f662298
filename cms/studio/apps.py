from django.apps import AppConfig


class StudioConfig(AppConfig):
    name = "cms.studio"
    verbose_name = "Studio"

    def ready(self) -> None:
        """Take photos that are sent, and say what this room holds of a trader."""
        from cms.studio import sent
        from cms.traders.personal.doors import register_personal
        from cms.videos.uploads import purposes

        purposes.register(sent.PURPOSE, sent.PhotoPurpose())
        register_personal("waiting_photos", tell=sent.tell_waiting, erase=sent.do_forget_owner)

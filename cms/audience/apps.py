from django.apps import AppConfig


class AudienceConfig(AppConfig):
    name = "cms.audience"
    verbose_name = "Penonton"

    def ready(self) -> None:
        """Say what this room holds of a trader."""
        from cms.audience.personal import do_forget_owner, tell_proofs, tell_taps
        from cms.traders.personal.doors import register_personal

        register_personal("taps", tell=tell_taps)
        register_personal("proofs", tell=tell_proofs, erase=do_forget_owner)

from django.apps import AppConfig


class CooperativesConfig(AppConfig):
    name = "cms.cooperatives"
    verbose_name = "Koperasi"

    def ready(self) -> None:
        """Say what each role may do with the tree itself."""
        from cms.cooperatives import roles
        from cms.cooperatives.access import Role
        from cms.cooperatives.models import Cooperative

        roles.grant(Cooperative, Role.COORDINATOR, ("view", "change"))

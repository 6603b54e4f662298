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
        self._hide_tags_of_others()

    def _hide_tags_of_others(self) -> None:
        from wagtail.admin import filters
        from wagtail.images.views import chooser

        from cms.cooperatives.tags import no_popular_tags

        # Wagtail has no setting for it, and the function is not told who asks.
        filters.popular_tags_for_model = no_popular_tags
        chooser.popular_tags_for_model = no_popular_tags

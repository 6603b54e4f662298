from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "cms.articles"
    verbose_name = "Kabar"

    def ready(self) -> None:
        # Models can be imported only now.
        from cms.articles.actions import do_ensure_section
        from cms.articles.uses import uses_of
        from cms.cooperatives.sections import register_section_factory
        from cms.videos.uses import register_uses

        register_section_factory(do_ensure_section)
        register_uses(uses_of)

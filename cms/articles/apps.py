from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "cms.articles"
    verbose_name = "Kabar"

    def ready(self) -> None:
        # Models can be imported only now.
        from cms.articles.actions import do_ensure_section
        from cms.cooperatives.sections import register_section_factory

        register_section_factory(do_ensure_section)

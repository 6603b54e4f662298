from django.apps import AppConfig


class StudioConfig(AppConfig):
    name = "cms.studio"
    verbose_name = "Studio"

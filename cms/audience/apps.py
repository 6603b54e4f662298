from django.apps import AppConfig


class AudienceConfig(AppConfig):
    name = "cms.audience"
    verbose_name = "Penonton"

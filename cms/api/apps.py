from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "cms.api"
    verbose_name = "API"

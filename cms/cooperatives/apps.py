from django.apps import AppConfig


class CooperativesConfig(AppConfig):
    name = "cms.cooperatives"
    verbose_name = "Koperasi"

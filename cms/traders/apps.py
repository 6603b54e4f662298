from django.apps import AppConfig


class TradersConfig(AppConfig):
    name = "cms.traders"
    verbose_name = "Pedagang"

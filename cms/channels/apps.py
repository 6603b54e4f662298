from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "cms.channels"
    verbose_name = "Saluran"

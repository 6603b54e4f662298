from django.apps import AppConfig


class VideosConfig(AppConfig):
    name = "cms.videos"
    verbose_name = "Video"

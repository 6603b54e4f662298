"""Addresses of the viewers' site. Articles below /kabar/ are Wagtail's (cms/urls.py)."""

from django.urls import path

from cms.site import preferences

urlpatterns = [
    path("bahasa/", preferences.choose_language, name="language"),
]

"""Addresses of the API."""

from django.urls import path

from cms.api import endpoints, views

urlpatterns = [
    path("", views.page, name="api-page"),
    path("openapi.json", views.openapi, name="api-openapi"),
    path("", endpoints.api.urls),
    path("<path:rest>", views.unknown),
]

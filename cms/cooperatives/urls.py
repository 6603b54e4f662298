"""Addresses of the CMS that stand in front of Wagtail's own, since those look across tenants."""

from django.urls import path

from cms.cooperatives.bulk import bulk_action

urlpatterns = [
    path("admin/bulk/<str:app_label>/<str:model_name>/<str:action>/", bulk_action),
]

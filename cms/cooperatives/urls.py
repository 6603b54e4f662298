"""Addresses of the CMS that stand in front of Wagtail's own, since those look across tenants."""

from django.urls import path

from cms.cooperatives import tags
from cms.cooperatives.bulk import bulk_action

urlpatterns = [
    path("admin/tag-autocomplete/", tags.autocomplete),
    path("admin/tag-autocomplete/<slug:app_name>/<slug:model_name>/", tags.autocomplete),
    path("admin/bulk/<str:app_label>/<str:model_name>/<str:action>/", bulk_action),
]

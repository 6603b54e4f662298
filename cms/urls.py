"""Addresses that Django answers; media, uploads and playlists are answered before it (asgi.py)."""

from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from cms.core.health import healthz

urlpatterns = [
    path("", include("cms.core.urls")),
    path("healthz", healthz, name="healthz"),
    path("", include("cms.cooperatives.urls")),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("api/v1/", include("cms.api.urls")),
    path("b/", include("cms.audience.proofs.urls")),
    path("chat/", include("cms.audience.urls")),
    path("studio/", include("cms.studio.urls")),
    path("", include("cms.site.urls")),
    path("kabar/", include(wagtail_urls)),
]

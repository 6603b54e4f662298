"""What this room adds to the CMS."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse
from django.utils.translation import gettext as _
from wagtail import hooks

from cms.audience.proofs import desk
from cms.core.home import Door, offer


@hooks.register("register_admin_urls")
def proofs_urls() -> list[URLResolver]:
    """The pages of the month's proofs."""
    return [path("bukti-tayang/", include((desk.urlpatterns, "audience_proofs")))]


@hooks.register("construct_homepage_panels")
def proofs_door(request: HttpRequest, panels: list[Any]) -> None:
    """Lead who vouches for traders to the proofs of the month."""
    if desk.markets_of(request).exists():
        url = reverse("audience_proofs:index")
        note = _("Cetak sebulan untuk semua pedagang")
        offer(panels, Door(45, _("Bukti Tayang"), url, "doc-full", note=note))

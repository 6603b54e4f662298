"""What this room adds to the CMS."""

from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks

from cms.articles.models import ArticlePage, SectionPage
from cms.articles.queries import own_sections
from cms.core.home import Door, offer
from cms.core.models import User

MOST = 4
"""Doors for who writes in several co-operatives; the page explorer has them all."""


@hooks.register("construct_homepage_panels")
def write_doors(request: HttpRequest, panels: list[Any]) -> None:
    """Lead to a new article in the person's own section; each names it where there are more."""
    sections = list(own_sections(cast(User, request.user))[:MOST])
    several = len(sections) > 1
    offer(panels, *(_door(each, note=each.title if several else "") for each in sections))


def _door(section: SectionPage, note: str) -> Door:
    meta = ArticlePage._meta
    url = reverse("wagtailadmin_pages:add", args=[meta.app_label, meta.model_name, section.pk])
    return Door(20, _("Tulis kabar"), url, "edit", note=note)

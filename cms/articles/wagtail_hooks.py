"""What this room adds to the CMS."""

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.documents.models import AbstractDocument
from wagtail.models import Page

from cms.articles.documents import may_read
from cms.articles.models import ArticlePage, SectionPage
from cms.articles.queries import own_sections
from cms.articles.twins import create_once, remember
from cms.core import clock
from cms.core.decided import decision
from cms.core.editing import edit_alone
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


@hooks.register("before_serve_document")
def read_what_is_public(document: AbstractDocument, request: HttpRequest) -> None:
    """Answer 404 to anyone who may not read `document`, because its address can be guessed."""
    if not may_read(cast(User, request.user), document):
        raise Http404(_("Dokumen ini tidak ada."))


@hooks.register("before_create_page")
def one_page_a_form(
    request: HttpRequest, parent: Page, page_class: type[Page]
) -> HttpResponse | None:
    """Let the posts of one form make one page."""
    return create_once(request, parent, page_class)


@hooks.register("after_create_page")
def remember_form(request: HttpRequest, page: Page) -> None:
    """Keep which form made a page."""
    remember(request, page, clock.now())


@hooks.register("before_edit_page")
def one_edit_at_a_time(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Let the posts that edit a page wait for each other."""
    return edit_alone(request, Page.objects.filter(pk=page.pk))


@hooks.register("after_edit_page")
def say_decision(request: HttpRequest, page: Page) -> None:
    """Say what a moderator decided, in place of Wagtail's "has been updated"."""
    live = Page.objects.filter(pk=page.pk, live=True).exists()
    if told := decision(request, page.get_admin_display_title(), live=live):
        list(messages.get_messages(request))  # read, so that it is not shown
        messages.success(request, told)


def _door(section: SectionPage, note: str) -> Door:
    meta = ArticlePage._meta
    url = reverse("wagtailadmin_pages:add", args=[meta.app_label, meta.model_name, section.pk])
    return Door(20, _("Tulis kabar"), url, "edit", note=note)

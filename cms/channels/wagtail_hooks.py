"""What this room adds to the CMS."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.widgets.button import ListingButton
from wagtail.snippets.models import register_snippet

from cms.channels.actions import do_publish_if_ready
from cms.channels.admin.viewset import ChannelViewSet
from cms.channels.models import Channel
from cms.core.clock import now
from cms.core.models import User

register_snippet(ChannelViewSet)


@hooks.register("register_snippet_listing_buttons")
def day_button(snippet: Any, _user: User, _next_url: str | None = None) -> Iterator[ListingButton]:
    """Lead from the list to the day."""
    if isinstance(snippet, Channel):
        url = reverse(snippet.snippet_viewset.get_url_name("today"), args=[snippet.pk])
        yield ListingButton(_("Susunan acara"), url, icon_name="calendar-alt", priority=1)


@hooks.register("after_create_snippet")
@hooks.register("after_edit_snippet")
def put_on_air(_request: HttpRequest, instance: Any) -> None:
    """Fillers, name and repeat show on air at once."""
    if isinstance(instance, Channel):
        do_publish_if_ready(instance, now())

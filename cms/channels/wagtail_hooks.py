"""What this room adds to the CMS."""

import logging
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.widgets.button import ListingButton
from wagtail.snippets.models import register_snippet

from cms.channels.actions import Contradiction, do_publish_if_ready
from cms.channels.admin.home import add_panels
from cms.channels.admin.viewset import ChannelViewSet
from cms.channels.models import Channel
from cms.core.clock import now
from cms.core.models import User
from media_pipeline.errors import StoreUnavailable

logger = logging.getLogger(__name__)

register_snippet(ChannelViewSet)
hooks.register("construct_homepage_panels", add_panels)


@hooks.register("register_snippet_listing_buttons")
def day_button(snippet: Any, _user: User, _next_url: str | None = None) -> Iterator[ListingButton]:
    """Lead from the list to the day."""
    if isinstance(snippet, Channel):
        url = reverse(snippet.snippet_viewset.get_url_name("today"), args=[snippet.pk])
        yield ListingButton(_("Susunan acara"), url, icon_name="calendar-alt", priority=1)


@hooks.register("after_create_snippet")
@hooks.register("after_edit_snippet")
def put_on_air(request: HttpRequest, instance: Any) -> None:
    """Fillers, name and repeat show on air at once; the form is saved in any case."""
    if not isinstance(instance, Channel):
        return
    try:
        do_publish_if_ready(instance, now())
    except (Contradiction, StoreUnavailable):
        logger.exception("%s: the edited channel was not planned anew", instance.slug)
        text = _("Saluran tersimpan, tetapi siarannya belum berubah. Simpan lagi sebentar.")
        messages.error(request, text)

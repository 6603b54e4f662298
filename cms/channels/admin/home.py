"""What the first page of the CMS shows of channels."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component
from wagtail.permissions import policy_registry

from cms.channels import guide
from cms.channels.guide import Programme
from cms.channels.models import Channel
from cms.channels.times import local_date
from cms.core import clock
from cms.core.formats import jam, tanggal
from cms.core.home import Door, offer
from media_pipeline.errors import StoreUnavailable

MOST = 6
"""Channels on the panel; the list has them all."""
NAMES = "wagtailsnippets_channels_channel"


@dataclass(frozen=True)
class Line:
    """A channel with what it shows; `until` and `starts` are texts by its own clock."""

    channel: Channel
    playing: Programme | None
    until: str
    coming: Programme | None
    starts: str


class ChannelsPanel(Component):
    """What is on air now and what comes next, channel by channel."""

    name = "siar_channels"
    order = 30
    template_name = "channels/admin/home.html"

    def __init__(self, channels: list[Channel]) -> None:
        self.channels = channels

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        now = clock.now()
        more = len(self.channels) > MOST
        try:
            lines = [_line(channel, now) for channel in self.channels[:MOST]]
        except StoreUnavailable:
            return {"unreachable": True, "more": more}
        return {"lines": lines, "more": more}


def add_panels(request: HttpRequest, panels: list[Any]) -> None:
    """Add the door for who plans, and the panel for who sees a channel."""
    policy = policy_registry.get_by_type(Channel)
    own = policy.instances_user_has_permission_for(request.user, "change")
    planned = list(own.values_list("pk", flat=True)[:2])
    if planned:
        several = len(planned) > 1
        url = reverse(f"{NAMES}:list") if several else reverse(f"{NAMES}:today", args=planned)
        offer(panels, Door(30, _("Susunan acara"), url, "calendar-alt"))
    rows = Channel.objects.visible_to(request.user).select_related("cooperative")
    channels = list(rows.order_by("cooperative__path", "name")[: MOST + 1])
    if channels:
        panels.append(ChannelsPanel(channels))


def _line(channel: Channel, now: datetime) -> Line:
    playing, coming = guide.now_and_next(channel, now)
    until = _when(channel, playing.end, now) if playing else ""
    starts = _when(channel, coming.start, now) if coming else ""
    return Line(channel, playing, until, coming, starts)


def _when(channel: Channel, moment: datetime, now: datetime) -> str:
    """Return 19.30 WIB, with the day where it is another one than today."""
    text = jam(moment, channel.cooperative.zone)
    day = local_date(channel, moment)
    return text if day == local_date(channel, now) else f"{tanggal(day)} {text}"

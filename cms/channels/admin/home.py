"""What the first page of the CMS shows of channels."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.ui.components import Component
from wagtail.permissions import policy_registry

from cms.channels import guide, in_force
from cms.channels.actions import NotReady, earliest_start
from cms.channels.admin.advice import advice_for
from cms.channels.guide import Programme
from cms.channels.in_force import Unreadable
from cms.channels.models import Channel
from cms.channels.publishing import preview
from cms.channels.times import end_of, local_date
from cms.cooperatives.access import Person
from cms.core import clock
from cms.core.formats import jam, tanggal
from cms.core.home import Door, Need, ask, offer
from media_pipeline.errors import StoreUnavailable

MOST = 6
"""Channels on the panel; the list has them all. Of so many the next day is looked at."""
LOOKED = 60
"""Seconds for which what was found about a day holds while its rundown is the same: a look
plans the day, which takes 20 queries and 0.1 s, and 1 s with 2,000 entries."""
NAMES = "wagtailsnippets_channels_channel"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Line:
    """A channel with what it shows; `until` and `starts` are texts by its own clock.

    `may_cut_in` says that the person plans it and it is on air.
    """

    channel: Channel
    playing: Programme | None
    until: str
    coming: Programme | None
    starts: str
    may_cut_in: bool


class ChannelsPanel(Component):
    """What is on air now and what comes next, channel by channel."""

    name = "siar_channels"
    order = 30
    template_name = "channels/admin/home.html"

    def __init__(self, channels: list[Channel], planned: Iterable[Channel]) -> None:
        self.channels = channels
        self.planned = {channel.pk for channel in planned}

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        now = clock.now()
        more = len(self.channels) > MOST
        try:
            lines = [
                _line(channel, now, planned=channel.pk in self.planned)
                for channel in self.channels[:MOST]
            ]
        except StoreUnavailable:
            return {"unreachable": True, "more": more}
        return {"lines": lines, "more": more}


def add_panels(request: HttpRequest, panels: list[Any]) -> None:
    """Add the door for who plans, and the panel for who sees a channel."""
    rows = _in_order(planned_by(request.user))
    planned = list(rows[: MOST + 1])
    if planned:
        several = len(planned) > 1
        url = (
            reverse(f"{NAMES}:list") if several else reverse(f"{NAMES}:today", args=[planned[0].pk])
        )
        offer(panels, Door(30, _("Susunan acara"), url, "calendar-alt"))
        ask(panels, *_needs(planned[:MOST], clock.now()))
    channels = list(_in_order(Channel.objects.visible_to(request.user))[: MOST + 1])
    if channels:
        panels.append(ChannelsPanel(channels, planned))


def planned_by(user: Person) -> QuerySet[Channel]:
    """Return the channels that `user` plans."""
    return policy_registry.get_by_type(Channel).instances_user_has_permission_for(user, "change")


def _in_order(channels: QuerySet[Channel]) -> QuerySet[Channel]:
    return channels.select_related("cooperative", "parent").order_by("cooperative__path", "name")


def _needs(channels: Iterable[Channel], now: datetime) -> Iterator[Need]:
    """Yield how many things there are to mend on the next day of each channel on air."""
    for order, channel in enumerate(channels):
        day = local_date(channel, now) + timedelta(days=1)
        try:
            count = _count(channel, day, now)
        except (NotReady, StoreUnavailable, Unreadable) as why:
            logger.info("%s: %s is not looked at: %s", channel.slug, day, why)
            continue
        if count:
            text = ngettext(
                "Besok: %(count)d hal perlu Anda", "Besok: %(count)d hal perlu Anda", count
            )
            url = reverse(f"{NAMES}:day", args=[channel.pk, day.isoformat()])
            yield Need(order, channel.name, url, text % {"count": count})


def _count(channel: Channel, day: date, now: datetime) -> int:
    """Return how many things the page of `day` has to say; 0 for a channel not on air."""
    found = in_force.read(channel.slug)
    if found is None:
        return 0
    key = f"siar-needs-{channel.pk}-{day}-{found.mark}".replace(" ", "-")
    count: int | None = cache.get(key)
    if count is None:
        plan = preview(channel, now, end_of(channel, day) + timedelta(hours=2))
        count = len(advice_for(channel, day, plan, earliest_start(channel, now)))
        cache.set(key, count, LOOKED)
    return count


def _line(channel: Channel, now: datetime, *, planned: bool) -> Line:
    playing, coming = guide.now_and_next(channel, now)
    until = _when(channel, playing.end, now) if playing else ""
    starts = _when(channel, coming.start, now) if coming else ""
    return Line(channel, playing, until, coming, starts, planned and playing is not None)


def _when(channel: Channel, moment: datetime, now: datetime) -> str:
    """Return 19.30 WIB, with the day where it is another one than today."""
    text = jam(moment, channel.cooperative.zone)
    day = local_date(channel, moment)
    return text if day == local_date(channel, now) else f"{tanggal(day)} {text}"

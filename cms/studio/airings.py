"""When a trader's segments are on air, read from the guide."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from cms.channels import guide
from cms.channels.models import Channel
from cms.cooperatives.models import Cooperative
from cms.traders.models import FeaturedSegment

AHEAD = 60
"""Programmes of a channel in which the next airing is looked for."""


class Airing(NamedTuple):
    """A segment on a channel; `moment` (UTC) is when its card appears."""

    moment: datetime
    channel: Channel


def channels_over(cooperative: Cooperative) -> list[Channel]:
    """The channels of `cooperative` and of those above it: where its stalls are shown."""
    above = [*cooperative.get_ancestors(), cooperative]
    return list(Channel.objects.public().filter(cooperative__in=above))


def times_today(
    segments: Iterable[FeaturedSegment], channels: Iterable[Channel], now: datetime
) -> int:
    """How often the segments stand in today's rundowns, each channel's day by its own clock."""
    begins = _begins(segments)
    return sum(
        len(begins.get(programme.video_key, ()))
        for channel in channels
        for programme in guide.day(channel, now.astimezone(channel.zone).date())
    )


def next_airing(
    segments: Iterable[FeaturedSegment], channels: Iterable[Channel], now: datetime
) -> Airing | None:
    """The first moment after `now` at which one of the segments is on air."""
    begins = _begins(segments)
    coming = [
        Airing(programme.start + begin, channel)
        for channel in channels
        for programme in guide.upcoming(channel, now, AHEAD)
        for begin in begins.get(programme.video_key, ())
    ]
    return min(coming, key=lambda airing: airing.moment, default=None)


def _begins(segments: Iterable[FeaturedSegment]) -> dict[str, list[timedelta]]:
    begins: dict[str, list[timedelta]] = {}
    for segment in segments:
        offset = timedelta(seconds=float(segment.begin))
        begins.setdefault(str(segment.video.key), []).append(offset)
    return begins

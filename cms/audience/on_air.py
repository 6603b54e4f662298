"""Whether a card that somebody says to have seen, or tapped, was on air."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from cms.audience.places import ON_AIR
from cms.channels.asrun.airings import channels_over
from cms.channels.asrun.journals import complete_until
from cms.channels.asrun.shown import CATCH_UP, Shown, cards_shown
from cms.traders.models import FeaturedSegment
from media_pipeline.model.entry_ids import whole_of

PATIENCE = timedelta(hours=6)
"""So long what was seen on a channel waits for journals; then it counts as far as they go."""
LONGEST = timedelta(hours=12)
"""A catch-up window is at most so long, and its end is what must lie within CATCH_UP."""
AHEAD = timedelta(minutes=1)
"""Events are known by the minute."""


class Claim(NamedTuple):
    """A card of a segment, and the place at which it was seen; `entry` is "" where nobody told."""

    key: UUID
    place: str
    entry: str = ""


def known_until(now: datetime) -> datetime:
    """Return up to when it is known what was on air; `now` where there never was a channel."""
    complete = complete_until()
    return now if complete is None else min(now, max(complete, now - PATIENCE))


def proven(claims: Iterable[Claim], minute: datetime) -> set[Claim]:
    """Return those of `claims`, made in `minute`, whose card the as-run shows.

    It may have been on air up to a catch-up window before. A place that is no channel's name
    ("siaran": the code in a clip) stands for any channel. Raises StoreUnavailable.
    """
    claims = set(claims)
    if not claims:
        return set()
    keys = {claim.key for claim in claims}
    slugs = {slug for claim in claims if (slug := _channel(claim.place))}
    if nameless := {claim.key for claim in claims if not _channel(claim.place)}:
        segments = FeaturedSegment.objects.filter(key__in=nameless)
        slugs |= {c.slug for c in channels_over(segments.select_related("product__stall"))}
    shown = cards_shown(keys, slugs, minute - CATCH_UP - LONGEST, minute + AHEAD)
    there = {each for airing in shown for each in _said_of(airing)}
    return {
        claim
        for claim in claims
        if (claim.key, _channel(claim.place), whole_of(claim.entry)[:120]) in there
    }


def _said_of(airing: Shown) -> list[tuple[UUID, str, str]]:
    """All ways in which a claim may name `airing`."""
    return [
        (airing.key, channel, entry)
        for channel in (airing.channel, "")
        for entry in (airing.entry, "")
    ]


def _channel(place: str) -> str:
    """The slug in "siaran-<slug>", "" in "siaran"."""
    return place.removeprefix(ON_AIR).removeprefix("-")

"""The open debts of a channel as its editors read them."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef, QuerySet

from cms.channels.asrun.debts import on_their_way
from cms.channels.asrun.promoted import SegmentAiring
from cms.channels.asrun.reasons import reason_of
from cms.channels.models import Channel
from cms.traders.models import FeaturedSegment

MOST = 100


class Owed(NamedTuple):
    """A debt, its segment, why it is one, and the start of the turn that is to close it."""

    row: SegmentAiring
    segment: FeaturedSegment
    reason: str
    turn: datetime | None


def owed_by(channel: Channel) -> QuerySet[SegmentAiring, SegmentAiring]:
    """Return the open debts of `channel`, the oldest first; those of deleted segments are none."""
    there = FeaturedSegment.objects.filter(key=OuterRef("segment_key"))
    return SegmentAiring.objects.owed().filter(Exists(there), channel=channel)


def told(channel: Channel) -> list[Owed]:
    """Return the oldest `MOST` open debts with all that a page says of them."""
    rows = list(owed_by(channel).order_by("start", "pk")[:MOST])
    found = FeaturedSegment.objects.filter(key__in={row.segment_key for row in rows})
    segments = {one.key: one for one in found.select_related("product__stall", "video")}
    turns = {key: iter(starts) for key, starts in on_their_way(channel).items()}
    return [
        Owed(
            row,
            segments[row.segment_key],
            reason_of(row.why),
            next(turns.get(row.segment_key, iter(())), None),
        )
        for row in rows
    ]

"""The open debts of a channel as its editors read them."""

from collections import defaultdict
from datetime import datetime
from itertools import zip_longest
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from cms.channels.asrun.debts import turns_on_their_way
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
    turns: dict[UUID, list[datetime]] = defaultdict(list)
    for key, start in turns_on_their_way(channel).values_list("segment_key", "start"):
        turns[key].append(start)
    debts: dict[UUID, list[SegmentAiring]] = defaultdict(list)
    for row in rows:
        debts[row.segment_key].append(row)
    lines = [
        Owed(row, segments[key], reason_of(row.why), turn)
        for key, owed in debts.items()
        for row, turn in zip_longest(owed, turns[key][: len(owed)])
    ]
    return sorted(lines, key=lambda line: (line.row.start, line.row.pk))

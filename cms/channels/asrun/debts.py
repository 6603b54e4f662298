"""What a channel owes to featured segments: promised airings that were missed or cut."""

from collections import defaultdict
from datetime import datetime, timedelta
from itertools import zip_longest
from uuid import UUID

from django.db.models import Exists, Model, OuterRef, QuerySet

from cms.channels.asrun.journals import complete_until
from cms.channels.asrun.promoted import PlannedMakegood, SegmentAiring
from cms.channels.fair.models import RotationTurn
from cms.channels.models import Channel
from cms.traders.models import FeaturedSegment

JUDGED = timedelta(hours=12)
"""A turn of which nothing is known so long after journals are complete was never in a rundown."""


def open_debts(channel: Channel) -> dict[int, datetime]:
    """Return the segments (primary keys) that `channel` owes, and when its oldest debt began."""
    return {pk: starts[0] for pk, starts in all_open_debts(channel).items()}


def all_open_debts(channel: Channel) -> dict[int, list[datetime]]:
    """Return the segments (primary keys) that `channel` owes, and when each debt began.

    Debts for which a replacement is on its way are not among them. One that was missed answers
    none. A segment that is deleted is owed nothing any more.
    """
    owed: dict[UUID, list[datetime]] = defaultdict(list)
    for key, start in _owed(channel).values_list("segment_key", "start"):
        owed[key].append(start)
    if not owed:
        return {}
    answered = on_their_way(channel)
    left = {key: starts[len(answered.get(key, ())) :] for key, starts in owed.items()}
    segments = FeaturedSegment.objects.filter(key__in=[k for k, starts in left.items() if starts])
    return {pk: left[key] for pk, key in segments.values_list("pk", "key")}


def answers(channel: Channel, segment: UUID) -> dict[SegmentAiring, datetime | None]:
    """Return the debts to the segment with this key, and when what answers each begins.

    None is that of an open one.
    """
    starts = on_their_way(channel).get(segment, [])
    rows = list(_owed(channel).filter(segment_key=segment))
    return dict(zip_longest(rows, starts[: len(rows)]))


def open_rows(channel: Channel, segment: UUID) -> list[SegmentAiring]:
    """Return the debts to the segment with this key that no replacement on its way answers."""
    return [row for row, start in answers(channel, segment).items() if start is None]


def on_their_way(channel: Channel) -> dict[UUID, list[datetime]]:
    """Return when what is to make good for a segment begins, by the key of the segment.

    Those that are not judged yet, in order: each answers one debt, the oldest first.
    """
    turns = _unjudged(channel, RotationTurn.objects.filter(makes_good=True), "segment_key")
    chosen = _unjudged(channel, PlannedMakegood.objects.all(), "card_key")
    found: dict[UUID, list[datetime]] = defaultdict(list)
    for key, start in sorted(
        [*turns.values_list("segment_key", "start"), *chosen.values_list("owed_key", "start")],
        key=lambda one: one[1],
    ):
        found[key].append(start)
    return dict(found)


def _owed(channel: Channel) -> QuerySet[SegmentAiring, SegmentAiring]:
    return SegmentAiring.objects.owed().filter(channel=channel).order_by("start", "pk")


def _unjudged[M: Model](channel: Channel, rows: QuerySet[M, M], key: str) -> QuerySet[M, M]:
    """Return those of `rows` of which no as-run row tells; `key` names their segment."""
    judged = SegmentAiring.objects.filter(
        channel=channel, entry=OuterRef("entry"), segment_key=OuterRef(key)
    )
    rows = rows.filter(~Exists(judged), channel=channel)
    complete = complete_until()
    return rows.filter(start__gte=complete - JUDGED) if complete else rows

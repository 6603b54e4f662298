"""What a channel owes to featured segments: promised airings that were missed or cut."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from cms.channels.asrun.journals import complete_until
from cms.channels.asrun.promoted import SegmentAiring
from cms.channels.fair.models import RotationTurn
from cms.channels.models import Channel
from cms.traders.models import FeaturedSegment

JUDGED = timedelta(hours=12)
"""A turn of which nothing is known so long after journals are complete was never in a rundown."""


def open_debts(channel: Channel, before: datetime | None = None) -> dict[int, datetime]:
    """Return the segments (primary keys) that `channel` owes, and when its oldest debt began."""
    return {pk: starts[0] for pk, starts in all_open_debts(channel, before).items()}


def all_open_debts(channel: Channel, before: datetime | None = None) -> dict[int, list[datetime]]:
    """Return the segments (primary keys) that `channel` owes, and when each debt began.

    Debts for which a turn is on its way are not among them: each turn that makes good, starts
    before `before` (any, without) and is not judged yet answers one, the oldest first. One
    that was missed answers none. A segment that is deleted is owed nothing any more.
    """
    owed: dict[UUID, list[datetime]] = defaultdict(list)
    rows = SegmentAiring.objects.owed().filter(channel=channel).order_by("start", "pk")
    for key, start in rows.values_list("segment_key", "start"):
        owed[key].append(start)
    if not owed:
        return {}
    answered = Counter(turns_on_their_way(channel, before).values_list("segment_key", flat=True))
    left = {key: starts[answered[key] :] for key, starts in owed.items()}
    segments = FeaturedSegment.objects.filter(key__in=[k for k, starts in left.items() if starts])
    return {pk: left[key] for pk, key in segments.values_list("pk", "key")}


def turns_on_their_way(
    channel: Channel, before: datetime | None = None
) -> QuerySet[RotationTurn, RotationTurn]:
    """Return the turns of `channel` that make good, start before `before` and are not judged."""
    judged = SegmentAiring.objects.filter(
        channel=channel, entry=OuterRef("entry"), segment_key=OuterRef("segment_key")
    )
    turns = RotationTurn.objects.filter(~Exists(judged), channel=channel, makes_good=True)
    if before is not None:
        turns = turns.filter(start__lt=before)
    complete = complete_until()
    return turns.filter(start__gte=complete - JUDGED) if complete else turns

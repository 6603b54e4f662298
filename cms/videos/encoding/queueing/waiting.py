"""What waits, read from the rows for `turns`, which decides the order."""

from collections.abc import Collection
from datetime import datetime
from math import inf

from django.db.models import F, Min

from cms.videos.encoding.queueing import turns
from cms.videos.models import EncodeTask
from cms.videos.models.task import Kind, Step, TaskQuerySet

ANYTHING = frozenset(Kind)
LAST = 99
"""Above the rank of every task."""


def waiting(
    now: datetime, kinds: Collection[str] = ANYTHING, most_rank: int = LAST
) -> list[turns.Waiting]:
    """Return the first task of each title that a worker may claim at `now`."""
    rows = EncodeTask.objects.claimable(now)
    return _first_of_each(rows.filter(kind__in=kinds, rank__lte=most_rank))


def places(now: datetime) -> dict[int, int]:
    """Return the place in the queue of each title that waits with nothing at work, 1 for the next.

    By the encode's id. Those that wait for their backoff have a place as well.
    """
    busy = EncodeTask.objects.filter(state=Step.WORKING).values("encode")
    rows = EncodeTask.objects.waiting().exclude(encode__in=busy)
    ordered = turns.in_order(_first_of_each(rows), now, turn=0)
    return {each.encode: place for place, each in enumerate(ordered, 1)}


def _first_of_each(rows: TaskQuerySet) -> list[turns.Waiting]:
    """Return one task of each title: its rows are written in the order of their rank."""
    first = rows.order_by().values("encode").annotate(first=Min("pk")).values("first")
    found = EncodeTask.objects.filter(pk__in=first).select_related("encode")
    marked = found.annotate(in_use=F("encode__video__media__publication"))
    return [_waiting(task, again=bool(task.in_use)) for task in marked]


def _waiting(task: EncodeTask, *, again: bool) -> turns.Waiting:
    encode = task.encode
    # Of a title that nobody has looked at yet, the length is not known.
    left = encode.seconds * (1 - encode.progress) if encode.seconds else inf
    return turns.Waiting(
        task=task.pk,
        encode=encode.pk,
        rank=task.rank,
        left=left,
        served=encode.served_at or encode.created,
        raised=encode.raised_at is not None,
        setbacks=task.setbacks,
        alone=task.alone,
        short=task.short,
        again=again,
    )

"""Counting what the spool holds: each batch once, wherever a crash comes."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import models, transaction

from cms.audience import spool
from cms.audience.models import CountedBatch

FORGET = timedelta(days=2)
"""A batch that was counted is remembered so long; its file went within a minute."""
AT_ONCE = 500
"""Rows that are read and written by one statement."""


def do_count_once(batch: spool.Batch, add: Callable[[], int], now: datetime) -> int:
    """Add `batch` by `add`, unless it was added before a crash, and remove it.

    Return what `add` does, 0 where it was not called. It stands in a transaction.
    """
    with transaction.atomic():
        _, is_new = CountedBatch.objects.get_or_create(name=batch.name, defaults={"counted": now})
        added = add() if is_new else 0
    batch.remove()
    CountedBatch.objects.filter(counted__lt=now - FORGET).delete()
    return added


def do_write[T: models.Model](rows: Sequence[T], unique: list[str], fields: list[str]) -> None:
    """Write `fields` of `rows`, which are there and locked; `unique` names their constraint.

    bulk_update's CASE looks through all rows for each, and on SQLite nobody else writes meanwhile.
    """
    if rows:
        type(rows[0])._default_manager.bulk_create(
            rows, update_conflicts=True, unique_fields=unique, update_fields=fields
        )

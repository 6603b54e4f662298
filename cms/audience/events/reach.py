"""Viewer-days by HyperLogLog (Flajolet and others, 2007; Apache DataSketches).

A sketch for each card and day takes hashes of tokens while the day is open somewhere;
then only its figure stays. Days are added, never merged: a token lives one day, so nobody
can tell a device that came back.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import batched
from uuid import UUID

from datasketches import hll_sketch, tgt_hll_type

from cms.audience.batches import AT_ONCE, do_write
from cms.audience.events.messages import open_days
from cms.audience.models import ReachDay

PRECISION = 14
"""16,384 registers: exact up to 1,500 devices, then measured error 0.5 % (docs/decisions/047-counting.md).

With 4,096 the error of a reach of 1,000 was as large as what a forger may add. Up to 8 kB a card and day.
"""

type Viewers = Mapping[tuple[UUID, date], Iterable[str]]
"""Hashes of the devices that saw a card on a day."""


def do_add_viewers(viewers: Viewers) -> None:
    """Add `viewers` to the reach of their days. Stands in a transaction."""
    for some in map(frozenset, batched(sorted(viewers), AT_ONCE)):
        ReachDay.objects.bulk_create(
            (ReachDay(key=key, day=day, sketch=_empty()) for key, day in sorted(some)),
            ignore_conflicts=True,
        )
        # Two workers may count at once: what one has read the other must not write.
        rows = ReachDay.objects.select_for_update().order_by("key", "day")
        keys, days = {key for key, _ in some}, {day for _, day in some}
        rows = rows.filter(key__in=keys, day__in=days, sketch__isnull=False)
        changed = [row for row in rows if (row.key, row.day) in some]
        for row in changed:
            _add(row, viewers[row.key, row.day])
        do_write(changed, ["key", "day"], ["devices", "sketch"])


def do_close_days(now: datetime) -> None:
    """Take the sketches of days that are over everywhere away; their figures stay."""
    over = ReachDay.objects.filter(day__lt=open_days(now)[0], sketch__isnull=False)
    over.update(sketch=None)


def _add(row: ReachDay, hashes: Iterable[str]) -> None:
    sketch = hll_sketch.deserialize(bytes(row.sketch or b""))
    for each in hashes:
        sketch.update(each)
    row.sketch = sketch.serialize_compact()
    row.devices = round(sketch.get_estimate())


def _empty() -> bytes:
    return bytes(hll_sketch(PRECISION, tgt_hll_type.HLL_4).serialize_compact())

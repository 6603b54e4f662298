"""From the spool to the counts: by the minute, one transaction for each batch, no row an event."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from itertools import batched
from typing import NamedTuple
from uuid import UUID

from cms.audience import places, spool
from cms.audience.batches import AT_ONCE, do_count_once
from cms.audience.events import reach, repeats, salts
from cms.audience.events.beacon import folder
from cms.audience.hours import Totals, do_add_hours
from cms.traders.models import FeaturedSegment, Product

MOST_PLACES = 500
"""Different places that are looked up for one minute; what comes beyond counts as elsewhere."""
_LINE = re.compile(
    r"(?P<key>[0-9a-f]{32}) (?P<place>[\w-]{1,64}) (?P<day>\d{4}-\d\d-\d\d|-)"
    r" (?P<who>[0-9a-f]{16}|-) (?P<mark>[0-9a-f]{16})",
    re.ASCII,
)


class _Line(NamedTuple):
    key: UUID
    place: str
    day: date | None
    who: str
    mark: int


def do_roll_up_seen(now: datetime) -> int:
    """Count what devices saw in all minutes that are over, close days; return impressions."""
    with spool.taken(folder(), now) as batches:
        counted = sum(_count(batch, now) for batch in batches)
        repeats.do_forget(folder(), now)
    reach.do_close_days(now)
    salts.do_delete_salts(now)
    return counted


def _count(batch: spool.Batch, now: datetime) -> int:
    """Count one batch; return its impressions."""
    lines = [line for line in map(_line, batch.lines()) if line]
    new = repeats.first_times(batch, [line.mark for line in lines])
    fresh = [line for line, first in zip(lines, new, strict=True) if first]
    known = _known({line.key for line in fresh})
    fresh = [line for line in fresh if line.key in known]
    totals, viewers = _totals(fresh), _viewers(fresh)

    def add() -> int:
        do_add_hours(batch.minute, totals)
        reach.do_add_viewers(viewers)
        return len(fresh)

    return do_count_once(batch, add, now)


def _line(text: str) -> _Line | None:
    """What a line says; None if a full disk or somebody else's hand has cut it."""
    form = _LINE.fullmatch(text)
    if form is None:
        return None
    day = None if form["day"] == "-" else date.fromisoformat(form["day"])
    return _Line(UUID(form["key"]), form["place"], day, form["who"], int(form["mark"], 16))


def _known(keys: set[UUID]) -> set[UUID]:
    """The keys of segments and products that exist: all others are made up, or gone."""
    found: set[UUID] = set()
    for some in batched(keys, AT_ONCE):
        for model in (FeaturedSegment, Product):
            found.update(model.objects.filter(key__in=some).values_list("key", flat=True))
    return found


def _totals(lines: Iterable[_Line]) -> dict[tuple[UUID, str], Totals]:
    seen = Counter((line.key, line.place) for line in lines)
    codes: dict[str, str] = {}
    totals: dict[tuple[UUID, str], Totals] = {}
    for (key, place), count in seen.items():
        if place not in codes:
            wanted = place if len(codes) < MOST_PLACES else ""
            codes[place] = places.resolve(wanted).code
        before = totals.get((key, codes[place]), Totals())
        totals[key, codes[place]] = before.plus(impressions=count)
    return totals


def _viewers(lines: Iterable[_Line]) -> reach.Viewers:
    viewers: dict[tuple[UUID, date], set[str]] = defaultdict(set)
    for line in lines:
        if line.day is not None and line.who != "-":
            viewers[line.key, line.day].add(line.who)
    return viewers

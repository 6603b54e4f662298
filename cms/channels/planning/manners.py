"""What broadcasting manners (P3SPS) and viewers' patience would object to in a day. Pure.

Each is a warning that an editor sees and may answer, never a block.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta, tzinfo
from itertools import groupby, pairwise
from typing import Literal

from media_pipeline.model.entry_ids import whole_of
from media_pipeline.model.rundown import Entry
from media_pipeline.model.ticks import TIMESCALE, moment_of

ADULT_FROM, ADULT_HOURS = timedelta(hours=22), 5
"""Programmes for adults (D) air from 22.00 to 03.00 by the station's clock (SPS 2012 of KPI)."""
DAY = timedelta(days=1)
HOUR = 3600 * TIMESCALE
MOST_ADVERTISING = HOUR // 5
"""Of each hour of the clock: 20 %, as the broadcasting law (32/2002, article 46) has it."""
MOST_IN_A_ROW = 2

NoteKind = Literal["rating", "advertising", "spot", "product", "captions"]


@dataclass(frozen=True)
class Note:
    """Something about what airs at `at` for `ticks`.

    rating       for adults, outside their hours
    advertising  more promotion than MOST_ADVERTISING in the hour from `at`, `ticks` in all
    spot         the same promotion more than MOST_IN_A_ROW times in a row
    product      two promotions in a row show the product `title`
    captions     the programme has no captions
    """

    kind: NoteKind
    at: int
    title: str
    ticks: int = 0


def notes(
    entries: Sequence[Entry], zone: tzinfo, captioned: Collection[str] | None = None
) -> list[Note]:
    """Return what there is to say of `entries`, in order of time.

    `captioned` are the keys of programmes with captions; None if nobody looked.
    """
    shown = [e for e in entries if e.kind in ("programme", "promotion")]
    found = [*_ratings(shown, zone), *_advertising(shown), *_spots(shown), *_products(shown)]
    if captioned is not None:
        found += _captions(shown, captioned)
    return sorted(found, key=lambda note: (note.at, note.kind))


def _ratings(shown: Iterable[Entry], zone: tzinfo) -> Iterator[Note]:
    for entry in shown:
        if entry.rating == "D" and not _is_late(entry, zone):
            yield Note("rating", entry.start, entry.title, entry.duration)


def _is_late(entry: Entry, zone: tzinfo) -> bool:
    """Return whether all of an entry lies in the hours for adults."""
    local = moment_of(entry.start).astimezone(zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    since = (local - midnight - ADULT_FROM) % DAY
    return since.total_seconds() * TIMESCALE + entry.duration <= ADULT_HOURS * HOUR


def _advertising(shown: Iterable[Entry]) -> Iterator[Note]:
    hours: dict[int, int] = defaultdict(int)
    for entry in shown:
        if entry.kind == "promotion":
            add_hours(hours, entry.start, entry.duration)
    for hour, ticks in hours.items():
        if ticks > MOST_ADVERTISING:
            yield Note("advertising", hour * HOUR, "", ticks)


def add_hours(hours: dict[int, int], start: int, length: int) -> None:
    """Count `length` ticks from `start` on into the hours of the clock in which they lie."""
    while length > 0:
        part = min(length, HOUR - start % HOUR)
        hours[start // HOUR] = hours.get(start // HOUR, 0) + part
        start, length = start + part, length - part


def _spots(shown: Iterable[Entry]) -> Iterator[Note]:
    for (_, kind), run in groupby(shown, key=lambda e: (e.publication, e.kind)):
        turns = {whole_of(e.id): e for e in run}
        if kind == "promotion" and len(turns) > MOST_IN_A_ROW:
            first = next(iter(turns.values()))
            yield Note("spot", first.start, first.title, len(turns))


def _products(shown: Iterable[Entry]) -> Iterator[Note]:
    for one, two in pairwise(shown):
        if one.kind == two.kind == "promotion" and one.publication != two.publication:
            same = {c.name for c in one.cards} & {c.name for c in two.cards}
            if same:
                yield Note("product", two.start, min(same), two.duration)


def _captions(shown: Iterable[Entry], captioned: Collection[str]) -> Iterator[Note]:
    said: set[str] = set()
    for entry in shown:
        if entry.programme and entry.programme not in captioned and entry.programme not in said:
            said.add(entry.programme)
            yield Note("captions", entry.start, entry.title, entry.duration)

"""What a rundown has at a moment: now, next, the day. Ticks since 1970."""

from bisect import bisect_right
from collections.abc import Sequence

from media_pipeline.model.rundown import Entry, Lineup, OrderedEntries


def on_air(rundown: Lineup, now: int) -> Entry | None:
    """The entry that contains `now`; None before the first and after the last."""
    place = place_at(rundown.entries, now)
    if place < 0 or now >= rundown.entries[place].end:
        return None
    return rundown.entries[place]


def following(rundown: Lineup, now: int, count: int) -> Sequence[Entry]:
    """The next `count` entries that start after `now`, fewer at the end."""
    place = place_at(rundown.entries, now) + 1
    return rundown.entries[place : place + count]


def between(rundown: Lineup, start: int, end: int) -> Sequence[Entry]:
    """The entries that play at any time in [start, end)."""
    return rundown.entries[slice(*places_between(rundown.entries, start, end))]


def publications_between(rundown: Lineup, start: int, end: int) -> set[str]:
    """The publications of the entries that play at any time in [start, end)."""
    first, last = places_between(rundown.entries, start, end)
    if isinstance(rundown.entries, OrderedEntries):
        return rundown.entries.publications(first, last)
    return {entry.publication for entry in rundown.entries[first:last]}


def places_between(entries: Sequence[Entry], start: int, end: int) -> tuple[int, int]:
    """The places [first, last) of the entries that play at any time in [start, end)."""
    first = max(place_at(entries, start), 0)
    if first < len(entries) and entries[first].end <= start:
        first += 1
    # One that starts at `end` plays after it.
    return first, max(place_at(entries, end - 1) + 1, first)


def place_at(entries: Sequence[Entry], tick: int) -> int:
    """The place of the last entry that starts at `tick` or before; -1 for none."""
    if isinstance(entries, OrderedEntries):
        return entries.place_at(tick)
    return bisect_right(entries, tick, key=lambda entry: entry.start) - 1


def place_of(entries: Sequence[Entry], msn: int) -> int:
    """The place of the last entry whose first segment has a number up to `msn`; -1 for none."""
    if isinstance(entries, OrderedEntries):
        return entries.place_of(msn)
    return bisect_right(entries, msn, key=lambda entry: entry.msn) - 1

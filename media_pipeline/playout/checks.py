"""What must hold of a rundown, and between one and the next. Each sentence is a fault."""

from collections.abc import Iterator
from itertools import pairwise

from media_pipeline.model.rundown import Entry, Lineup
from media_pipeline.playout.reel import Reels
from media_pipeline.playout.timeline import MARGIN, WINDOW, NotOnAir, Timeline

LONGEST_SEGMENT = 404_999
"""Ticks: 4.49 s, which still rounds to the target duration of 4."""


def check_rundown(rundown: Lineup, reels: Reels | None = None) -> tuple[str, ...]:
    """What is wrong with `rundown`; with `reels`, also against what it plays."""
    faults = [*_numbers(rundown)]
    if reels is not None:
        faults += _fits(rundown, reels)
    return tuple(faults)


def _numbers(rundown: Lineup) -> Iterator[str]:
    if not rundown.entries:
        yield "The rundown has no entries."
        return
    if not rundown.slate:
        yield "The rundown names no slate for when its entries run out."
    if len({e.id for e in rundown.entries}) < len(rundown.entries):
        yield "Two entries of the rundown have the same id."
    for entry in rundown.entries:
        if entry.count < 1 or entry.duration < 1 or entry.first < 0 or entry.msn < 0:
            yield f"Entry {entry.id} has no segments."
    for before, after in pairwise(rundown.entries):
        if after.start != before.end:
            yield f"Entry {after.id} does not start where {before.id} ends."
        if after.msn != before.msn + before.count:
            yield f"Entry {after.id} does not go on with the numbers of {before.id}."
        if after.dsn != before.dsn + 1:
            yield f"Entry {after.id} does not go on with the discontinuities of {before.id}."


def _fits(rundown: Lineup, reels: Reels) -> Iterator[str]:
    slate = reels.get(rundown.slate)
    if slate is None or slate.count == 0:
        yield f"The slate {rundown.slate} cannot be found."
    for entry in rundown.entries:
        reel = reels.get(entry.publication)
        if reel is None:
            yield f"Entry {entry.id} plays {entry.publication}, which cannot be found."
        elif entry.first + entry.count > reel.count:
            yield f"Entry {entry.id} plays more segments than {entry.publication} has."
        elif reel.length(entry.first, entry.count) != entry.duration:
            yield f"Entry {entry.id} does not last as long as its segments."
        elif _longest(entry, reels) > LONGEST_SEGMENT:
            yield f"Entry {entry.id} has a segment longer than 4.49 seconds."


def _longest(entry: Entry, reels: Reels) -> int:
    reel = reels.get(entry.publication)
    if reel is None:
        return 0
    ends = reel.starts[entry.first : entry.first + entry.count + 1]
    return max(b - a for a, b in pairwise(ends))


def check_successor(
    old: Lineup, new: Lineup, edge: int, reels: Reels, *, margin: int = MARGIN
) -> tuple[str, ...]:
    """How `new` would change what `old` has shown, or may before `new` arrives.

    `edge` is the number of the newest segment shown (`Timeline.edge(now).msn`; -1
    before the first: then all may change); `margin` more may be shown before `new`
    arrives. Entries that left the window long ago may be dropped.
    """
    if new.version <= old.version:
        return (f"Version {new.version} is not newer than {old.version}.",)
    if not old.entries or edge < 0:
        return ()
    if not new.entries:
        return ("The rundown has no entries.",)
    return tuple(_changes(Timeline(old, reels), Timeline(new, reels), edge, edge + margin))


def _changes(old: Timeline, new: Timeline, edge: int, fixed: int) -> Iterator[str]:
    place = max(old.place_of(edge), 0)
    oldest = old.entry(place).start - WINDOW
    while place and old.entry(place - 1).end > oldest:
        place -= 1
    while (entry := _entry(old, place)) is not None and entry.msn <= fixed:
        last = min(entry.msn + entry.count - 1, fixed)
        for msn in (entry.msn, last):
            if _at(new, msn) != _at(old, msn):
                yield f"Segment {msn} of {entry.id} is shown already and would change."
                return
        place += 1


def _entry(timeline: Timeline, place: int) -> Entry | None:
    try:
        return timeline.entry(place)
    except NotOnAir:
        return None


def _at(timeline: Timeline, msn: int) -> tuple[str, int, int, int] | None:
    """What identifies segment `msn`: publication, place in it, discontinuity, entry's zero."""
    try:
        place = timeline.place_of(msn)
    except NotOnAir:
        return None
    if place < 0:
        return None
    entry = timeline.entry(place)
    within = msn - entry.msn
    if within >= entry.count:
        return None
    return entry.publication, entry.first + within, entry.dsn, entry.start

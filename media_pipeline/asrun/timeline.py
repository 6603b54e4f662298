"""What the rundown said in the end: of each moment, the version that was in force then."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

import msgspec

from media_pipeline.asrun.spans import Spans, union, without
from media_pipeline.model.joint import Joint
from media_pipeline.model.rundown import Entry
from media_pipeline.playout.lookup import places_between

FIRST = 1
"""The version that a channel begins with. Its first minute lies before it: nobody saw that."""


class Written(msgspec.Struct, frozen=True):
    """A version of the rundown, in force from the tick `written` to the next one.

    `entries` are the channel's own, ascending. With `follows` it takes the rest from a parent.
    """

    version: int
    written: int
    entries: Sequence[Entry]
    follows: bool = False


class Slot(NamedTuple):
    """What stands in the ticks [start, end); no entry where a channel shows its parent.

    It plays `shift` ticks later than its entry says.
    """

    start: int
    end: int
    entry: Entry | None
    shift: int = 0

    def clipped(self, start: int, end: int) -> "Slot":
        """The same within [start, end)."""
        return self._replace(start=max(self.start, start), end=min(self.end, end))


class Reign(NamedTuple):
    """A version, and the ticks [start, end) in which it was in force."""

    version: Written
    start: int
    end: int


def reigns(versions: Iterable[Written], end: int) -> list[Reign]:
    """Return when each of `versions` was in force, the last one up to the tick `end`.

    A clock that went back does not put an older version in force again.
    """
    ordered = sorted(versions, key=lambda each: each.version)
    starts = accumulate((each.written for each in ordered), max)
    bounds = pairwise([*starts, max([end, *(each.written for each in ordered)])])
    return [Reign(each, *span) for each, span in zip(ordered, bounds, strict=True)]


def final(versions: Iterable[Written], relayed: Sequence[Slot], start: int, end: int) -> list[Slot]:
    """Return what stood in the ticks [start, end) in the end, ascending and none overlapping.

    `relayed` is what a channel that inherits played (`followed`). What a version has
    nothing for is as a later one says: that writes down the slate of a rundown that ran out.
    """
    slots: list[Slot] = []
    missing: Spans = ()
    for number, reign in enumerate(reigns(versions, end)):
        # What is before the oldest version that is known is as that says; before all there is none.
        known = number == 0 and reign.version.version > FIRST
        begin = start if known else max(reign.start, start)
        wanted = union(missing, [(begin, min(reign.end, end))])
        found = list(_shown(reign.version, relayed, wanted))
        missing = without(wanted, union((slot.start, slot.end) for slot in found))
        slots += found
    return _joined(sorted(slots, key=lambda slot: slot.start))


def followed(
    joints: Sequence[Joint], runs: Mapping[int, Sequence[Entry]], start: int, end: int
) -> list[Slot]:
    """Return what a channel that inherits played in [start, end): own entries and its parent.

    `runs` are its runs of own entries by their planned start. What covers a parent's azan
    counts as the parent's.
    """
    bounds = [*(joint.start for joint in joints), max([end, *(j.start for j in joints)])]
    found: list[Slot] = []
    for joint, (begin, finish) in zip(joints, pairwise(bounds), strict=True):
        begin, finish = max(begin, start), min(finish, end)
        if begin >= finish:
            continue
        if joint.source != "own":
            found.append(Slot(begin, finish, None))
            continue
        run = runs.get(joint.block, ())
        for entry in run[slice(*places_between(run, begin - joint.shift, finish - joint.shift))]:
            shift = joint.shift
            moved = Slot(entry.start + shift, entry.end + shift, entry, shift)
            found.append(moved.clipped(begin, finish))
    return found


def _shown(version: Written, relayed: Sequence[Slot], wanted: Spans) -> Iterator[Slot]:
    for begin, finish in wanted:
        if version.follows:
            slots: Iterable[Slot] = relayed
        else:
            places = slice(*places_between(version.entries, begin, finish))
            slots = (Slot(entry.start, entry.end, entry) for entry in version.entries[places])
        clipped = (slot.clipped(begin, finish) for slot in slots)
        yield from (slot for slot in clipped if slot.start < slot.end)


def _joined(slots: Iterable[Slot]) -> list[Slot]:
    """The same, with what two versions say of one entry with the same cards as one."""
    found: list[Slot] = []
    for slot in slots:
        before = found[-1] if found else None
        if before and before.end == slot.start and _name(before) == _name(slot):
            found[-1] = slot._replace(start=before.start)
        else:
            found.append(slot)
    return found


def _name(slot: Slot) -> tuple[str, ...]:
    entry = slot.entry
    if entry is None:
        return ("",)
    fills = entry.kind in ("filler", "slate")
    return (entry.id,) if fills else (entry.id, *(card.id for card in entry.cards))

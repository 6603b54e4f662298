"""Neighbouring entries of one kind: a parent's azan, and a channel's own calls to prayer."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from media_pipeline.model.rundown import Entry, EntryKind, OrderedEntries


class Stretch(NamedTuple):
    """Neighbouring entries of the parent: their first segment's number, and their ticks."""

    msn: int
    start: int
    end: int


def runs(entries: Sequence[Entry], kind: EntryKind, since: int) -> Iterator[Stretch]:
    """The neighbouring entries of `kind`, each run as one."""
    held: Stretch | None = None
    for place in places_of_kind(entries, kind, since):
        entry = entries[place]
        if held is not None and held.end == entry.start:
            held = Stretch(held.msn, held.start, entry.end)
            continue
        if held is not None:
            yield held
        held = Stretch(entry.msn, entry.start, entry.end)
    if held is not None:
        yield held


def places_of_kind(entries: Sequence[Entry], kind: EntryKind, since: int) -> list[int]:
    """The places of the entries of `kind` that end after `since`, ascending."""
    if isinstance(entries, OrderedEntries):
        return entries.places_of_kind(kind, since)
    return [place for place, e in enumerate(entries) if e.kind == kind and e.end > since]


class Call(NamedTuple):
    """An own azan: the number of its own entries, and its planned ticks."""

    number: int
    start: int
    end: int


class Calls:
    """The own azans among runs of own entries, looked for when something must be carried."""

    def __init__(self, blocks: Sequence[Sequence[Entry]]) -> None:
        self._blocks = blocks
        self._found: tuple[Call, ...] | None = None

    def between(self, first: int, last: int) -> Call | None:
        """The first one that is planned to begin in the ticks [first, last)."""
        return next((call for call in self._calls() if first <= call.start < last), None)

    def at(self, tick: int) -> Call | None:
        """The one that is planned to be on at `tick`."""
        return next((call for call in self._calls() if call.start <= tick < call.end), None)

    def begin(self, number: int) -> bool:
        """Whether the own entries `number` begin with one."""
        return self._blocks[number][0].kind == "azan"

    def _calls(self) -> tuple[Call, ...]:
        if self._found is None:
            self._found = tuple(
                Call(number, run.start, run.end)
                for number, block in enumerate(self._blocks)
                for run in runs(block, "azan", 0)
            )
        return self._found

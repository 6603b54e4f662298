"""Days that follow each other, as one sequence of entries."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from media_pipeline.model.rundown import Entry, EntryKind, Head, OrderedEntries
from media_pipeline.model.stored.day import Day, place_in


class Days(OrderedEntries):
    """The entries of `days`, which stand end to end. Each is made when it is asked for."""

    __slots__ = ("_begins", "_length", "days")

    def __init__(self, days: Iterable[Day]) -> None:
        self.days = tuple(days)
        self._begins: list[int] = []
        self._length = 0
        for day in self.days:
            self._begins.append(self._length)
            self._length += day.count

    def __len__(self) -> int:
        return self._length

    def entry(self, place: int) -> Entry:
        """The entry at `place`, from 0."""
        number = bisect_right(self._begins, place) - 1
        return self.days[number].entry(place - self._begins[number])

    def __iter__(self) -> Iterator[Entry]:
        for day in self.days:
            yield from day.entries()

    def place_at(self, tick: int) -> int:
        """The place of the last entry that starts at `tick` or before; -1 for none."""
        number = bisect_right(self.days, tick, key=lambda day: day.start) - 1
        return (
            self._begins[number] + place_in(self.days[number].starts, tick) if number >= 0 else -1
        )

    def place_of(self, msn: int) -> int:
        """The place of the last entry whose first segment has a number up to `msn`; -1 for none."""
        number = bisect_right(self.days, msn, key=lambda day: day.msn) - 1
        return self._begins[number] + place_in(self.days[number].msns, msn) if number >= 0 else -1

    def publications(self, first: int, last: int) -> set[str]:
        """Which publications the entries [first, last) play."""
        found: set[str] = set()
        for begin, day in zip(self._begins, self.days, strict=True):
            inside = max(first - begin, 0), min(last - begin, day.count)
            if inside[0] < inside[1]:
                found |= day.publications(*inside)
        return found

    @property
    def head(self) -> Head:
        """The numbers of the first entry, without making it."""
        day = self.days[0]
        return Head(day.start, day.msn, day.dsn)

    def places_of_kind(self, kind: EntryKind, since: int) -> list[int]:
        """The places of the entries of `kind` that end after `since`; days before stay unread."""
        return [
            begin + place
            for begin, day in zip(self._begins, self.days, strict=True)
            for place in (day.places_of_kind(kind) if day.end > since else ())
        ]

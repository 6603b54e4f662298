"""Spots that wait for a turn, so that the next one who may is found without asking all. Pure.

level of the tree > group of one commodity and length > lane of one stall, each in order.
A group is passed over as a whole; inside of it only lanes of stalls that may not come next are.
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Collection, Iterable, Iterator, Set
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Literal, NamedTuple

from media_pipeline.model.ticks import TIMESCALE

PassedFor = Literal["region", "dates", "papers", "shown", "long", "share", "commodity", "stall"]
"""Why a spot that would come earlier in plain order is passed over.

region     it is not for the region of the channel
dates      the day is outside its dates
papers     a certificate or consent that it needs does not hold on the day
shown      it has its turn in this break
long       it is longer than what is left of the break
share      it would be more advertising in an hour than may be
commodity  its neighbour shows the same commodity
stall      its neighbour is of the same stall
"""

Alike = Literal["", "commodity", "stall"]
"""What a spot has in common with its neighbour because nobody else in reach could come."""


class Place(NamedTuple):
    """Where a spot stands: debts (0) before others (1), by moment, then by lot.

    `moment` is the start of the debt or of the last airing in ticks, -1 for none.
    """

    rank: int
    moment: int
    lot: str
    spot: str


@dataclass(frozen=True)
class Waiting:
    """What is to be known of a spot in line; `seconds` is its length, rounded up."""

    place: Place
    level: int
    seconds: int
    commodity: int | None
    stall: int


@dataclass(frozen=True)
class Wanted:
    """Who may come next: at most `room` and `share` ticks long, and unlike its neighbours.

    `before` bounds the places: whoever stands there or behind it had a turn in this break. Who
    is of the commodities and stalls that `never` may come does not, though nobody else could.
    """

    room: int
    share: int
    before: Place
    commodities: Set[int] = frozenset()
    stalls: Set[int] = frozenset()
    never_commodities: Set[int] = frozenset()
    never_stalls: Set[int] = frozenset()

    def refuses(self, seconds: int) -> PassedFor | None:
        """Why nobody so long may come, None if some may."""
        if seconds * TIMESCALE > self.room:
            return "long"
        return "share" if seconds * TIMESCALE > self.share else None

    def unlike(self, alike: Alike) -> tuple[Set[int], Set[int]]:
        """The commodities and stalls that may not come where neighbours may be `alike`."""
        commodities = self.never_commodities | (frozenset() if alike else self.commodities)
        return commodities, self.never_stalls | (frozenset() if alike == "stall" else self.stalls)


@dataclass(frozen=True)
class Passed:
    """`count` spots that were passed over for one reason, of which `first` was the first."""

    why: PassedFor
    count: int
    first: str


@dataclass(frozen=True)
class Found:
    """Who comes next, what could not be kept for want of others, and who was passed over."""

    one: Waiting
    alike: Alike
    passed: tuple[Passed, ...]


type _Part = tuple[PassedFor, int, Place]
"""Why, how many, and who is the first of them."""


@dataclass
class _Heads[N: (int, int | None)]:
    """Sorted lists of places by name, and which list has the first."""

    lists: dict[N, list[Place]] = field(default_factory=dict)
    heads: list[tuple[Place, N]] = field(default_factory=list)

    def add(self, place: Place, name: N) -> None:
        held = self.lists.setdefault(name, [])
        insort(held, place)
        if held[0] == place:
            heappush(self.heads, (place, name))

    def remove(self, place: Place, name: N) -> None:
        held = self.lists[name]
        was_first = held[0] == place
        del held[bisect_left(held, place)]
        if held and was_first:
            heappush(self.heads, (held[0], name))

    def first(self, best: Place, find: Callable[[Place, N], Place | None]) -> Place:
        """The first place before `best` that `find` gives for the first of a list; else `best`."""
        aside: list[tuple[Place, N]] = []
        while self.heads and self.heads[0][0] < best:
            head = heappop(self.heads)
            place, name = head
            # One that is the first no more, or that became so twice.
            if self.lists[name][:1] != [place] or aside[-1:] == [head]:
                continue
            aside.append(head)
            best = min(best, find(place, name) or best)
        for head in aside:
            heappush(self.heads, head)
        return best


@dataclass
class _Length:
    """Spots of one length."""

    places: list[Place] = field(default_factory=list)
    commodities: _Heads[int | None] = field(default_factory=_Heads)
    stalls: dict[int | None, _Heads[int]] = field(default_factory=dict)

    def add(self, one: Waiting) -> None:
        insort(self.places, one.place)
        self.commodities.add(one.place, one.commodity)
        self.stalls.setdefault(one.commodity, _Heads()).add(one.place, one.stall)

    def remove(self, one: Waiting) -> None:
        del self.places[bisect_left(self.places, one.place)]
        self.commodities.remove(one.place, one.commodity)
        self.stalls[one.commodity].remove(one.place, one.stall)

    def first(
        self, before: Place, commodities: Collection[int], stalls: Collection[int]
    ) -> Place | None:
        """The first before a place that is of none of these commodities and stalls."""

        def of_stall(place: Place, stall: int) -> Place | None:
            return None if stall in stalls else place

        def of_commodity(_: Place, commodity: int | None) -> Place | None:
            if commodity in commodities:
                return None
            return self.stalls[commodity].first(before, of_stall)

        best = self.commodities.first(before, of_commodity)
        return best if best is not before else None

    def count(self, bound: Place, commodities: Collection[int]) -> Iterator[_Part]:
        """Yield who stands before a place, by what kept them from coming."""
        there = bisect_left(self.places, bound)
        for commodity in commodities:
            held = self.commodities.lists.get(commodity, [])
            if part := bisect_left(held, bound):
                there -= part
                yield "commodity", part, held[0]
        if there:
            first = self.first(bound, commodities, ())
            assert first is not None
            yield "stall", there, first


@dataclass
class _Level:
    """The spots of one co-operative's part of the tree, and those that may not air today."""

    lengths: dict[int, _Length] = field(default_factory=dict)
    out: dict[PassedFor, list[Place]] = field(default_factory=dict)

    def first(self, wanted: Wanted, alike: Alike) -> Place | None:
        """The first that may come."""
        best = wanted.before
        for seconds, held in self.lengths.items():
            if wanted.refuses(seconds) is None:
                best = held.first(best, *wanted.unlike(alike)) or best
        return best if best is not wanted.before else None

    def passed(self, wanted: Wanted, alike: Alike, place: Place | None) -> Iterator[_Part]:
        """Yield who stands before `place`, all of them if it is None, and why they do not come."""
        bound = wanted.before if place is None else place
        for seconds, held in self.lengths.items():
            if (why := wanted.refuses(seconds)) is None:
                yield from held.count(bound, wanted.unlike(alike)[0])
            elif count := bisect_left(held.places, bound):
                yield why, count, held.places[0]
            if place is None and (shown := len(held.places) - bisect_left(held.places, bound)):
                yield "shown", shown, held.places[-shown]
        for why, places in self.out.items():
            if count := bisect_left(places, bound) if place else len(places):
                yield why, count, places[0]


class Line:
    """All spots of a channel on one day, in order."""

    def __init__(self, waiting: Iterable[Waiting], out: Iterable[tuple[Waiting, PassedFor]]):
        self._levels: dict[int, _Level] = {}
        self._of: dict[str, Waiting] = {}
        for one in sorted(waiting, key=lambda one: one.place):
            self.add(one)
        for one, why in sorted(out, key=lambda pair: pair[0].place):
            level = self._levels.setdefault(one.level, _Level())
            level.out.setdefault(why, []).append(one.place)

    def __contains__(self, spot: str) -> bool:
        """Whether the spot with this key stands in line: it may air today."""
        return spot in self._of

    def add(self, one: Waiting) -> None:
        """Let it stand in line."""
        self._of[one.place.spot] = one
        level = self._levels.setdefault(one.level, _Level())
        level.lengths.setdefault(one.seconds, _Length()).add(one)

    def remove(self, spot: str) -> None:
        """Take the spot with this key out of the line."""
        one = self._of.pop(spot)
        self._levels[one.level].lengths[one.seconds].remove(one)

    def next(self, wanted: Wanted) -> Found | None:
        """Return who comes next, None if nobody may.

        First whoever is unlike the neighbours, of the nearest level that has one; only if there
        is nobody on any level, one of the same commodity, and at last of the same stall.
        """
        rules: tuple[Alike, ...] = ("", "commodity", "stall")
        for alike in rules:
            for level in sorted(self._levels):
                place = self._levels[level].first(wanted, alike)
                if place is not None:
                    passed = self._passed(wanted, alike, level, place)
                    return Found(self._of[place.spot], alike, passed)
        return None

    def _passed(self, wanted: Wanted, alike: Alike, at: int, place: Place) -> tuple[Passed, ...]:
        """Why each of those who stand before `place`, or on a nearer level, was passed over."""
        found: dict[PassedFor, tuple[int, int, Place]] = {}
        for level in sorted(n for n in self._levels if n <= at):
            bound = place if level == at else None
            for why, count, first in self._levels[level].passed(wanted, alike, bound):
                before, of, earliest = found.get(why, (0, level, first))
                earliest = min(first, earliest) if of == level else earliest
                found[why] = (before + count, of, earliest)
        return tuple(Passed(why, n, first.spot) for why, (n, _, first) in sorted(found.items()))

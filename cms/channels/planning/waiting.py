"""Stalls that wait for a turn, so that the next one who may is found without asking all. Pure.

level of the tree > length > commodity, each with the places of stalls in order. A stall has one
place for each kind of clip (length and commodity) that it has: clips of one kind are refused alike.
A group is passed over as a whole; inside of it only places of stalls that may not come next are.
"""

from bisect import bisect_left, insort
from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Literal, NamedTuple, Self

from media_pipeline.model.ticks import TIMESCALE

PassedFor = Literal["region", "dates", "papers", "shown", "long", "share", "commodity", "stall"]
"""Why a stall that would come earlier in plain order is passed over.

region     its clip is not for the region of the channel
dates      the day is outside the dates of its clip
papers     a certificate or consent that its clip needs does not hold on the day
shown      it has its turn in this break
long       its clip is longer than what is left of the break
share      its clip would be more advertising in an hour than may be
commodity  the neighbour shows the same commodity
stall      the neighbour is the same stall
"""

Alike = Literal["", "commodity", "stall"]
"""What a turn has in common with its neighbour because nobody else in reach could come."""


class Place(NamedTuple):
    """Where a clip stands: debts (0) before others (1), then by its stall, then by the clip.

    `moment` is the start of the debt, or of the last airing of the stall, in ticks. `aired` is
    that of the last airing of the clip. Both are -1 for none. `lot` is drawn for the stall and
    `drawn` for the clip.
    """

    rank: int
    moment: int
    lot: str
    stall: str
    aired: int
    drawn: str
    spot: str

    def of_stall(self) -> Self:
        """Return a place right before all clips of the stall that stand with this one."""
        return self._replace(aired=-2, drawn="", spot="")


def before_moment(moment: int) -> Place:
    """Return a place right before all whose last airing began at `moment` (ticks) or later."""
    return Place(1, moment, "", "", -2, "", "")


@dataclass(frozen=True)
class Waiting:
    """What is to be known of a clip in line; `seconds` is its length, rounded up.

    `kept` says why it cannot air today, None if it can.
    """

    place: Place
    level: int
    seconds: int
    commodity: int | None
    kept: PassedFor | None = None


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
    stalls: Set[str] = frozenset()
    never_commodities: Set[int] = frozenset()
    never_stalls: Set[str] = frozenset()

    def refuses(self, seconds: int) -> PassedFor | None:
        """Why nobody so long may come, None if some may."""
        if seconds * TIMESCALE > self.room:
            return "long"
        return "share" if seconds * TIMESCALE > self.share else None

    def unlike(self, alike: Alike) -> tuple[Set[int], Set[str]]:
        """The commodities and stalls that may not come where neighbours may be `alike`."""
        commodities = self.never_commodities | (frozenset() if alike else self.commodities)
        return commodities, self.never_stalls | (frozenset() if alike == "stall" else self.stalls)


@dataclass(frozen=True)
class Passed:
    """`count` stalls that were passed over for one reason; `first` is the first one's clip."""

    why: PassedFor
    count: int
    first: str


@dataclass(frozen=True)
class Found:
    """Who comes next, what could not be kept for want of others, and who was passed over."""

    one: Waiting
    alike: Alike
    passed: tuple[Passed, ...]


type _Part = tuple[PassedFor, list[Place]]
"""Why, and whose places; the first of them first."""


@dataclass
class _Length:
    """Places of clips of one length."""

    places: list[Place] = field(default_factory=list)
    kinds: dict[str, int | None] = field(default_factory=dict)
    commodities: dict[int | None, list[Place]] = field(default_factory=dict)
    heads: list[tuple[Place, int | None]] = field(default_factory=list)
    """The first place of each commodity, and some that are the first no more."""

    def add(self, one: Waiting) -> None:
        insort(self.places, one.place)
        self.kinds[one.place.spot] = one.commodity
        places = self.commodities.setdefault(one.commodity, [])
        insort(places, one.place)
        if places[0] == one.place:
            heappush(self.heads, (one.place, one.commodity))

    def remove(self, one: Waiting) -> None:
        del self.places[bisect_left(self.places, one.place)]
        places = self.commodities[one.commodity]
        was_first = places[0] == one.place
        del places[bisect_left(places, one.place)]
        if places and was_first:
            heappush(self.heads, (places[0], one.commodity))

    def first(
        self, before: Place, commodities: Collection[int], stalls: Collection[str]
    ) -> Place | None:
        """The first before a place that is of none of these commodities and stalls."""
        best = before
        aside: list[tuple[Place, int | None]] = []
        while self.heads and self.heads[0][0] < best:
            head = heappop(self.heads)
            place, commodity = head
            # One that is the first no more, or that became so twice.
            if self.commodities[commodity][:1] != [place] or aside[-1:] == [head]:
                continue
            aside.append(head)
            if commodity not in commodities:
                unlike = (p for p in self.commodities[commodity] if p.stall not in stalls)
                best = min(best, next(unlike, best))
        for head in aside:
            heappush(self.heads, head)
        return best if best is not before else None

    def passed(self, bound: Place, commodities: Collection[int]) -> Iterator[_Part]:
        """Yield who stands before a place, by what kept them from coming."""
        there = bisect_left(self.places, bound)
        for commodity in commodities:
            places = self.commodities.get(commodity, [])
            if part := bisect_left(places, bound):
                there -= part
                yield "commodity", places[:part]
        if there:
            before = self.places[: bisect_left(self.places, bound)]
            yield "stall", [p for p in before if self.kinds[p.spot] not in commodities]


@dataclass
class _Level:
    """The clips of one co-operative's part of the tree, and those that may not air today."""

    lengths: dict[int, _Length] = field(default_factory=dict)
    out: dict[PassedFor, list[Place]] = field(default_factory=dict)

    def add(self, one: Waiting) -> None:
        if one.kept is None:
            self.lengths.setdefault(one.seconds, _Length()).add(one)
        else:
            insort(self.out.setdefault(one.kept, []), one.place)

    def remove(self, one: Waiting) -> None:
        if one.kept is None:
            self.lengths[one.seconds].remove(one)
        else:
            places = self.out[one.kept]
            del places[bisect_left(places, one.place)]

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
            count = bisect_left(held.places, bound)
            if (why := wanted.refuses(seconds)) is None:
                yield from held.passed(bound, wanted.unlike(alike)[0])
            elif count:
                yield why, held.places[:count]
            if place is None and count < len(held.places):
                yield "shown", held.places[count:]
        for why, places in self.out.items():
            if count := bisect_left(places, bound) if place else len(places):
                yield why, places[:count]


class Line:
    """All stalls that wait for a turn of a channel on one day, in order."""

    def __init__(self, waiting: Mapping[str, Iterable[Waiting]]):
        self._levels: dict[int, _Level] = {}
        self._of = {stall: list(places) for stall, places in waiting.items()}
        all_of_them = (one for places in self._of.values() for one in places)
        for one in sorted(all_of_them, key=lambda one: one.place):
            self._level(one).add(one)

    def _level(self, one: Waiting) -> _Level:
        return self._levels.setdefault(one.level, _Level())

    def stand(self, stall: str, waiting: Iterable[Waiting]) -> None:
        """Let the stall stand where `waiting` says, and nowhere else."""
        for one in self._of[stall]:
            self._level(one).remove(one)
        self._of[stall] = list(waiting)
        for one in self._of[stall]:
            self._level(one).add(one)

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
                    one = next(one for one in self._of[place.stall] if one.place == place)
                    return Found(one, alike, passed)
        return None

    def _passed(self, wanted: Wanted, alike: Alike, at: int, place: Place) -> tuple[Passed, ...]:
        """Why each of those who stand before `place`, or on a nearer level, was passed over.

        A stall counts once for each reason. The stall of `place` stands beside itself.
        """
        found: dict[PassedFor, tuple[set[str], int, Place]] = {}
        for level in sorted(n for n in self._levels if n <= at):
            bound = place.of_stall() if level == at else None
            for why, places in self._levels[level].passed(wanted, alike, bound):
                stalls, of, earliest = found.get(why, (set(), level, places[0]))
                earliest = min(places[0], earliest) if of == level else earliest
                found[why] = (stalls.union(one.stall for one in places), of, earliest)
        return tuple(
            Passed(why, len(stalls), first.spot)
            for why, (stalls, _, first) in sorted(found.items())
        )

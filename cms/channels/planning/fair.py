"""Giliran Adil: which spot of a trader takes its turn in a break, and why. Pure.

Debts first, the oldest before the others; then whoever aired least recently on the channel.
Nothing else counts. Where two stand equal a lot decides that anybody can draw again (`lot`).
A turn that plain order would have given to others says why each of them was passed over.

Turns that were settled stand, and what decides is read from them alone: planning again at a
later moment gives the same turns, in whatever order spots are handed in.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Literal

from cms.channels.planning.manners import HOUR, MOST_ADVERTISING, add_hours
from cms.channels.planning.waiting import (
    Alike,
    Found,
    Line,
    Passed,
    PassedFor,
    Place,
    Waiting,
    Wanted,
)
from media_pipeline.model.ticks import TIMESCALE

__all__ = [
    "Alike",
    "Break",
    "FairTurn",
    "Passed",
    "PassedFor",
    "Past",
    "Reason",
    "Spot",
    "add_hours",
    "fill_fairly",
    "lot",
    "plain_order",
]

NEVER = -1
DEBT, OTHERS = 0, 1

Reason = Literal["debt", "new", "oldest"]
"""Why a spot has its turn: an airing of it was missed, it never aired, or it waits the longest."""


@dataclass(frozen=True)
class Spot:
    """A clip of a trader, `length` ticks long.

    `level` says whose it is: 0 of the channel's own co-operative and those below it, 1 of the
    one above it and those below that, and so on. It airs from `first` to `last`, both included,
    and `here` if the channel's region is one of its regions. On days that are `lacking` a paper
    that it needs does not hold.
    """

    key: str
    length: int
    stall: int
    commodity: int | None = None
    level: int = 0
    first: date | None = None
    last: date | None = None
    here: bool = True
    lacking: frozenset[date] = frozenset()

    @property
    def seconds(self) -> int:
        """Its length in whole seconds, one that has begun included: so much room it needs."""
        return -(-self.length // TIMESCALE)

    def kept_off(self, day: date) -> PassedFor | None:
        """Why it cannot air on `day` at all, None if it can."""
        if not self.here:
            return "region"
        if not (self.first or day) <= day <= (self.last or day):
            return "dates"
        return "papers" if day in self.lacking else None


@dataclass(frozen=True)
class Break:
    """`length` ticks from `start` on to be filled; all of it lies on `day` of the channel.

    It is a break that `begins` then, or what is left of one.
    """

    begins: int
    start: int
    length: int
    day: date
    row: int = 0


@dataclass(frozen=True)
class FairTurn:
    """`spot` airs from `start` on, in the break that `begins` then.

    `since` is the start of the debt or of its last airing, NEVER if there was none. `alike` is
    what it has in common with its neighbour, for want of others.
    """

    spot: str
    start: int
    length: int
    begins: int
    reason: Reason
    since: int = NEVER
    level: int = 0
    alike: Alike = ""
    passed: tuple[Passed, ...] = ()
    row: int = 0

    @property
    def makes_good(self) -> bool:
        """Whether it has the turn because of a debt."""
        return self.reason == "debt"


@dataclass(frozen=True)
class Past:
    """What was settled before, by the key of the spot.

    `aired` is the start of its last turn, one that is promised included. `turns` are
    (start, spot) of those that may be neighbours of what is planned, in order.
    """

    aired: Mapping[str, int] = field(default_factory=dict)
    turns: Sequence[tuple[int, str]] = ()

    def and_then(self, turns: Iterable[FairTurn]) -> "Past":
        """Return the same with `turns`, which were settled after it."""
        made = sorted(turns, key=lambda turn: turn.start)
        return Past(
            {**self.aired, **{turn.spot: turn.start for turn in made}},
            sorted([*self.turns, *((turn.start, turn.spot) for turn in made)]),
        )


def lot(channel: str, day: date, spot: str) -> str:
    """Return what decides between equals on `day`, the smaller first.

    SHA-256 of "<channel> <YYYY-MM-DD> <spot>" in hexadecimal: the channel by its address, the
    spot by the 32 digits of its key.
    """
    return sha256(f"{channel} {day.isoformat()} {spot}".encode()).hexdigest()


def plain_order(
    spots: Iterable[Spot],
    aired: Mapping[str, int],
    debts: Mapping[str, Sequence[int]],
    channel: str,
    day: date,
) -> list[tuple[int, Place]]:
    """Return the level and place of each spot, in the order in which they come on `day`."""
    found = []
    for spot in spots:
        drawn, owed = lot(channel, day, spot.key), debts.get(spot.key)
        if owed:
            found.append((0, Place(DEBT, owed[0], drawn, spot.key)))
        else:
            last = aired.get(spot.key, NEVER)
            found.append((spot.level, Place(OTHERS, last, drawn, spot.key)))
    return sorted(found)


def fill_fairly(
    breaks: Iterable[Break],
    spots: Iterable[Spot],
    past: Past,
    debts: Mapping[str, Sequence[int]],
    hours: Mapping[int, int],
    channel: str,
) -> tuple[FairTurn, ...]:
    """Return the turns of `breaks`.

    `debts` are the starts (ticks) of the open debts of a spot, without those that a turn in
    `past` answers; each takes one turn. `hours` is how much advertising there is by hour (ticks // HOUR) without
    these turns: promotions of others, and turns that were settled.
    """
    making = _Making({spot.key: spot for spot in spots}, past, debts, hours, channel)
    for gap in sorted(breaks, key=lambda gap: gap.start):
        making.fill(gap)
    return tuple(making.turns)


class _Making:
    """The turns so far, and who waits for the next."""

    def __init__(
        self,
        spots: dict[str, Spot],
        past: Past,
        debts: Mapping[str, Sequence[int]],
        hours: Mapping[int, int],
        channel: str,
    ) -> None:
        self.spots, self.channel = spots, channel
        self.aired = dict(past.aired)
        self.debts = {key: sorted(starts) for key, starts in debts.items() if starts}
        self.hours = defaultdict(int, hours)
        self.settled = past.turns
        self.day: date | None = None
        self.line = Line((), ())
        self.held: dict[str, Waiting] = {}
        self.turns: list[FairTurn] = []

    def fill(self, gap: Break) -> None:
        if gap.day != self.day:
            self.day = gap.day
            self.line = self._line(gap)
        for one in [one for one in self.held.values() if one.place.moment < gap.begins]:
            self._stand_again(one, gap)
        at, end = gap.start, gap.start + gap.length
        share = self._share(at)
        while at < end:
            found = self.line.next(self._wanted(gap, at, end, share))
            if found is not None:
                at += self._take(found, gap, at)
            elif share < end - at and (border := (at // HOUR + 1) * HOUR) < end:
                at = border
            else:
                break
            share = self._share(at)

    def _wanted(self, gap: Break, at: int, end: int, share: int) -> Wanted:
        near = self._neighbours(at)
        return Wanted(
            room=end - at,
            share=share,
            before=Place(OTHERS, gap.begins, "", ""),
            commodities={one.commodity for one in near if one.commodity is not None},
            stalls={one.stall for one in near},
        )

    def _neighbours(self, at: int) -> list[Spot]:
        """The spots that air right before `at`, and after it where that was settled."""
        place = bisect_left(self.settled, (at, ""))
        before = [*self.settled[max(0, place - 1) : place]]
        before += [(turn.start, turn.spot) for turn in self.turns[-1:]]
        near = [max(before), *self.settled[place : place + 1]] if before else self.settled[:1]
        return [self.spots[key] for _, key in near if key in self.spots]

    def _take(self, found: Found, gap: Break, at: int) -> int:
        """Give the turn to whom was found; return how many ticks it takes."""
        place, spot = found.one.place, self.spots[found.one.place.spot]
        reason: Reason = "debt" if place.rank == DEBT else "oldest"
        if place.rank == OTHERS and place.moment == NEVER:
            reason = "new"
        self.turns.append(
            FairTurn(
                *(spot.key, at, spot.length, gap.begins, reason, place.moment),
                *(spot.level, found.alike, found.passed, gap.row),
            )
        )
        add_hours(self.hours, at, spot.length)
        if reason == "debt":
            del self.debts[spot.key][0]
        self.aired[spot.key] = max(at, self.aired.get(spot.key, NEVER))
        self._stand_again(found.one, gap)
        return spot.length

    def _stand_again(self, one: Waiting, gap: Break) -> None:
        self.line.remove(one)
        self.line.add(self._waiting(self.spots[one.place.spot], gap))

    def _line(self, gap: Break) -> Line:
        self.held = {}
        waiting, out = [], []
        for spot in self.spots.values():
            why = spot.kept_off(gap.day)
            one = self._waiting(spot, gap, held=why is None)
            if why is None:
                waiting.append(one)
            else:
                out.append((one, why))
        return Line(waiting, out)

    def _waiting(self, spot: Spot, gap: Break, *, held: bool = True) -> Waiting:
        """Where it stands; with `held` a debt is kept for the next break if it is shown in this."""
        drawn, owed = lot(self.channel, gap.day, spot.key), self.debts.get(spot.key)
        last, level = self.aired.get(spot.key, NEVER), spot.level
        place = Place(OTHERS, last, drawn, spot.key)
        if owed and (last < gap.begins or not held):
            # What is owed is owed by the channel, whoever's turn comes first otherwise.
            place, level = Place(DEBT, owed[0], drawn, spot.key), 0
        one = Waiting(place, level, spot.seconds, spot.commodity, spot.stall)
        self.held.pop(spot.key, None)
        if owed and place.rank == OTHERS:
            self.held[spot.key] = one
        return one

    def _share(self, at: int) -> int:
        """Return how many ticks of advertising may begin at `at`."""
        hour = at // HOUR
        left, free = (hour + 1) * HOUR - at, MOST_ADVERTISING - self.hours[hour]
        if free < left:
            return max(0, free)
        return left + max(0, MOST_ADVERTISING - self.hours[hour + 1])

"""Giliran Adil: which spot of a trader takes its turn in a break, and why. Pure.

Debts first, the oldest before the others; then whoever aired least recently on the channel.
Nothing else counts. Where two stand equal a lot decides that anybody can draw again (`lot`).
A turn that plain order would have given to others says why each of them was passed over.

Turns that were settled stand, and what decides is read from them alone: planning again at a
later moment gives the same turns, in whatever order spots are handed in. "Last aired" is as of
the break: what is promised after it keeps nobody out of it, but for a place right before one alike.
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
    """What was settled, by the key of the spot.

    `aired` is the start of its last turn before `turns`. These are (start, spot) in order: all
    from the first break on that is planned, and those before it that may be a neighbour.
    """

    aired: Mapping[str, int] = field(default_factory=dict)
    turns: Sequence[tuple[int, str]] = ()

    def and_then(self, turns: Iterable[FairTurn]) -> "Past":
        """Return the same with `turns`, which were settled after it."""
        made = ((turn.start, turn.spot) for turn in turns)
        return Past(self.aired, sorted([*self.turns, *made]))


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
    gaps = sorted(breaks, key=lambda gap: gap.start)
    ends = {gap.begins: gap.start + gap.length for gap in gaps}
    for gap in gaps:
        making.come_to(gap, ends[gap.begins])
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
        self.settled, self.counted = past.turns, 0
        self.day: date | None = None
        self.line = Line((), ())
        self.held: set[str] = set()
        self.turns: list[FairTurn] = []
        self.aired_before: list[int] = []

    def come_to(self, gap: Break, ends: int) -> None:
        """Let all stand where they do in the break of `gap`, which `ends` then."""
        moved = {key for key in self.held if self.aired[key] < gap.begins}
        while self.counted < len(self.settled) and self.settled[self.counted][0] < ends:
            start, key = self.settled[self.counted]
            self.aired[key] = max(start, self.aired.get(key, NEVER))
            moved.add(key)
            self.counted += 1
        moved &= self.spots.keys()
        if gap.day != self.day or not all(key in self.line for key in moved):
            self.day = gap.day
            self.line = self._line(gap)
            return
        for key in moved:
            self._stand_again(key, gap)

    def fill(self, gap: Break) -> None:
        """Give turns until nobody may come.

        If the last would stand right before its like, the choice is made again, heeding that. A
        break that has turns leaves the rest to fillers before it brings two alike together.
        """
        heeded = len(self.turns)
        self._go_on(gap)
        while len(self.turns) > heeded and self._meets_its_like():
            self._give_back(gap)
            if self._next(gap, heeding=True):
                heeded = len(self.turns)
                self._go_on(gap)

    def _go_on(self, gap: Break) -> None:
        while self._next(gap):
            pass

    def _next(self, gap: Break, *, heeding: bool = False) -> bool:
        """Give the next turn, `heeding` what is promised after it; return whether anyone came."""
        ends = [turn.start + turn.length for turn in self.turns[-1:]]
        at, end = max([gap.start, *ends]), gap.start + gap.length
        while at < end:
            share = self._share(at)
            found = self.line.next(self._wanted(gap, at, share, heeding=heeding))
            if found is not None:
                self._take(found, gap, at)
                return True
            if share >= end - at:
                break
            at = (at // HOUR + 1) * HOUR
        return False

    def _wanted(self, gap: Break, at: int, share: int, *, heeding: bool) -> Wanted:
        before, after = self._before(at), self._after(at) if heeding else None
        is_empty = before is None or before[0] < gap.begins
        near = self._known(before, after if is_empty else None)
        never = self._known(None if is_empty else after)
        return Wanted(
            room=gap.start + gap.length - at,
            share=share,
            before=Place(OTHERS, gap.begins, "", ""),
            commodities={one.commodity for one in near if one.commodity is not None},
            stalls={one.stall for one in near},
            never_commodities={one.commodity for one in never if one.commodity is not None},
            never_stalls={one.stall for one in never},
        )

    def _before(self, at: int) -> tuple[int, str] | None:
        """The turn right before `at`."""
        place = bisect_left(self.settled, (at, ""))
        found = [*self.settled[max(0, place - 1) : place]]
        found += [(turn.start, turn.spot) for turn in self.turns[-1:]]
        return max(found, default=None)

    def _after(self, at: int) -> tuple[int, str] | None:
        """The settled turn that comes next from `at` on."""
        place = bisect_left(self.settled, (at, ""))
        return self.settled[place] if place < len(self.settled) else None

    def _known(self, *turns: tuple[int, str] | None) -> list[Spot]:
        return [self.spots[turn[1]] for turn in turns if turn and turn[1] in self.spots]

    def _meets_its_like(self) -> bool:
        """Whether the last turn has stall or commodity in common with the one promised after it."""
        last = self.turns[-1]
        one = self.spots[last.spot]
        return any(
            one.stall == two.stall or (one.commodity is not None and one.commodity == two.commodity)
            for two in self._known(self._after(last.start))
        )

    def _take(self, found: Found, gap: Break, at: int) -> None:
        """Give the turn to whom was found."""
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
        self.aired_before.append(self.aired.get(spot.key, NEVER))
        self.aired[spot.key] = max(at, self.aired_before[-1])
        self._stand_again(spot.key, gap)

    def _give_back(self, gap: Break) -> None:
        """Take the last turn back."""
        turn = self.turns.pop()
        counted: dict[int, int] = {}
        add_hours(counted, turn.start, turn.length)
        for hour, ticks in counted.items():
            self.hours[hour] -= ticks
        if turn.makes_good:
            self.debts[turn.spot].insert(0, turn.since)
        self.aired[turn.spot] = self.aired_before.pop()
        self._stand_again(turn.spot, gap)

    def _stand_again(self, key: str, gap: Break) -> None:
        self.line.remove(key)
        self.line.add(self._waiting(self.spots[key], gap))

    def _line(self, gap: Break) -> Line:
        self.held = set()
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
        self.held.discard(spot.key)
        if owed and place.rank == OTHERS:
            self.held.add(spot.key)
        return one

    def _share(self, at: int) -> int:
        """Return how many ticks of advertising may begin at `at`."""
        hour = at // HOUR
        left, free = (hour + 1) * HOUR - at, MOST_ADVERTISING - self.hours[hour]
        if free < left:
            return max(0, free)
        return left + max(0, MOST_ADVERTISING - self.hours[hour + 1])

"""Giliran Adil: which stall takes its turn in a break, with which clip, and why. Pure.

Debts first, the oldest before the others; then the stall that aired least recently on the
channel. Nothing else counts: a stall with ten clips comes as often as one with a single clip.
Of its clips the one that aired least recently comes. Where two stand equal a lot decides that
anybody can draw again (`lot`). All stalls that one trader has in one market are one stall here.
A turn that plain order would have given to others says why each of them was passed over.

Turns that were settled stand, and what decides is read from them alone: planning again at a
later moment gives the same turns, in whatever order clips are handed in. "Last aired" is as of
the break: what is promised after it keeps nobody out of it, but for a place right before one alike.
"""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Literal, NamedTuple

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
    before_moment,
)
from media_pipeline.model.ticks import TIMESCALE

__all__ = [
    "Alike",
    "Break",
    "FairTurn",
    "Passed",
    "PassedFor",
    "Past",
    "Place",
    "Reason",
    "Settled",
    "Spot",
    "add_hours",
    "fill_fairly",
    "lot",
    "plain_order",
]

NEVER = -1
DEBT, OTHERS = 0, 1

Reason = Literal["debt", "new", "oldest"]
"""Why a turn goes where it goes.

debt    an airing of the clip was missed
new     its stall never aired
oldest  its stall waits the longest
"""


@dataclass(frozen=True)
class Spot:
    """A clip of a trader, `length` ticks long.

    `stall` is the key of the stall for which it takes a turn: the same one for all stalls of a
    trader in one market. `level` says whose it is: 0 of the channel's own co-operative and those below it, 1 of the
    one above it and those below that, and so on. It airs from `first` to `last`, both included,
    and `here` if the channel's region is one of its regions. On days that are `lacking` a paper
    that it needs does not hold.
    """

    key: str
    length: int
    stall: str
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

    `since` is the start of the debt or of the stall's last airing, NEVER if there was none.
    `alike` is what it has in common with its neighbour, for want of others.
    """

    spot: str
    stall: str
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


class Settled(NamedTuple):
    """A turn that stands: the clip may be gone, its stall is known all the same."""

    start: int
    spot: str
    stall: str


@dataclass(frozen=True)
class Past:
    """What was settled.

    `aired` and `stalls` are the starts of the last turn before `turns`, by the key of the clip
    and by the key of the stall. `turns` are in order: all from the first break on that is planned,
    and those before it that may be a neighbour.
    """

    aired: Mapping[str, int] = field(default_factory=dict)
    stalls: Mapping[str, int] = field(default_factory=dict)
    turns: Sequence[Settled] = ()

    def and_then(self, turns: Iterable[FairTurn]) -> "Past":
        """Return the same with `turns`, which were settled after it."""
        made = (Settled(turn.start, turn.spot, turn.stall) for turn in turns)
        return Past(self.aired, self.stalls, sorted([*self.turns, *made]))

    def last_of_stalls(self, spots: Iterable[Spot]) -> dict[str, int]:
        """Return the start of the last turn before `turns` of each stall that had one."""
        last = dict(self.stalls)
        for spot in spots:
            if (moment := self.aired.get(spot.key, NEVER)) > last.get(spot.stall, NEVER):
                last[spot.stall] = moment
        return last


def lot(channel: str, day: date, key: str) -> str:
    """Return what decides between equals on `day`, the smaller first.

    SHA-256 of "<channel> <YYYY-MM-DD> <key>" in hexadecimal: the channel by its address, and the
    32 digits of the key of a stall; between clips of one stall, of the clip.
    """
    return sha256(f"{channel} {day.isoformat()} {key}".encode()).hexdigest()


def plain_order(
    spots: Collection[Spot],
    past: Past,
    debts: Mapping[str, Sequence[int]],
    channel: str,
    day: date,
) -> list[tuple[int, Place]]:
    """Return the level and place of each clip, in the order in which they come on `day`.

    Those of one stall stand together, but for debts.
    """
    last = past.last_of_stalls(spots)
    lots = {stall: lot(channel, day, stall) for stall in {spot.stall for spot in spots}}
    found = []
    for spot in spots:
        clip = _Clip(past.aired.get(spot.key, NEVER), lot(channel, day, spot.key), spot.key)
        drawn, owed = lots[spot.stall], debts.get(spot.key)
        if owed:
            found.append((0, Place(DEBT, owed[0], drawn, spot.stall, *clip)))
        else:
            moment = last.get(spot.stall, NEVER)
            found.append((spot.level, Place(OTHERS, moment, drawn, spot.stall, *clip)))
    return sorted(found)


class _Clip(NamedTuple):
    """Where a clip stands among those of its stall."""

    aired: int
    drawn: str
    spot: str


class _Kind(NamedTuple):
    """What decides whether a clip may come; the same for many clips of a stall."""

    level: int
    seconds: int
    commodity: int | None
    kept: PassedFor | None


def fill_fairly(
    breaks: Iterable[Break],
    spots: Iterable[Spot],
    past: Past,
    debts: Mapping[str, Sequence[int]],
    hours: Mapping[int, int],
    channel: str,
) -> tuple[FairTurn, ...]:
    """Return the turns of `breaks`.

    A stall shows once in a break. `debts` are the starts (ticks) of the open debts of a clip,
    without those that a turn in `past` answers; each takes one turn. `hours` is how much
    advertising there is by hour (ticks // HOUR) without these turns: promotions of others, and
    turns that were settled.
    """
    making = _Making({spot.key: spot for spot in spots}, past, debts, hours, channel)
    gaps = sorted(breaks, key=lambda gap: gap.start)
    ends = {gap.begins: gap.start + gap.length for gap in gaps}
    for gap in gaps:
        making.come_to(gap, ends[gap.begins])
        making.fill(gap)
    return tuple(making.turns)


class _Making:
    """The turns so far, and who waits for the next. Most is by the key of a clip or of a stall."""

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
        self.last = past.last_of_stalls(spots.values())
        self.debts = {key: sorted(debts[key]) for key in spots if debts.get(key)}
        self.hours = defaultdict(int, hours)
        self.settled, self.counted = past.turns, 0
        self.day: date | None = None
        self.line = Line({})
        self.lots: dict[str, str] = {}
        self.clips: dict[str, dict[_Kind, list[_Clip]]] = {}
        self.kinds: dict[str, _Kind] = {}
        self.drawn: dict[str, str] = {}
        self.owing: dict[str, list[str]] = {}
        self.held: set[str] = set()
        self.turns: list[FairTurn] = []
        self.before: list[tuple[int, int]] = []
        """When the clip and the stall of each of the turns aired before it."""

    def come_to(self, gap: Break, ends: int) -> None:
        """Let all stand where they do in the break of `gap`, which `ends` then."""
        moved = {stall for stall in self.held if self.last[stall] < gap.begins}
        while self.counted < len(self.settled) and self.settled[self.counted].start < ends:
            turn = self.settled[self.counted]
            self._count(turn.spot, max(turn.start, self.aired.get(turn.spot, NEVER)))
            self.last[turn.stall] = max(turn.start, self.last.get(turn.stall, NEVER))
            moved.add(turn.stall)
            self.counted += 1
        if gap.day != self.day:
            self._begin(gap)
            return
        for stall in moved & self.clips.keys():
            self._stand_again(stall, gap)

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
        is_empty = before is None or before.start < gap.begins
        near = [turn for turn in (before, after if is_empty else None) if turn]
        never = [after] if after and not is_empty else []
        return Wanted(
            room=gap.start + gap.length - at,
            share=share,
            before=before_moment(gap.begins),
            commodities=self._commodities(near),
            stalls={turn.stall for turn in near},
            never_commodities=self._commodities(never),
            never_stalls={turn.stall for turn in never},
        )

    def _before(self, at: int) -> Settled | None:
        """The turn right before `at`."""
        place = bisect_left(self.settled, (at,))
        found = [*self.settled[max(0, place - 1) : place]]
        found += [Settled(turn.start, turn.spot, turn.stall) for turn in self.turns[-1:]]
        return max(found, default=None)

    def _after(self, at: int) -> Settled | None:
        """The settled turn that comes next from `at` on."""
        place = bisect_left(self.settled, (at,))
        return self.settled[place] if place < len(self.settled) else None

    def _commodities(self, turns: Iterable[Settled]) -> set[int]:
        known = (self.spots[turn.spot] for turn in turns if turn.spot in self.spots)
        return {spot.commodity for spot in known if spot.commodity is not None}

    def _meets_its_like(self) -> bool:
        """Whether the last turn has stall or commodity in common with the one promised after it."""
        last = self.turns[-1]
        after = self._after(last.start)
        if after is None:
            return False
        commodity = self.spots[last.spot].commodity
        return after.stall == last.stall or commodity in self._commodities([after])

    def _take(self, found: Found, gap: Break, at: int) -> None:
        """Give the turn to whom was found."""
        place, spot = found.one.place, self.spots[found.one.place.spot]
        reason: Reason = "debt" if place.rank == DEBT else "oldest"
        if place.rank == OTHERS and place.moment == NEVER:
            reason = "new"
        self.turns.append(
            FairTurn(
                *(spot.key, spot.stall, at, spot.length, gap.begins, reason, place.moment),
                *(spot.level, found.alike, found.passed, gap.row),
            )
        )
        add_hours(self.hours, at, spot.length)
        if reason == "debt":
            del self.debts[spot.key][0]
        self.before.append((place.aired, self.last.get(spot.stall, NEVER)))
        self._count(spot.key, max(at, place.aired))
        self.last[spot.stall] = max(at, self.before[-1][1])
        self._stand_again(spot.stall, gap)

    def _give_back(self, gap: Break) -> None:
        """Take the last turn back."""
        turn = self.turns.pop()
        counted: dict[int, int] = {}
        add_hours(counted, turn.start, turn.length)
        for hour, ticks in counted.items():
            self.hours[hour] -= ticks
        if turn.makes_good:
            self.debts[turn.spot].insert(0, turn.since)
        aired, self.last[turn.stall] = self.before.pop()
        self._count(turn.spot, aired)
        self._stand_again(turn.stall, gap)

    def _begin(self, gap: Break) -> None:
        """Let the day of `gap` begin: lots are drawn again, other clips may air."""
        self.day, self.held = gap.day, set()
        self.clips, self.kinds, self.owing = {}, {}, {}
        for spot in self.spots.values():
            kept = spot.kept_off(gap.day)
            kind = _Kind(spot.level, spot.seconds, spot.commodity, None)
            if kept:
                kind = _Kind(spot.level, 0, None, kept)
            self.kinds[spot.key] = kind
            self.drawn[spot.key] = lot(self.channel, gap.day, spot.key)
            kinds = self.clips.setdefault(spot.stall, {})
            kinds.setdefault(kind, []).append(self._clip(spot.key))
            if spot.key in self.debts:
                self.owing.setdefault(spot.stall, []).append(spot.key)
        for stall, kinds in self.clips.items():
            self.lots[stall] = lot(self.channel, gap.day, stall)
            for clips in kinds.values():
                clips.sort()
        self.line = Line({stall: self._waiting(stall, gap) for stall in self.clips})

    def _clip(self, key: str) -> _Clip:
        return _Clip(self.aired.get(key, NEVER), self.drawn[key], key)

    def _count(self, key: str, moment: int) -> None:
        """Let the clip, which may be gone, have aired last at `moment`."""
        clips: list[_Clip] = []
        if key in self.kinds:
            clips = self.clips[self.spots[key].stall][self.kinds[key]]
            del clips[bisect_left(clips, self._clip(key))]
        self.aired[key] = moment
        if key in self.kinds:
            insort(clips, self._clip(key))

    def _stand_again(self, stall: str, gap: Break) -> None:
        self.line.stand(stall, self._waiting(stall, gap))

    def _waiting(self, stall: str, gap: Break) -> Iterator[Waiting]:
        """Yield where a stall stands: with what it is owed, and the first clip of each kind.

        What is owed to a stall that shows in this break is kept for the next.
        """
        last, drawn = self.last.get(stall, NEVER), self.lots[stall]
        owed = [key for key in self.owing.get(stall, ()) if self.debts[key]]
        self.held.discard(stall)
        if owed and last >= gap.begins:
            self.held.add(stall)
            owed = []
        for key in owed:
            place = Place(DEBT, self.debts[key][0], drawn, stall, *self._clip(key))
            # What is owed is owed by the channel, whoever's turn comes first otherwise.
            yield Waiting(place, *self.kinds[key]._replace(level=0))
        for kind, clips in self.clips[stall].items():
            first = next((clip for clip in clips if clip.spot not in owed), None)
            if first is not None:
                yield Waiting(Place(OTHERS, last, drawn, stall, *first), *kind)

    def _share(self, at: int) -> int:
        """Return how many ticks of advertising may begin at `at`."""
        hour = at // HOUR
        left, free = (hour + 1) * HOUR - at, MOST_ADVERTISING - self.hours[hour]
        if free < left:
            return max(0, free)
        return left + max(0, MOST_ADVERTISING - self.hours[hour + 1])

"""When a channel that inherits goes over from its parent to its own entries, and back.

At each moment it wants one source: its own azan, else what the parent obliges it to carry, else
its own entries, else slate where the parent has its azan, else the parent. It changes at
the first border of what is on air, and joins the parent in progress, at the segment
that is on air there: so it plays up to one segment later than the parent, never
earlier. Each joint depends only on what begins before it, in the parent and in the
channel's own entries; so an edit that leaves the frozen past alone leaves it alone here.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple, Protocol

from media_pipeline.model.joint import Joint
from media_pipeline.model.rundown import Entry, Head, Lineup, OrderedEntries, Rundown
from media_pipeline.model.ticks import ticks_in
from media_pipeline.playout.lookup import place_at, place_of
from media_pipeline.playout.reel import Reel, Reels, reel_of
from media_pipeline.playout.runs import Call, Calls, Stretch, runs
from media_pipeline.playout.timeline import NotOnAir, Timeline

MOST_JOINTS = 20_000
"""More than a week of one-minute windows has; a rundown with more is a fault."""

EVEN = ticks_in(4)
"""The segments of a cover whose slate cannot be found."""


_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class TooManyJoints(ValueError):
    """The rundown changes its source without end."""


class Stretches(NamedTuple):
    """What is not relayed, and what must be."""

    azans: tuple[Stretch, ...]
    carried: tuple[Stretch, ...]


class Playable(Protocol):
    """What a joint may join: entries by place, found by tick and by number."""

    def entry(self, place: int) -> Entry:
        """The entry at `place`."""

    def place_at(self, tick: int) -> int:
        """The place of the entry that contains `tick`."""

    def place_of(self, msn: int) -> int:
        """The place of the entry with segment `msn`."""


class Block:
    """A run of own entries, as something to join."""

    __slots__ = ("entries",)

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = entries

    def entry(self, place: int) -> Entry:
        """The entry at `place`."""
        return self.entries[place]

    def place_at(self, tick: int) -> int:
        """The place of the last entry that starts at `tick` or before."""
        return place_at(self.entries, tick)

    def place_of(self, msn: int) -> int:
        """The place of the entry with segment `msn`."""
        return place_of(self.entries, msn)


class Feed:
    """A parent as those who inherit from it follow it: made once for all of them."""

    def __init__(self, lineup: Lineup, reels: Reels) -> None:
        """Raise NotOnAir for a parent without entries."""
        if not lineup.entries:
            raise NotOnAir(f"{lineup.channel} has no entries")
        self.lineup = lineup
        self.timeline = Timeline(lineup, reels)
        self.planned = len(lineup.entries)
        self.head = head_of(lineup.entries)
        self._known: tuple[int, Stretches] | None = None

    def stretches(self, since: int) -> Stretches:
        """What is not relayed and what must be, as far as it ends after `since`."""
        known = self._known
        # For each child from its own last joint: one look at what the earliest asks for serves all.
        if known is None or since < known[0]:
            azans = tuple(runs(self.lineup.entries, "azan", since))
            self._known = known = (since, Stretches(azans, tuple(self._carried(since))))
        return known[1]

    def _carried(self, since: int) -> Iterator[Stretch]:
        entries = self.lineup.entries
        oldest = entries[max(place_at(entries, since), 0)].msn if self.lineup.must_carry else 0
        for begin, end in self.lineup.must_carry:
            if end > oldest:
                first = entries[place_of(entries, max(begin, oldest))]
                last = entries[place_of(entries, end - 1)]
                yield Stretch(first.msn, first.start, last.end)


def head_of(entries: Sequence[Entry]) -> Head:
    """Where `entries` begin."""
    if isinstance(entries, OrderedEntries):
        return entries.head
    return Head(entries[0].start, entries[0].msn, entries[0].dsn)


class _Segment(NamedTuple):
    """A segment on air; `guessed` is its publication where its ticks are not known."""

    msn: int
    start: int
    end: int
    dsn: int
    guessed: str


class _Border(NamedTuple):
    """The first segment after a border, and its tick; `late` if it had to be waited for.

    `call` is the own azan for which what must be carried is left there.
    """

    msn: int
    begin: int
    late: bool
    call: Call | None = None


class _Wanted(NamedTuple):
    """Own entries, and the parent's segment before which they begin.

    `lag` is how late they were before they were interrupted; None if they begin anew.
    """

    number: int
    msn: int
    begin: int
    lag: int | None


def _segment_at(source: Playable, reels: Reels, tick: int) -> _Segment:
    """The segment of `source` that is on air at `tick`; raises NotOnAir before the first."""
    place = source.place_at(tick)
    if place < 0:
        raise NotOnAir(f"nothing is on air at tick {tick}")
    entry = source.entry(place)
    starts = reel_of(entry, reels).starts
    zero = entry.start - starts[entry.first]
    inside = bisect_right(starts, tick - zero, entry.first, entry.first + entry.count) - 1
    msn = entry.msn + inside - entry.first
    known = tick == entry.start or reels.get(entry.publication) is not None
    guessed = "" if known else entry.publication
    return _Segment(msn, zero + starts[inside], zero + starts[inside + 1], entry.dsn, guessed)


def cover_of(joint: Joint, reels: Reels) -> Timeline:
    """The slate of the cover `joint`, turn after turn. Its first tick is the joint's."""
    reel = reels.get(joint.slate)
    count, length = (reel.count, reel.duration) if reel and reel.count else (1, EVEN)
    turn = Entry(f"cover-{joint.msn}", joint.start, length, joint.slate, count, 0, 0, "slate", "")
    lineup = Rundown("", "", "", 0, _NEVER, (turn,), joint.slate)
    return Timeline(lineup, reels if reel and reel.count else _Even(turn))


class _Even:
    """Reels that know one entry alone, in even segments."""

    def __init__(self, entry: Entry) -> None:
        self._entry = entry

    def get(self, _publication: str, /) -> Reel:
        """The reel of the entry."""
        return Reel.lost(self._entry)


class Joining:
    """The joints of one channel that follows `feed`, one after the other.

    `blocks` are runs of own entries in order, none of which overlap; each begins at its
    planned start. `reels` are asked for what plays where joints are; what they do not
    have counts as even segments, and `guessed` is the first such joint's tick and publication.
    """

    def __init__(
        self, feed: Feed, blocks: Sequence[Sequence[Entry]], slate: str, reels: Reels
    ) -> None:
        self._parent = feed.timeline.over(reels)
        self._feed = feed
        self._blocks = blocks
        self._starts = [head_of(block).start for block in blocks]
        self._slate = slate
        self._reels = reels
        self._stretches = Stretches((), ())
        self._calls = Calls(blocks)
        self.guessed: tuple[int, str] | None = None

    def from_tick(self, tick: int) -> Joint:
        """The first joint of all, at the parent's segment that is on air at `tick`."""
        found = self._segment(self._parent, tick, tick)
        self._stretches = self._feed.stretches(found.start - EVEN * 2)
        return self._choose(found.start, 0, 0)

    def after(self, joint: Joint) -> Iterator[Joint]:
        """What follows `joint`, as far as there is something to change for."""
        steps: dict[str, Callable[[Joint], Joint | None]] = {
            "relay": self._after_relay,
            "own": self._after_own,
            "cover": self._after_cover,
        }
        # A cover asks how long the azan is that began up to a segment before it.
        self._stretches = self._feed.stretches(joint.start - EVEN * 2)
        for _ in range(MOST_JOINTS):
            following = steps[joint.source](joint)
            if following is None:
                return
            yield following
            joint = following
        raise TooManyJoints(f"{self._feed.lineup.channel}: more than {MOST_JOINTS} joints")

    def _after_relay(self, joint: Joint) -> Joint | None:
        azan = next((a for a in self._stretches.azans if a.msn > joint.at), None)
        wanted = self._wanted(joint)
        if wanted is not None and (azan is None or wanted.begin <= azan.start):
            where = self._leaving(joint, self._parent, wanted.msn, wanted.begin)
            return self._own(wanted.number, *where, lag=wanted.lag)
        if azan is None:
            return None
        return self._choose(*self._leaving(joint, self._parent, azan.msn, azan.start), over=azan)

    def _wanted(self, relay: Joint) -> _Wanted | None:
        """The own entries that follow `relay`."""
        held = self._numbered(relay.block) if relay.block else None
        if held is not None:
            border = self._released(relay, relay.start + 1)
            wanted = self._late(relay, held, border, relay.lag)
            if wanted is not None:
                return wanted
        for number in range(bisect_right(self._starts, relay.start), len(self._blocks)):
            border = self._released(relay, self._starts[number])
            if not border.late:
                return _Wanted(number, border.msn, border.begin, None)
            wanted = self._late(relay, number, border, 0)
            if wanted is not None:
                return wanted
        return None

    def _late(self, relay: Joint, number: int, border: _Border, lag: int) -> _Wanted | None:
        """The own entries `number` joined in progress at `border`; None if they are over."""
        if border.call is not None:
            if border.call.number != number:
                return None
            # The call is shown from its begin: own entries are on air as late as it from there on.
            lag = border.begin + relay.shift - border.call.start
        elif self._blocks[number][-1].end + lag <= border.begin + relay.shift:
            return None
        return _Wanted(number, border.msn, border.begin, lag)

    def _released(self, relay: Joint, tick: int) -> _Border:
        """Where `relay` may be left at `tick` or after: while it must be carried for a call alone."""
        msn, begin = self._border(self._parent, tick - relay.shift, tick)
        late = False
        for stretch in self._stretches.carried:
            # It plays a little later than the parent: one that has begun there counts here.
            if stretch.start <= begin + relay.shift and stretch.end > begin:
                call = self._calls.between(tick, stretch.end + relay.shift)
                if call is not None:
                    where = self._border(self._parent, call.start - relay.shift, call.start)
                    return _Border(*where, True, call)
                msn, begin = self._border(self._parent, stretch.end, stretch.end)
                late = True
        return _Border(msn, begin, late)

    def _after_own(self, joint: Joint) -> Joint | None:
        number = self._numbered(joint.block)
        if number is None:
            return None
        source, last = Block(self._blocks[number]), self._blocks[number][-1]
        for stretch in self._stretches.carried:
            if joint.start < stretch.end and stretch.start < last.end + joint.shift:
                tick = max(stretch.start, joint.start)
                msn, begin = self._border(source, tick - joint.shift, tick)
                call = self._calls.at(begin)
                if call is not None:
                    msn, begin = self._border(source, call.end, call.end + joint.shift)
                elif tick == joint.start:
                    continue
                if begin < last.end and begin + joint.shift < stretch.end:
                    where = self._leaving(joint, source, msn, begin)
                    return self._relay(*where, block=joint.block, lag=joint.shift)
        where = self._leaving(joint, source, last.msn + last.count, last.end)
        return self._choose(*where, following=number + 1)

    def _after_cover(self, joint: Joint) -> Joint | None:
        following = bisect_right(self._starts, joint.start)
        ends = [a.end for a in self._stretches.azans if a.msn <= joint.block][-1:]
        ends += self._starts[following : following + 1]
        ends += [c.start for c in self._stretches.carried if c.start > joint.start][:1]
        source = cover_of(joint, self._reels)
        until = max(min(ends, default=0), joint.start + 1)
        where = self._leaving(joint, source, *self._border(source, until, until))
        return self._choose(*where, following=following)

    def _choose(
        self,
        start: int,
        msn: int,
        dsn: int,
        *,
        following: int | None = None,
        over: Stretch | None = None,
    ) -> Joint:
        """What to play from `start` on; `following` are the own entries that may be due."""
        if following is not None and not self._is_due(following, start):
            following = None
        carried = any(c.start <= start < c.end for c in self._stretches.carried)
        if carried and (following is None or not self._calls.begin(following)):
            waits = 0 if following is None else self._starts[following]
            return self._relay(start, msn, dsn, block=waits)
        if following is not None:
            return self._own(following, start, msn, dsn, lag=None)
        azan = over or next((a for a in self._stretches.azans if a.start <= start < a.end), None)
        if azan is not None:
            return Joint("cover", start, msn, dsn, 0, 0, block=azan.msn, slate=self._slate)
        return self._relay(start, msn, dsn)

    def _is_due(self, number: int, start: int) -> bool:
        return number < len(self._starts) and self._starts[number] <= start

    def _relay(self, start: int, msn: int, dsn: int, *, block: int = 0, lag: int = 0) -> Joint:
        """Join the parent in progress."""
        found = self._segment(self._parent, start, start)
        shift = start - found.start
        return Joint("relay", start, msn, dsn, found.msn, found.dsn, shift, block, lag)

    def _own(self, number: int, start: int, msn: int, dsn: int, *, lag: int | None) -> Joint:
        """Begin own entries, or with a `lag` join them in progress."""
        block = self._blocks[number]
        planned, at, turn = head_of(block)
        if lag is None:
            return Joint("own", start, msn, dsn, at, turn, start - planned, planned)
        inside = min(start - lag, block[-1].end - 1)
        found = self._segment(Block(block), max(inside, planned), start)
        shift = start - found.start
        return Joint("own", start, msn, dsn, found.msn, found.dsn, shift, planned)

    def _leaving(
        self, joint: Joint, source: Playable, msn: int, begin: int
    ) -> tuple[int, int, int]:
        """Start, number and discontinuity of what follows `joint`, left before segment `msn`."""
        last = source.entry(source.place_of(msn - 1))
        dsn = joint.dsn + last.dsn - joint.turn + 1
        return begin + joint.shift, joint.msn + msn - joint.at, dsn

    def _border(self, source: Playable, tick: int, here: int) -> tuple[int, int]:
        """Number and tick of the first segment of `source` that begins at `tick` or after."""
        found = self._segment(source, tick, here)
        if found.start == tick:
            return found.msn, found.start
        return found.msn + 1, found.end

    def _segment(self, source: Playable, tick: int, here: int) -> _Segment:
        found = _segment_at(source, self._reels, tick)
        if found.guessed and (self.guessed is None or here < self.guessed[0]):
            self.guessed = (here, found.guessed)
        return found

    def _numbered(self, planned: int) -> int | None:
        """The number of the own entries that begin at `planned`."""
        number = bisect_right(self._starts, planned) - 1
        return number if number >= 0 and self._starts[number] == planned else None

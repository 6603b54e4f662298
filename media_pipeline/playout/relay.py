"""What a channel that inherits shows: its parent's entries and its own, under its own numbers.

Nothing is copied from the parent. An entry is made from the parent's when somebody asks
for it: found by tick or by number as fast as there, moved by the joint's numbers.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from media_pipeline.model.joint import Joint
from media_pipeline.model.rundown import Entry, EntryKind, Head, OrderedEntries
from media_pipeline.playout.joining import (
    Block,
    Feed,
    Joining,
    Playable,
    cover_of,
    head_of,
)
from media_pipeline.playout.reel import Reels
from media_pipeline.playout.runs import places_of_kind


class Inheriting(msgspec.Struct, frozen=True):
    """What an inheriting channel's own rundown says.

    `blocks` are runs of own entries, each at its planned start, with numbers of its
    own; `joints` are those that are frozen, at least the first of all. `must_carry` are
    segments [first, last) of blocks that go through all who inherit from the channel.
    """

    channel: str
    name: str
    version: int
    slate: str
    joints: tuple[Joint, ...]
    blocks: tuple[Sequence[Entry], ...] = ()
    must_carry: tuple[tuple[int, int], ...] = ()


class Relay:
    """A rundown in force that follows a parent (a `Lineup`).

    `joints` are all, those to come included. `guessed` is the tick of the first joint
    that had to be computed without its publication, and that; None if all are exact.
    """

    __slots__ = (
        "channel",
        "entries",
        "guessed",
        "joints",
        "must_carry",
        "name",
        "slate",
        "version",
    )

    def __init__(self, said: Inheriting, feed: Feed, reels: Reels, *, held: Reels) -> None:
        """Compute the joints from `reels`; `held` is asked for slates when entries are read.

        Raises NotOnAir where the parent does not reach back to the last frozen joint.
        """
        joining = Joining(feed, said.blocks, said.slate, reels)
        following = joining.after(said.joints[-1])
        self.joints = (*said.joints, *following)
        self.guessed = joining.guessed
        self.channel, self.name, self.version = said.channel, said.name, said.version
        # After the parent's last entry its slate follows, here as there: it is written down later.
        self.slate = feed.lineup.slate
        self.entries = RelayedEntries(self.joints, feed, said.blocks, held)
        self.must_carry = tuple(self.entries.carried(said.must_carry))

    def relays_between(self, start: int, end: int) -> bool:
        """Whether it plays nothing but its parent in [start, end)."""
        in_force = max(bisect_right(self.joints, start, key=lambda joint: joint.start) - 1, 0)
        following = self.joints[in_force + 1 : in_force + 2]
        if self.joints[in_force].source != "relay":
            return False
        return not following or following[0].start >= end

    def frozen(self, tick: int) -> tuple[Joint, ...]:
        """The joints that nothing changes any more when what begins up to `tick` stands."""
        return tuple(joint for joint in self.joints if joint.start <= tick)


class _Span(msgspec.Struct, frozen=True):
    """What is played from one joint to the next: entries [first, first + count) of `source`.

    `begin` is the place of the first of them here. Of the last, what is numbered `ends` or
    above in the source is left out: it ends at the tick `end`.
    """

    joint: Joint
    source: Playable
    first: int
    count: int
    begin: int
    ends: int
    end: int

    def head(self, feed: Feed) -> Head:
        """Where the span begins, without making its first entry."""
        joint = self.joint
        if joint.source != "relay" or joint.at >= feed.head.msn:
            return Head(joint.start, joint.msn, joint.dsn)
        start, msn, dsn = feed.head
        return Head(start + joint.shift, msn + joint.msn - joint.at, dsn + joint.dsn - joint.turn)

    def entry(self, place: int) -> Entry:
        """The entry at `place` of the span, with the numbers that it has here."""
        joint = self.joint
        entry = self.source.entry(self.first + place)
        skipped = max(0, joint.at - entry.msn)
        start = joint.start if skipped else entry.start + joint.shift
        after = min(entry.msn + entry.count, self.ends)
        end = self.end if after == self.ends else entry.end + joint.shift
        return msgspec.structs.replace(
            entry,
            # Two parts of one entry may stand in one playlist, and must not have one identity.
            id=f"{entry.id}~{joint.msn}" if skipped or joint.source == "cover" else entry.id,
            start=start,
            duration=end - start,
            first=entry.first + skipped,
            count=after - entry.msn - skipped,
            msn=joint.msn + entry.msn + skipped - joint.at,
            dsn=joint.dsn + entry.dsn - joint.turn,
        )


class RelayedEntries(OrderedEntries):
    """The entries between joints. O(log n) for each that is asked for."""

    __slots__ = ("_feed", "_head", "_length", "_msns", "_spans", "_starts")

    def __init__(
        self,
        joints: Sequence[Joint],
        feed: Feed,
        blocks: Sequence[Sequence[Entry]],
        held: Reels,
    ) -> None:
        self._feed = feed
        self._spans = _numbered(_spans(joints, feed, blocks, held))
        heads = [span.head(feed) for span in self._spans]
        self._starts = [head.start for head in heads]
        self._msns = [head.msn for head in heads]
        self._head = heads[0] if heads else None
        self._length = sum(span.count for span in self._spans)

    def __len__(self) -> int:
        return self._length

    def entry(self, place: int) -> Entry:
        """The entry at `place`, from 0."""
        span = self._spans[bisect_right(self._spans, place, key=lambda s: s.begin) - 1]
        return span.entry(place - span.begin)

    @property
    def head(self) -> Head:
        """The numbers of the first entry, without making it."""
        if self._head is None:
            raise IndexError("there are no entries")
        return self._head

    def place_at(self, tick: int) -> int:
        """The place of the last entry that starts at `tick` or before; -1 for none."""
        number = bisect_right(self._starts, tick) - 1
        if number < 0:
            return -1
        span = self._spans[number]
        # Of the last span the source goes on, with slate for example.
        inside = span.source.place_at(min(tick, span.end - 1) - span.joint.shift)
        return span.begin + min(max(inside - span.first, 0), span.count - 1)

    def place_of(self, msn: int) -> int:
        """The place of the last entry whose first segment has a number up to `msn`; -1 for none."""
        number = bisect_right(self._msns, msn) - 1
        if number < 0:
            return -1
        span = self._spans[number]
        inside = span.source.place_of(min(msn - span.joint.msn + span.joint.at, span.ends - 1))
        return span.begin + min(max(inside - span.first, 0), span.count - 1)

    def publications(self, first: int, last: int) -> set[str]:
        """Which publications the entries [first, last) play."""
        found: set[str] = set()
        for span in self._spans:
            begin, end = max(first - span.begin, 0), min(last - span.begin, span.count)
            if begin < end:
                found |= self._of(span, span.first + begin, span.first + end)
        return found

    def _of(self, span: _Span, first: int, last: int) -> set[str]:
        """The publications of the places [first, last) of a span's source."""
        if span.joint.source == "cover":
            return {span.joint.slate}
        if isinstance(span.source, Block):
            return _publications(span.source.entries, first, last)
        lineup = self._feed.lineup
        found = _publications(lineup.entries, first, min(last, self._feed.planned))
        return found | {lineup.slate} if last > self._feed.planned else found

    def places_of_kind(self, kind: EntryKind, since: int) -> list[int]:
        """The places of the entries of `kind` that end after `since`, ascending."""
        return [
            place
            for span in self._spans
            if span.end > since
            for place in self._of_kind(span, kind, since)
        ]

    def _of_kind(self, span: _Span, kind: EntryKind, since: int) -> Iterable[int]:
        if span.joint.source == "cover":
            return range(span.begin, span.begin + span.count) if kind == "slate" else ()
        entries = self._feed.lineup.entries
        if isinstance(span.source, Block):
            entries = span.source.entries
        elif kind == "azan":
            # A relay never has one.
            return ()
        found = places_of_kind(entries, kind, since - span.joint.shift)
        last = span.first + span.count
        return [span.begin + n - span.first for n in found if span.first <= n < last]

    def carried(self, own: Sequence[tuple[int, int]] = ()) -> Iterable[tuple[int, int]]:
        """The segments [first, last) here that all must carry: the parent's and, of blocks, `own`."""
        ranges = {"relay": self._feed.lineup.must_carry, "own": own, "cover": ()}
        for span in self._spans:
            oldest = self._feed.head.msn if span.joint.source == "relay" else 0
            for first, last in ranges[span.joint.source]:
                begin, end = max(first, span.joint.at, oldest), min(last, span.ends)
                if begin < end:
                    moved = span.joint.msn - span.joint.at
                    yield begin + moved, end + moved

    @property
    def own(self) -> list[Sequence[Entry]]:
        """The runs of own entries that are played, as they were planned."""
        return [span.source.entries for span in self._spans if isinstance(span.source, Block)]


def _publications(entries: Sequence[Entry], first: int, last: int) -> set[str]:
    if isinstance(entries, OrderedEntries):
        return entries.publications(first, last)
    return {entry.publication for entry in entries[first:last]}


def _numbered(spans: Iterable[_Span]) -> tuple[_Span, ...]:
    """The same spans with the places of their first entries."""
    found, begin = [], 0
    for span in spans:
        found.append(msgspec.structs.replace(span, begin=begin))
        begin += span.count
    return tuple(found)


def _spans(
    joints: Sequence[Joint], feed: Feed, blocks: Sequence[Sequence[Entry]], held: Reels
) -> list[_Span]:
    """What is between joints, as far back as parent and own entries reach."""
    planned = {head_of(block).start: block for block in blocks}
    found: list[_Span] = []
    after: Joint | None = None
    for joint in reversed(joints):
        source, head = _source(joint, feed, planned, held)
        if source is None:
            break
        ends, end = _end(joint, source, after, feed)
        # Discontinuities count entries, so that places need no look into days long gone.
        first = joint.turn - head.dsn
        last = source.place_of(ends - 1) if after is None else first + after.dsn - joint.dsn - 1
        after = joint
        if last < 0:
            break
        found.append(_Span(joint, source, max(first, 0), last - max(first, 0) + 1, 0, ends, end))
        if first < 0:
            # The parent has forgotten what was before.
            break
    return found[::-1]


def _source(
    joint: Joint, feed: Feed, planned: Mapping[int, Sequence[Entry]], held: Reels
) -> tuple[Playable | None, Head]:
    """What `joint` joins and where that begins; None if it is gone."""
    if joint.source == "relay":
        return feed.timeline, feed.head
    if joint.source == "cover":
        return cover_of(joint, held), Head(joint.start, 0, 0)
    block = planned.get(joint.block)
    return (None, Head(0, 0, 0)) if block is None else (Block(block), head_of(block))


def _end(joint: Joint, source: Playable, after: Joint | None, feed: Feed) -> tuple[int, int]:
    """The first number of the source that is not played any more, and the tick of that."""
    if after is not None:
        return joint.at + after.msn - joint.msn, after.start
    if isinstance(source, Block):
        last = source.entries[-1]
        return last.msn + last.count, last.end + joint.shift
    last = source.entry(max(source.place_of(joint.at), feed.planned - 1))
    return last.msn + last.count, last.end + joint.shift

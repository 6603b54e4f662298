"""A parent and channels that inherit from it, as values that a test edits while time goes by."""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec

from media_pipeline.model.rundown import Entry, Rundown
from media_pipeline.model.ticks import ticks_in
from media_pipeline.playout import HOLD_BACK, Item, Reel, Timeline, append, cut
from media_pipeline.playout.joining import Feed, Joining
from media_pipeline.playout.relay import Inheriting, Relay

AHEAD = ticks_in(8)
"""What an edit of own entries leaves alone."""

KINDS = ["programme", "filler", "programme", "azan"]


@dataclass
class Network:
    """Channels by name, each with everything that was ever in force and since when.

    `c0` is the parent of `c1`, that of `c2`, and so on. `mandatory` are the entries that
    all must carry.
    """

    reels: dict[str, Reel]
    start: int
    said: dict[str, list[tuple[int, Rundown | Inheriting]]] = field(default_factory=dict)
    mandatory: set[str] = field(default_factory=set)
    used: int = 0

    def item(self, choice: int) -> Item:
        """Some item: which, of what kind and from where, by `choice`."""
        reel = list(self.reels.values())[choice % len(self.reels)]
        self.used += 1
        name = f"e{self.used}"
        if choice % 11 == 5:
            self.mandatory.add(name)
        first = choice % 7 if choice % 7 < reel.count else 0
        return Item(name, reel, KINDS[choice // 3 % 4], "T", first=first)

    def lay(self, now: int, rundown: Rundown) -> None:
        """Put the root's `rundown` in force."""
        carried = tuple((e.msn, e.msn + e.count) for e in rundown.entries if e.id in self.mandatory)
        rundown = msgspec.structs.replace(rundown, must_carry=carried)
        self.said.setdefault("c0", []).append((now, rundown))

    def begin(self, order: list[int], slate: str) -> None:
        """Put the root on air."""
        empty = Rundown("c0", "C", "UTC", 1, datetime.now(UTC), (), slate)
        items = [self.item(choice) for choice in order]
        self.lay(self.start, append(empty, *items, start=self.start))

    def edit(self, now: int, order: list[int], *, at_once: bool = False) -> None:
        """Replace what the root may still change; `at_once` as a cut-in does."""
        old = self.said["c0"][-1][1]
        assert isinstance(old, Rundown)
        free = Timeline(old, self.reels).first_editable(now - HOLD_BACK if at_once else now)
        new = append(cut(old, self.reels, free), *[self.item(choice) for choice in order])
        self.lay(now, msgspec.structs.replace(new, version=old.version + 1))

    def inherit(self, name: str, now: int, slate: str) -> None:
        """Put a channel on air that inherits from the one before it."""
        feed = Feed(self.lineup(f"c{int(name[1:]) - 1}", now), self.reels)
        first = Joining(feed, (), slate, self.reels).from_tick(now)
        said = Inheriting(name, name.upper(), 1, slate, (first,))
        self.said[name] = [(now, said)]

    def plan(self, name: str, now: int, wishes: list[tuple[int, list[int]]]) -> None:
        """Plan own entries at some time after `now` anew: (ticks to wait, what to play)."""
        old = self.said[name][-1][1]
        assert isinstance(old, Inheriting)
        kept = [b for b in old.blocks if b[0].start < now + AHEAD]
        cursor = now + AHEAD
        if kept:
            last = [e for e in kept[-1] if e.start < now + AHEAD]
            kept[-1] = tuple(last)
            cursor = max(cursor, last[-1].end)
        for wait, order in wishes:
            block = self.block(cursor + wait, order)
            kept.append(block)
            cursor = block[-1].end
        self.say(name, now, old, blocks=tuple(kept))

    def block(self, start: int, order: list[int]) -> tuple[Entry, ...]:
        """Own entries that begin at `start`, with numbers of their own."""
        empty = Rundown("", "", "", 1, datetime.now(UTC), (), "")
        items = [self.item(choice) for choice in order]
        return append(empty, *items, start=start).entries

    def freeze(self, name: str, now: int) -> None:
        """Write down the joints that nothing changes any more."""
        old = self.said[name][-1][1]
        assert isinstance(old, Inheriting)
        relay = self.lineup(name, now)
        assert isinstance(relay, Relay)
        joints = relay.frozen(now)
        self.say(name, now, old, joints=joints)

    def say(self, name: str, now: int, old: Inheriting, **changes) -> None:
        new = msgspec.structs.replace(old, version=old.version + 1, **changes)
        self.said[name].append((now, new))

    def in_force(self, name: str, now: int) -> Rundown | Inheriting:
        """What was the newest at `now`."""
        versions = self.said[name]
        return versions[max(bisect_right(versions, now, key=lambda v: v[0]) - 1, 0)][1]

    def lineup(self, name: str, now: int) -> Rundown | Relay:
        """What an origin that looked at `now` plays from."""
        said = self.in_force(name, now)
        if isinstance(said, Rundown):
            return said
        feed = Feed(self.lineup(f"c{int(name[1:]) - 1}", now), self.reels)
        return Relay(said, feed, self.reels, held=self.reels)

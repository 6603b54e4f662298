"""Channels that inherit, as an origin makes them: from their own words and their parent's rundown."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec

from media_pipeline.model.rundown import Lineup
from media_pipeline.model.ticks import ticks_in
from media_pipeline.playout import Reel
from media_pipeline.playout.joining import Feed
from media_pipeline.playout.relay import Inheriting, Relay

DEEPEST = 8
"""Parents above a channel; each costs a few microseconds an entry."""

NEAR = ticks_in(360)
"""Joints nearer than this are made of what really plays there; those beyond may be guessed."""

JOINS_HELD = 200
"""Publications that only a joint needs; one takes about 11 KB."""

AGAIN = ticks_in(10)
"""A joint is made again that often while its publication is missing."""


class Heir(msgspec.Struct, frozen=True):
    """What the `rundown.json` with this mark says of a channel that inherits."""

    mark: str
    parent: str
    said: Inheriting


class NoLine(ValueError):
    """A channel's parents do not end, or are too many."""


class _Reels:
    """The reels of joints: those in memory, else what was read for them."""

    def __init__(self, held: Callable[[str], Reel | None], read: Callable[[str], Reel | None]):
        self._held, self._read = held, read
        self._kept: OrderedDict[str, Reel] = OrderedDict()

    def get(self, publication: str, /) -> Reel | None:
        """The reel of `publication` if it was read."""
        return self._held(publication) or self._kept.get(publication)

    def read(self, publication: str) -> bool:
        """Read `publication`; return whether it is there."""
        reel = self._read(publication)
        if reel is None:
            return False
        self._kept[publication] = reel
        while len(self._kept) > JOINS_HELD:
            self._kept.popitem(last=False)
        return True


class _Held:
    """The reels that are in memory at each moment."""

    def __init__(self, held: Callable[[str], Reel | None]) -> None:
        self._held = held

    def get(self, publication: str, /) -> Reel | None:
        """The reel of `publication` if it is in memory."""
        return self._held(publication)


class Heirs:
    """All channels that inherit. `said` is what is on air, `fresh` what is still to be made."""

    def __init__(
        self, held: Callable[[str], Reel | None], read: Callable[[str], Reel | None]
    ) -> None:
        """`held` gives a reel that is in memory, `read` one from the store."""
        self.said: dict[str, Heir] = {}
        self.fresh: dict[str, Heir] = {}
        self._reels = _Reels(held, read)
        self._held = _Held(held)
        self._feeds: dict[str, Feed] = {}
        self._made: dict[str, tuple[Lineup, int]] = {}
        self._order: tuple[dict[str, str], list[str]] = ({}, [])

    def knows(self, name: str, mark: str) -> bool:
        """Whether the words with this mark were read already."""
        heir = self.fresh.get(name) or self.said.get(name)
        return heir is not None and heir.mark == mark

    def has_heirs(self, name: str) -> bool:
        """Whether a channel inherits from `name`."""
        return name in self._feeds

    def keep(self, names: Iterable[str]) -> None:
        """Forget all channels but `names`."""
        kept = set(names)
        self.said = {name: heir for name, heir in self.said.items() if name in kept}
        self._made = {name: made for name, made in self._made.items() if name in self.said}
        parents = {heir.parent for heir in self.said.values()}
        self._feeds = {name: feed for name, feed in self._feeds.items() if name in parents}

    def ordered(self) -> Iterator[tuple[str, Heir]]:
        """All heirs, parents first; those without an end of their line last."""
        heirs = {**self.said, **self.fresh}
        parents = {name: heir.parent for name, heir in heirs.items()}
        if parents != self._order[0]:
            self._order = parents, sorted(parents, key=lambda name: _depth(name, parents))
        return ((name, heirs[name]) for name in self._order[1])

    def is_due(self, name: str, above: Lineup, now: int, made: Lineup) -> bool:
        """Whether what was `made` of `name` is to be made again."""
        of, when = self._made.get(name, (None, 0))
        if name in self.fresh or of is not above:
            return True
        guessed = made.guessed if isinstance(made, Relay) else None
        return guessed is not None and guessed[0] < now + NEAR and not 0 <= now - when < AGAIN

    def tried(self, name: str, above: Lineup, now: int) -> None:
        """Note that `name` needs nothing more while `above` is its parent's rundown."""
        self._made[name] = (above, now)

    def make(self, name: str, heir: Heir, above: Lineup, now: int) -> Relay:
        """The rundown of `heir` under `above`; raises NoLine, NotOnAir, TooManyJoints."""
        parents = {**self._order[0], name: heir.parent}
        if _depth(name, parents) > DEEPEST:
            raise NoLine(f"{name} inherits from itself, or over more than {DEEPEST} channels")
        feed = self._feeds.get(heir.parent)
        if feed is None or feed.lineup is not above:
            self._feeds[heir.parent] = feed = Feed(above, self._held)
        relay, tried = Relay(heir.said, feed, self._reels, held=self._held), set[str]()
        while (guessed := relay.guessed) is not None and guessed[0] < now + NEAR:
            # Asked for again, it was pushed out by others: so it would be for ever.
            if guessed[1] in tried or not self._reels.read(guessed[1]):
                break
            tried.add(guessed[1])
            relay = Relay(heir.said, feed, self._reels, held=self._held)
        return relay


def _depth(name: str, parents: Mapping[str, str]) -> int:
    """How many channels are above `name`; more than DEEPEST for a loop."""
    depth = 0
    while name in parents and depth <= DEEPEST:
        name, depth = parents[name], depth + 1
    return depth

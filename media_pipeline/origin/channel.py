"""One channel as an origin shows it: the texts of the newest edge, and what they need."""

from collections import Counter
from collections.abc import KeysView, Mapping
from zlib import crc32

import msgspec

from media_pipeline.model.notice import Notice
from media_pipeline.model.rundown import Lineup
from media_pipeline.model.ticks import ticks_in
from media_pipeline.origin.captions import Languages
from media_pipeline.origin.replies import DASH, Text
from media_pipeline.playout import (
    HOLD_BACK,
    Edge,
    Excerpt,
    Reel,
    Timeline,
    behind,
    between,
    channel_master,
    manifest,
    nearest,
    offered,
    playlist,
    publications_between,
)
from media_pipeline.playout.relay import Relay

BEHIND = ticks_in(180)
SOON = ticks_in(300)
"""Publications of entries from BEHIND before now to SOON after it are always in memory:
a window never waits."""

AHEAD = ticks_in(3 * 3600)
"""Those as far ahead follow, so that the master names every rung that comes up while most
people watch."""

ROUND = ticks_in(60)
"""Each channel is asked once a minute what it needs, each at a second of its own."""


class _Moment:
    """What one edge of one timeline shows: texts are made when first asked for."""

    __slots__ = ("_excerpt", "channel", "edge", "notices", "texts", "timeline")

    def __init__(self, channel: "Channel", timeline: Timeline, edge: Edge) -> None:
        self.channel, self.timeline, self.edge = channel, timeline, edge
        self.notices = channel.notices(edge)
        self.texts: dict[str, Text] = {}
        self._excerpt: Excerpt | None = None

    def holds(self, timeline: Timeline, served: int) -> bool:
        """Whether this is still what `timeline` shows at `served`."""
        return self.timeline is timeline and self.edge.end <= served < self.edge.change

    def text(self, rendition: str) -> Text:
        """The playlist of `rendition`, or the manifest (`DASH`)."""
        text = self.texts.get(rendition)
        return self._made(rendition) if text is None else text

    def _made(self, rendition: str) -> Text:
        excerpt = self._excerpt
        if excerpt is None:
            self._excerpt = excerpt = behind(self.timeline, self.edge)
        # Any number may be asked for: there are no more texts than rungs, and than languages.
        name = rendition if rendition == DASH else nearest(rendition, excerpt.rungs)
        if name not in self.texts:
            self.texts[name] = Text.of(
                manifest(excerpt, self.channel.languages, self.notices)
                if name == DASH
                else playlist(excerpt, name, "", self.notices)
            )
        return self.texts[name]


class Channel:
    """A rundown in force, and the texts of the newest edge.

    Requests and the refreshing thread meet here: each reads or binds one name.
    `served` is the number of the newest segment that a client was told of.
    """

    def __init__(
        self, rundown: Lineup, mark: str, spoken: Languages, above: "Channel | None" = None
    ) -> None:
        """`spoken` knows the languages of captions; `above` is the parent of one that inherits."""
        self.rundown = rundown
        self.above = above
        self.mark = mark
        self.spoken = spoken
        self.served = -1
        self.notice: Notice | None = None
        self.timeline = Timeline(rundown, {})
        self.needs = _NOTHING
        self._shift = crc32(rundown.channel.encode()) % ROUND
        self._master: tuple[Timeline, tuple[str, ...], Text] | None = None
        self._languages = (self.needs, -1, offered(frozenset()))
        self._moment: _Moment | None = None
        self._edge: tuple[Timeline, Edge] | None = None

    def look(self, now: int) -> bool:
        """Find out once a ROUND which publications are needed; return whether others are."""
        turn = (now + self._shift) // ROUND
        if turn == self.needs.turn:
            return False
        # From the turn's beginning, not from now: so other origins find the same.
        before, self.needs = self.needs, self._needed(turn, now)
        return (before.soon, before.later) != (self.needs.soon, self.needs.later)

    def _needed(self, turn: int, now: int) -> "Needs":
        begin = turn * ROUND - self._shift
        around = (begin - BEHIND, begin + ROUND + AHEAD)
        above, rundown = self.above, self.rundown
        if above is not None and isinstance(rundown, Relay):
            if above.needs.turn < 0:
                above.look(now)
            # Turns of channels are up to one apart; an older one is of a parent that is gone.
            if above.needs.turn >= turn - 1 and rundown.relays_between(*around):
                # It plays what its parent plays: thousands share one set.
                return Needs(above.needs.soon, above.needs.later, turn, around)
        return _needed(rundown, around, begin, turn)

    def use(self, reels: dict[str, Reel]) -> None:
        """Render from `reels` from now on."""
        self.timeline = self.timeline.over(reels)

    @property
    def master(self) -> Text:
        """The multivariant playlist: each rung and each language that comes up soon."""
        held, timeline, languages = self._master, self.timeline, self.languages
        if held is None or held[0] is not timeline or held[1] != languages:
            found = (timeline.reels.get(name) for name in sorted(self.needs.all))
            airtime: Counter[str] = Counter()
            for entry in between(self.rundown, *self.needs.around):
                airtime[entry.publication] += entry.duration
            shown = (reel for reel in found if reel)
            master = channel_master(shown, airtime=airtime, languages=languages)
            self._master = held = (timeline, languages, Text.of(master))
        return held[2]

    @property
    def languages(self) -> tuple[str, ...]:
        """In which languages captions are offered: those of what comes up soon."""
        spoken, needs = self.spoken, self.needs
        turn = spoken.turn
        if self._languages[0] is not needs or self._languages[1] != turn:
            self._languages = (needs, turn, offered(spoken.known(needs.all)))
        return self._languages[2]

    def edge(self, now: int) -> Edge:
        """The edge that is served at `now`; raises NotOnAir."""
        held, timeline, served = self._edge, self.timeline, now - HOLD_BACK
        if held is None or held[0] is not timeline or not held[1].end <= served < held[1].change:
            self._edge = held = (timeline, timeline.edge(served))
        return held[1]

    def notices(self, edge: Edge) -> tuple[Notice, ...]:
        """What is told over the picture at `edge`: its own, else of a relay its parent's."""
        if self.notice is not None and self.notice.end > edge.end:
            return (self.notice,)
        above, rundown = self.above, self.rundown
        if above is None or not isinstance(rundown, Relay):
            return ()
        return above.notices(edge) if rundown.relays_between(edge.end - 1, edge.end) else ()

    def tell_anew(self) -> None:
        """Forget the texts of this moment: something else is told over the picture."""
        self._moment = None

    def playlist(self, rendition: str, now: int) -> tuple[Text, int]:
        """The playlist of `rendition` and the tick up to which it holds; raises NotOnAir."""
        moment, timeline = self._moment, self.timeline
        if moment is None or not moment.holds(timeline, now - HOLD_BACK):
            self._moment = moment = _Moment(self, timeline, timeline.edge(now - HOLD_BACK))
            self.served = max(self.served, moment.edge.msn)
        return moment.text(rendition), moment.edge.change + HOLD_BACK


class Needs(msgspec.Struct, frozen=True):
    """The publications that a channel needs `soon`, and `later` ones; for one `turn` of ROUND.

    `around` are the ticks of the first and the last of them.
    """

    soon: frozenset[str]
    later: frozenset[str]
    turn: int
    around: tuple[int, int] = (0, 0)

    @property
    def all(self) -> frozenset[str]:
        """Both."""
        return self.soon | self.later

    def names_one_of(self, publications: set[str]) -> bool:
        """Whether one of `publications` is needed."""
        return not (publications.isdisjoint(self.soon) and publications.isdisjoint(self.later))


_NOTHING = Needs(frozenset(), frozenset(), -1)


class Wanted:
    """How many channels need each publication: counted on as needs change, not anew each second."""

    def __init__(self) -> None:
        self._soon: Counter[str] = Counter()
        self._later: Counter[str] = Counter()
        self._counted: dict[str, Needs] = {}

    def by(self, channels: Mapping[str, Channel]) -> tuple[KeysView[str], KeysView[str]]:
        """The publications that `channels` need soon, and those that they need later."""
        for name in [name for name in self._counted if name not in channels]:
            self._change(name, _NOTHING)
        for name, channel in channels.items():
            if self._counted.get(name) is not channel.needs:
                self._change(name, channel.needs)
        return self._soon.keys(), self._later.keys()

    def _change(self, name: str, needs: Needs) -> None:
        before = self._counted.pop(name, _NOTHING)
        if needs is not _NOTHING:
            self._counted[name] = needs
        _move(self._soon, before.soon, needs.soon)
        _move(self._later, before.later, needs.later)


def _move(counts: Counter[str], before: frozenset[str], after: frozenset[str]) -> None:
    counts.update(after - before)
    for name in before - after:
        counts[name] -= 1
        if not counts[name]:
            del counts[name]


def _needed(rundown: Lineup, around: tuple[int, int], begin: int, turn: int) -> Needs:
    """What `rundown` needs in the `turn` that begins at `begin`."""
    soon = publications_between(rundown, around[0], begin + ROUND + SOON) | {rundown.slate}
    later = publications_between(rundown, begin, around[1]) - soon
    return Needs(frozenset(soon), frozenset(later), turn, around)

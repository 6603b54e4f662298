"""The channels as this origin knows them: from the store to memory, and from memory to text."""

from collections import Counter
from collections.abc import KeysView
from zlib import crc32

import msgspec
import structlog

from media_pipeline.model.keys import generation_mark, publication_file
from media_pipeline.model.publication import decode_publication
from media_pipeline.model.rundown import Lineup, Rundown
from media_pipeline.model.stored import BrokenDay, StoredRundown, decode_stored, joined
from media_pipeline.model.ticks import TIMESCALE, ticks_in
from media_pipeline.origin.replies import Text
from media_pipeline.origin.shelf import Shelf
from media_pipeline.playout import (
    HOLD_BACK,
    Edge,
    Reel,
    Timeline,
    between,
    channel_master,
    check_rundown,
    check_successor,
    publications_between,
    window_at,
)
from media_pipeline.stores import Store

log = structlog.get_logger("siar.origin")

BEHIND = ticks_in(180)
SOON = ticks_in(300)
"""Publications of entries from BEHIND before now to SOON after it are always in memory:
a window never waits."""

AHEAD = ticks_in(3 * 3600)
"""Those as far ahead follow, so that the master names every rung that comes up while most
people watch."""

ROUND = ticks_in(60)
"""Each channel is asked once a minute what it needs, each at a second of its own."""

MOST_AHEAD = 4_000
"""Publications in memory before those for later are left out; one takes about 11 KB."""

LATER_AT_ONCE = 100
"""So many of those for later are read in one look: a start with a full store takes 2 s, not 20."""

LIST_AT_LEAST = ticks_in(10)
"""Channels are listed that often although the generation is the same: somebody may have put
files there by hand, or taken them away."""

LONGEST_WAIT = ticks_in(30)
"""What is missing is asked for after 1 s, 2 s, 4 s … and then every so often."""


class _Moment:
    """What one edge of one timeline shows: texts are made when first asked for."""

    __slots__ = ("edge", "texts", "timeline")

    def __init__(self, timeline: Timeline, edge: Edge) -> None:
        self.timeline, self.edge = timeline, edge
        self.texts: dict[str, Text] = {}

    def holds(self, timeline: Timeline, served: int) -> bool:
        """Whether this is still what `timeline` shows at `served`."""
        return self.timeline is timeline and self.edge.end <= served < self.edge.change

    def text(self, rendition: str) -> Text:
        """The playlist of `rendition`."""
        text = self.texts.get(rendition)
        if text is None:
            text = Text.of(window_at(self.timeline, rendition, self.edge))
            self.texts[rendition] = text
        return text


class Channel:
    """A rundown in force, and the texts of the newest edge.

    Requests and the refreshing thread meet here: each reads or binds one name.
    `served` is the number of the newest segment that a client was told of.
    """

    def __init__(self, rundown: Lineup, mark: str) -> None:
        self.rundown = rundown
        self.mark = mark
        self.served = -1
        self.timeline = Timeline(rundown, {})
        self.needs = Needs(frozenset(), frozenset(), -1)
        self._shift = crc32(rundown.channel.encode()) % ROUND
        self._master: tuple[Timeline, Text] | None = None
        self._moment: _Moment | None = None
        self._edge: tuple[Timeline, Edge] | None = None

    def look(self, now: int) -> bool:
        """Find out once a ROUND which publications are needed; return whether others are."""
        turn = (now + self._shift) // ROUND
        if turn == self.needs.turn:
            return False
        # From the turn's beginning, not from now: so other origins find the same.
        before, self.needs = self.needs, _needed(self.rundown, turn * ROUND - self._shift, turn)
        return (before.soon, before.later) != (self.needs.soon, self.needs.later)

    def use(self, reels: dict[str, Reel]) -> None:
        """Render from `reels` from now on."""
        self.timeline = Timeline(self.rundown, reels)

    @property
    def master(self) -> Text:
        """The multivariant playlist: each rung that comes up soon."""
        held, timeline = self._master, self.timeline
        if held is None or held[0] is not timeline:
            found = (timeline.reels.get(name) for name in sorted(self.needs.all))
            airtime: Counter[str] = Counter()
            for entry in between(self.rundown, *self.needs.around):
                airtime[entry.publication] += entry.duration
            master = channel_master((reel for reel in found if reel), airtime=airtime)
            self._master = held = (timeline, Text.of(master))
        return held[1]

    def edge(self, now: int) -> Edge:
        """The edge that is served at `now`; raises NotOnAir."""
        held, timeline, served = self._edge, self.timeline, now - HOLD_BACK
        if held is None or held[0] is not timeline or not held[1].end <= served < held[1].change:
            self._edge = held = (timeline, timeline.edge(served))
        return held[1]

    def playlist(self, rendition: str, now: int) -> tuple[Text, int]:
        """The playlist of `rendition` and for how many seconds it holds; raises NotOnAir."""
        moment, timeline = self._moment, self.timeline
        if moment is None or not moment.holds(timeline, now - HOLD_BACK):
            self._moment = moment = _Moment(timeline, timeline.edge(now - HOLD_BACK))
            self.served = max(self.served, moment.edge.msn)
        left = moment.edge.change + HOLD_BACK - now
        return moment.text(rendition), max(1, left // TIMESCALE)


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


class _Missing(msgspec.Struct, frozen=True):
    """What could not be read at `asked`, and for how many ticks it is not asked for."""

    asked: int
    wait: int

    def waits(self, now: int) -> bool:
        """Whether it is too early to ask again; a clock that went back asks."""
        return 0 <= now - self.asked < self.wait

    @staticmethod
    def after(earlier: "_Missing | None", now: int) -> "_Missing":
        """The next one: each time it takes twice as long, up to LONGEST_WAIT."""
        return _Missing(now, min(2 * earlier.wait, LONGEST_WAIT) if earlier else TIMESCALE)


class _Refused(msgspec.Struct, frozen=True):
    """The bytes with this mark are not fit to air. `again` where a day of theirs may come yet."""

    mark: str
    again: _Missing | None


class _Listing(msgspec.Struct, frozen=True):
    """The key and the mark of each channel's rundown, as listed `at` under a generation."""

    generation: str | None
    at: int
    marks: dict[str, tuple[str, str]]


class Channels:
    """All channels of a store. `refresh` talks to the store; the rest is memory."""

    def __init__(self, store: Store, media_url: str) -> None:
        self._store = store
        self._media_url = media_url
        self._shelf = Shelf(store)
        self._reels: dict[str, Reel] = {}
        self._missing: dict[str, _Missing] = {}
        self._refused: dict[str, _Refused] = {}
        self._listing = _Listing(None, 0, {})
        self.known: dict[str, Channel] = {}
        self.gone: frozenset[str] = frozenset()
        self.refusals = 0

    def refresh(self, now: int) -> None:
        """Take over what changed in the store; raises StoreUnavailable.

        Each name is bound anew in one step, so that a request in between sees
        the channels before or after and nothing half.
        """
        gone = frozenset(k.partition("/")[2] for k, _ in self._store.versions("takedowns"))
        marks = self._listed(now).marks
        known = {name: self.known[name] for name in marks if name in self.known}
        for name, (key, mark) in marks.items():
            held = known.get(name)
            if (held is None or mark != held.mark) and not self._waits(name, mark, now):
                taken = self._take(held, key, mark, now)
                if taken is not None:
                    known[name] = taken
        self._refused = {name: each for name, each in self._refused.items() if name in marks}
        self._load(known, gone, now)
        self.known, self.gone = known, gone

    def _listed(self, now: int) -> _Listing:
        """The channels in the store; listed anew unless the generation says they are the same."""
        # Asked for before listing: what is written meanwhile has another, and is found next time.
        generation = self._store.version(generation_mark())
        held = self._listing
        same = generation is not None and generation == held.generation
        if not (same and 0 <= now - held.at < LIST_AT_LEAST):
            marks = {
                key.split("/")[1]: (key, mark)
                for key, mark in self._store.versions("channels")
                if key.count("/") == 2 and key.endswith("/rundown.json")
            }
            self._listing = _Listing(generation, now, marks)
        return self._listing

    def _waits(self, name: str, mark: str, now: int) -> bool:
        """Whether these bytes were refused, and asking again cannot help yet."""
        refused = self._refused.get(name)
        if refused is None or refused.mark != mark:
            return False
        return refused.again is None or refused.again.waits(now)

    def _take(self, held: Channel | None, key: str, mark: str, now: int) -> Channel | None:
        """The channel of the rundown at `key`; the one that is held if it is not fit to air."""
        name, faults, again = key.split("/")[1], list[str](), False
        rundown = None
        try:
            rundown = self._read(name, key)
            # Day files cannot hold a fault of numbers, and to look at all takes seconds.
            faults += check_rundown(rundown) if isinstance(rundown, Rundown) else _empty(rundown)
            if not faults and held is not None and _differ(rundown, held.rundown):
                faults += _contradictions(held, rundown, now)
        except BrokenDay as wrong:
            faults, again = [str(wrong)], True
        except (msgspec.DecodeError, ValueError, RecursionError) as wrong:
            faults.append(f"It cannot be read: {wrong}.")
        if rundown is not None and not faults:
            self._refused.pop(name, None)
            taken = Channel(rundown, mark)
            taken.served = held.served if held is not None else -1
            return taken
        self._refuse(name, mark, now, again=again)
        log.error("rundown_refused", key=key, why=faults[0], kept=held is not None)
        return held

    def _read(self, name: str, key: str) -> Rundown | StoredRundown:
        found = decode_stored(self._store.read(key) or b"")
        if isinstance(found, Rundown):
            return found
        return joined(found, lambda ref: self._shelf.day(name, ref))

    def _refuse(self, name: str, mark: str, now: int, *, again: bool) -> None:
        earlier = self._refused.get(name)
        before = earlier.again if earlier is not None and earlier.mark == mark else None
        self.refusals += earlier is None or earlier.mark != mark
        self._refused[name] = _Refused(mark, _Missing.after(before, now) if again else None)

    def _load(self, known: dict[str, Channel], gone: frozenset[str], now: int) -> None:
        """Hold the reels that `known` need around `now`, and have them used where they changed."""
        looked = {name for name, channel in known.items() if channel.look(now)}
        soon = frozenset().union(*(c.needs.soon for c in known.values()))
        later = frozenset().union(*(c.needs.later for c in known.values())) - soon
        self._missing = {n: each for n, each in self._missing.items() if n in soon or n in later}
        reels = {n: reel for n, reel in self._reels.items() if n in soon or n in later}
        for name in self._to_read(soon, later, reels.keys(), now):
            reel = self._reel(name, gone, now)
            if reel is not None:
                reels[name] = reel
        for name in [n for n, reel in reels.items() if reel.gone != (n in gone)]:
            reels[name] = msgspec.structs.replace(reels[name], gone=name in gone)
        changed = {n for n in reels.keys() | self._reels if reels.get(n) is not self._reels.get(n)}
        for name, channel in known.items():
            fresh = channel is not self.known.get(name)
            if fresh or name in looked or not changed.isdisjoint(channel.needs.all):
                channel.use(reels)
            elif changed:
                channel.timeline.reels = reels
        self._reels = reels

    def _to_read(
        self, soon: frozenset[str], later: frozenset[str], held: KeysView[str], now: int
    ) -> list[str]:
        """What to read in this look: all that is needed soon, and some of what comes later."""
        room = max(0, min(LATER_AT_ONCE, MOST_AHEAD - len(soon | held)))
        waiting = {name for name, missing in self._missing.items() if missing.waits(now)}
        return [*sorted(soon - held - waiting), *sorted(later - held - waiting)[:room]]

    def _reel(self, name: str, gone: frozenset[str], now: int) -> Reel | None:
        """The reel of the publication `name`, read from the store; None while it is missing."""
        try:
            data = self._store.read(publication_file(name))
            if data is None:
                raise LookupError("it is not in the store")
            publication = decode_publication(data)
        except (msgspec.DecodeError, LookupError, ValueError, RecursionError) as wrong:
            log.error("publication_missing", publication=name, why=str(wrong))
            self._missing[name] = _Missing.after(self._missing.get(name), now)
            return None
        self._missing.pop(name, None)
        return Reel.of(publication, media_url=self._media_url, gone=name in gone)


def _needed(rundown: Lineup, begin: int, turn: int) -> Needs:
    """What `rundown` needs in the `turn` that begins at `begin`."""
    around = (begin - BEHIND, begin + ROUND + AHEAD)
    soon = publications_between(rundown, around[0], begin + ROUND + SOON) | {rundown.slate}
    later = publications_between(rundown, begin, around[1]) - soon
    return Needs(frozenset(soon), frozenset(later), turn, around)


def _empty(rundown: StoredRundown) -> tuple[str, ...]:
    """What may be wrong with a rundown whose days are whole and stand end to end."""
    if not rundown.entries:
        return ("The rundown has no entries.",)
    if not rundown.slate:
        return ("The rundown names no slate for when its entries run out.",)
    return ()


def _differ(one: Lineup, other: Lineup) -> bool:
    """Whether they may say something else; day files are named by what is in them."""
    if isinstance(one, StoredRundown) and isinstance(other, StoredRundown):
        return one.index != other.index
    return one != other


def _contradictions(held: Channel, rundown: Lineup, now: int) -> tuple[str, ...]:
    """How `rundown` contradicts what `held` served; nothing once that has run out.

    Then a break in the numbers, which players survive by starting anew, is
    better than slate for ever.
    """
    if now >= held.rundown.entries[-1].end:
        return ()
    return check_successor(held.rundown, rundown, held.served, held.timeline.reels, margin=0)

"""The channels as this origin knows them: from the store to memory, and from memory to text."""

from collections import Counter

import msgspec
import structlog

from media_pipeline.model.keys import publication_file
from media_pipeline.model.publication import decode_publication
from media_pipeline.model.rundown import Entry, Rundown, decode_rundown
from media_pipeline.model.ticks import TIMESCALE, ticks_in
from media_pipeline.origin.replies import Text
from media_pipeline.playout import (
    HOLD_BACK,
    Edge,
    Reel,
    Timeline,
    between,
    channel_master,
    check_rundown,
    check_successor,
    window_at,
)
from media_pipeline.stores import Store

log = structlog.get_logger("siar.origin")

BEHIND = ticks_in(180)
AHEAD = ticks_in(3 * 3600)
"""Publications of entries that far around now are held in memory: a window never
waits, and the master names every rung that comes up while most people watch."""

LONGEST_WAIT = ticks_in(30)
"""A publication that is missing is asked for after 1 s, 2 s, 4 s … and then every so often."""


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

    def __init__(self, rundown: Rundown, mark: str) -> None:
        self.rundown = rundown
        self.mark = mark
        self.refused = ""
        self.served = -1
        self.timeline = Timeline(rundown, {})
        self.named: frozenset[str] = frozenset()
        self.master = Text.of("")
        self._moment: _Moment | None = None

    def use(self, reels: dict[str, Reel], named: frozenset[str], now: int) -> None:
        """Render from `reels` from now on; `named` are those of this channel around `now`."""
        self.named = named
        self.timeline = Timeline(self.rundown, reels)
        found = (reels.get(name) for name in sorted(named))
        airtime: Counter[str] = Counter()
        for entry in _near(self.rundown, now):
            airtime[entry.publication] += entry.duration
        master = channel_master((reel for reel in found if reel), airtime=airtime)
        self.master = Text.of(master)

    def edge(self, now: int) -> Edge:
        """The edge that is served at `now`; raises NotOnAir."""
        return self.timeline.edge(now - HOLD_BACK)

    def playlist(self, rendition: str, now: int) -> tuple[Text, int]:
        """The playlist of `rendition` and for how many seconds it holds; raises NotOnAir."""
        moment, timeline = self._moment, self.timeline
        if moment is None or not moment.holds(timeline, now - HOLD_BACK):
            self._moment = moment = _Moment(timeline, timeline.edge(now - HOLD_BACK))
            self.served = max(self.served, moment.edge.msn)
        left = moment.edge.change + HOLD_BACK - now
        return moment.text(rendition), max(1, left // TIMESCALE)


class _Missing(msgspec.Struct, frozen=True):
    """A publication that could not be read at `asked`, and for how long it is not asked for."""

    asked: int
    wait: int

    def waits(self, now: int) -> bool:
        """Whether it is too early to ask again; a clock that went back asks."""
        return 0 <= now - self.asked < self.wait


class Channels:
    """All channels of a store. `refresh` talks to the store; the rest is memory."""

    def __init__(self, store: Store, media_url: str) -> None:
        self._store = store
        self._media_url = media_url
        self._reels: dict[str, Reel] = {}
        self._missing: dict[str, _Missing] = {}
        self.known: dict[str, Channel] = {}
        self.gone: frozenset[str] = frozenset()
        self.refusals = 0

    def refresh(self, now: int) -> None:
        """Take over what changed in the store; raises StoreUnavailable.

        Each name is bound anew in one step, so that a request in between sees
        the channels before or after and nothing half.
        """
        gone = frozenset(k.partition("/")[2] for k, _ in self._store.versions("takedowns"))
        marks = {
            key.split("/")[1]: (key, mark)
            for key, mark in self._store.versions("channels")
            if key.count("/") == 2 and key.endswith("/rundown.json")
        }
        known = {name: self.known[name] for name in marks if name in self.known}
        for name, (key, mark) in marks.items():
            held = known.get(name)
            if held is None or mark not in (held.mark, held.refused):
                taken = self._take(held, key, mark, now)
                if taken is not None:
                    known[name] = taken
        self._load(known, gone, now)
        self.known, self.gone = known, gone

    def _take(self, held: Channel | None, key: str, mark: str, now: int) -> Channel | None:
        """The channel of the rundown at `key`; the one that is held if it is not fit to air."""
        faults: list[str] = []
        rundown = None
        try:
            rundown = decode_rundown(self._store.read(key) or b"")
            faults += check_rundown(rundown)
            if not faults and held is not None and rundown != held.rundown:
                faults += _contradictions(held, rundown, now)
        except (msgspec.DecodeError, ValueError, RecursionError) as wrong:
            faults.append(f"It cannot be read: {wrong}.")
        if rundown is not None and not faults:
            taken = Channel(rundown, mark)
            taken.served = held.served if held is not None else -1
            return taken
        log.error("rundown_refused", key=key, why=faults[0], kept=held is not None)
        self.refusals += 1
        if held is not None:
            held.refused = mark
        return held

    def _load(self, known: dict[str, Channel], gone: frozenset[str], now: int) -> None:
        """Hold the reels that `known` need around `now`, and have them used where they changed."""
        named = {name: _needed(channel.rundown, now) for name, channel in known.items()}
        wanted = frozenset().union(*named.values())
        reels = {
            name: reel
            for name in sorted(wanted)
            if (reel := self._reel(name, gone, now)) is not None
        }
        self._missing = {n: missing for n, missing in self._missing.items() if n in wanted}
        changed = {n for n in reels.keys() | self._reels if reels.get(n) is not self._reels.get(n)}
        for name, channel in known.items():
            if channel.named != named[name] or changed & named[name]:
                channel.use(reels, named[name], now)
            elif changed:
                channel.timeline.reels = reels
        self._reels = reels

    def _reel(self, name: str, gone: frozenset[str], now: int) -> Reel | None:
        """The reel of the publication `name`: the one that is held, unless a takedown came or went."""
        held = self._reels.get(name)
        if held is not None and held.gone == (name in gone):
            return held
        missing = self._missing.get(name)
        if missing is not None and missing.waits(now):
            return held
        try:
            data = self._store.read(publication_file(name))
            if data is None:
                raise LookupError("it is not in the store")
            publication = decode_publication(data)
        except (msgspec.DecodeError, LookupError, ValueError, RecursionError) as wrong:
            log.error("publication_missing", publication=name, why=str(wrong))
            wait = min(2 * missing.wait, LONGEST_WAIT) if missing else TIMESCALE
            self._missing[name] = _Missing(now, wait)
            return held
        self._missing.pop(name, None)
        return Reel.of(publication, media_url=self._media_url, gone=name in gone)


def _near(rundown: Rundown, now: int) -> tuple[Entry, ...]:
    return between(rundown, now - BEHIND, now + AHEAD)


def _needed(rundown: Rundown, now: int) -> frozenset[str]:
    return frozenset({e.publication for e in _near(rundown, now)} | {rundown.slate})


def _contradictions(held: Channel, rundown: Rundown, now: int) -> tuple[str, ...]:
    """How `rundown` contradicts what `held` served; nothing once that has run out.

    Then a break in the numbers, which players survive by starting anew, is
    better than slate for ever.
    """
    if now >= held.rundown.entries[-1].end:
        return ()
    return check_successor(held.rundown, rundown, held.served, held.timeline.reels, margin=0)

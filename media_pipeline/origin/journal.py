"""What this origin put on air, one object a minute: as-run is read from these (`asrun.lines`)."""

from bisect import bisect_right
from collections.abc import Iterator

import msgspec
import structlog

from media_pipeline.asrun.lines import Lack, Line, encode_minute
from media_pipeline.errors import StoreUnavailable
from media_pipeline.model.keys import journal_file
from media_pipeline.model.rundown import Entry
from media_pipeline.model.ticks import TIMESCALE, moment_of, ticks_in
from media_pipeline.playout import Edge, Timeline
from media_pipeline.playout.reel import reel_of
from media_pipeline.playout.relay import Relay
from media_pipeline.stores import Store

log = structlog.get_logger("siar.origin")

MINUTE = 60 * TIMESCALE

EACH = ticks_in(10)
"""The running minute is written that often: so much is lost at most when the process is killed."""

HOLE = ticks_in(10)
"""After a longer silence, what went by meanwhile was not put on air."""

KEPT_MINUTES = 360
"""While the store cannot be reached, that many minutes wait in memory, packed."""


class Journal:
    """The journal of one origin; `name` is its own for each start."""

    def __init__(self, store: Store, name: str) -> None:
        self._store = store
        self._name = name
        self._turn = 0
        self._told: dict[str, int] = {}
        self._minute = -1
        self._lines: list[Line] = []
        self._last: dict[str, Line] = {}
        self._waiting: dict[str, bytes] = {}
        self._looked = -1

    def record(self, timeline: Timeline, edge: Edge, now: int) -> None:
        """Note what has been put on air since the last call."""
        channel = timeline.rundown.channel
        told = self._told.get(channel, edge.end)
        if told - HOLE <= edge.end <= told:
            self._told.setdefault(channel, edge.end)
            return
        near = told < edge.end <= told + HOLE
        start = told if near else edge.end - _length(timeline, edge)
        self._told[channel] = edge.end
        self._turn_to(now // MINUTE)
        for line in _lines(timeline, start, edge):
            self._add(line)

    def write(self, now: int) -> None:
        """Write each minute that is over, and the running one as far as it is."""
        self._turn_to(now // MINUTE)
        if now // EACH == self._looked:
            return
        self._looked = now // EACH
        self._write()

    def close(self) -> None:
        """Write everything: the origin stops, and its next start has another name."""
        self._write()

    def _turn_to(self, minute: int) -> None:
        """Begin another minute where it is another one than before."""
        if minute == self._minute:
            return
        if self._lines:
            self._waiting[self._key()] = encode_minute(self._lines)
        for key in list(self._waiting)[:-KEPT_MINUTES]:
            del self._waiting[key]
        # After a clock went back, what was written must not be written over.
        self._turn += minute < self._minute
        self._minute, self._lines, self._last = minute, [], {}

    def _key(self) -> str:
        name = f"{self._name}.{self._turn}" if self._turn else self._name
        stamp = moment_of(self._minute * MINUTE).strftime("%Y%m%dT%H%MZ")
        return journal_file(name, stamp)

    def _write(self) -> None:
        try:
            # Who stops does not wait for ever for a look that hangs: both may be here.
            for key, data in list(self._waiting.items()):
                self._store.write(key, data)
                self._waiting.pop(key, None)
            if self._lines:
                self._store.write(self._key(), encode_minute(self._lines))
        except StoreUnavailable as wrong:
            log.error("journal_waits", minutes=len(self._waiting), why=str(wrong))

    def _add(self, line: Line) -> None:
        """Add `line`, or lengthen the one that it goes on with."""
        last = self._last.get(line.channel)
        if last is not None and last.end == line.start and _is_one(last, line):
            last.end = line.end
            return
        self._lines.append(line)
        self._last[line.channel] = line


def _lines(timeline: Timeline, start: int, edge: Edge) -> Iterator[Line]:
    """What stands from the tick `start` to the end of the `edge`."""
    said = timeline.rundown
    for place in range(timeline.place_at(start), edge.entry + 1):
        entry = timeline.entry(place)
        first, last = max(start, entry.start), min(edge.end, entry.end)
        if first >= last:
            continue
        lack = _lack(timeline, entry)
        if isinstance(said, Relay) and not _is_own(said, first):
            yield Line(said.channel, "", "", said.version, first, last, True, lack)
        else:
            line = Line(said.channel, entry.id, entry.publication, said.version, first, last)
            line.lack = lack
            yield line


def _is_one(last: Line, line: Line) -> bool:
    """Whether they differ in their times alone."""
    return msgspec.structs.replace(line, start=last.start, end=last.end) == last


def _lack(timeline: Timeline, entry: Entry) -> Lack:
    if not reel_of(entry, timeline.reels).gone:
        return ""
    reel = timeline.reels.get(entry.publication)
    return "taken_down" if reel is not None and reel.gone else "unreadable"


def _is_own(relay: Relay, tick: int) -> bool:
    """Whether a channel that inherits plays an entry of its own at `tick`."""
    place = bisect_right(relay.joints, tick, key=lambda joint: joint.start) - 1
    return relay.joints[max(place, 0)].source == "own"


def _length(timeline: Timeline, edge: Edge) -> int:
    entry = timeline.entry(edge.entry)
    return reel_of(entry, timeline.reels).length(entry.first + edge.index, 1)

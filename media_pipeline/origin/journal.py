"""What this origin put on air, one object a minute: proof of airing is read from these.

A line is an interval of one entry, in ticks since 1970:
`{"channel":…,"entry":…,"publication":…,"version":…,"start":…,"end":…}`.
"""

from collections.abc import Iterator

import msgspec
import structlog

from media_pipeline.errors import StoreUnavailable
from media_pipeline.model.keys import journal_file
from media_pipeline.model.ticks import TIMESCALE, moment_of, ticks_in
from media_pipeline.playout import Edge, Timeline
from media_pipeline.playout.reel import reel_of
from media_pipeline.stores import Store

log = structlog.get_logger("siar.origin")

MINUTE = 60 * TIMESCALE

HOLE = ticks_in(10)
"""After a longer silence, what went by meanwhile was not put on air."""

KEPT_MINUTES = 60
"""While the store cannot be reached, lines of that many minutes wait in memory."""


class Line(msgspec.Struct):
    """One entry on air from `start` to `end`."""

    channel: str
    entry: str
    publication: str
    version: int
    start: int
    end: int


class Journal:
    """The journal of one origin; `name` is its own for each start."""

    def __init__(self, store: Store, name: str) -> None:
        self._store = store
        self._name = name
        self._told: dict[str, int] = {}
        self._minutes: dict[int, list[Line]] = {}

    def record(self, timeline: Timeline, edge: Edge, now: int) -> None:
        """Note what has been put on air since the last call; nothing of what is gone."""
        channel = timeline.rundown.channel
        told = self._told.get(channel, edge.end)
        if edge.end <= told:
            self._told.setdefault(channel, edge.end)
            return
        start = told if edge.end - told <= HOLE else edge.end - _length(timeline, edge)
        self._told[channel] = edge.end
        lines = self._minutes.setdefault(now // MINUTE, [])
        for place in range(timeline.place_at(start), edge.entry + 1):
            entry = timeline.entry(place)
            first, last = max(start, entry.start), min(edge.end, entry.end)
            if reel_of(entry, timeline.reels).gone or first >= last:
                continue
            version = timeline.rundown.version
            line = Line(channel, entry.id, entry.publication, version, first, last)
            _add(lines, line)

    def write(self, now: int) -> None:
        """Write the minutes that are over; those that cannot be written wait."""
        self._write(minute for minute in sorted(self._minutes) if minute < now // MINUTE)

    def close(self) -> None:
        """Write everything: the origin stops, and its next start has another name."""
        self._write(iter(sorted(self._minutes)))

    def _write(self, minutes: Iterator[int]) -> None:
        for minute in list(minutes):
            stamp = moment_of(minute * MINUTE).strftime("%Y%m%dT%H%MZ")
            data = b"".join(msgspec.json.encode(line) + b"\n" for line in self._minutes[minute])
            try:
                self._store.write(journal_file(self._name, stamp), data)
            except StoreUnavailable as wrong:
                log.error("journal_waits", minutes=len(self._minutes), why=str(wrong))
                break
            del self._minutes[minute]
        for minute in sorted(self._minutes)[:-KEPT_MINUTES]:
            del self._minutes[minute]


def _length(timeline: Timeline, edge: Edge) -> int:
    entry = timeline.entry(edge.entry)
    return reel_of(entry, timeline.reels).length(entry.first + edge.index, 1)


def _add(lines: list[Line], line: Line) -> None:
    """Add `line`, or lengthen the one that it goes on with."""
    for earlier in reversed(lines):
        if earlier.channel == line.channel:
            if (earlier.entry, earlier.version, earlier.end) == (
                line.entry,
                line.version,
                line.start,
            ):
                earlier.end = line.end
                return
            break
    lines.append(line)

"""A stretch of a timeline: what a playlist or manifest shows, as values.

    live       the 60 s behind the edge
    dvr        the 4 h behind it: pause and seek back
    event      from a start on, growing to its end: start-over
    vod        between a start and an end that are both past: catch-up

A segment belongs to [start, end) if it *begins* there. So stretches that meet share no
segment and leave none out, and each is a part of the whole timeline.
"""

from bisect import bisect_left
from collections.abc import Iterator
from typing import Literal

import msgspec

from media_pipeline.manifests import hls_tags as tag
from media_pipeline.model.rundown import Entry
from media_pipeline.model.ticks import moment_of, ticks_in
from media_pipeline.playout.captions import language_of, words_at
from media_pipeline.playout.reel import Reel, reel_of
from media_pipeline.playout.timeline import WINDOW, Edge, NotOnAir, Timeline
from media_pipeline.playout.transport import TRANSPORT, transport_at

DVR = ticks_in(4 * 3600)
"""How far viewers may seek back without leaving the live channel."""

type Kind = Literal["live", "dvr", "event", "vod"]


class Part(msgspec.Struct, frozen=True):
    """`count` segments of an entry, from its `index`."""

    entry: Entry
    reel: Reel
    index: int
    count: int

    @property
    def zero(self) -> int:
        """The tick at which the whole publication would have begun."""
        return self.entry.start - self.reel.starts[self.entry.first]

    @property
    def first(self) -> int:
        """The place of its first segment in the publication."""
        return self.entry.first + self.index

    @property
    def start(self) -> int:
        """The tick at which the part begins."""
        return self.zero + self.reel.starts[self.first]

    @property
    def end(self) -> int:
        """The tick at which the part ends."""
        return self.zero + self.reel.starts[self.first + self.count]

    @property
    def msn(self) -> int:
        """The number of its first segment."""
        return self.entry.msn + self.index

    def lines(self, rendition: str) -> Iterator[str]:
        """The part's map, its moment and its segments."""
        track = self.reel.track(rendition)
        if track is None:
            yield tag.program_date_time(moment_of(self.start))
            yield from self._by_place(rendition)
            return
        if not self.reel.gone:
            # Players fetch it before they look for a gap, and fail on its 410.
            yield track.init
        yield tag.program_date_time(moment_of(self.zero + track.starts[self.first]))
        yield from track.lines(self.first, self.count, gone=self.reel.gone)

    def _by_place(self, rendition: str) -> Iterator[str]:
        """Segments that are named by their places, and gaps where there are none."""
        for place in range(self.first, self.first + self.count):
            yield tag.extinf(self.reel.length(place, 1))
            address = self._address(rendition, place)
            # Captions of what was taken down are empty: players stop at such that fail.
            if not address or (rendition == TRANSPORT and self.reel.gone):
                yield "#EXT-X-GAP"
            yield address or f"gap-{self.entry.msn + place - self.entry.first}"

    def _address(self, rendition: str, place: int) -> str:
        if language := language_of(rendition):
            return words_at(self.entry.publication, language, place)
        return transport_at(self.entry.publication, place) if rendition == TRANSPORT else ""


class Excerpt(msgspec.Struct, frozen=True):
    """Parts that stand end to end; `edge` is their newest segment.

    `removed` are entries that left it within the last WINDOW.
    """

    kind: Kind
    parts: tuple[Part, ...]
    edge: Edge
    removed: tuple[Entry, ...] = ()

    @property
    def msn(self) -> int:
        """The number of the first segment."""
        return self.parts[0].msn

    @property
    def start(self) -> int:
        """The tick at which the first segment begins."""
        return self.parts[0].start

    @property
    def rungs(self) -> frozenset[str]:
        """The rungs of all that it shows: for any name, the text is that of the `nearest`."""
        return frozenset(name for part in self.parts for name in part.reel.tracks)

    @property
    def complete(self) -> bool:
        """Whether every segment is known and none was taken down."""
        return not any(part.reel.gone for part in self.parts)


def behind(timeline: Timeline, edge: Edge, length: int = WINDOW) -> Excerpt:
    """What began at most `length` ticks before the end of `edge`: live, or DVR if longer.

    The bound comes from the edge, not from a clock: so it changes once a segment.
    """
    lowest = edge.end - length
    if length <= WINDOW:
        return Excerpt("live", _parts(timeline, lowest, edge), edge)
    wider = _parts(timeline, lowest - WINDOW, edge)
    parts = tuple(kept for part in wider if (kept := _from(part, lowest)) is not None)
    removed = tuple(p.entry for p in wider if p.entry.dsn < parts[0].entry.dsn)
    return Excerpt("dvr", parts, edge, removed)


def stretch(timeline: Timeline, edge: Edge, start: int, end: int) -> Excerpt:
    """The segments that begin in [start, end), as far as `edge` shows them.

    Raises NotOnAir if there are none yet.
    """
    last = timeline.last_before(end)
    kind: Kind = "vod" if last.msn <= edge.msn else "event"
    newest = last if kind == "vod" else edge
    parts = _parts(timeline, start, newest)
    if not parts:
        raise NotOnAir(timeline.rundown.channel)
    return Excerpt(kind, parts, newest)


def recent(excerpt: Excerpt, length: int = WINDOW) -> tuple[Part, ...]:
    """The parts of `excerpt` that began at most `length` ticks before its end."""
    lowest, found = excerpt.edge.end - length, list[Part]()
    for part in reversed(excerpt.parts):
        kept = _from(part, lowest)
        if kept is not None:
            found.append(kept)
        if part.start <= lowest:
            break
    return tuple(reversed(found))


def _parts(timeline: Timeline, lowest: int, edge: Edge) -> tuple[Part, ...]:
    """What begins at `lowest` or later, up to `edge`."""
    place, found = edge.entry, list[Part]()
    while place >= 0:
        entry = timeline.entry(place)
        reel = reel_of(entry, timeline.reels)
        count = edge.index + 1 if place == edge.entry else entry.count
        part = _from(Part(entry, reel, 0, count), lowest)
        if part is not None:
            found.append(part)
        if entry.start <= lowest:
            break
        place -= 1
    return tuple(reversed(found))


def _from(part: Part, lowest: int) -> Part | None:
    """Return what of `part` begins at `lowest` or later, None for nothing."""
    stop = part.first + part.count
    first = bisect_left(part.reel.starts, lowest - part.zero, part.first, stop)
    if first >= stop:
        return None
    return msgspec.structs.replace(part, index=first - part.entry.first, count=stop - first)

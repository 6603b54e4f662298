"""What a channel shows at a moment: a pure function, so any origin gives the same text."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec

from media_pipeline.manifests import hls
from media_pipeline.manifests import hls_tags as tag
from media_pipeline.model.publication import Rendition
from media_pipeline.model.rundown import Entry, Lineup
from media_pipeline.model.ticks import moment_of
from media_pipeline.playout import dateranges
from media_pipeline.playout.reel import Reel, Reels, reel_of
from media_pipeline.playout.timeline import WINDOW, Edge, Timeline


def window(rundown: Lineup, reels: Reels, rendition: str, now: int) -> str:
    """The media playlist of `rendition` at `now` (ticks since 1970).

    `rendition` is any name of the ladder (`v360`, `a48`). Raises NotOnAir before
    the first segment has ended.
    """
    timeline = Timeline(rundown, reels)
    return window_at(timeline, rendition, timeline.edge(now))


def window_at(timeline: Timeline, rendition: str, edge: Edge) -> str:
    """The media playlist of `rendition` whose newest segment is `edge`.

    It depends on nothing else: the text changes when the edge does.
    """
    shown = list(_shown(timeline, edge))
    first = shown[0]
    lines = [
        *tag.head(),
        # Segments of up to 4.49 s round to 4, and a live playlist never changes it.
        "#EXT-X-TARGETDURATION:4",
        f"#EXT-X-MEDIA-SEQUENCE:{first.entry.msn + first.index}",
        f"#EXT-X-DISCONTINUITY-SEQUENCE:{first.entry.dsn}",
        *_dateranges(shown, edge),
    ]
    for number, part in enumerate(shown):
        if number:
            lines.append("#EXT-X-DISCONTINUITY")
        lines += part.lines(rendition)
    return "\n".join(lines) + "\n"


class _Part:
    """`count` segments of an entry, from `index`."""

    __slots__ = ("count", "entry", "index", "reel")

    def __init__(self, entry: Entry, reel: Reel, index: int, count: int) -> None:
        self.entry, self.reel, self.index, self.count = entry, reel, index, count

    @property
    def zero(self) -> int:
        """The tick at which the whole publication would have begun."""
        return self.entry.start - self.reel.starts[self.entry.first]

    @property
    def start(self) -> int:
        """The tick at which the part begins."""
        return self.zero + self.reel.starts[self.entry.first + self.index]

    def lines(self, rendition: str) -> Iterator[str]:
        """The part's map, its moment and its segments."""
        first = self.entry.first + self.index
        track = self.reel.track(rendition)
        if track is None:
            yield tag.program_date_time(moment_of(self.start))
            yield from self._gap(first)
            return
        if not self.reel.gone:
            # Players fetch it before they look for a gap, and fail on its 410.
            yield track.init
        yield tag.program_date_time(moment_of(self.zero + track.starts[first]))
        yield from track.lines(first, self.count, gone=self.reel.gone)

    def _gap(self, first: int) -> Iterator[str]:
        for index in range(first, first + self.count):
            yield tag.extinf(self.reel.length(index, 1))
            yield "#EXT-X-GAP"
            yield f"gap-{self.entry.msn + index - self.entry.first}"


def _shown(timeline: Timeline, edge: Edge) -> Iterator[_Part]:
    """The window's parts in order: what began at most WINDOW ticks before the edge's end."""
    lowest = edge.end - WINDOW
    place, found = edge.entry, []
    while place >= 0:
        entry = timeline.entry(place)
        reel = reel_of(entry, timeline.reels)
        count = edge.index + 1 if place == edge.entry else entry.count
        stop = entry.first + count
        inside = lowest - entry.start + reel.starts[entry.first]
        first = bisect_left(reel.starts, inside, entry.first, stop)
        if first < stop:
            found.append(_Part(entry, reel, first - entry.first, stop - first))
        if first > entry.first or entry.start <= lowest:
            break
        place -= 1
    return reversed(found)


def _dateranges(shown: list[_Part], edge: Edge) -> Iterator[str]:
    first = shown[0].start
    for part in shown:
        entry = part.entry
        yield from dateranges.programme(entry, first, entry.end)
        # To the end of the entry, not of the window: a card's length is known when it begins.
        bounds = (max(first, entry.start), entry.end)
        begun = [c for c in entry.cards if part.zero + c.offset < edge.end]
        yield from dateranges.cards(begun, part.zero, bounds, of=f"{entry.id}/")


def channel_master(
    reels: Iterable[Reel],
    uri: Callable[[str], str] = hls.playlist_name,
    *,
    airtime: Mapping[str, int] | None = None,
) -> str:
    """The multivariant playlist of a channel that plays `reels`.

    Each rung that any of them has. BANDWIDTH covers whatever stands for it in the
    others, so that it holds across every join; AVERAGE-BANDWIDTH is what watching it
    costs, since each reel weighs as long as it airs: `airtime` gives ticks by
    publication, the reel's own length where that says nothing.
    """
    usable = [reel for reel in reels if reel.renditions]
    weights = [airtime.get(r.publication, 0) if airtime else r.duration for r in usable]
    if any(weights):
        # What waits unaired (the slate, mostly) has no say in rungs and prices.
        aired = [(reel, weight) for reel, weight in zip(usable, weights, strict=True) if weight]
    else:
        aired = [(reel, 1) for reel in usable]
    names = {r.name for reel, _ in aired for r in reel.renditions}
    audio = _largest([_weighed(aired, n) for n in sorted(names) if n[0] == "a"])
    rate = max((reel.frame_rate for reel, _ in aired), default=0)
    lines = tag.head()
    if audio is not None:
        lines.append(hls.audio_media(audio, uri(audio.name)))
    for name in sorted((n for n in names if n[0] == "v"), key=lambda n: int(n[1:])):
        rungs = _weighed(aired, name)
        rates = [rung.frame_rate or rate for rung in rungs]
        lines += hls.variant(rungs, audio, max(rates), uri(name), captioned=False)
    if audio is not None:
        lines += hls.variant([], audio, 0, uri(audio.name), captioned=False)
    return "\n".join(lines) + "\n"


def _weighed(aired: Iterable[tuple[Reel, int]], name: str) -> list[Rendition]:
    """What stands for the rung `name` in each reel, all with the average over their airtime."""
    found = [(rung, weight) for reel, weight in aired if (rung := reel.rung(name))]
    bits = sum(rung.average_bandwidth * weight for rung, weight in found)
    average = bits // max(1, sum(weight for _, weight in found))
    return [msgspec.structs.replace(rung, average_bandwidth=average) for rung, _ in found]


def _largest(groups: Iterable[list[Rendition]]) -> Rendition | None:
    """One rendition with the highest bandwidths of all."""
    known = [rendition for group in groups for rendition in group]
    if not known:
        return None
    top = max(known, key=lambda r: r.bandwidth)
    languages = {r.language for r in known}
    return msgspec.structs.replace(
        top,
        average_bandwidth=max(r.average_bandwidth for r in known),
        language=top.language if len(languages) == 1 else "und",
        label=top.label if len(languages) == 1 else "",
    )

"""A channel as a DASH manifest of many periods (ISO/IEC 23009-1), from the same values as HLS.

An entry is a period: its start and length are told whole although its segments come one
by one. No rung stands in for another here, since each period has qualities of its own.
"""

from collections.abc import Iterator, Sequence
from xml.etree import ElementTree

import msgspec

from media_pipeline.manifests.dash import audio_set, caption_set, document, video_set
from media_pipeline.manifests.numbering import Pattern
from media_pipeline.model.languages import name_of
from media_pipeline.model.notice import Notice
from media_pipeline.model.rundown import Card
from media_pipeline.model.ticks import TIMESCALE
from media_pipeline.playout.captions import captions_in, words_at
from media_pipeline.playout.dateranges import CARD, NOTICE
from media_pipeline.playout.excerpt import DVR, Excerpt, Part
from media_pipeline.playout.reel import Track
from media_pipeline.playout.timeline import WINDOW

CLOCK = "/live/clock.txt"
"""Where players learn what time it is, since theirs may be wrong by minutes."""

_DEPTHS = {"live": WINDOW, "dvr": DVR}


def manifest(
    excerpt: Excerpt, languages: Sequence[str] = (), notices: Sequence[Notice] = ()
) -> str:
    """The MPD of `excerpt`: dynamic, or static where nothing follows.

    Each period has captions in all `languages`, empty ones where its programme has none, and
    the `notices` over its picture.
    """
    ended = excerpt.kind == "vod"
    zero = excerpt.start if ended else 0
    root = ElementTree.Element(
        "MPD", {**_HEAD, **(_static(excerpt) if ended else _dynamic(excerpt))}
    )
    for part in excerpt.parts:
        # Players go over the hole to the next period; an empty one they refuse.
        if not part.reel.gone:
            root.append(_period(part, excerpt, zero, languages, notices))
    if not ended:
        scheme = "urn:mpeg:dash:utc:http-iso:2014"
        ElementTree.SubElement(root, "UTCTiming", {"schemeIdUri": scheme, "value": CLOCK})
    return document(root, " ")


_HEAD = {
    "xmlns": "urn:mpeg:dash:schema:mpd:2011",
    "profiles": "urn:mpeg:dash:profile:isoff-live:2011,urn:mpeg:dash:profile:cmaf:2019",
    "minBufferTime": "PT4S",
    "maxSegmentDuration": "PT5S",
}


def _static(excerpt: Excerpt) -> dict[str, str]:
    length = excerpt.edge.end - excerpt.start
    return {"type": "static", "mediaPresentationDuration": _seconds(length)}


def _dynamic(excerpt: Excerpt) -> dict[str, str]:
    depth = _DEPTHS.get(excerpt.kind)
    return {
        "type": "dynamic",
        "availabilityStartTime": "1970-01-01T00:00:00Z",
        "minimumUpdatePeriod": "PT2S",
        "suggestedPresentationDelay": "PT14S",
        **({"timeShiftBufferDepth": _seconds(depth)} if depth is not None else {}),
    }


def _period(
    part: Part,
    excerpt: Excerpt,
    zero: int,
    languages: Sequence[str],
    notices: Sequence[Notice],
) -> ElementTree.Element:
    """One entry. In a static manifest it begins with its first segment in the window."""
    ended = excerpt.kind == "vod"
    start, end = (part.start, part.end) if ended else (part.entry.start, part.entry.end)
    # Numbers of discontinuities are never used twice, ids of entries may be.
    attributes = {
        "id": str(part.entry.dsn),
        "start": _seconds(start - zero),
        "duration": _seconds(end - start),
    }
    period = ElementTree.Element("Period", attributes)
    told = {
        CARD: list(_events(part, start, excerpt.edge.end)),
        NOTICE: list(_told(notices, start, end, excerpt.edge.end)),
    }
    for scheme, events in told.items():
        if events:
            stream = {"schemeIdUri": scheme, "timescale": str(TIMESCALE)}
            ElementTree.SubElement(period, "EventStream", stream).extend(events)
    begins = part.first if ended else part.entry.first
    reel = part.reel
    videos = [r for r in reel.renditions if r.kind == "video"]
    if videos:
        for video, node in video_set(period, videos, reel.frame_rate):
            _segments(node, reel.tracks[video.name], part, begins)
    sounds = [r for r in reel.renditions if r.kind == "audio"]
    if sounds:
        for audio, node in audio_set(period, sounds, main=True):
            _segments(node, reel.tracks[audio.name], part, begins)
    for language in languages:
        _captions(period, language, part, begins)
    return period


def _segments(node: ElementTree.Element, track: Track, part: Part, begins: int) -> None:
    """The part's segments in ticks of 1/90,000 s; its media times count from the publication's."""
    common = _times(track.starts[begins])
    places = range(part.first, part.first + part.count)
    if isinstance(track.pieces, Pattern):
        names = track.pieces
        template = {
            "initialization": track.base + track.head.uri,
            "media": f"{track.base}{names.before}$Number%0{names.width}d${names.after}",
            "startNumber": str(names.start + part.first),
        }
        named = ElementTree.SubElement(node, "SegmentTemplate", common | template)
        _timeline(named, track.starts, places)
        return
    listed = ElementTree.SubElement(node, "SegmentList", common)
    head = track.head
    initial = {
        "sourceURL": track.base + head.uri,
        "range": f"{head.offset}-{head.offset + head.length - 1}",
    }
    ElementTree.SubElement(listed, "Initialization", initial)
    _timeline(listed, track.starts, places)
    for place in places:
        piece = track.pieces[place]
        where = {
            "media": track.base + piece.uri,
            "mediaRange": f"{piece.offset}-{piece.offset + piece.length - 1}",
        }
        ElementTree.SubElement(listed, "SegmentURL", where)


def _captions(period: ElementTree.Element, language: str, part: Part, begins: int) -> None:
    """The part's segments of captions, which are those of its picture."""
    starts, name = part.reel.starts, captions_in(language)
    template = {
        "media": words_at(part.entry.publication, language, "$Number$"),
        "startNumber": str(part.first),
    }
    node = caption_set(period, name, language, name_of(language))
    named = ElementTree.SubElement(node, "SegmentTemplate", _times(starts[begins]) | template)
    _timeline(named, starts, range(part.first, part.first + part.count))


def _times(begin: int) -> dict[str, str]:
    """Media times that count from the publication's, of which `begin` is the period's begin."""
    return {"timescale": str(TIMESCALE), "presentationTimeOffset": str(begin)}


def _timeline(parent: ElementTree.Element, starts: Sequence[int], places: range) -> None:
    timeline = ElementTree.SubElement(parent, "SegmentTimeline")
    last: ElementTree.Element | None = None
    for place in places:
        length = str(starts[place + 1] - starts[place])
        if last is not None and last.get("d") == length:
            last.set("r", str(int(last.get("r", "0")) + 1))
            continue
        first = {"t": str(starts[place])} if last is None else {}
        last = ElementTree.SubElement(timeline, "S", {**first, "d": length})


def _events(part: Part, zero: int, shown: int) -> Iterator[ElementTree.Element]:
    """Product cards that have begun before `shown`, as JSON in an event of class CARD."""
    for number, card in enumerate(part.entry.cards):
        start = max(part.zero + card.offset, zero)
        end = min(part.zero + card.offset + card.duration, part.entry.end)
        if start >= end or part.zero + card.offset >= shown:
            continue
        identity = (part.entry.dsn << 8 | number) % (1 << 32)
        yield _event(identity, start - zero, end - start, _card(card))


def _told(
    notices: Sequence[Notice], zero: int, last: int, shown: int
) -> Iterator[ElementTree.Element]:
    """The notices that have begun before `shown`, in the period from `zero` to `last`."""
    for notice in notices:
        start, end = max(notice.start, zero), min(notice.end, last)
        if start < min(end, shown):
            text = msgspec.json.encode({"text": notice.line}).decode()
            # One id in all periods: players that show it go on with the same one.
            yield _event(notice.id % (1 << 32), start - zero, end - start, text)


def _event(identity: int, start: int, duration: int, text: str) -> ElementTree.Element:
    times = {"presentationTime": str(start), "duration": str(duration)}
    event = ElementTree.Element("Event", {"id": str(identity), **times})
    event.text = text
    return event


def _card(card: Card) -> str:
    return msgspec.json.encode(card).decode()


def _seconds(ticks: int) -> str:
    """An xs:duration of whole microseconds at least; exact for whole frames."""
    return f"PT{ticks // TIMESCALE}.{ticks % TIMESCALE * 1_000_000 // TIMESCALE:06}S"

"""The DASH manifest of a publication (ISO/IEC 23009-1), from the same segments as HLS."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from xml.etree import ElementTree

from media_pipeline.manifests.hls import label_of
from media_pipeline.manifests.numbering import Pattern
from media_pipeline.model import xml
from media_pipeline.model.languages import UNKNOWN, tag_of
from media_pipeline.model.publication import Publication, Rendition, Segment
from media_pipeline.model.rundown import Caption, Chapter
from media_pipeline.model.ticks import TIMESCALE

CHAPTER = "id.siar.chapter"
"""The scheme of a chapter's event, whose text is its title; HLS has it as a class."""


def mpd(
    publication: Publication,
    *,
    base: str = "",
    captions: Sequence[Caption] = (),
    chapters: Sequence[Chapter] = (),
) -> str:
    """The static MPD of a whole publication.

    Addresses of segments are relative to its folder, or to `base`, the folder's
    address with a slash at its end; those of `captions` stand as they are. `chapters`
    become events, since DASH has no other name for them.

    There is no trick-mode adaptation set: its segments would have to be files of
    key frames alone. Players scrub through DASH by the storyboard instead.
    """
    duration = f"PT{publication.duration / TIMESCALE:.6f}S"
    root = ElementTree.Element(
        "MPD",
        {
            "xmlns": "urn:mpeg:dash:schema:mpd:2011",
            "profiles": "urn:mpeg:dash:profile:isoff-live:2011,urn:mpeg:dash:profile:cmaf:2019",
            "type": "static",
            "mediaPresentationDuration": duration,
            "minBufferTime": "PT4S",
        },
    )
    if base:
        ElementTree.SubElement(root, "BaseURL").text = base
    period = ElementTree.SubElement(root, "Period", {"id": "0", "start": "PT0S"})
    _chapters(period, publication, chapters)
    # An adaptation set each: players never switch between codecs inside one.
    for videos in (publication.videos, publication.av1_videos):
        if videos:
            _videos(period, publication, videos)
    for sounds, high in (
        (publication.sounds, publication.high_sounds),
        (publication.opus_sounds, publication.opus_high_sounds),
    ):
        for number, sound in enumerate(sounds):
            # The better one of the same sound: players change between them as between rungs.
            both = [sound, *high[number : number + 1]]
            for rendition, node in audio_set(period, both, main=not number):
                _segments(node, rendition)
    for number, caption in enumerate(captions):
        _captions(period, caption, number)
    return document(root, "  ")


def document(root: ElementTree.Element, indent: str) -> str:
    """Return `root` as XML, without characters that no XML may hold: titles can have them."""
    ElementTree.indent(root, indent)
    text = ElementTree.tostring(root, "unicode")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + xml.allowed(text) + "\n"


def _videos(
    period: ElementTree.Element, publication: Publication, videos: tuple[Rendition, ...]
) -> None:
    for video, representation in video_set(period, videos, publication.frame_rate):
        _segments(representation, video)


def video_set(
    period: ElementTree.Element, videos: Sequence[Rendition], frame_rate: int
) -> Iterator[tuple[Rendition, ElementTree.Element]]:
    """Add an adaptation set of `videos` to `period`; yield each with its representation."""
    adaptation = _adaptation(period, "video", "video/mp4")
    adaptation.set("maxWidth", str(max(v.width for v in videos)))
    adaptation.set("maxHeight", str(max(v.height for v in videos)))
    for video in videos:
        representation = _representation(adaptation, video)
        representation.set("width", str(video.width))
        representation.set("height", str(video.height))
        representation.set("frameRate", str(video.frame_rate or frame_rate))
        representation.set("sar", "1:1")
        yield video, representation


def audio_set(
    period: ElementTree.Element, qualities: Sequence[Rendition], *, main: bool
) -> Iterator[tuple[Rendition, ElementTree.Element]]:
    """Add an adaptation set of one sound to `period`; yield each quality with its representation."""
    adaptation = _adaptation(period, "audio", "audio/mp4")
    if tag_of(qualities[0].language) != UNKNOWN:
        adaptation.set("lang", tag_of(qualities[0].language))
    # Players begin with the main one; without a role they take the last, or that of their system.
    _label_and_role(adaptation, label_of(qualities[0]), "main" if main else "alternate")
    for audio in qualities:
        representation = _representation(adaptation, audio)
        representation.set("audioSamplingRate", str(audio.timescale))
        channels = "urn:mpeg:dash:23003:3:audio_channel_configuration:2011"
        ElementTree.SubElement(
            representation,
            "AudioChannelConfiguration",
            {"schemeIdUri": channels, "value": str(audio.channels or 2)},
        )
        yield audio, representation


def _captions(period: ElementTree.Element, caption: Caption, number: int) -> None:
    """A WebVTT file as long as the programme: no segments, only its address (5.3.9.1)."""
    representation = caption_set(period, f"captions-{number}", caption.language, caption.label)
    ElementTree.SubElement(representation, "BaseURL").text = caption.uri


def caption_set(
    period: ElementTree.Element, name: str, language: str, label: str
) -> ElementTree.Element:
    """Add an adaptation set of captions to `period`; return its representation `name`."""
    adaptation = ElementTree.SubElement(
        period,
        "AdaptationSet",
        {"contentType": "text", "mimeType": "text/vtt", "lang": language},
    )
    _label_and_role(adaptation, label, "caption")
    # A file of text weighs next to nothing; the attribute may not be left out.
    names = {"id": name, "bandwidth": "256"}
    return ElementTree.SubElement(adaptation, "Representation", names)


def _chapters(
    period: ElementTree.Element, publication: Publication, chapters: Sequence[Chapter]
) -> None:
    """An event each (5.10.2.2), up to the next one; those behind the end are left out."""
    inside = [chapter for chapter in chapters if chapter.start < publication.duration]
    if not inside:
        return
    names = {"schemeIdUri": CHAPTER, "timescale": str(TIMESCALE)}
    stream = ElementTree.SubElement(period, "EventStream", names)
    ends = [*(chapter.start for chapter in inside[1:]), publication.duration]
    for number, (chapter, end) in enumerate(zip(inside, ends, strict=True)):
        told = {"presentationTime": chapter.start, "duration": end - chapter.start, "id": number}
        event = {name: str(value) for name, value in told.items()}
        ElementTree.SubElement(stream, "Event", event).text = chapter.title


def _label_and_role(adaptation: ElementTree.Element, label: str, role: str) -> None:
    """Add both in the order that MPEG's schema asks for."""
    ElementTree.SubElement(adaptation, "Label").text = label
    scheme = {"schemeIdUri": "urn:mpeg:dash:role:2011", "value": role}
    ElementTree.SubElement(adaptation, "Role", scheme)


def _adaptation(period: ElementTree.Element, kind: str, mime: str) -> ElementTree.Element:
    return ElementTree.SubElement(
        period,
        "AdaptationSet",
        {
            "contentType": kind,
            "mimeType": mime,
            # Every segment starts with a key frame and ends a closed group, in all rungs alike.
            "segmentAlignment": "true",
            "startWithSAP": "1",
        },
    )


def _representation(adaptation: ElementTree.Element, rendition: Rendition) -> ElementTree.Element:
    return ElementTree.SubElement(
        adaptation,
        "Representation",
        {
            "id": rendition.name,
            "bandwidth": str(rendition.bandwidth),
            "codecs": rendition.codec,
        },
    )


def _segments(representation: ElementTree.Element, rendition: Rendition) -> None:
    """A SegmentTemplate where files are numbered, one a segment; else a SegmentList."""
    pattern = Pattern.of(rendition)
    timescale = {"timescale": str(rendition.timescale)}
    if pattern is not None:
        names = {
            "initialization": rendition.init.uri,
            "media": f"{pattern.before}$Number%0{pattern.width}d${pattern.after}",
            "startNumber": str(pattern.start),
        }
        template = ElementTree.SubElement(representation, "SegmentTemplate", timescale | names)
        _timeline(template, rendition.segments)
        return
    listed = ElementTree.SubElement(representation, "SegmentList", timescale)
    first = rendition.init
    initial = {"sourceURL": first.uri, "range": _range(first.offset, first.length)}
    ElementTree.SubElement(listed, "Initialization", initial)
    _timeline(listed, rendition.segments)
    for segment in rendition.segments:
        place = {"media": segment.uri, "mediaRange": _range(segment.offset, segment.length)}
        ElementTree.SubElement(listed, "SegmentURL", place)


def _timeline(parent: ElementTree.Element, segments: tuple[Segment, ...]) -> None:
    timeline = ElementTree.SubElement(parent, "SegmentTimeline")
    at = 0
    for duration, run in groupby(segments, key=lambda s: s.duration):
        count = sum(1 for _ in run)
        line = {"t": str(at)} if at == 0 else {}
        line["d"] = str(duration)
        if count > 1:
            line["r"] = str(count - 1)
        ElementTree.SubElement(timeline, "S", line)
        at += duration * count


def _range(offset: int, length: int) -> str:
    return f"{offset}-{offset + length - 1}"

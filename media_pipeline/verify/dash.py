"""The DASH manifest against the tracks that HLS names (ISO/IEC 23009-1)."""

import re
from collections.abc import Iterator
from fractions import Fraction
from xml.etree import ElementTree

import msgspec

from media_pipeline.verify.files import Files
from media_pipeline.verify.findings import Damaged, Findings, seconds
from media_pipeline.verify.reading.playlists import Place
from media_pipeline.verify.renditions import Rendition

MANIFEST = "manifest.mpd"

_NS = "{urn:mpeg:dash:schema:mpd:2011}"
_NUMBER = re.compile(r"\$Number(?:%0(\d+)d)?\$")
_MOST_SEGMENTS = 100_000
"""More than four days: a repeat count may claim anything."""

_LENGTH = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?")


class Representation(msgspec.Struct, frozen=True):
    """One track of the manifest: its segments' places, starts and lengths in seconds."""

    id: str
    codecs: str
    bandwidth: int
    width: int
    height: int
    init: Place
    places: tuple[Place, ...]
    times: tuple[tuple[Fraction, Fraction], ...]


def check_manifest(
    data: bytes, renditions: tuple[Rendition, ...], files: Files, findings: Findings
) -> frozenset[str]:
    """Check that the manifest says the same as HLS; return the names of files it gives beside."""
    with findings.reading(MANIFEST):
        root = _parsed(data)
        described = [_representation(*pair) for pair in _media(root)]
        _check_length(root, renditions, findings)
        by_init = {rendition.init.uri: rendition for rendition in renditions}
        for one in described:
            rendition = by_init.pop(one.init.uri, None)
            if rendition is None:
                findings.add(MANIFEST, "HLS names no such track", f"Representation {one.id}")
            else:
                _check(one, rendition, findings)
        for missing in by_init.values():
            findings.add(MANIFEST, f"it names no track with the segments of {missing.name}")
        return frozenset(_texts(root, files, findings))
    return frozenset()


def _parsed(data: bytes) -> ElementTree.Element:
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise Damaged("a manifest defines no entities")
    try:
        root = ElementTree.fromstring(data)  # noqa: S314 - without entities there is no bomb
    except ElementTree.ParseError as fault:
        raise Damaged("it is no XML", f"line {fault.position[0]}") from None
    if root.tag != f"{_NS}MPD":
        raise Damaged("it is no MPD")
    return root


def _media(root: ElementTree.Element) -> Iterator[tuple[ElementTree.Element, ElementTree.Element]]:
    """Yield set and representation of each track of picture and sound."""
    for adaptation in root.iter(f"{_NS}AdaptationSet"):
        if not _kind(adaptation).startswith(("text", "image")):
            for representation in adaptation.iter(f"{_NS}Representation"):
                yield adaptation, representation


def _kind(adaptation: ElementTree.Element) -> str:
    return adaptation.get("contentType") or adaptation.get("mimeType") or ""


def _texts(root: ElementTree.Element, files: Files, findings: Findings) -> Iterator[str]:
    """Yield the file of each track of captions or pictures."""
    for adaptation in root.iter(f"{_NS}AdaptationSet"):
        if not _kind(adaptation).startswith(("text", "image")):
            continue
        for base in adaptation.iter(f"{_NS}BaseURL"):
            name = (base.text or "").strip()
            findings.expect(files.read(name), MANIFEST, f"it names {name!r}, which is not there")
            yield name


def _representation(
    adaptation: ElementTree.Element, element: ElementTree.Element
) -> Representation:
    name = element.get("id") or "?"
    where = f"Representation {name}"
    init, places, times = _segments(adaptation, element, where)
    return Representation(
        id=name,
        codecs=element.get("codecs") or adaptation.get("codecs") or "",
        bandwidth=_int(element.get("bandwidth"), where),
        width=_int(element.get("width", "0"), where),
        height=_int(element.get("height", "0"), where),
        init=init,
        places=places,
        times=times,
    )


def _segments(
    adaptation: ElementTree.Element, element: ElementTree.Element, where: str
) -> tuple[Place, tuple[Place, ...], tuple[tuple[Fraction, Fraction], ...]]:
    for owner in (element, adaptation):
        template = owner.find(f"{_NS}SegmentTemplate")
        if template is not None:
            times = tuple(_timeline(template, where))
            first = _int(template.get("startNumber", "1"), where)
            media = template.get("media", "")
            names = (_numbered(media, first + n) for n in range(len(times)))
            init = Place(template.get("initialization", ""))
            return init, tuple(map(Place, names)), times
        listed = owner.find(f"{_NS}SegmentList")
        if listed is not None:
            return _listed(listed, where)
    raise Damaged("it names no segments", where)


def _listed(
    listed: ElementTree.Element, where: str
) -> tuple[Place, tuple[Place, ...], tuple[tuple[Fraction, Fraction], ...]]:
    initial = listed.find(f"{_NS}Initialization")
    if initial is None:
        raise Damaged("it names no initialisation", where)
    places = tuple(
        _ranged(one.get("media", ""), one.get("mediaRange"), where)
        for one in listed.iter(f"{_NS}SegmentURL")
    )
    init = _ranged(initial.get("sourceURL", ""), initial.get("range"), where)
    return init, places, tuple(_timeline(listed, where))


def _ranged(uri: str, text: str | None, where: str) -> Place:
    if text is None:
        return Place(uri)
    first, _, last = text.partition("-")
    return Place(uri, _int(first, where), _int(last, where) - _int(first, where) + 1)


def _timeline(parent: ElementTree.Element, where: str) -> Iterator[tuple[Fraction, Fraction]]:
    """Yield start and length of each segment (5.3.9.6)."""
    scale = _int(parent.get("timescale", "1"), where)
    at, left = 0, _MOST_SEGMENTS
    for line in parent.iter(f"{_NS}S"):
        at = _int(line.get("t", str(at)), where)
        length, again = _int(line.get("d"), where), _int(line.get("r", "0"), where)
        left -= again + 1
        if not scale or left < 0:
            raise Damaged("its timeline makes no sense", where)
        for _ in range(again + 1):
            yield Fraction(at, scale), Fraction(length, scale)
            at += length


def _numbered(pattern: str, number: int) -> str:
    return _NUMBER.sub(lambda m: f"{number:0{m.group(1) or 1}d}", pattern).replace("$$", "$")


def _int(text: str | None, where: str) -> int:
    if text is None or not (text.isascii() and text.isdecimal()):
        raise Damaged(f"{text!r} is no whole number", where)
    return int(text)


def _check_length(
    root: ElementTree.Element, renditions: tuple[Rendition, ...], findings: Findings
) -> None:
    claimed = root.get("mediaPresentationDuration", "")
    found = _LENGTH.fullmatch(claimed)
    if found is None:
        raise Damaged(f"mediaPresentationDuration {claimed!r} cannot be read")
    hours, minutes, rest = (Fraction(text or 0) for text in found.groups())
    length = hours * 3600 + minutes * 60 + rest
    true = max((rendition.duration for rendition in renditions if rendition.whole), default=length)
    findings.expect(
        abs(length - true) <= Fraction(1, 1000),
        MANIFEST,
        f"mediaPresentationDuration says {seconds(length)}, the tracks last {seconds(true)}",
    )


def _check(one: Representation, rendition: Rendition, findings: Findings) -> None:
    where = f"Representation {one.id}"
    track = rendition.track
    findings.expect(
        f"{one.codecs.lower()}.".startswith(f"{track.codec.lower()}."),
        MANIFEST,
        f"codecs says {one.codecs!r}, the track is {track.codec}",
        where,
    )
    findings.expect(
        (one.width, one.height) == (track.width, track.height),
        MANIFEST,
        f"it says {one.width} × {one.height}, the track is {track.width} × {track.height}",
        where,
    )
    if not rendition.whole:
        return
    findings.expect(
        one.bandwidth >= int(rendition.peak),
        MANIFEST,
        f"bandwidth says {one.bandwidth}, it needs {int(rendition.peak)} bits a second",
        where,
    )
    findings.expect(
        _same(one.init, rendition.init)
        and len(one.places) == len(rendition.cuts)
        and all(map(_same, one.places, (cut.place for cut in rendition.cuts))),
        MANIFEST,
        f"its segments are not those of {rendition.name}",
        where,
    )
    for (start, length), cut in zip(one.times, rendition.cuts, strict=False):
        findings.expect(
            (start, length) == (cut.start, cut.duration),
            MANIFEST,
            f"it says that {cut.place.uri} starts at {seconds(start)} and lasts {seconds(length)}",
            where,
        )


def _same(one: Place, other: Place) -> bool:
    """Say whether both are the same bytes; a range over a whole file may be left out."""
    if one.uri != other.uri or one.offset != other.offset:
        return False
    return one.length == other.length or None in (one.length, other.length)

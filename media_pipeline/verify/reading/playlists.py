"""HLS playlists, read by the letter of RFC 8216."""

import re
from collections.abc import Iterator
from fractions import Fraction

import msgspec

from media_pipeline.verify.findings import Damaged

_ATTRIBUTE = re.compile(r'([A-Z0-9-]+)=("[^"\r\n]*"|[^",\s]+)(,|\Z)')
_DURATION = re.compile(r"(\d+(?:\.\d+)?),")
_RANGE = re.compile(r"(\d+)(?:@(\d+))?")


class Place(msgspec.Struct, frozen=True):
    """Bytes of a file; all of it where `length` is None."""

    uri: str
    offset: int = 0
    length: int | None = None


class Entry(msgspec.Struct, frozen=True):
    """A segment: its initialisation, its place, its length in seconds, its line."""

    init: Place | None
    place: Place
    duration: Fraction
    line: int


class Media(msgspec.Struct, frozen=True):
    """A media playlist (4.3.2, 4.3.3)."""

    target: int
    ended: bool
    only_key_frames: bool
    entries: tuple[Entry, ...]


class Line(msgspec.Struct, frozen=True):
    """A tag of a multivariant playlist with its attributes, its address and its line."""

    attributes: dict[str, str]
    uri: str
    line: int


class Master(msgspec.Struct, frozen=True):
    """A multivariant playlist (4.3.4)."""

    media: tuple[Line, ...]
    variants: tuple[Line, ...]
    key_frames: tuple[Line, ...]


def read_master(data: bytes) -> Master:
    """Return what a multivariant playlist says; raise Damaged with the line."""
    media: list[Line] = []
    variants: list[Line] = []
    key_frames: list[Line] = []
    waiting: tuple[dict[str, str], int] | None = None
    for number, line in _lines(data):
        name, _, value = line.partition(":")
        if name == "#EXT-X-STREAM-INF":
            waiting = attributes(value, number), number
        elif name == "#EXT-X-MEDIA":
            found = attributes(value, number)
            media.append(Line(found, found.get("URI", ""), number))
        elif name == "#EXT-X-I-FRAME-STREAM-INF":
            found = attributes(value, number)
            key_frames.append(Line(found, _required(found, "URI", number), number))
        elif not line.startswith("#"):
            if waiting is None:
                raise Damaged("an address stands without EXT-X-STREAM-INF", f"line {number}")
            variants.append(Line(waiting[0], line, waiting[1]))
            waiting = None
    if waiting is not None:
        raise Damaged("EXT-X-STREAM-INF has no address behind it", f"line {waiting[1]}")
    return Master(tuple(media), tuple(variants), tuple(key_frames))


class _MediaReader:
    """Reads a media playlist line by line."""

    def __init__(self) -> None:
        self.target: int | None = None
        self.ended = self.only_key_frames = False
        self.entries: list[Entry] = []
        self._init: Place | None = None
        self._duration: Fraction | None = None
        self._range: tuple[int, int] | None = None
        self._ends: dict[str, int] = {}

    def take(self, number: int, line: str) -> None:
        """Read the line `number`."""
        name, _, value = line.partition(":")
        match name:
            case "#EXT-X-TARGETDURATION":
                self.target = _whole(value, number)
            case "#EXT-X-ENDLIST":
                self.ended = True
            case "#EXT-X-I-FRAMES-ONLY":
                self.only_key_frames = True
            case "#EXT-X-MAP":
                self._init = _map(value, number)
            case "#EXTINF":
                found = _DURATION.match(value)
                if found is None:
                    raise Damaged("EXTINF has no duration", f"line {number}")
                self._duration = Fraction(found.group(1))
            case "#EXT-X-BYTERANGE":
                self._range = _byte_range(value, number)
            case _ if not line.startswith("#"):
                self._address(number, line)

    def _address(self, number: int, uri: str) -> None:
        if self._duration is None:
            raise Damaged("an address stands without EXTINF", f"line {number}")
        place = Place(uri)
        if self._range is not None:
            length, offset = self._range
            # Without an offset it goes on where the range before ended (4.3.2.2).
            place = Place(uri, self._ends.get(uri, 0) if offset < 0 else offset, length)
            self._ends[uri] = place.offset + length
        self.entries.append(Entry(self._init, place, self._duration, number))
        self._duration = self._range = None


def read_media(data: bytes) -> Media:
    """Return what a media playlist says; raise Damaged with the line."""
    reader = _MediaReader()
    for number, line in _lines(data):
        reader.take(number, line)
    if reader.target is None:
        raise Damaged("there is no EXT-X-TARGETDURATION")
    return Media(reader.target, reader.ended, reader.only_key_frames, tuple(reader.entries))


def attributes(text: str, number: int) -> dict[str, str]:
    """Return an attribute list (4.2) without the quotes; raise Damaged if it is none."""
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        match = _ATTRIBUTE.match(text, at)
        if match is None:
            raise Damaged("its attributes cannot be read", f"line {number}")
        name = match.group(1)
        if name in found:
            raise Damaged(f"the attribute {name} stands twice", f"line {number}")
        found[name] = match.group(2).strip('"')
        at = match.end()
    return found


def _lines(data: bytes) -> Iterator[tuple[int, str]]:
    """Yield number and text of each line that says something (4.1)."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Damaged("a playlist is UTF-8 text") from None
    lines = text.split("\n")
    if lines[0].rstrip("\r") != "#EXTM3U":
        raise Damaged("it does not start with #EXTM3U", "line 1")
    for number, line in enumerate(lines[1:], 2):
        stripped = line.rstrip("\r")
        if stripped and (stripped.startswith("#EXT") or not stripped.startswith("#")):
            yield number, stripped


def _map(value: str, number: int) -> Place:
    found = attributes(value, number)
    uri = _required(found, "URI", number)
    if "BYTERANGE" not in found:
        return Place(uri)
    length, offset = _byte_range(found["BYTERANGE"], number)
    return Place(uri, max(offset, 0), length)


def _byte_range(value: str, number: int) -> tuple[int, int]:
    """Return length and offset (−1 where none is given)."""
    found = _RANGE.fullmatch(value)
    if found is None:
        raise Damaged("the byte range cannot be read", f"line {number}")
    return int(found.group(1)), -1 if found.group(2) is None else int(found.group(2))


def _required(found: dict[str, str], name: str, number: int) -> str:
    if name not in found:
        raise Damaged(f"the attribute {name} is missing", f"line {number}")
    return found[name]


def _whole(text: str, number: int) -> int:
    if not (text.isascii() and text.isdecimal()):
        raise Damaged(f"{text[:20]!r} is no whole number", f"line {number}")
    return int(text)

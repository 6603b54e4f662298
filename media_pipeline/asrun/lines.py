"""What an origin writes down of what it put on air: an object a minute, a line an interval."""

import zlib
from collections.abc import Iterable
from io import BytesIO
from typing import Literal

import msgspec

from media_pipeline.model.reading import decoded
from media_pipeline.model.ticks import TIMESCALE, ticks_in

Lack = Literal["", "taken_down", "unreadable"]
"""Why segments that a playlist named could not be fetched: players passed over them."""

EARLIER = ticks_in(60)
"""A line begins at most so long before the minute of its object."""

LARGEST = 64 << 20
"""Bytes of one object, unpacked: a hundred times what 3,000 channels write."""


class Line(msgspec.Struct, omit_defaults=True):
    """An interval of one entry, in ticks since 1970, under `version` of the rundown.

    With `relay` what a channel took from its parent, entry and publication left empty:
    the parent's own lines name them. With a `lack` the playlist had it and nobody saw it.
    """

    channel: str
    entry: str
    publication: str
    version: int
    start: int
    end: int
    relay: bool = False
    lack: Lack = ""


class Minute(msgspec.Struct, frozen=True):
    """The lines of one object, and how many others in it were no lines."""

    lines: tuple[Line, ...]
    faulty: int


def encode_minute(lines: Iterable[Line]) -> bytes:
    """Return the object of `lines`: JSON lines, gzipped."""
    text = b"".join(msgspec.json.encode(line) + b"\n" for line in lines)
    packer = zlib.compressobj(1, wbits=31)
    return packer.compress(text) + packer.flush()


def decode_minute(data: bytes, start: int) -> Minute:
    """Return the lines of the object `data` of the minute that begins at the tick `start`.

    What is no line, or speaks of another time, is counted and passed over; of an object
    that is cut short, what is there counts.
    """
    text, whole = _unpacked(data)
    lines, faulty = [], int(not whole)
    # Not split: a list of empty lines takes eight times their bytes.
    for raw in BytesIO(text):
        if raw == b"\n":
            continue
        try:
            line = decoded(raw, Line)
        except msgspec.DecodeError:
            faulty += 1
            continue
        if start - EARLIER <= line.start < line.end <= start + 61 * TIMESCALE:
            lines.append(line)
        else:
            faulty += 1
    return Minute(tuple(lines), faulty)


def _unpacked(data: bytes) -> tuple[bytes, bool]:
    """Return what `data` holds, and whether that is all that was written."""
    opener = zlib.decompressobj(wbits=31)
    try:
        text = opener.decompress(data, LARGEST)
    except zlib.error:
        return b"", False
    if opener.eof:
        return text, True
    # Its last line may be half of one.
    return text.rpartition(b"\n")[0], False

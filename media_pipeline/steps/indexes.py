"""Where a file's index stands, found by reading little of the file.

    MP4, MOV      boxes of the top level; `moov` is the index      ISO/IEC 14496-12, 4.2
    MKV, WebM     elements of the segment; `Cues` is the index     RFC 8794, RFC 9559

Nothing here judges a file: where it is not plain, the answer is None, and ffprobe reads it whole.
"""

import struct
from collections.abc import Callable, Iterator
from typing import NamedTuple

import msgspec

from media_pipeline.model.spans import Span
from media_pipeline.steps import fmp4

Read = Callable[[int, int], bytes]
"""Returns the bytes [first, end) of the file, fewer where it ends before."""

_MOST_BOXES = 64
_MOST_INDEX = 256 << 20
"""Bytes: the index of six hours at 60 frames a second with many sounds has 40 MB."""
_FRAGMENTS = (b"moof", b"styp", b"sidx")
_LOOK = 64 << 10
"""Bytes that are read of a list of what stands where: writers use some hundred."""


class Index(msgspec.Struct, frozen=True):
    """`spans` are the bytes of the index, `body` is where packets begin.

    `cues` are `(ticks, byte offset)` of Matroska's clusters with a key frame, in
    order; an MP4's tables are left to ffprobe.
    """

    spans: tuple[Span, ...]
    body: int
    cues: tuple[tuple[int, int], ...] = ()


def find_index(read: Read, size: int) -> Index | None:
    """Return where the index of the file of `size` bytes stands; None if it is not plain."""
    head = read(0, 12)
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"):
        return _of_mp4(read, size)
    if head[:4] == _EBML.to_bytes(4):
        return _of_matroska(read, size)
    return None


def _of_mp4(read: Read, size: int) -> Index | None:
    body = moov = None
    spans: list[Span] = []
    for kind, start, end in _boxes(read, size):
        if kind in _FRAGMENTS or (kind == b"moov" and moov):
            return None
        if kind == b"mdat":
            body = start if body is None else body
            spans.append((start, start + 16))
        elif kind == b"moov":
            moov = (start, end)
        elif kind in (b"free", b"skip", b"wide"):
            spans.append((start, start + 16))
        else:
            spans.append((start, end))
    if (
        moov is None
        or body is None
        or sum(end - start for start, end in (*spans, moov)) > _MOST_INDEX
    ):
        return None
    tables = read(*moov)
    if fmp4.find(tables, b"moov", b"trak") is None or fmp4.find(tables, b"moov", b"mvex"):
        return None  # compressed, or in fragments
    return Index((*spans, moov), body)


def _boxes(read: Read, size: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield kind, start and end of the boxes of the top level; stop at what is no box."""
    at = 0
    for _ in range(_MOST_BOXES):
        head = read(at, at + 16)
        if len(head) < 8:
            return
        length, kind = struct.unpack_from(">I4s", head)
        if length == 1 and len(head) == 16:
            (length,) = struct.unpack_from(">Q", head, 8)
        elif length == 0:
            length = size - at
        if length < 8:
            return
        yield kind, at, min(at + length, size)
        at += length


_EBML, _SEGMENT, _SEEK_HEAD, _TRACKS, _CUES = (
    0x1A45DFA3,
    0x18538067,
    0x114D9B74,
    0x1654AE6B,
    0x1C53BB6B,
)
_CLUSTER, _SEEK, _SEEK_ID, _SEEK_POSITION = 0x1F43B675, 0x4DBB, 0x53AB, 0x53AC
_TRACK, _NUMBER, _TYPE, _PICTURE = 0xAE, 0xD7, 0x83, 1
_CUE, _CUE_TIME, _CUE_TRACK, _CUE_OF, _CUE_CLUSTER = 0xBB, 0xB3, 0xB7, 0xF7, 0xF1


class _Element(NamedTuple):
    """An EBML element: `start` of its id, `body` behind its length, `end`."""

    kind: int
    start: int
    body: int
    end: int


def _of_matroska(read: Read, size: int) -> Index | None:
    ebml = _element(read, 0, size)
    segment = _element(read, ebml.end, size) if ebml else None
    if segment is None or segment.kind != _SEGMENT:
        return None
    front, cluster = _front(read, segment)
    named = _named(read, segment, front)
    cues = next((e for e in (*front, *named) if e.kind == _CUES), None)
    tracks = next((e for e in (*front, *named) if e.kind == _TRACKS), None)
    if cues is None or tracks is None or cluster is None:
        return None
    spans = tuple((e.start, e.end) for e in (*front, *named))
    if sum(end - start for start, end in spans) > _MOST_INDEX:
        return None
    pictures = list(_pictures(read(tracks.body, tracks.end)))
    marks = tuple(_cues(read(cues.body, cues.end), pictures, segment.body))
    plain = len(pictures) == 1 and marks and marks[-1][1] < size
    return Index(((0, segment.body), *spans), cluster, marks) if plain else None


def _front(read: Read, segment: _Element) -> tuple[list[_Element], int | None]:
    """Return the elements before the first cluster, and where that begins."""
    front: list[_Element] = []
    at = segment.body
    for _ in range(_MOST_BOXES):
        found = _element(read, at, segment.end)
        if found is None:
            break
        if found.kind == _CLUSTER:
            return front, at
        front.append(found)
        at = found.end
    return front, None


def _named(read: Read, segment: _Element, front: list[_Element]) -> list[_Element]:
    """Return the elements that a SeekHead names and that do not stand in `front`."""
    there = {element.start for element in front}
    found = []
    for head in (element for element in front if element.kind == _SEEK_HEAD):
        data = read(head.body, min(head.end, head.body + _LOOK))
        for seek in _children(data, _SEEK):
            place = next((_number(data, e) for e in _inside(data, seek, _SEEK_POSITION)), None)
            at = segment.body + place if place is not None else segment.end
            element = _element(read, at, segment.end) if at not in there else None
            if element is not None and element.kind != _CLUSTER:
                there.add(at)
                found.append(element)
    return found[:_MOST_BOXES]


def _pictures(tracks: bytes) -> Iterator[int]:
    """Yield the numbers of the tracks that are moving pictures."""
    for track in _children(tracks, _TRACK):
        kind = next((_number(tracks, e) for e in _inside(tracks, track, _TYPE)), 0)
        number = next((_number(tracks, e) for e in _inside(tracks, track, _NUMBER)), 0)
        if kind == _PICTURE:
            yield number


def _cues(data: bytes, tracks: list[int], zero: int) -> Iterator[tuple[int, int]]:
    """Yield time and cluster's offset of each cue of `tracks`, once for each cluster."""
    last = (-1, -1)
    for cue in _children(data, _CUE):
        time = next((_number(data, e) for e in _inside(data, cue, _CUE_TIME)), None)
        for place in _inside(data, cue, _CUE_TRACK):
            track = next((_number(data, e) for e in _inside(data, place, _CUE_OF)), None)
            offset = next((_number(data, e) for e in _inside(data, place, _CUE_CLUSTER)), None)
            if time is None or offset is None or track not in tracks:
                continue
            mark = (time, zero + offset)
            if mark[0] > last[0] and mark[1] >= last[1]:
                yield mark
                last = mark


def _children(data: bytes, kind: int) -> Iterator[_Element]:
    yield from _inside(data, _Element(0, 0, 0, len(data)), kind)


def _inside(data: bytes, parent: _Element, kind: int) -> Iterator[_Element]:
    """Yield the elements of `kind` in `parent`, whose bytes are in `data`."""
    at = parent.body

    def read(first: int, end: int) -> bytes:
        return data[first:end]

    while at < parent.end:
        found = _element(read, at, parent.end)
        if found is None or found.end > parent.end:
            return
        if found.kind == kind:
            yield found
        at = found.end


def _element(read: Read, at: int, end: int) -> _Element | None:
    """Return the element at `at`, as far as `end`; None if there is none."""
    head = read(at, min(at + 12, end))
    if not head or not head[0]:
        return None
    long = 9 - head[0].bit_length()  # RFC 8794, 4: leading zeros tell how many bytes it has
    if len(head) <= long or long > 4 or not head[long]:
        return None
    wide = 9 - head[long].bit_length()
    told = int.from_bytes(head[long : long + wide])
    length = told & ((1 << 7 * wide) - 1)
    if length == (1 << 7 * wide) - 1:  # unknown: as a live recording leaves its segment
        length = end - at - long - wide
    body = at + long + wide
    return _Element(int.from_bytes(head[:long]), at, body, min(body + length, end))


def _number(data: bytes, element: _Element) -> int:
    return int.from_bytes(data[element.body : element.end])

"""Where a file's index stands, found by reading little of the file.

    MP4, MOV      boxes of the top level; `moov` is the index      ISO/IEC 14496-12, 4.2
    MKV, WebM     elements of the segment; `Cues` is the index     RFC 8794, RFC 9559

Nothing here judges a file: where it is not plain, the answer is None, and ffprobe reads it whole.
"""

import struct
from collections.abc import Callable, Iterator
from typing import NamedTuple

import msgspec

from media_pipeline.errors import Cancelled
from media_pipeline.model.spans import Span, merged

Read = Callable[[int, int], bytes]
"""Returns the bytes [first, end) of the file, fewer where it ends before."""

MOST_INDEX = 64 << 20
"""Bytes that an index has at most. Ten hours at 30 frames a second take 1.1 million times 12 bytes
of size and order, 8 more where frames do not last equally long, 8 where each stands alone; sound of
48 kHz 1.7 million times 4, 12 where each stands alone: 42 MB with one sound. Six hours at 60 frames,
the longest that is published, take 48 MB; ordinary films of two hours 4."""

MOST_CUES = 200_000
"""Cues of the picture: ten hours with five key frames a second, and 30 MB of Python."""

_MOST_LIST = 8 << 20
"""Bytes of Cues or Tracks that are looked through here: a cue has 15 to 40."""
_MOST_ELEMENTS = 4_000_000
"""Elements that are looked at, each about a microsecond: a cue has seven, seen once or twice."""
_MOST_BOXES = 64
"""Boxes or elements of one level whose heads are read: each may cost a request."""
_MOST_CHILDREN = 128
"""Of those of a `moov`, which has a box for each track (64 at most)."""
_FRAGMENTS = (b"moof", b"styp", b"sidx")
_LOOK = 64 << 10
"""Bytes that are read of a list of what stands where: writers use some hundred."""
_OFTEN = 4096
"""Elements between two looks at whether to stop."""


class Index(msgspec.Struct, frozen=True):
    """`spans` are the bytes of the index, `body` is where packets begin.

    `tables` is the `moov` of an MP4, whose tables are left to ffprobe. `cues` are
    `(ticks, byte offset)` of Matroska's clusters with a key frame, in order.
    """

    spans: tuple[Span, ...]
    body: int
    cues: tuple[tuple[int, int], ...] = ()
    tables: Span | None = None


class _NotPlain(Exception):
    """The file is odd, or hostile: the whole of it is looked at by ffprobe, in its sandbox."""


class _File:
    """A file that may be hostile: what is read of it is where it is, and not too much."""

    def __init__(self, read: Read, size: int, cancelled: Callable[[], bool]) -> None:
        self._read, self._cancelled, self.size = read, cancelled, size
        self._left = _MOST_ELEMENTS

    def read(self, first: int, end: int, most: int = _MOST_LIST) -> bytes:
        """Return the bytes [first, end), fewer where the file ends before."""
        self._look()
        if not 0 <= first <= end or end - first > most:
            raise _NotPlain
        return self._read(first, end) if first < self.size else b""

    def count(self) -> None:
        """Count one element that is looked at."""
        self._left -= 1
        if self._left < 0:
            raise _NotPlain
        if self._left % _OFTEN == 0:
            self._look()

    def _look(self) -> None:
        if self._cancelled():
            raise Cancelled


def find_index(
    read: Read, size: int, cancelled: Callable[[], bool] = lambda: False
) -> Index | None:
    """Return where the index of the file of `size` bytes stands; None if it is not plain.

    Whatever its bytes: some hundred reads, none longer than 8 MiB. Raises Cancelled,
    and what `read` raises.
    """
    file = _File(read, size, cancelled)
    try:
        head = file.read(0, 12)
        if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"):
            return _of_mp4(file)
        return _of_matroska(file) if head[:4] == _EBML.to_bytes(4) else None
    except _NotPlain:
        return None


def has_tables(
    read: Read, size: int, index: Index, cancelled: Callable[[], bool] = lambda: False
) -> bool:
    """Whether the `moov` of `index` tells all packets: not compressed, and not in fragments."""
    if index.tables is None:
        return True
    file, (start, end) = _File(read, size, cancelled), index.tables
    try:
        head = struct.unpack_from(">I", file.read(start, start + 16))
        inside = start + (16 if head[0] == 1 else 8)
        kinds = {kind for kind, _, _ in _boxes(file, inside, end, _MOST_CHILDREN)}
    except (_NotPlain, struct.error):
        return False
    return b"trak" in kinds and b"mvex" not in kinds


def _of_mp4(file: _File) -> Index | None:
    body = moov = None
    spans: list[Span] = []
    end = 0
    for kind, start, end in _boxes(file, 0, file.size, _MOST_BOXES):
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
    spans.append((end, file.size))  # no box: what some programs leave behind is short
    if moov is None or body is None or file.size - end > _LOOK:
        return None
    if _length(*spans, moov) > MOST_INDEX:
        return None
    return Index(merged((*spans, moov), file.size), body, tables=moov)


def _length(*spans: Span) -> int:
    return sum(end - start for start, end in spans)


def _boxes(file: _File, at: int, end: int, most: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield kind, start and end of the boxes in [at, end), `most` at most; stop at what is none."""
    for _ in range(most):
        head = file.read(at, min(at + 16, end)) if at < end else b""
        if len(head) < 8:
            return
        length, kind = struct.unpack_from(">I4s", head)
        least = 8
        if length == 1 and len(head) == 16:
            (length,), least = struct.unpack_from(">Q", head, 8), 16
        elif length == 0:
            length = end - at
        if length < least:
            return
        yield kind, at, min(at + length, end)
        at += length
    raise _NotPlain


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
_MOST_TIME = (1 << 63) - 1


class _Element(NamedTuple):
    """An EBML element: `start` of its id, `body` behind its length, `end`."""

    kind: int
    start: int
    body: int
    end: int


def _of_matroska(file: _File) -> Index | None:
    ebml = _element(file.read, 0, file.size)
    segment = _element(file.read, ebml.end, file.size) if ebml else None
    if segment is None or segment.kind != _SEGMENT:
        return None
    front, cluster = _front(file, segment)
    named = _named(file, segment, front)
    cues = next((e for e in (*front, *named) if e.kind == _CUES), None)
    tracks = next((e for e in (*front, *named) if e.kind == _TRACKS), None)
    if cues is None or tracks is None or cluster is None:
        return None
    spans = merged(((0, segment.body), *((e.start, e.end) for e in (*front, *named))), file.size)
    if _length(*spans) > MOST_INDEX:
        return None
    pictures = list(_pictures(file, file.read(tracks.body, tracks.end)))
    if len(pictures) != 1:
        return None
    marks = tuple(_cues(file, file.read(cues.body, cues.end), pictures[0], segment))
    return Index(spans, cluster, marks) if marks else None


def _front(file: _File, segment: _Element) -> tuple[list[_Element], int | None]:
    """Return the elements before the first cluster, and where that begins."""
    front: list[_Element] = []
    at = segment.body
    for _ in range(_MOST_BOXES):
        found = _element(file.read, at, segment.end)
        if found is None:
            break
        if found.kind == _CLUSTER:
            return front, at
        front.append(found)
        at = found.end
    return front, None


def _named(file: _File, segment: _Element, front: list[_Element]) -> list[_Element]:
    """Return the elements that a SeekHead names and that do not stand in `front`."""
    there = {element.start for element in front}
    found: list[_Element] = []
    for head in (element for element in front if element.kind == _SEEK_HEAD):
        for at in _places(file, head):
            at += segment.body
            if at in there or at >= segment.end:
                continue
            there.add(at)
            if len(there) > 2 * _MOST_BOXES:  # before the next is read, which may be a request
                raise _NotPlain
            element = _element(file.read, at, segment.end)
            if element is not None and element.kind != _CLUSTER:
                found.append(element)
    return found


def _places(file: _File, head: _Element) -> Iterator[int]:
    """Yield where a SeekHead says that something stands, from the segment's first byte; no clusters,
    which old writers named one by one."""
    data = file.read(head.body, min(head.end, head.body + _LOOK))
    for seek in _children(file, data, _SEEK):
        kind = _value(file, data, seek, _SEEK_ID)
        place = _value(file, data, seek, _SEEK_POSITION)
        if place is not None and kind != _CLUSTER:
            yield place


def _pictures(file: _File, tracks: bytes) -> Iterator[int]:
    """Yield the numbers of the tracks that are moving pictures."""
    for track in _children(file, tracks, _TRACK):
        if _value(file, tracks, track, _TYPE) == _PICTURE:
            yield _value(file, tracks, track, _NUMBER) or 0


def _cues(file: _File, data: bytes, track: int, segment: _Element) -> Iterator[tuple[int, int]]:
    """Yield time and cluster's offset of each cue of `track`: one cluster may have many."""
    last = (-1, -1)
    count = 0
    for cue in _children(file, data, _CUE):
        time = _value(file, data, cue, _CUE_TIME)
        for place in _inside(file, data, cue, _CUE_TRACK):
            offset = _value(file, data, place, _CUE_CLUSTER)
            if time is None or offset is None or _value(file, data, place, _CUE_OF) != track:
                continue
            mark = (time, segment.body + offset)
            if time > _MOST_TIME or mark[1] >= segment.end or count == MOST_CUES:
                raise _NotPlain
            if mark[0] > last[0] and mark[1] >= last[1]:
                yield mark
                last, count = mark, count + 1


def _children(file: _File, data: bytes, kind: int) -> Iterator[_Element]:
    yield from _inside(file, data, _Element(0, 0, 0, len(data)), kind)


def _inside(file: _File, data: bytes, parent: _Element, kind: int) -> Iterator[_Element]:
    """Yield the elements of `kind` in `parent`, whose bytes are in `data`."""
    at = parent.body

    def read(first: int, end: int) -> bytes:
        return data[first:end]

    while at < parent.end:
        file.count()
        found = _element(read, at, parent.end)
        if found is None:
            return
        if found.kind == kind:
            yield found
        at = found.end


def _element(read: Read, at: int, end: int) -> _Element | None:
    """Return the element at `at`, as far as `end`; None if there is none."""
    head = read(at, min(at + 12, end)) if at < end else b""
    if not head or not head[0]:
        return None
    long = 9 - head[0].bit_length()  # RFC 8794, 4: leading zeros tell how many bytes it has
    if len(head) <= long or long > 4 or not head[long]:
        return None
    wide = 9 - head[long].bit_length()
    told = int.from_bytes(head[long : long + wide])
    length = told & ((1 << 7 * wide) - 1)
    body = at + long + wide
    if body > end:
        return None
    if length == (1 << 7 * wide) - 1:  # unknown: as a live recording leaves its segment
        length = end - body
    return _Element(int.from_bytes(head[:long]), at, body, min(body + length, end))


def _value(file: _File, data: bytes, parent: _Element, kind: int) -> int | None:
    """Return the first number of `kind` in `parent`; None if there is none."""
    element = next(_inside(file, data, parent, kind), None)
    if element is None:
        return None
    if element.end - element.body > 8:  # RFC 8794, 7.2
        raise _NotPlain
    return int.from_bytes(data[element.body : element.end])

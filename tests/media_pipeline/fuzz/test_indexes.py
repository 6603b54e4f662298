"""Indexes of hostile files, read in the worker itself: found by little of the file, or none."""

import re
import struct
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media_pipeline.errors import Cancelled
from media_pipeline.steps import fmp4, indexes
from tests.media_pipeline import matroska
from tests.media_pipeline.encoding.conftest import ffmpeg
from tests.media_pipeline.matroska import element, number

from .hostile import changed_bytes, fuzzing

KINDS = [
    *(b"ftyp", b"moov", b"trak", b"mdat", b"free", b"moof", b"sidx", b"mvex", b"cmov", b"udta"),
    *(kind.to_bytes(4) for kind in (matroska.CLUSTER, matroska.CUES, matroska.SEEK_HEAD)),
]
LENGTHS = [0, 1, 2, 7, 8, 15, 16, 2**31, 2**32 - 1]
MOST_READS = 400
"""A request each, at the most: 64 boxes, as many elements named, a moov's 128, and some."""


class Counted:
    """A file of `size` bytes that begins with `data`; counts what is read, and refuses nonsense."""

    def __init__(self, data: bytes, size: int | None = None) -> None:
        self.data, self.size = data, len(data) if size is None else size
        self.reads = self.bytes = 0

    def __call__(self, first: int, end: int) -> bytes:
        assert 0 <= first <= end <= first + (8 << 20)
        assert first < self.size
        self.reads += 1
        self.bytes += end - first
        found = self.data[first:end]
        return found + bytes(max(0, min(end, self.size) - first - len(found)))

    def index(self) -> indexes.Index | None:
        found = indexes.find_index(self, self.size)
        if found is not None:
            indexes.has_tables(self, self.size, found)
        assert self.reads <= MOST_READS
        assert self.bytes <= 32 << 20
        return found


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> dict[str, bytes]:
    """Films of four seconds as ffmpeg writes them, and one with many cues a cluster."""
    folder = tmp_path_factory.mktemp("indexes")
    first, made = folder / "last.mp4", {}
    ffmpeg(
        *("-f", "lavfi", "-i", "testsrc2=s=64x64:d=4", "-f", "lavfi", "-i", "sine=d=4"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-g", "5", "-c:a", "aac", str(first)),
    )
    for name, flags in {
        "first.mp4": ["-movflags", "+faststart"],
        "fragments.mp4": ["-movflags", "+frag_keyframe+empty_moov"],
        "a.mkv": [],
        "front.mkv": ["-cues_to_front", "1"],
    }.items():
        ffmpeg("-i", str(first), "-c", "copy", *flags, str(folder / name))
    matroska.rewoven(folder / "a.mkv", folder / "many.mkv", 2)
    for path in folder.iterdir():
        made[path.name] = path.read_bytes()
    return made


NAMES = ["last.mp4", "first.mp4", "fragments.mp4", "a.mkv", "front.mkv", "many.mkv"]


def test_the_unchanged_files_have_the_index_that_is_expected(files):
    found = {name: Counted(files[name]).index() for name in NAMES}
    assert found["fragments.mp4"] is None
    for name in ("last.mp4", "first.mp4"):
        assert found[name] is not None
        assert found[name].tables is not None
    for name in ("a.mkv", "front.mkv", "many.mkv"):
        assert found[name] is not None
        assert [time for time, _ in found[name].cues] == list(range(0, 4000, 200))
    assert len({at for _, at in found["many.mkv"].cues}) == 2


def heads(data: bytes) -> list[int]:
    """Return where boxes and elements begin in `data`, those inside of others too."""
    if data[4:8] == b"ftyp":
        top = list(fmp4.boxes(data, 0, len(data)))
        within = [
            b for box in top if box.kind == b"moov" for b in fmp4.boxes(data, box.body, box.end)
        ]
        return [box.start for box in (*top, *within)]
    kinds = (matroska.EBML, matroska.SEGMENT, matroska.SEEK_HEAD, matroska.TRACKS, matroska.CUES)
    found = [at for kind in (*kinds, matroska.CLUSTER) for at in _places(data, kind.to_bytes(4))]
    small = (
        b"\x4d\xbb",
        b"\x53\xab",
        b"\x53\xac",
        b"\xbb",
        b"\xb3",
        b"\xb7",
        b"\xf7",
        b"\xf1",
        b"\xae",
    )
    return found + [at for kind in small for at in _places(data, kind)[-6:]]


def _places(data: bytes, kind: bytes) -> list[int]:
    return [found.start() for found in re.finditer(re.escape(kind), data)]


@st.composite
def rebuilt(draw: Callable[..., Any], good: bytes) -> bytes:
    """`good` with heads of boxes or elements that lie, with some doubled, taken out or renamed."""
    data = bytearray(good)
    for _ in range(draw(st.integers(1, 4))):
        places = heads(bytes(data))
        if not places:
            break
        at = draw(st.sampled_from(places))
        deed = draw(st.integers(0, 5))
        if deed == 0:
            data[at : at + 4] = struct.pack(">I", draw(st.sampled_from(LENGTHS)))
        elif deed == 1:  # a length of 64 bits
            kind = bytes(data[at + 4 : at + 8])
            data[at : at + 8] = struct.pack(">I4sQ", 1, kind, draw(st.integers(0, 2**64 - 1)))
        elif deed == 2:
            data[at + 4 : at + 8] = draw(st.sampled_from(KINDS))
        elif deed == 3:  # a length of EBML, also unknown
            wide = draw(st.integers(1, 8))
            length = draw(st.integers(0, 2 ** (7 * wide) - 1))
            long = 9 - data[at].bit_length() if data[at] else 4
            data[at + long : at + long + wide] = (1 << 7 * wide | length).to_bytes(wide)
        elif deed == 4:
            del data[at : at + draw(st.integers(1, 200))]
        else:
            data[at:at] = data[at : at + draw(st.integers(1, 400))] * draw(st.integers(1, 80))
    return bytes(data)


@fuzzing
@given(st.data(), st.sampled_from(NAMES))
def test_any_file_has_an_index_inside_of_it_or_none_by_few_reads(files, data, name):
    good = files[name]
    bad = data.draw(st.one_of(rebuilt(good), rebuilt(good), changed_bytes(good)))
    size = data.draw(st.sampled_from([len(bad), 1 << 40]))
    found = Counted(bad, size).index()
    if found is None:
        return
    assert all(0 <= first < end <= size for first, end in found.spans)
    assert sum(end - first for first, end in found.spans) <= indexes.MOST_INDEX
    assert 0 <= found.body < size
    assert len(found.cues) <= indexes.MOST_CUES
    assert all(a[0] < b[0] and a[1] <= b[1] for a, b in pairwise(found.cues))
    assert all(at < size for _, at in found.cues)


def box(kind: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I4s", 8 + len(body), kind) + body


def long_box(kind: bytes, length: int) -> bytes:
    return struct.pack(">I4sQ", 1, kind, length)


def mkv(cues: bytes, *, head: bytes = b"", cluster: int = 1 << 40) -> Counted:
    """A file of a terabyte whose Cues are `cues`."""
    track = number(matroska.NUMBER, 1) + number(matroska.TYPE, 1)
    body = b"".join(
        [
            head,
            element(matroska.TRACKS, element(matroska.TRACK, track)),
            element(matroska.CUES, cues),
            matroska.CLUSTER.to_bytes(4) + (1 << 56 | cluster).to_bytes(8),
        ]
    )
    segment = matroska.SEGMENT.to_bytes(4) + (2**57 - 1).to_bytes(8)
    return Counted(element(matroska.EBML, b"") + segment + body, 1 << 40)


def cue(time: int, place: int) -> bytes:
    where = number(matroska.CUE_OF, 1) + number(matroska.CUE_CLUSTER, place)
    return element(
        matroska.CUE, number(matroska.CUE_TIME, time) + element(matroska.CUE_TRACK, where)
    )


def test_a_film_of_a_terabyte_has_its_index():
    assert mkv(cue(0, 500) + cue(9, 900)).index().cues == ((0, 524), (9, 924))


FRONT = box(b"ftyp") + box(b"mdat")
BOMBS = {
    "a moov of a terabyte": Counted(FRONT + long_box(b"moov", 1 << 40), 1 << 41),
    "boxes of which no end is in sight": Counted(
        FRONT + box(b"moov", box(b"trak")) + box(b"free") * 1000
    ),
    "what may be anything behind the last box": Counted(
        FRONT + box(b"moov", box(b"trak")) + bytes(99), 1 << 30
    ),
    "more cues than are kept": mkv(b"".join(cue(n, n) for n in range(indexes.MOST_CUES + 1))),
    "cues of a gigabyte": mkv(matroska.VOID.to_bytes() + (1 << 56 | 1 << 30).to_bytes(8)),
    "millions of empty elements": mkv(b"\xec\x80" * (5 << 20)),
    "a number of kilobytes": mkv(element(matroska.CUE, element(matroska.CUE_TIME, b"\xff" * 9000))),
    "a cue outside": mkv(cue(0, 1 << 62)),
    "a time of all bits": mkv(cue(2**64 - 1, 0)),
    "two thousand things by name": mkv(
        cue(0, 500),
        head=element(
            matroska.SEEK_HEAD,
            b"".join(
                element(matroska.SEEK, number(matroska.SEEK_POSITION, n << 20))
                for n in range(1, 2000)
            ),
        ),
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_an_index_that_is_too_much_is_none_and_hardly_read(name):
    assert BOMBS[name].index() is None


@pytest.mark.parametrize("length", [1 << 41, 1 << 62, 1 << 63, 2**64 - 1])
def test_a_box_that_claims_more_than_there_is_ends_with_the_file(length):
    file = Counted(FRONT + box(b"moov", box(b"trak")) + long_box(b"free", length), 1 << 40)
    found = file.index()
    assert found is not None
    assert found.tables == (16, 32)


def test_a_moov_of_fragments_or_without_tracks_tells_nothing():
    for inside in (box(b"trak") + box(b"mvex"), box(b"cmov"), box(b"trak") * 200, b""):
        file = Counted(FRONT + box(b"moov", inside))
        found = file.index()
        assert found is not None
        assert not indexes.has_tables(file, file.size, found)


def test_somebody_who_wants_it_no_more_is_heard_while_an_index_is_read():
    file = mkv(b"".join(cue(n, n) for n in range(20_000)))
    asked: list[int] = []

    def cancelled() -> bool:
        asked.append(file.reads)
        return len(asked) > file.reads + 3

    with pytest.raises(Cancelled):
        indexes.find_index(file, file.size, cancelled)

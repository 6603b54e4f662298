"""Reading and writing the few boxes of fragmented MP4 that the house format has.

ISO/IEC 14496-12: `ftyp moov (moof mdat)* mfra`. A fragment is one `moof` and
its `mdat`. Files are ffmpeg's own, still they are read with care: a killed
process leaves half a fragment.
"""

import contextlib
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import msgspec

from media_pipeline.errors import StepFailed

_MFHD_NUMBER = 20
"""Where a fragment's sequence number stands: moof header, mfhd header, version and flags."""

_MOST_SAMPLES = 100_000
"""In one run: ours have at most 240. A run may claim 4 thousand million in twenty bytes."""

_BROKEN = "The encoder wrote a fragment without its tables: try again."


class Fragment(msgspec.Struct, frozen=True):
    """One moof with its mdat: where it is, when it decodes, and each sample's size and length.

    `time` and `durations` are in the track's timescale; `offset` and `length`
    in bytes; `data` is where the first sample starts.
    """

    offset: int
    length: int
    data: int
    time: int
    sizes: tuple[int, ...]
    durations: tuple[int, ...]

    @property
    def key(self) -> int:
        """How many bytes reach from its start to the end of its first sample, a key frame."""
        return self.data - self.offset + self.sizes[0]


class Box(msgspec.Struct, frozen=True):
    """A box: `start` of its header, `body` behind it, `end`."""

    kind: bytes
    start: int
    body: int
    end: int


def boxes(data: bytes, start: int, end: int) -> Iterator[Box]:
    """Yield the boxes in data[start:end]; stop at one that is not whole."""
    while start + 8 <= end:
        size, kind = struct.unpack_from(">I4s", data, start)
        body = start + 8
        if size == 1 and start + 16 <= end:
            (size,) = struct.unpack_from(">Q", data, start + 8)
            body = start + 16
        if size < body - start or start + size > end:
            return
        yield Box(kind, start, body, start + size)
        start += size


def find(data: bytes, *path: bytes) -> Box | None:
    """Return the first box at `path`, like (b"moov", b"trak"), or None."""
    box = Box(b"", 0, 0, len(data))
    for kind in path:
        found = next((b for b in boxes(data, box.body, box.end) if b.kind == kind), None)
        if found is None:
            return None
        box = found
    return box


def read_init(path: Path) -> bytes:
    """Return the initialisation of `path`: its bytes to the end of `moov`, or b"" if not there."""
    with path.open("rb") as file:
        for kind, start, size in _headers(file, 0):
            if kind == b"moov":
                file.seek(0)
                return file.read(start + size)
    return b""


def read_fragments(path: Path, start: int = 0) -> Iterator[Fragment]:
    """Yield the whole fragments of `path` whose moof is at `start` or later."""
    with path.open("rb") as file:
        moof: tuple[int, int] | None = None
        for kind, at, size in _headers(file, start):
            if kind == b"moof":
                moof = (at, size)
            elif kind == b"mdat" and moof is not None:
                file.seek(moof[0])
                yield _fragment(file.read(moof[1]), moof[0], at + size)
                moof = None


def _headers(file: BinaryIO, at: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield kind, offset and size of each top-level box that is whole."""
    file.seek(0, 2)
    end = file.tell()
    while at + 8 <= end:
        file.seek(at)
        head = file.read(16)
        size, kind = struct.unpack_from(">I4s", head)
        if size == 1 and len(head) == 16:
            (size,) = struct.unpack_from(">Q", head, 8)
        if size < 8 or at + size > end:
            return
        yield kind, at, size
        at += size


def _fragment(moof: bytes, offset: int, end: int) -> Fragment:
    """Return the fragment whose `moof` stands at `offset` of its file and ends at `end`."""
    try:
        return _read_tables(moof, offset, end)
    except struct.error:
        raise StepFailed(_BROKEN) from None


def _read_tables(moof: bytes, offset: int, end: int) -> Fragment:
    tfhd, tfdt, trun = (find(moof, b"moof", b"traf", kind) for kind in (b"tfhd", b"tfdt", b"trun"))
    if tfhd is None or tfdt is None or trun is None:
        raise StepFailed(_BROKEN)
    (version,) = struct.unpack_from(">B", moof, tfdt.body)
    (time,) = struct.unpack_from(">Q" if version == 1 else ">I", moof, tfdt.body + 4)
    size, duration = _defaults(moof, tfhd)
    data, sizes, durations = _samples(moof, trun, size, duration)
    return Fragment(offset, end - offset, offset + data, time, sizes, durations)


def _defaults(moof: bytes, tfhd: Box) -> tuple[int, int]:
    """Return default sample size and duration (8.8.7); 0 where there is none."""
    flags = int.from_bytes(moof[tfhd.body + 1 : tfhd.body + 4])
    at = tfhd.body + 8
    values = {}
    for flag, width in ((0x1, 8), (0x2, 4), (0x8, 4), (0x10, 4)):
        if flags & flag:
            values[flag] = int.from_bytes(moof[at : at + width])
            at += width
    return values.get(0x10, 0), values.get(0x8, 0)


def _samples(
    moof: bytes, trun: Box, size: int, duration: int
) -> tuple[int, tuple[int, ...], tuple[int, ...]]:
    """Return the data's offset from the moof, and each sample's size and duration (8.8.8)."""
    flags, count = struct.unpack_from(">II", moof, trun.body)
    if count > _MOST_SAMPLES:
        raise StepFailed(_BROKEN)
    at = trun.body + 8
    data = 0
    if flags & 0x1:
        (data,) = struct.unpack_from(">i", moof, at)
        at += 4
    at += 4 if flags & 0x4 else 0
    fields = [bit for bit in (0x100, 0x200, 0x400, 0x800) if flags & bit]
    values = struct.unpack_from(f">{count * len(fields)}I", moof, at)
    columns = {bit: values[k :: len(fields)] for k, bit in enumerate(fields)}
    return data, columns.get(0x200, (size,) * count), columns.get(0x100, (duration,) * count)


def numbered(fragment: bytes, number: int) -> bytes:
    """Return `fragment` with its sequence number set; each chunk's file starts again at 1."""
    head = fragment[:_MFHD_NUMBER]
    if head[12:16] != b"mfhd" or len(fragment) < _MFHD_NUMBER + 4:
        raise StepFailed("The encoder wrote a fragment without a number: try again.")
    return head + number.to_bytes(4) + fragment[_MFHD_NUMBER + 4 :]


def decode_times(shown: Sequence[int], step: int) -> list[int]:
    """Return when to decode samples of a closed group that are `shown` then, in coding order.

    The first is shown when it is decoded; each lasts `step` ticks on the screen. None is decoded
    after it is shown, and none lasts until after the group's end.
    """
    end = len(shown) * step
    late = max(n * step - at for n, at in enumerate(shown))
    # The first few share the time of one picture; all others come one picture apart.
    times = [max(n * step - late, n * step * step // (late + step)) for n in range(len(shown))]
    after = end
    for n in range(len(shown) - 1, 0, -1):
        times[n] = after = max(times[n], after - (end - shown[n]))
    return times


def without_negative_offsets(fragment: bytes) -> bytes:
    """Return a group of video in one fragment with other decoding times and offsets from 0 up.

    ffmpeg shows all of a segment later by the most negative offset that it has met so far
    (mov.c, dts_shift), and so behind the sound. What is shown, and when, stays as it is.
    """
    moof, run = find(fragment, b"moof"), find(fragment, b"moof", b"traf", b"trun")
    traf, tfhd = find(fragment, b"moof", b"traf"), find(fragment, b"moof", b"traf", b"tfhd")
    if moof is None or traf is None or tfhd is None or run is None:
        raise StepFailed(_BROKEN)
    try:
        table = _offsets_from_zero(fragment, run, _defaults(fragment, tfhd)[1])
    except struct.error:
        raise StepFailed(_BROKEN) from None
    if table is None:
        return fragment
    more = len(table) - (run.end - run.start)
    head = bytearray(fragment[: run.start])
    for box in (moof, traf):
        struct.pack_into(">I", head, box.start, box.end - box.start + more)
    struct.pack_into(">i", table, 16, struct.unpack_from(">i", table, 16)[0] + more)
    return bytes(head) + bytes(table) + fragment[run.end :]


def _offsets_from_zero(fragment: bytes, run: Box, step: int) -> bytearray | None:
    """Return the box `run` with a duration for each sample and no negative offset (8.8.8).

    None if it has none, or if its samples are not the pictures of a closed group, one `step` apart.
    """
    flags, count = struct.unpack_from(">II", fragment, run.body)
    if not flags & 0x1 or count > _MOST_SAMPLES:
        raise StepFailed(_BROKEN)
    at = run.body + (16 if flags & 0x4 else 12)
    fields = [bit for bit in (0x100, 0x200, 0x400, 0x800) if flags & bit]
    values = struct.unpack_from(f">{count * len(fields)}I", fragment, at)
    columns = {bit: values[k :: len(fields)] for k, bit in enumerate(fields)}
    signed = [(n ^ 0x8000_0000) - 0x8000_0000 for n in columns.get(0x800, ())] or [0]
    shown = [n * step + offset for n, offset in enumerate(signed)]
    even = set(columns.get(0x100, (step,))) == {step} and not shown[0]
    if min(signed) >= 0 or not even or sorted(shown) != [n * step for n in range(count)]:
        return None
    times = decode_times(shown, step)
    ends = [*times[1:], count * step]
    columns[0x100] = tuple(b - a for a, b in zip(times, ends, strict=True))
    columns[0x800] = tuple(s - t for s, t in zip(shown, times, strict=True))
    rows = zip(*(columns[bit] for bit in sorted(columns)), strict=True)
    body = struct.pack(">II", flags | 0x900, count) + fragment[run.body + 8 : at]
    body += b"".join(struct.pack(f">{len(columns)}I", *row) for row in rows)
    return bytearray(_box(b"trun", body))


def audio_fragment(number: int, time: int, duration: int, frames: Sequence[bytes]) -> bytes:
    """Return one moof and mdat of `frames`, each `duration` long, the first at `time`."""
    mfhd = _full(b"mfhd", 0, 0, struct.pack(">I", number))
    # default-base-is-moof; every sample as long as the others and a key frame.
    tfhd = _full(b"tfhd", 0, 0x020028, struct.pack(">III", 1, duration, 0x0200_0000))
    tfdt = _full(b"tfdt", 1, 0, struct.pack(">Q", time))
    sizes = struct.pack(f">{len(frames)}I", *map(len, frames))
    trun_size = 12 + 8 + len(sizes)
    size = 8 + len(mfhd) + 8 + len(tfhd) + len(tfdt) + trun_size
    trun = _full(b"trun", 0, 0x201, struct.pack(">Ii", len(frames), size + 8) + sizes)
    moof = _box(b"moof", mfhd + _box(b"traf", tfhd + tfdt + trun))
    return moof + _box(b"mdat", b"".join(frames))


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(body), kind) + body


def _full(kind: bytes, version: int, flags: int, body: bytes) -> bytes:
    return _box(kind, bytes([version]) + flags.to_bytes(3) + body)


def without_pre_skip(init: bytes) -> bytes:
    """Return the initialisation of a sound that says, if it is Opus, that all of it is to be heard.

    Some players pass over the samples that the encoder put in front, others do not: there are
    none, since as many were taken off before (Opus in ISOBMFF, 4.3.2: PreSkip).
    """
    at = init.find(b"dOps")
    if at < 0:
        return init
    skip = at + len(b"dOps") + 2  # behind version and channels
    return init[:skip] + bytes(2) + init[skip + 2 :]


def codec_of(init: bytes) -> str:
    """Return the RFC 6381 name of the track in `init`: from avcC, av1C, dOps or esds."""
    entries = find(init, b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd")
    stsd = init[entries.start : entries.end] if entries else b""
    at = stsd.find(b"avcC")
    if at >= 0:
        # AVCDecoderConfigurationRecord: version, then profile, constraints, level.
        return f"avc1.{stsd[at + 5 : at + 8].hex()}"
    at = stsd.find(b"av1C")
    if at >= 0:
        return _av1_codec(stsd[at + 4 : at + 8])
    if b"dOps" in stsd:
        return "opus"
    at = stsd.find(b"esds")
    if at >= 0:
        with contextlib.suppress(IndexError, ValueError):  # cut off in the middle
            return f"mp4a.40.{_audio_object_type(stsd[at:])}"
    raise StepFailed("The encoder wrote no description of its track: try again.")


def _av1_codec(record: bytes) -> str:
    """Return `av01.P.LLT.DD` of an AV1CodecConfigurationRecord (AV1 in ISOBMFF, 2.3 and 5)."""
    profile, level = record[1] >> 5, record[1] & 0x1F
    tier = "H" if record[2] & 0x80 else "M"
    high, twelve = record[2] & 0x40, record[2] & 0x20
    depth = 12 if high and twelve else 10 if high else 8
    return f"av01.{profile}.{level:02d}{tier}.{depth:02d}"


def _audio_object_type(esds: bytes) -> int:
    """Return the AAC object type: top five bits of the DecoderSpecificInfo (tag 5)."""
    at = esds.index(b"\x05", esds.index(b"\x04") + 15) + 1
    while esds[at] & 0x80:  # expandable length, 14496-1 8.3.3
        at += 1
    return esds[at + 1] >> 3

"""What an initialisation says of its track, and what a segment holds of it."""

from collections.abc import Iterator
from fractions import Fraction

import msgspec

from media_pipeline.verify.findings import Damaged
from media_pipeline.verify.reading.boxes import Box, Reader, boxes
from media_pipeline.verify.reading.samples import codec_of

_NON_SYNC = 1 << 16
"""sample_is_non_sync_sample (ISO/IEC 14496-12, 8.8.3.1)."""

_PICTURE_ENTRY, _SOUND_ENTRY = 78, 28
"""Bytes of a sample entry in front of its boxes (12.1.3, 12.2.3)."""


_MOST_SAMPLES = 100_000
"""In one run: without the limit, twenty bytes make a list of 4 thousand million."""


class Media(msgspec.Struct, frozen=True):
    """What a track is made of: `kind` is vide or soun, `timescale` a second; sizes in pixels."""

    kind: str
    timescale: int
    codec: str
    length_size: int
    width: int
    height: int


class Track(msgspec.Struct, frozen=True):
    """The one track of a file: `kind` is vide or soun; sizes in pixels, `timescale` a second."""

    number: int
    kind: str
    timescale: int
    codec: str
    length_size: int
    width: int
    height: int
    edited: bool
    defaults: tuple[int, int, int]


class Sample(msgspec.Struct, frozen=True):
    """A frame of picture or sound; `duration` in the timescale, `data` its bytes."""

    duration: int
    sync: bool
    data: bytes


class Piece(msgspec.Struct, frozen=True):
    """What a segment holds: times in seconds; `key` is at which byte its first sample ends."""

    start: Fraction
    duration: Fraction
    key: int
    samples: tuple[Sample, ...]


def read_init(data: bytes) -> Track:
    """Return the track that an initialisation segment describes; raise Damaged."""
    top = list(boxes(data))
    if not top or top[0].kind != "ftyp":
        raise Damaged("it does not start with a ftyp box")
    extra = [box.kind for box in top if box.kind in ("moof", "mdat")]
    if extra:
        raise Damaged(f"an initialisation holds no {extra[0]} box", extra[0])
    moov = next((box for box in top if box.kind == "moov"), None)
    if moov is None:
        raise Damaged("there is no moov box")
    traks = [box for box in moov.children() if box.kind == "trak"]
    if len(traks) != 1:
        raise Damaged(f"it describes {len(traks)} tracks instead of one", "moov")
    return _track(moov, traks[0])


def _track(moov: Box, trak: Box) -> Track:
    version, _, header = trak.need("tkhd").full()
    header.take(16 if version else 8)
    number = header.number(4)
    media = read_media(trak)
    return Track(
        number=number,
        kind=media.kind,
        timescale=media.timescale,
        codec=media.codec,
        length_size=media.length_size,
        width=media.width,
        height=media.height,
        edited=_is_edited(trak),
        defaults=_defaults(moov, number),
    )


def read_media(trak: Box) -> Media:
    """Return what `trak` says of its one description of samples; raise Damaged."""
    version, _, header = trak.need("mdia", "mdhd").full()
    header.take(16 if version else 8)
    timescale = header.number(4)
    if not timescale:
        raise Damaged("the timescale is 0", "mdhd")
    _, _, handler = trak.need("mdia", "hdlr").full()
    handler.take(4)
    kind = handler.take(4).decode("latin-1")
    entries = trak.need("mdia", "minf", "stbl", "stsd").children(8)
    if len(entries) != 1:
        raise Damaged(f"there are {len(entries)} descriptions of samples instead of one", "stsd")
    (entry,) = entries
    inside = entry.children(_PICTURE_ENTRY if kind == "vide" else _SOUND_ENTRY)
    width = height = 0
    if kind == "vide":
        reader = entry.reader()
        reader.take(24)
        width, height = reader.number(2), reader.number(2)
    codec, length_size = codec_of(entry.kind, inside)
    return Media(kind, timescale, codec, length_size, width, height)


def _is_edited(trak: Box) -> bool:
    """Say whether an edit list moves or cuts the track: players differ in heeding them."""
    elst = trak.find("edts", "elst")
    if elst is None:
        return False
    version, _, reader = elst.full()
    width = 8 if version else 4
    for _ in range(reader.number(4)):
        reader.take(width)
        if reader.number(width, signed=True) != 0:
            return True
        reader.take(4)
    return False


def _defaults(moov: Box, track: int) -> tuple[int, int, int]:
    """Return duration, size and flags that samples have unless they say otherwise (8.8.3)."""
    for box in moov.need("mvex").children():
        if box.kind != "trex":
            continue
        _, _, reader = box.full()
        if reader.number(4) == track:
            reader.take(4)
            return reader.number(4), reader.number(4), reader.number(4)
    raise Damaged("there is no trex box for the track", "moov/mvex")


def read_segment(data: bytes, track: Track) -> Piece:
    """Return what a media segment of `track` holds; raise Damaged."""
    start: int | None = None
    key = end = 0
    samples: list[Sample] = []
    for moof, mdat in _fragments(data):
        time, ends, found = _fragment(moof, mdat, track)
        if start is None:
            start, key = time, ends
        elif time != end:
            raise Damaged(f"a fragment starts at {time}, the one before ends at {end}", "tfdt")
        end = time + sum(sample.duration for sample in found)
        samples += found
    if start is None or not samples:
        raise Damaged("it holds no samples")
    scale = track.timescale
    return Piece(Fraction(start, scale), Fraction(end - start, scale), key, tuple(samples))


def _fragments(data: bytes) -> Iterator[tuple[Box, Box]]:
    moof: Box | None = None
    for box in boxes(data):
        if box.kind == "moof":
            if moof is not None:
                raise Damaged("a moof box has no mdat box behind it", f"byte {moof.offset}")
            moof = box
        elif box.kind == "mdat":
            if moof is None:
                raise Damaged("an mdat box has no moof box before it", f"byte {box.offset}")
            yield moof, box
            moof = None
    if moof is not None:
        raise Damaged("a moof box has no mdat box behind it", f"byte {moof.offset}")


class _Placed(msgspec.Struct, frozen=True):
    """Where a sample's bytes stand, counted from its moof box, and what it is."""

    offset: int
    size: int
    duration: int
    sync: bool


def _table(moof: Box, track: Track) -> tuple[int, list[_Placed]]:
    """Return decode time and samples of one fragment (8.8.4 to 8.8.12)."""
    moof.need("mfhd")
    trafs = [box for box in moof.children() if box.kind == "traf"]
    if len(trafs) != 1:
        raise Damaged(f"a fragment has {len(trafs)} tracks instead of one", "moof")
    version, _, tfdt = trafs[0].need("tfdt").full()
    time = tfdt.number(8 if version else 4)
    defaults = _fragment_defaults(trafs[0].need("tfhd"), track)
    at = moof.end - moof.offset + 8
    samples: list[_Placed] = []
    for trun in (box for box in trafs[0].children() if box.kind == "trun"):
        offset, described = _run(trun, defaults)
        at = at if offset is None else offset
        for duration, size, flags in described:
            samples.append(_Placed(at, size, duration, not flags & _NON_SYNC))
            at += size
    return time, samples


def _fragment(moof: Box, mdat: Box, track: Track) -> tuple[int, int, list[Sample]]:
    """Return decode time, the byte where the first sample ends, and the samples of a fragment."""
    time, placed = _table(moof, track)
    body = mdat.offset + mdat.header - moof.offset
    end = body
    samples: list[Sample] = []
    for one in placed:
        first = one.offset - body
        if first < 0 or first + one.size > len(mdat.body):
            raise Damaged("a sample lies outside the mdat box", f"byte {moof.offset + one.offset}")
        samples.append(Sample(one.duration, one.sync, mdat.body[first : first + one.size]))
        end = one.offset + one.size
    left = mdat.end - moof.offset - end
    if left:
        raise Damaged(f"{left} bytes of the mdat box belong to no sample", f"byte {mdat.offset}")
    first_end = placed[0].offset + placed[0].size if placed else 0
    return time, moof.offset + first_end, samples


def read_first_sample(data: bytes, track: Track) -> tuple[Fraction, Sample]:
    """Return time and first sample of a fragment of which only the start is there.

    So are the byte ranges of playlists of key frames.
    """
    head = Reader(data[:8], "byte 0")
    size, kind = head.number(4), head.take(4)
    if kind != b"moof" or not 8 <= size <= len(data):
        raise Damaged("the range does not start with a moof box", "byte 0")
    time, placed = _table(next(boxes(data[:size])), track)
    if not placed or placed[0].offset + placed[0].size > len(data):
        raise Damaged("the range ends before its first frame does")
    first = placed[0]
    frame = data[first.offset : first.offset + first.size]
    return Fraction(time, track.timescale), Sample(first.duration, first.sync, frame)


def _fragment_defaults(tfhd: Box, track: Track) -> tuple[int, int, int]:
    _, flags, reader = tfhd.full()
    number = reader.number(4)
    if number != track.number:
        raise Damaged(f"it is of track {number}, the initialisation of {track.number}", "tfhd")
    if not flags & 0x20000 or flags & 0x1:
        raise Damaged("data are not counted from the moof box (default-base-is-moof)", "tfhd")
    reader.take(4 if flags & 0x2 else 0)
    values = list(track.defaults)
    for place, flag in enumerate((0x8, 0x10, 0x20)):
        if flags & flag:
            values[place] = reader.number(4)
    return values[0], values[1], values[2]


def _run(
    trun: Box, defaults: tuple[int, int, int]
) -> tuple[int | None, list[tuple[int, int, int]]]:
    """Return the data's offset from the moof, and duration, size and flags of each sample."""
    _, flags, reader = trun.full()
    count = reader.number(4)
    if count > _MOST_SAMPLES:
        raise Damaged(f"a run claims {count} samples", "trun")
    offset = reader.number(4, signed=True) if flags & 0x1 else None
    first = reader.number(4) if flags & 0x4 else None
    described = [_described(reader, flags, defaults) for _ in range(count)]
    if first is not None and described:
        described[0] = (*described[0][:2], first)
    return offset, described


def _described(reader: Reader, flags: int, defaults: tuple[int, int, int]) -> tuple[int, int, int]:
    duration, size, own = (
        reader.number(4) if flags & flag else default
        for flag, default in zip((0x100, 0x200, 0x400), defaults, strict=True)
    )
    reader.take(4 if flags & 0x800 else 0)
    return duration, size, own

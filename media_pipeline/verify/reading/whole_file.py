"""A plain MP4 (ISO/IEC 14496-12): one file whose tables stand in `moov`, without fragments."""

from collections.abc import Iterator
from fractions import Fraction

import msgspec

from media_pipeline.verify.findings import Damaged
from media_pipeline.verify.reading.boxes import Box, Reader, boxes
from media_pipeline.verify.reading.tracks import read_media

_MOST_SAMPLES = 10_000_000
"""Two days of sound: a table may claim 4 thousand million in twelve bytes."""


class WholeTrack(msgspec.Struct, frozen=True):
    """One track: `kind` is vide or soun, `duration` in seconds, sizes in pixels.

    `end` is at which byte of the file its last sample ends; `first` where its first begins.
    """

    kind: str
    codec: str
    width: int
    height: int
    duration: Fraction
    samples: int
    first: int
    end: int


class WholeFile(msgspec.Struct, frozen=True):
    """The kinds of the boxes in their order, the bytes [start, end) of the media, the tracks."""

    order: tuple[str, ...]
    media: tuple[int, int]
    tracks: tuple[WholeTrack, ...]


def read_whole_file(data: bytes) -> WholeFile:
    """Return what the MP4 in `data` holds; raise Damaged."""
    top = list(boxes(data))
    order = tuple(box.kind for box in top)
    if order[:1] != ("ftyp",):
        raise Damaged("it does not start with a ftyp box")
    if "moof" in order:
        raise Damaged("it is in fragments, which messengers do not play", "moof")
    moov = next((box for box in top if box.kind == "moov"), None)
    mdat = next((box for box in top if box.kind == "mdat"), None)
    if moov is None or mdat is None:
        raise Damaged(f"there is no {'moov' if moov is None else 'mdat'} box")
    tracks = tuple(_track(box) for box in moov.children() if box.kind == "trak")
    return WholeFile(order, (mdat.offset + mdat.header, mdat.end), tracks)


def _track(trak: Box) -> WholeTrack:
    media = read_media(trak)
    table = trak.need("mdia", "minf", "stbl")
    sizes = _sizes(table.need("stsz"))
    samples, ticks = _times(table.need("stts"))
    if samples != len(sizes):
        raise Damaged(f"{samples} samples have times and {len(sizes)} have sizes", "stbl")
    first, end = _extent(table, sizes)
    duration = Fraction(ticks, media.timescale)
    return WholeTrack(
        media.kind, media.codec, media.width, media.height, duration, samples, first, end
    )


def _counted(reader: Reader, place: str) -> int:
    count = reader.number(4)
    if count > _MOST_SAMPLES:
        raise Damaged(f"it claims {count} entries", place)
    return count


def _sizes(stsz: Box) -> list[int]:
    """Return the bytes of each sample (8.7.3.2)."""
    _, _, reader = stsz.full()
    same = reader.number(4)
    count = _counted(reader, "stsz")
    return [same] * count if same else [reader.number(4) for _ in range(count)]


def _times(stts: Box) -> tuple[int, int]:
    """Return how many samples there are, and how many ticks they last (8.6.1.2)."""
    _, _, reader = stts.full()
    samples = ticks = 0
    for _ in range(_counted(reader, "stts")):
        count, each = reader.number(4), reader.number(4)
        samples, ticks = samples + count, ticks + count * each
    return samples, ticks


def _extent(table: Box, sizes: list[int]) -> tuple[int, int]:
    """Return the bytes of the file between which the samples lie (8.7.4, 8.7.5)."""
    places = list(_places(table))
    counts = list(_counts(table.need("stsc"), len(places)))
    if not places or sum(counts) != len(sizes):
        raise Damaged(f"its chunks hold {sum(counts)} samples, and there are {len(sizes)}", "stsc")
    at = end = 0
    for place, count in zip(places, counts, strict=True):
        end = max(end, place + sum(sizes[at : at + count]))
        at += count
    return min(places), end


def _places(table: Box) -> Iterator[int]:
    """Yield where each chunk begins in the file."""
    box = table.find("stco") or table.need("co64")
    _, _, reader = box.full()
    width = 4 if box.kind == "stco" else 8
    for _ in range(_counted(reader, box.kind)):
        yield reader.number(width)


def _counts(stsc: Box, chunks: int) -> Iterator[int]:
    """Yield how many samples each of the `chunks` has: an entry holds until the next begins."""
    _, _, reader = stsc.full()
    runs: list[tuple[int, int]] = []
    for _ in range(_counted(reader, "stsc")):
        runs.append((reader.number(4), reader.number(4)))
        reader.take(4)
    if not runs:
        return
    ends = [*(first for first, _ in runs[1:]), chunks + 1]
    for (first, count), end in zip(runs, ends, strict=True):
        if not 1 <= first <= end <= chunks + 1:
            raise Damaged("its runs of chunks make no sense", "stsc")
        yield from [count] * (end - first)

"""Asking ffprobe, under limits, what a file is."""

from array import array
from collections.abc import Callable, Container, Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import NamedTuple

import msgspec

from media_pipeline import tools
from media_pipeline.errors import StepFailed, UnusableSource
from media_pipeline.model.source import Extent, KeyframeOffsets, Source
from media_pipeline.model.spans import Span
from media_pipeline.planning import byte_ranges, inputs, probing

_PROBE_LIMITS = tools.Limits(
    memory=1 << 30, cpu_seconds=30, wall_seconds=60, file_bytes=4 << 20, nice=tools.URGENT
)
# Demuxing reads the whole file: a slow disk with 20 GB needs minutes, never much CPU.
_PACKETS_LIMITS = tools.Limits(
    memory=1 << 30, cpu_seconds=600, wall_seconds=3600, file_bytes=256 << 20, nice=tools.URGENT
)
_HEAD = 512
_LISTING = "packets"
_FEW = 8
"""Pictures that tell nothing of a rate."""

_MOST_TIMES = 20_000
"""Pictures by which a variable rate is judged: ten minutes of it."""

REORDERED = 32
"""Packets at the start of which one is shown first."""


def probe(path: Path, scratch: Path, cancelled: Callable[[], bool] = lambda: False) -> Source:
    """Return what the file at `path` is; raise UnusableSource with the reason if none of ours."""
    if not path.is_file():
        raise UnusableSource("missing", "There is no file with this name: check the name.")
    with path.open("rb") as file:
        head = file.read(_HEAD)
    _raise(inputs.refuse_by_head(head))
    ended = tools.run(
        probing.probe_argv(tools.ffprobe(), str(path.resolve())),
        limits=_PROBE_LIMITS,
        scratch=scratch,
        name="probe",
        cancelled=cancelled,
    )
    if ended.code != 0:
        raise inputs.refuse_unread(head)
    try:
        source = probing.read_probe(ended.stdout.read_bytes())
    except msgspec.DecodeError:
        raise inputs.refuse_unread(head) from None
    _raise(inputs.refuse_by_facts(source))
    return source


def measure(
    path: Path,
    source: Source,
    scratch: Path,
    cancelled: Callable[[], bool],
    *,
    by_index: bool = False,
) -> Extent:
    """Return how far the picture really goes; raise UnusableSource if there is no frame.

    `by_index` believes the index of a file whose packets are not here.
    """
    stream, parsed = str(source.video.index), not source.has_index
    listing = _listed(path, stream, scratch, cancelled, by_index=by_index, parsed=parsed)
    extent = _extent(listing, source)
    if not byte_ranges.is_suited(source):
        return extent
    # Not a list: every frame of six hours may be a key frame.
    times = array("q")
    marks = byte_ranges.keyframe_offsets(
        _noting(_placed(listing), times), round(byte_ranges.APART / source.video.time_base)
    )
    return msgspec.structs.replace(extent, keyframes=marks, keys=spread_keys(times, source))


def spread_keys(times: Iterable[int], source: Source) -> tuple[int, ...]:
    """Return the key frames that a plan is made by, of those at `times` (ticks)."""
    return byte_ranges.spread(times, round(byte_ranges.KEYS_APART / source.video.time_base))


def measure_ends(
    path: Path, source: Source, last: float, scratch: Path, cancelled: Callable[[], bool]
) -> Extent:
    """Return how far the picture goes, of a file of which the two ends are here.

    `last` is the time of a key frame in seconds, from which on the file is here.
    """
    # Frames come in another order than they are shown in, but never by so many.
    where = f"%+#{REORDERED},{last:.3f}%"
    stream = str(source.video.index)
    return _extent(_listed(path, stream, scratch, cancelled, by_index=True, where=where), source)


def all_marks(scratch: Path, source: Source) -> tuple[KeyframeOffsets, KeyframeOffsets]:
    """Return all key frames of what was measured last in `scratch`, and marks of any packets."""
    step = round(byte_ranges.STEP / source.video.time_base)
    listing = scratch / f"{_LISTING}.out"
    keys = byte_ranges.keyframe_offsets(_placed(listing), 0)
    steps = byte_ranges.keyframe_offsets(((t, o, True) for t, o, _ in _placed(listing)), step)
    if keys is None or steps is None:
        raise StepFailed("The file's packets are not in order.")
    return keys, steps


def sound_packets(
    path: Path, tracks: Container[int], scratch: Path, cancelled: Callable[[], bool]
) -> list[Span] | None:
    """Return the bytes of each packet of the streams `tracks`, by the file's index.

    None if it does not tell them all. Raises StepFailed if it cannot be read.
    """
    listing = _listed(path, "a", scratch, cancelled, by_index=True)
    found: list[Span] = []
    for packet in _packets(listing):
        if packet.stream not in tracks:
            continue
        if packet.offset is None or packet.size <= 0:
            return None
        first, end = packet.offset, packet.offset + packet.size
        if found and found[-1][0] <= first <= found[-1][1] + byte_ranges.GAP:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif len(found) < byte_ranges.MOST_MARKS:
            found.append((first, end))
        else:
            return None
    return found or None


_Place = tuple[int, int, bool]


class _Packet(NamedTuple):
    """A line of ffprobe's listing. Times in ticks, None where it knows none."""

    stream: int
    pts: int | None
    dts: int | None
    duration: int
    size: int
    offset: int | None
    flags: str


def _listed(
    path: Path,
    streams: str,
    scratch: Path,
    cancelled: Callable[[], bool],
    *,
    by_index: bool = False,
    parsed: bool = True,
    where: str = "%",
) -> Path:
    """Return the file that lists the packets of `streams`.

    `by_index` raises StepFailed where ffprobe has a complaint or stops early: of a file
    that is not here, it may have taken zeros for something.
    """
    argv = probing.packets_argv(
        tools.ffprobe(), str(path.resolve()), streams, by_index=by_index, parsed=parsed, where=where
    )
    ended = tools.run(
        argv, limits=_PACKETS_LIMITS, scratch=scratch, name=_LISTING, cancelled=cancelled
    )
    if by_index and (ended.code != 0 or ended.complaint):
        raise StepFailed(f"The file's index could not be read: try again. {ended.last_words}")
    return ended.stdout


def _packets(listing: Path) -> Iterator[_Packet]:
    """Yield the packets that `listing` names."""
    with listing.open(encoding="ascii", errors="replace") as lines:
        for line in lines:
            stream, pts, dts, length, size, at, flags = (line.rstrip().split(",") + [""] * 6)[:7]
            if stream.isdecimal():
                yield _Packet(
                    int(stream),
                    _whole(pts),
                    _whole(dts),
                    _whole(length) or 0,
                    _whole(size) or 0,
                    _whole(at),
                    flags,
                )


def _whole(text: str) -> int | None:
    return int(text) if text.removeprefix("-").isdecimal() else None


def _extent(listing: Path, source: Source) -> Extent:
    """Return the span of the packets in `listing`; raise UnusableSource if there are none."""
    frame = round(1 / source.video.frame_rate / source.video.time_base)
    start: int | None = None
    end: int | None = None
    times = array("q")
    for packet in _packets(listing):
        # AVI with B-frames knows only when packets are decoded: one frame apart, from 0.
        time = packet.dts if packet.pts is None else packet.pts
        if "D" in packet.flags or time is None:
            continue
        if source.video.variable and len(times) < _MOST_TIMES:
            times.append(time)
        last = time + (max(0, packet.duration) or frame)
        start = time if start is None else min(start, time)
        end = last if end is None else max(end, last)
    if start is None or end is None:
        raise UnusableSource(
            "unreadable", "The file opens but holds no picture: export it again and send that."
        )
    _raise(inputs.refuse_by_length(float((end - start) * source.video.time_base)))
    return Extent(start=start, end=end, interval=_interval(times))


def _interval(times: array[int]) -> int:
    """Return the median time between pictures that are shown at `times`; 0 if there are few."""
    shown = sorted(set(times))
    return round(median(b - a for a, b in pairwise(shown))) if len(shown) > _FEW else 0


def _noting(placed: Iterator[_Place], times: array[int]) -> Iterator[_Place]:
    """Yield `placed`, and add the times of key frames to `times`."""
    for place in placed:
        if place[2]:
            times.append(place[0])
        yield place


def _placed(listing: Path) -> Iterator[_Place]:
    """Yield time, offset and whether it is a key frame, of each packet that has both."""
    for packet in _packets(listing):
        if packet.pts is not None and packet.offset is not None:
            yield packet.pts, packet.offset, "K" in packet.flags


def _raise(refusal: UnusableSource | None) -> None:
    if refusal is not None:
        raise refusal

"""Asking ffprobe, under limits, what a file is."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from media_pipeline import tools
from media_pipeline.errors import StepFailed, UnusableSource
from media_pipeline.model.source import Extent, KeyframeOffsets, Source
from media_pipeline.planning import byte_ranges, commands, inputs, probing

_PROBE_LIMITS = tools.Limits(memory=1 << 30, cpu_seconds=30, wall_seconds=60, file_bytes=4 << 20)
# Demuxing reads the whole file: a slow disk with 20 GB needs minutes, never much CPU.
_PACKETS_LIMITS = tools.Limits(
    memory=1 << 30, cpu_seconds=600, wall_seconds=3600, file_bytes=256 << 20
)
_HEAD = 512


def probe(path: Path, scratch: Path) -> Source:
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
    )
    if ended.stopped == "killed":  # by the system, which is not the file's fault
        raise StepFailed(f"The file could not be looked into: try again. {ended.last_words}")
    if ended.code != 0:
        raise inputs.refuse_unread(head)
    try:
        source = probing.read_probe(ended.stdout.read_bytes())
    except msgspec.DecodeError:
        raise inputs.refuse_unread(head) from None
    _raise(inputs.refuse_by_facts(source))
    return source


def measure(path: Path, source: Source, scratch: Path, cancelled: Callable[[], bool]) -> Extent:
    """Return how far the picture really goes; raise UnusableSource if there is no frame."""
    ended = tools.run(
        probing.packets_argv(tools.ffprobe(), str(path.resolve()), source.video.index),
        limits=_PACKETS_LIMITS,
        scratch=scratch,
        name="packets",
        cancelled=cancelled,
    )
    extent = _extent(ended.stdout, round(1 / source.video.frame_rate / source.video.time_base))
    if extent is None:
        raise UnusableSource(
            "unreadable", "The file opens but holds no picture: export it again and send that."
        )
    _raise(inputs.refuse_by_length(float((extent.end - extent.start) * source.video.time_base)))
    return msgspec.structs.replace(extent, keyframes=_keyframes(ended.stdout, source))


def remux(
    path: Path, source: Source, copy: Path, scratch: Path, cancelled: Callable[[], bool]
) -> bool:
    """Copy the streams of `path` to `copy`, which can be sought in; return whether that worked."""
    limits = msgspec.structs.replace(_PACKETS_LIMITS, file_bytes=2 * path.stat().st_size + _HEAD)
    ended = tools.run(
        commands.remux_argv(tools.ffmpeg(), str(path.resolve()), source, str(copy)),
        limits=limits,
        scratch=scratch,
        name="remux",
        cancelled=cancelled,
    )
    return ended.code == 0


def _extent(listing: Path, frame: int) -> Extent | None:
    """Return the span of the packets in `listing`; `frame` is the length of one without any."""
    start: int | None = None
    end = count = 0
    with listing.open(encoding="ascii", errors="replace") as lines:
        for line in lines:
            pts, dts, duration, _pos, flags = _fields(line)
            # AVI with B-frames knows only when packets are decoded: one frame apart, from 0.
            time = pts if pts.lstrip("-").isdecimal() else dts
            if "D" in flags or not time.lstrip("-").isdecimal():
                continue
            length = int(duration) if duration.isdecimal() else 0
            first, last = int(time), int(time) + (length or frame)
            start = first if start is None else min(start, first)
            end = last if count == 0 else max(end, last)
            count += 1
    return None if start is None else Extent(start=start, end=end, packets=count)


def _keyframes(listing: Path, source: Source) -> KeyframeOffsets | None:
    """Return where the moments of the listed packets stand; None where pieces will not do."""
    if not byte_ranges.is_suited(source):
        return None
    with listing.open(encoding="ascii", errors="replace") as lines:
        packets = (
            (int(pts), int(pos), "K" in flags)
            for pts, _dts, _duration, pos, flags in map(_fields, lines)
            if pts.lstrip("-").isdecimal() and pos.isdecimal()
        )
        return byte_ranges.keyframe_offsets(
            packets, round(byte_ranges.APART / source.video.time_base)
        )


def _fields(line: str) -> list[str]:
    """Return pts, dts, duration, pos and flags of a packet's line."""
    return (line.rstrip().split(",") + [""] * 4)[:5]


def _raise(refusal: UnusableSource | None) -> None:
    if refusal is not None:
        raise refusal

"""Which bytes of a file a task needs, so that a distant worker fetches no more. Pure."""

from collections.abc import Iterable

from media_pipeline.model.plan import Chunk, EncodePlan
from media_pipeline.model.source import KeyframeOffsets, Source
from media_pipeline.model.spans import Span, merged
from media_pipeline.planning.video.analysis import FRAMES

HEAD = 6 << 20
"""Bytes after the first packet that every opening of the file may read: ffmpeg probes 5 MB."""
LEAD = 3.0
"""Seconds before a chunk: the pre-roll of its first attempt, and one to be safe."""
TRAIL = 6.0
"""Seconds after a chunk that the demuxer may read ahead while frames are still on their way."""
APART = 4.0
"""Seconds between two marks at least: a film of two hours has 1,800 of them."""

STEP = 0.25
"""Seconds between two marks where any packet will do."""
SAMPLE = 1.5
"""Seconds after a key frame that a look at a few frames may read ahead, at least."""
GAP = 256 << 10
"""Bytes between two stretches of sound that are fetched with them: a request costs as much."""

_CODECS = {"h264", "hevc", "vp9", "av1"}
"""Those whose decoders complain loudly of bytes that are missing, which are zeros."""


def is_suited(source: Source) -> bool:
    """Return whether tasks can do with pieces of such a file."""
    # A stream without an index is read from its beginning.
    return source.has_index and source.video.codec in _CODECS


def keyframe_offsets(
    packets: Iterable[tuple[int, int, bool]], apart: int
) -> KeyframeOffsets | None:
    """Return where moments of a file stand, from `(time, offset, whether it is a key frame)`.

    `packets` come as they are demuxed, times in ticks; marks are `apart` ticks
    or more from one another. None if the picture does not go on through the
    file as it does in time, so that a stretch of time is no stretch of bytes.
    """
    marks: list[tuple[int, int]] = []
    last = -1
    for time, offset, key in packets:
        if offset < last:
            return None
        last = offset
        if key and (not marks or time >= marks[-1][0] + apart):
            marks.append((time, offset))
    return KeyframeOffsets(marks=tuple(marks)) if marks else None


def chunk_spans(
    keyframes: KeyframeOffsets, source: Source, plan: EncodePlan, chunk: Chunk
) -> tuple[Span, ...]:
    """Return the bytes that the first attempt at `chunk` reads, in order and apart."""
    zero = float(plan.zero_seconds)
    start = zero + chunk.first / plan.frame_rate - LEAD
    end = zero + chunk.end / plan.frame_rate + TRAIL
    return spans(keyframes, source.size, float(source.video.time_base), start, end)


def ends(keyframes: KeyframeOffsets, size: int) -> tuple[Span, ...]:
    """Return what every opening of the file reads: its head, and its tail, where an index may be."""
    return merged([(0, keyframes.marks[0][1] + HEAD), (keyframes.marks[-1][1], size)], size)


def sample_spans(
    keys: KeyframeOffsets, steps: KeyframeOffsets, source: Source, moments: Iterable[float]
) -> tuple[Span, ...]:
    """Return the bytes that a look at a few frames at each of `moments` reads.

    `keys` are all key frames, `steps` marks of any packets, `moments` seconds
    since the start of the title. A demuxer seeks to the key frame before, or to
    the one before that where it allows for frames that are decoded early.
    """
    tick, start = float(source.video.time_base), float(source.video.start_seconds)
    ahead = max(SAMPLE, 3 * FRAMES / source.video.frame_rate) / tick
    found: list[Span] = []
    for moment in moments:
        # ffmpeg counts from where the container begins, which a stream may do later.
        for at in (start + moment, start + moment + source.start):
            before = [mark for mark in keys.marks if mark[0] * tick <= at] or [keys.marks[0]]
            for time, offset in before[-2:]:
                after = (place for when, place in steps.marks if when >= time + ahead)
                found.append((offset, next(after, source.size)))
    return merged(found, source.size)


def sound_spans(packets: Iterable[Span], size: int) -> tuple[Span, ...]:
    """Return the stretches of a file that hold `packets`, those less than `GAP` apart as one."""
    joined = merged(((first, end + GAP) for first, end in packets), size + GAP)
    return tuple((first, min(end - GAP, size)) for first, end in joined)


def spans(
    keyframes: KeyframeOffsets, size: int, tick: float, start: float, end: float
) -> tuple[Span, ...]:
    """Return the bytes of the seconds [start, end) on the file's clock, with the two ends."""
    before = [offset for time, offset in keyframes.marks if time * tick <= start]
    after = [offset for time, offset in keyframes.marks if time * tick >= end]
    # One mark more: a cluster of Matroska begins before the key frame that its index names.
    body = (before[-2] if len(before) > 1 else 0, after[0] if after else size)
    return merged([*ends(keyframes, size), body], size)

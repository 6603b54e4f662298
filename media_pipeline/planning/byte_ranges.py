"""Which bytes of a file a task needs, so that a distant worker fetches no more. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise

from media_pipeline.model.plan import Chunk, EncodePlan
from media_pipeline.model.source import KeyframeOffsets, Source
from media_pipeline.model.spans import Span, merged
from media_pipeline.planning.video.analysis import FRAMES

HEAD = 6 << 20
"""Bytes after the first packet that every opening of the file may read: ffmpeg probes 5 MB."""
LEAD = 3.0
"""Seconds before a chunk: the pre-roll of its first attempt, and two to be safe."""
TRAIL = 6.0
"""Seconds after a chunk that the demuxer may read ahead while frames are still on their way."""
TRAIL_OF_CLUSTERS = 2.0
"""The same of Matroska, where one mark more is taken: no packet is read after the first second."""
KEYS_APART = 1.0
"""Seconds between two key frames at least of which a plan knows."""
APART = 4.0
"""Seconds between two marks at least: a film of two hours has 1,800 of them."""

MOST_MARKS = 500_000
"""Marks that are kept in mind, 70 MB of Python: a file of key frames alone may claim millions."""

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
    or more from one another, and no two have one offset. None if the picture does
    not go on through the file as it does in time, so that a stretch of time is no
    stretch of bytes, or if the marks are too many.
    """
    marks: list[tuple[int, int]] = []
    last = -1
    for time, offset, key in packets:
        if offset < last:
            return None
        last = offset
        # A cluster of Matroska has one offset for all of its key frames.
        if len(marks) > MOST_MARKS:
            return None
        if key and (not marks or (time >= marks[-1][0] + apart and offset > marks[-1][1])):
            marks.append((time, offset))
    return KeyframeOffsets(marks=tuple(marks)) if marks else None


def spread(times: Iterable[int], apart: int) -> tuple[int, ...]:
    """Return of `times` those that are `apart` or more behind the one before, and the first."""
    kept: list[int] = []
    for time in times:
        if not kept or time >= kept[-1] + apart:
            kept.append(time)
    return tuple(kept)


def chunk_spans(
    keyframes: KeyframeOffsets, source: Source, plan: EncodePlan, chunk: Chunk
) -> tuple[Span, ...]:
    """Return the bytes that the first attempt at `chunk` reads, in order and apart."""
    zero = float(plan.zero_seconds)
    start = zero + chunk.first / plan.frame_rate - LEAD
    in_clusters = "matroska" in source.container
    end = zero + chunk.end / plan.frame_rate + (TRAIL_OF_CLUSTERS if in_clusters else TRAIL)
    tick = float(source.video.time_base)
    return spans(keyframes, source.size, tick, start, end, in_clusters=in_clusters)


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
    # Where none has two, each begins with its key frame, as writers do that can.
    in_clusters = any(a[1] == b[1] for a, b in pairwise(keys.marks))
    found: list[Span] = []
    for moment in moments:
        # ffmpeg counts from where the container begins, which a stream may do later.
        for at in (start + moment, start + moment + source.start):
            here = max(1, bisect_right(keys.marks, at / tick, key=_time))
            for time, offset in keys.marks[max(0, here - 2) : here]:
                behind = _behind(steps.marks, time + ahead, offset, in_clusters=in_clusters)
                found.append((offset, source.size if behind is None else behind))
    return merged(found, source.size)


def first_frames(keys: KeyframeOffsets, source: Source, count: int) -> Span:
    """Return the bytes that hold the first `count` frames, thrice as many as frames have mostly."""
    length = max(1.0, source.duration * source.video.frame_rate)
    return (0, keys.marks[0][1] + round(3 * source.size * min(1.0, count / length)))


def sound_spans(packets: Iterable[Span], size: int) -> tuple[Span, ...]:
    """Return the stretches of a file that hold `packets`, those less than `GAP` apart as one."""
    joined = merged(((first, end + GAP) for first, end in packets), size + GAP)
    return tuple((first, min(end - GAP, size)) for first, end in joined)


def spans(
    keyframes: KeyframeOffsets,
    size: int,
    tick: float,
    start: float,
    end: float,
    *,
    in_clusters: bool,
) -> tuple[Span, ...]:
    """Return the bytes of the seconds [start, end) on the file's clock, with the two ends.

    `tick` is in seconds. `in_clusters` says that offsets are those of Matroska's
    clusters, which may begin with frames from before their first key frame.
    """
    marks = keyframes.marks
    here = bisect_right(marks, start / tick, key=_time)
    # One mark more: demuxers seek to before where they are told, for frames that are decoded early.
    first = marks[here - 2][1] if here > 1 else 0
    behind = _behind(marks, end / tick, first, in_clusters=in_clusters)
    return merged([*ends(keyframes, size), (first, size if behind is None else behind)], size)


def _behind(
    marks: Sequence[tuple[int, int]], time: float, offset: int, *, in_clusters: bool
) -> int | None:
    """Return where the packets before `time` (ticks) have ended, beyond `offset`; None if never."""
    places = [at for _, at in marks[bisect_left(marks, time, key=_time) :] if at > offset]
    if in_clusters:
        # The first may begin with packets from before `time`, the next does not.
        places = [at for at in places if at > places[0]]
    return places[0] if places else None


def _time(mark: tuple[int, int]) -> int:
    return mark[0]

"""How a title is divided into segments, and segments into chunks."""

from itertools import accumulate, pairwise

from media_pipeline.model.plan import AUDIO_FRAME, AUDIO_RATE, SEGMENT_SECONDS, Chunk

_OPENING = (1, 3)
"""Segments in the first chunks (4 s, 12 s), so that something can be watched soon."""

_LONGEST, _SHORTEST = 15, 3
"""Segments in a later chunk: 60 s are lost at most when a worker is killed; less than 12 s would
cost too much, since each chunk decodes 2 s before its start."""

_SHARE = 2
"""A chunk is at most what is left for each of several workers, divided by this: chunks grow
shorter towards the end, and no worker is idle for long while another ends the last one."""


def segment_frames(frames: int, rate: int) -> tuple[int, ...]:
    """Return each segment's length in frames, for a title of `frames` at `rate` a second.

    A last segment shorter than half a second is merged into the one before.
    """
    group = SEGMENT_SECONDS * rate
    count, rest = divmod(frames, group)
    if rest and (rest * 2 >= rate or not count):
        return (group,) * count + (rest,)
    return (group,) * (count - 1) + (group + rest,)


def chunks(segments: tuple[int, ...], rate: int, workers: int = 1) -> tuple[Chunk, ...]:
    """Return the chunks that make `segments`: 4 s, 12 s, then 60 s, for several workers less.

    A rest shorter than one segment goes with the chunk before: an encoder that
    starts for a second of picture costs more than it makes.
    """
    sizes = _sizes(len(segments), workers)
    if len(sizes) > 1 and sizes[-1] == 1 and segments[-1] < SEGMENT_SECONDS * rate:
        sizes = [*sizes[:-2], sizes[-2] + 1]
    edges = list(accumulate(segments, initial=0))
    bounds = list(accumulate(sizes, initial=0))
    return tuple(
        Chunk(index=k, first=edges[first], end=edges[end])
        for k, (first, end) in enumerate(pairwise(bounds))
    )


def _sizes(count: int, workers: int) -> list[int]:
    """Return how many segments each chunk has."""
    sizes: list[int] = []
    while count > 0:
        wish = _OPENING[len(sizes)] if len(sizes) < len(_OPENING) else _body(count, workers)
        sizes.append(min(wish, count))
        count -= sizes[-1]
    return sizes


def _body(left: int, workers: int) -> int:
    """Return how many segments the next chunk has, of the `left` ones."""
    if workers == 1:
        return _LONGEST
    return min(_LONGEST, max(_SHORTEST, -(-left // (workers * _SHARE))))


def audio_edges(segments: tuple[int, ...], rate: int) -> tuple[int, ...]:
    """Return the AAC frames at which each segment starts, and where the last ends.

    `segments` are lengths in video frames at `rate`. Each edge is the first
    frame at or after the picture's; the last is rounded down, since sound that
    is longer than the picture makes players lose seconds at the next programme.
    """
    samples = [frames * AUDIO_RATE // rate for frames in accumulate(segments, initial=0)]
    return (*(-(-s // AUDIO_FRAME) for s in samples[:-1]), samples[-1] // AUDIO_FRAME)

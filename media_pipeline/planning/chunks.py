"""How a title is divided into segments, and segments into chunks."""

from itertools import accumulate, pairwise

from media_pipeline.model.plan import AUDIO_FRAME, AUDIO_RATE, SEGMENT_SECONDS, Chunk

_OPENING = (1, 3)
"""Segments in the first chunks (4 s, 12 s), so that something can be watched soon."""

_LONGEST = 15
"""Segments in a later chunk: 60 s are lost at most when a worker is killed."""

_SHARE = 2
"""A chunk is at most what is left for each of several workers, divided by this: chunks grow
shorter towards the end, down to one segment, and no worker is idle for long while another ends
the last one. Each costs a start and the 2 s that are decoded before it, a tenth of a segment."""

_TAIL = 2
"""Segments that are not worth a chunk of their own, where one worker would make it after the
other: they go with the chunk before."""


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
    starts for a second of picture costs more than it makes. So do up to two
    segments where there is one worker, but never with the first chunk, for which
    viewers wait.
    """
    sizes = _sizes(len(segments), workers)
    partial = segments[-1] < SEGMENT_SECONDS * rate
    if len(sizes) > 1 and sizes[-1] == 1 and partial:
        sizes = [*sizes[:-2], sizes[-2] + 1]
    if workers == 1 and len(sizes) > 2 and sizes[-1] <= _TAIL:
        sizes = [*sizes[:-2], sizes[-2] + sizes[-1]]
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
    return min(_LONGEST, -(-left // (workers * _SHARE)))


def audio_edges(segments: tuple[int, ...], rate: int) -> tuple[int, ...]:
    """Return the AAC frames at which each segment starts, and where the last ends.

    `segments` are lengths in video frames at `rate`. Each edge is the first
    frame at or after the picture's; the last is rounded down, since sound that
    is longer than the picture makes players lose seconds at the next programme.
    """
    samples = [frames * AUDIO_RATE // rate for frames in accumulate(segments, initial=0)]
    return (*(-(-s // AUDIO_FRAME) for s in samples[:-1]), samples[-1] // AUDIO_FRAME)

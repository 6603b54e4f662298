"""How a title is divided into segments, and segments into chunks."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from media_pipeline.model.plan import AUDIO_RATE, SEGMENT_SECONDS, Chunk
from media_pipeline.planning.commands import PREROLLS, SOUGHT_BEFORE

_OPENING = (1, 3)
"""Segments in the first chunks (4 s, 12 s), so that something can be watched soon."""

_LONGEST = 15
"""Segments in a later chunk: 60 s are lost at most when a worker is killed."""

_SHARE = 2
"""A chunk is at most what is left for each of several workers, divided by this: chunks grow
shorter towards the end, down to one segment, and no worker is idle for long while another ends
the last one. Each costs a start and what is decoded before it, from 1 s on."""

_START = 1.0
"""What another chunk costs beside its lead-in, in seconds of the film decoded."""

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


def chunks(
    segments: tuple[int, ...], rate: int, workers: int = 1, keys: Sequence[float] = ()
) -> tuple[Chunk, ...]:
    """Return the chunks that make `segments`: 4 s, 12 s, then 60 s, for several workers less.

    They are up to a third shorter where less of the film is then decoded for nothing:
    `keys` are the frames of the title, in order, at which its decoder may begin.

    A rest shorter than one segment goes with the chunk before: an encoder that
    starts for a second of picture costs more than it makes. So do up to two
    segments where there is one worker, but never with the first chunk, for which
    viewers wait.
    """
    edges = list(accumulate(segments, initial=0))
    sizes = _sizes(edges, _Leads(rate, keys), workers)
    partial = segments[-1] < SEGMENT_SECONDS * rate
    if len(sizes) > 1 and sizes[-1] == 1 and partial:
        sizes = [*sizes[:-2], sizes[-2] + 1]
    bounds = list(accumulate(sizes, initial=0))
    return tuple(
        Chunk(index=k, first=edges[first], end=edges[end])
        for k, (first, end) in enumerate(pairwise(bounds))
    )


def _sizes(edges: Sequence[int], leads: "_Leads", workers: int) -> list[int]:
    """Return how many segments each chunk has, of those between `edges`."""
    sizes: list[int] = []
    at, count = 0, len(edges) - 1
    while at < count:
        left = count - at
        wish = _OPENING[len(sizes)] if len(sizes) < len(_OPENING) else _body(left, workers)
        enough = _TAIL if workers == 1 and sizes else 0
        sizes.append(left if left - wish <= enough else leads.best(edges[at : at + wish + 1]))
        at += sizes[-1]
    return sizes


class _Leads(NamedTuple):
    """What is decoded before a chunk begins, of a film with these key frames."""

    rate: int
    keys: Sequence[float]

    def best(self, edges: Sequence[int]) -> int:
        """Return at which of `edges` a chunk that begins at the first ends best."""
        wish = len(edges) - 1
        if not self.keys:
            return wish
        ends = range(wish, wish - wish // 3 - 1, -1)
        return min(ends, key=lambda end: self._cost(edges[end]) / (edges[end] - edges[0]))

    def _cost(self, frame: int) -> float:
        """Return the seconds that are decoded for nothing before a chunk that begins at `frame`."""
        sought = frame - ((PREROLLS[0] or 0) + SOUGHT_BEFORE) * self.rate
        here = bisect_right(self.keys, sought)
        begin = self.keys[here - 1] if here else 0.0
        return _START + (frame - begin) / self.rate


def _body(left: int, workers: int) -> int:
    """Return how many segments the next chunk has, of the `left` ones."""
    if workers == 1:
        return _LONGEST
    return min(_LONGEST, -(-left // (workers * _SHARE)))


def audio_edges(segments: tuple[int, ...], rate: int, frame: int) -> tuple[int, ...]:
    """Return the frames of sound at which each segment starts, and where the last ends.

    `segments` are lengths in video frames at `rate`; `frame` is how many samples
    a frame of sound has. Each edge is the first
    frame at or after the picture's; the last is rounded down, since sound that
    is longer than the picture makes players lose seconds at the next programme.
    """
    samples = [frames * AUDIO_RATE // rate for frames in accumulate(segments, initial=0)]
    return (*(-(-s // frame) for s in samples[:-1]), samples[-1] // frame)

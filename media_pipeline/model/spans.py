"""Stretches [first, end): of bytes of a file, of ticks of a day. Pure."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from operator import itemgetter

Span = tuple[int, int]


def merged(wanted: Iterable[Span], size: int) -> tuple[Span, ...]:
    """Return `wanted` in order, within `size`, what touches as one."""
    return united((max(0, first), min(end, size)) for first, end in wanted)


def united(spans: Iterable[Span], hole: int = 0) -> tuple[Span, ...]:
    """Return `spans` in order, with holes of up to `hole` between them taken in."""
    done: list[Span] = []
    for first, end in sorted(spans):
        if first >= end:
            continue
        if done and first - done[-1][1] <= hole:
            done[-1] = (done[-1][0], max(end, done[-1][1]))
        else:
            done.append((first, end))
    return tuple(done)


def span_at(spans: Sequence[Span], point: int) -> Span | None:
    """Return which of `spans` (in order, apart from each other) holds `point`; None for none."""
    place = bisect_right(spans, point, key=itemgetter(0)) - 1
    found = spans[place] if place >= 0 else None
    return found if found is not None and point < found[1] else None


def missing(wanted: Sequence[Span], have: Sequence[Span], size: int) -> tuple[Span, ...]:
    """Return what of `wanted` is not in `have`."""
    holes: list[Span] = []
    there = merged(have, size)
    for first, end in merged(wanted, size):
        at = first
        for start, stop in there:
            if stop <= at or start >= end:
                continue
            if start > at:
                holes.append((at, start))
            at = max(at, stop)
        if at < end:
            holes.append((at, end))
    return tuple(holes)


def pieces(wanted: Iterable[Span], most: int) -> list[Span]:
    """Return `wanted` cut into pieces of `most` bytes at most."""
    return [(at, min(at + most, end)) for first, end in wanted for at in range(first, end, most)]

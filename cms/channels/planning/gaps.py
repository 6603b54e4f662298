"""Filling a gap: whole fillers in turn, then one cut at a segment border, or the slate.

A choice depends only on what plays before it, never on how the gap came to be. So
planning again from any later moment gives the same entries.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence

from cms.channels.planning.values import Item
from media_pipeline.model.ticks import TIMESCALE

SHORTEST_CUT = 8 * TIMESCALE
"""A rest shorter than this is slate: two seconds of a filler look like a fault."""
TOUCHING = 4 * TIMESCALE
"""A rest shorter than a segment may stay empty."""


def nearest_border(item: Item, length: int) -> int:
    """Return how many of the item's segments come closest to `length` ticks.

    The error is at most half a segment, unless the item is too short. Of two
    equally near borders the later one, so that nothing starts before its time.
    """
    after = min(bisect_left(item.borders, length), len(item.borders) - 1)
    if after == 0 or item.borders[after] < length:
        return after
    early, late = length - item.borders[after - 1], item.borders[after] - length
    return after if late <= early else after - 1


def last_border(item: Item, length: int, first: int = 0) -> int:
    """Return the last border that lies within `length` ticks of border `first`."""
    return bisect_right(item.borders, item.borders[first] + length) - 1


def fitted(
    gaps: Iterable[tuple[int, int]], videos: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Return (video, start) of whole videos that fill `gaps`, [begin, end) in ticks, in turn.

    `videos` are (id, length in ticks). One that does not fit is passed over until the next gap.
    """
    found: list[tuple[int, int]] = []
    turn = 0
    for begin, end in gaps:
        at, passed = begin, 0
        while passed < len(videos):
            video, length = videos[turn % len(videos)]
            turn += 1
            if at + length > end:
                passed += 1
                continue
            found.append((video, at))
            at, passed = at + length, 0
    return found


def turns(item: Item, length: int) -> Iterator[int]:
    """Yield how many segments of each turn of `item` play end to end within `length` ticks."""
    while (count := last_border(item, max(0, length))) > 0:
        yield count
        length -= item.borders[count]


def fill(
    length: int | None,
    fillers: Sequence[Item],
    slate: Item,
    *,
    last_filler: str,
    before: str,
    after: str,
    enough: Callable[[int], bool],
    border: Callable[[Item, int], int] = nearest_border,
) -> Iterator[tuple[Item, int]]:
    """Yield (item, count of segments) that fill `length` ticks to within half a segment.

    With `last_border` as `border` they are never longer, and shorter by less than one.

    `last_filler`, `before` and `after` are publications: the filler that played
    last, and what stands on both sides of the gap; neighbours are never the same
    if there is a choice. With `length` None the gap has no end, and whole fillers
    are yielded until `enough(ticks yielded)`.
    """
    filled = 0
    while not enough(filled) if length is None else length > filled:
        rest = None if length is None else length - filled
        item = _next_filler(fillers, rest, last_filler, before, after) or slate
        count = len(item.durations)
        if rest is not None and item.duration > rest:
            item = item if rest >= SHORTEST_CUT else slate
            count = border(item, rest)
        if count == 0:
            return
        yield item, count
        filled += item.borders[count]
        before = item.publication
        last_filler = item.publication if item is not slate else last_filler
        if count < len(item.durations):
            return


def _next_filler(
    fillers: Sequence[Item], rest: int | None, last: str, before: str, after: str
) -> Item | None:
    """Return whose turn it is: first one that fits whole, else one to be cut."""
    turns = [item.publication for item in fillers]
    begin = turns.index(last) + 1 if last in turns else 0
    order = [*fillers[begin:], *fillers[:begin]]
    order = _but(order, before, last) or _but(order, before) or order
    if rest is None:
        return next(iter(order), None)
    whole = [i for i in order if i.duration <= rest and not _meets(i, rest, after)]
    ends_gap = _but(order, after) or order
    return next(iter(whole or ends_gap), None)


def _but(fillers: Sequence[Item], *publications: str) -> list[Item]:
    return [item for item in fillers if item.publication not in publications]


def _meets(item: Item, rest: int, after: str) -> bool:
    """Return whether `item` would stand right before what follows the gap, and is the same."""
    return item.publication == after and rest - item.duration < TOUCHING

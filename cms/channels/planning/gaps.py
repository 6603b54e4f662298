"""Filling a gap: whole fillers in turn, then one cut at a segment border, or the slate.

A choice depends only on what plays before it, never on how the gap came to be. So
planning again from any later moment gives the same entries.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence

from cms.channels.planning.values import Item
from media_pipeline.model.ticks import TIMESCALE

SHORTEST_CUT = 8 * TIMESCALE
"""A rest shorter than this is slate: two seconds of a filler look like a fault."""


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


def fill(
    length: int | None,
    fillers: Sequence[Item],
    slate: Item,
    *,
    last_filler: str,
    before: str,
    after: str,
    enough: Callable[[int], bool],
) -> Iterator[tuple[Item, int]]:
    """Yield (item, count of segments) that fill `length` ticks to within half a segment.

    `last_filler`, `before` and `after` are publications: the filler that played
    last, and what stands on both sides of the gap; neighbours are never the same
    if there is a choice. With `length` None the gap has no end, and whole fillers
    are yielded until `enough(ticks yielded)`.
    """
    filled = 0
    while not enough(filled) if length is None else length > filled:
        rest = None if length is None else length - filled
        item = _next_filler(fillers, rest, last_filler, {before, last_filler}, after) or slate
        count = len(item.durations)
        if rest is not None and item.duration > rest:
            item = item if rest >= SHORTEST_CUT else slate
            count = nearest_border(item, rest)
        if count == 0:
            return
        yield item, count
        filled += item.borders[count]
        before = item.publication
        last_filler = item.publication if item is not slate else last_filler
        if count < len(item.durations):
            return


def _next_filler(
    fillers: Sequence[Item], rest: int | None, last: str, avoid: set[str], after: str
) -> Item | None:
    """Return whose turn it is: first one that fits whole, else one to be cut."""
    turns = [item.publication for item in fillers]
    begin = turns.index(last) + 1 if last in turns else 0
    order = [*fillers[begin:], *fillers[:begin]]
    order = [i for i in order if i.publication not in avoid] or order
    whole = [item for item in order if rest is None or item.duration <= rest]
    ends_gap = [i for i in order if i.publication != after] or order
    return next(iter(whole or ends_gap), None)

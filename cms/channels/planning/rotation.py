"""What a block plays: a playlist in order, a rotation, or a break of a length. Pure.

What decides is what was planned before, never a counter: planning again after the same
turns gives the same turns, however often it is done.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from media_pipeline.model.ticks import TIMESCALE

MEMORY = 28 * 24 * 3600 * TIMESCALE
"""Turns that are longer ago count for nothing, so that they need not be kept for ever."""

Order = Literal["in_order", "rotation", "break", "fair"]
"""How a block takes videos from its list.

in_order  one after the other, from where the list stopped last time, over and over
rotation  the least recently aired first
break     the same, to fill a break: what is left of it is for fillers
fair      it has no list: spots of traders take turns (`planning.fair`)
"""


@dataclass(frozen=True)
class Candidate:
    """Something that may play in a block: the id of a video, and its length in ticks."""

    video: int
    length: int


@dataclass(frozen=True)
class Turn:
    """A video that a block plays from `start` (ticks since 1970) on."""

    video: int
    start: int


@dataclass(frozen=True)
class Block:
    """`length` ticks from `start` on that `order` fills from the list `pool`.

    `row` is its slot of the template. Turns of one list count wherever it is used.
    """

    row: int
    start: int
    length: int
    pool: int
    order: Order

    @property
    def key(self) -> tuple[int, int]:
        """Names the block among all of a channel."""
        return self.row, self.start


def fill_in_turn(
    length: int, candidates: Sequence[Candidate], last: int | None = None
) -> list[Candidate]:
    """Return what fills `length` ticks: whole candidates in turn, never longer in all.

    The first candidate is whose turn it is, `last` what played before: that does not come first
    where there is another. None plays twice in a row, nor again before each other one had its
    turn. One that does not fit is passed over and keeps its turn for the next time.
    """
    chosen: list[Candidate] = []
    room, waiting = length, list(candidates)
    while room > 0:
        fits = [one for one in waiting if 0 < one.length <= room]
        one = next((one for one in fits if one.video != last), None)
        if one is None and not chosen:
            one = next(iter(fits), None)
        if one is None:
            break
        chosen.append(one)
        room, last = room - one.length, one.video
        waiting.remove(one)
        waiting = waiting or list(candidates)
    return chosen


def fill_in_order(
    length: int, candidates: Sequence[Candidate], played: Sequence[int]
) -> list[Candidate]:
    """Return the candidates that fill `length` ticks, going on after `played`.

    It stops before the first that does not fit, and before one that would follow itself.
    """
    chosen: list[Candidate] = []
    place, room = _place_after([one.video for one in candidates], played), length
    while candidates:
        one = candidates[place % len(candidates)]
        if one.length <= 0 or one.length > room or (chosen and chosen[-1] == one):
            break
        chosen.append(one)
        room -= one.length
        place += 1
    return chosen


def fill_blocks(
    blocks: Iterable[Block],
    pools: Mapping[int, Sequence[Candidate]],
    past: Mapping[int, Sequence[Turn]],
    standing: Mapping[tuple[int, int], Sequence[Turn]],
) -> dict[tuple[int, int], list[Turn]]:
    """Return the turns of each block by its key.

    `past` are the turns of each list before the first block, `standing` what was settled
    of blocks that began. Both in order of start.
    """
    played = {pool: list(turns) for pool, turns in past.items()}
    found: dict[tuple[int, int], list[Turn]] = {}
    for block in sorted(blocks, key=lambda block: (block.start, block.row)):
        before = played.setdefault(block.pool, [])
        turns = standing.get(block.key)
        if turns is None:
            recent = [t for t in before if block.start - MEMORY <= t.start < block.start]
            turns = _turns(block, pools.get(block.pool, ()), recent)
        found[block.key] = list(turns)
        before += turns
    return found


def _turns(block: Block, candidates: Sequence[Candidate], past: Sequence[Turn]) -> list[Turn]:
    fitting = [one for one in candidates if one.length <= block.length]
    if block.order == "in_order":
        chosen = fill_in_order(block.length, fitting, [turn.video for turn in past])
    else:
        last = past[-1].video if past else None
        chosen = fill_in_turn(block.length, in_turn(fitting, past), last)
    turns, start = [], block.start
    for one in chosen:
        turns.append(Turn(one.video, start))
        start += one.length
    return turns


def in_turn(candidates: Iterable[Candidate], past: Iterable[Turn]) -> list[Candidate]:
    """Return `candidates`, each once: never aired first, then the least recently aired."""
    aired = {turn.video: turn.start for turn in past}
    each = {one.video: one for one in candidates}.values()
    return sorted(each, key=lambda one: aired.get(one.video, -1))


def _place_after(order: Sequence[int], played: Sequence[int]) -> int:
    """Return the place in `order` that follows what was played last.

    Where a video stands there more than once, what was played before it tells which it was.
    """
    listed = set(order)
    heard = [video for video in played[-4 * len(order) :] if video in listed][-len(order) :]
    place, longest = 0, 0
    for end in range(len(order)):
        same = 0
        while same < len(heard) and order[end - same] == heard[-1 - same]:
            same += 1
        if same > longest:
            place, longest = end + 1, same
    return place

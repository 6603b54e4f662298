"""Pictures for scrubbing through a window: the storyboards of what it shows, in its own time."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence

from media_pipeline.manifests.webvtt import Cue, document
from media_pipeline.model.ticks import milliseconds_in
from media_pipeline.playout.excerpt import Excerpt, Part

MOST = 900
"""Pictures of one window; a bar on a screen tells no more of them apart."""


def storyboard(excerpt: Excerpt, boards: Mapping[str, Sequence[Cue]]) -> str:
    """WebVTT of tiles, counted from the first segment of `excerpt`.

    `boards` are the tiles of each publication in its own time, with whole addresses. What has
    none, or was taken down, has no picture.
    """
    found = [list(_tiles(part, excerpt.start, boards)) for part in excerpt.parts]
    step = -(-sum(map(len, found)) // MOST) or 1
    return document(_each(step, found))


def _each(step: int, found: Iterable[Sequence[Cue]]) -> Iterator[Cue]:
    """Of a long window each second, third … tile of all: it stands until the next one that is kept.

    The first of a part stands from the part's begin, and none stands in another part.
    """
    before = 0
    for tiles in found:
        for place in range(-before % step, len(tiles), step):
            start = tiles[place if place >= step else 0].start
            yield tiles[place]._replace(
                start=start, end=tiles[min(place + step, len(tiles)) - 1].end
            )
        before += len(tiles)


def _tiles(part: Part, zero: int, boards: Mapping[str, Sequence[Cue]]) -> Iterator[Cue]:
    board = () if part.reel.gone else boards.get(part.entry.publication, ())
    begin, end = (milliseconds_in(tick - part.zero) for tick in (part.start, part.end))
    shift = milliseconds_in(part.zero - zero)
    first = max(0, bisect_right(board, begin, key=lambda tile: tile.start) - 1)
    last = bisect_left(board, end, key=lambda tile: tile.start)
    for tile in board[first:last]:
        shown = (max(tile.start, begin) + shift, min(tile.end, end) + shift)
        if shown[0] < shown[1]:
            yield tile._replace(start=shown[0], end=shown[1])

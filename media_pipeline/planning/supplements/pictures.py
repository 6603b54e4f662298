"""Which pictures of a title are looked at, which make good covers, and the storyboard. Pure."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Any, NamedTuple

import ffmpeg

from media_pipeline.model.plan import SEGMENT_SECONDS, EncodePlan, Rung
from media_pipeline.model.report import Look
from media_pipeline.planning.commands import compiled
from media_pipeline.planning.inputs import GUARDS, address

POSTERS = 5
"""Candidates for a cover at most."""

_MARGIN = 0.02
"""The part of a title at either end that gives no cover: titles, and what fades."""

_TELLING = 0.35
"""A picture with less than this part of the best one's score is blurred, or nearly nothing."""

_NOTHING = 0.15
"""Edges of a picture in which there is nothing: black, or one colour."""

_POSTER_LINES = 720
_TILE = 160
_COLUMNS = _ROWS = 10
_TILES = 500
"""Tiles at most: five sheets, so that scrubbing through six hours costs no more than 2 MB."""

_CLOSE = ((20, 0.5), (60, 1), (150, 2))
"""Seconds between tiles of titles up to so many seconds; of longer ones, whole segments."""


class Grid(NamedTuple):
    """The pictures that are looked at: every `step` frames at F, `tiles` of them.

    `segments` is how many segments lie between two; 0 where several are in one,
    which takes decoding all frames instead of the key frames.
    """

    step: int
    tiles: int
    segments: int


class Moment(NamedTuple):
    """A frame of the poster rung: `at` seconds; in `segment`, its frame number `frame`."""

    at: float
    segment: int
    frame: int


def grid(plan: EncodePlan) -> Grid:
    """Return which pictures of the title are looked at."""
    longest_step = max(rung.step for rung in plan.rungs)
    for most, seconds in _CLOSE:
        if plan.seconds <= most:
            step = max(1, round(seconds * plan.frame_rate / longest_step)) * longest_step
            return Grid(step, -(-plan.frames // step), 0)
    keys = -(-plan.frames // plan.group)
    segments = -(-keys // _TILES)
    return Grid(segments * plan.group, -(-keys // segments), segments)


def covers(plan: EncodePlan, looks: Sequence[Look]) -> tuple[Look, ...]:
    """Return the looks that make good covers: the best first, then the others in their order.

    The best of each fifth of the title; where a fifth is black or blurred, the
    next best of the others. A title with nothing better gives its middle.
    """
    edge = plan.seconds * _MARGIN
    inner = [look for look in looks if edge <= look.at <= plan.seconds - edge] or list(looks)
    best = max((score(look) for look in inner), default=0.0)
    good = sorted((k for k in inner if score(k) > best * _TELLING), key=score, reverse=True)
    if not good:
        return tuple(inner[len(inner) // 2 :][:1])
    chosen: dict[int, Look] = {}
    for look in good:
        chosen.setdefault(int(look.at * POSTERS / plan.seconds), look)
    picked = list(chosen.values())
    for look in good:
        apart = min(abs(look.at - other.at) for other in picked)
        if len(picked) < POSTERS and apart > plan.seconds / (4 * POSTERS):
            picked.append(look)
    first = max(picked, key=score)
    return (first, *sorted((k for k in picked if k is not first), key=lambda k: k.at))


def score(look: Look) -> float:
    """Return how good a cover `look` would be; 0 where there is nothing to see."""
    if look.edges < _NOTHING:
        return 0.0
    # Sharp, neither dark nor glaring, and more than a few words on black.
    light = max(0.3, 1 - abs(look.luma - 125) / 160)
    return look.edges * light * min(1.0, 0.1 + look.contrast / 60)


def poster_moment(plan: EncodePlan, look: Look) -> Moment:
    """Return where the frame of `look` is in the poster rung."""
    starts = list(accumulate(plan.segments, initial=0))[:-1]
    frame = min(round(look.at * plan.frame_rate), plan.frames - 1)
    segment = bisect_right(starts, frame) - 1
    within = (frame - starts[segment]) // poster_rung(plan).step
    return Moment(look.at, segment, within)


def poster_rung(plan: EncodePlan) -> Rung:
    """Return the rung that posters are taken from: the highest that is not above 720 lines."""
    low = [rung for rung in plan.rungs if min(rung.width, rung.height) <= _POSTER_LINES]
    return low[-1]


def posters_argv(
    tool: str, paths: Sequence[str], chosen: Sequence[Moment], outputs: Sequence[str]
) -> list[str]:
    """Return the command that writes the frame of each moment as a JPEG of its own.

    Each of `paths` is its segment with the init: turned, deinterlaced and tone-mapped
    already, and sought in without the original's flaws.
    """
    made = []
    for path, moment, output in zip(paths, chosen, outputs, strict=True):
        # One frame of each segment: not worth starting threads for.
        source = ffmpeg.input(address(path), **GUARDS, threads=1)
        frames = source["0"].filter("trim", start_frame=moment.frame)
        made.append(jpeg_output(frames, output, quality=3, **{"frames:v": 1, "update": 1}))
    return compiled(tool, ffmpeg.merge_outputs(*made))


def tile_size(plan: EncodePlan) -> tuple[int, int]:
    """Return width and height of one tile: the long side is 160."""
    lowest = plan.rungs[0]
    scale = _TILE / max(lowest.width, lowest.height)
    return max(2, round(lowest.width * scale)), max(2, round(lowest.height * scale))


def storyboard_vtt(plan: EncodePlan, sprites: tuple[str, ...]) -> str:
    """Return the WebVTT that names each tile's place in `sprites` (media fragments, #xywh)."""
    width, height = tile_size(plan)
    columns, rows = sheet(plan)
    looked = grid(plan)
    lines = ["WEBVTT"]
    for tile in range(looked.tiles):
        number, place = divmod(tile, columns * rows)
        row, column = divmod(place, columns)
        start, end = (min(k * looked.step, plan.frames) for k in (tile, tile + 1))
        lines += [
            "",
            f"{_clock(start / plan.frame_rate)} --> {_clock(end / plan.frame_rate)}",
            f"{sprites[number]}#xywh={column * width},{row * height},{width},{height}",
        ]
    return "\n".join(lines) + "\n"


def sprite_count(plan: EncodePlan) -> int:
    """Return how many sheets the tiles fill."""
    columns, rows = sheet(plan)
    return -(-grid(plan).tiles // (columns * rows))


def sheet(plan: EncodePlan) -> tuple[int, int]:
    """Return how many columns and rows a sheet has."""
    count = grid(plan).tiles
    columns = min(_COLUMNS, count)
    return columns, min(_ROWS, -(-count // columns))


def interval(plan: EncodePlan) -> float:
    """Return the seconds between two tiles."""
    return SEGMENT_SECONDS * grid(plan).segments or grid(plan).step / plan.frame_rate


def jpeg_output(frames: Any, output: str, *, quality: int, **more: Any) -> Any:
    """Return `frames` as JPEG has them: full range, or black would be grey."""
    full = frames.filter("scale", out_range="pc").filter("format", "yuvj420p")
    options: dict[str, Any] = {
        "c:v": "mjpeg",
        "q:v": quality,
        "fps_mode": "passthrough",  # never the same picture twice
        "map_metadata": -1,
        "fflags": "+bitexact",
        "flags:v": "+bitexact",  # no encoder name in the picture
        "f": "image2",
        **more,
    }
    return ffmpeg.output(full, output, **options)


def _clock(seconds: float) -> str:
    millis = round(seconds * 1000)
    hours, rest = divmod(millis, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    return f"{hours:02}:{minutes:02}:{rest // 1000:02}.{rest % 1000:03}"

"""Commands for poster frames and the storyboard, and the storyboard's WebVTT."""

from bisect import bisect_right
from itertools import accumulate
from typing import Any, NamedTuple

import ffmpeg

from media_pipeline.model.plan import SEGMENT_SECONDS, EncodePlan, Rung
from media_pipeline.planning.commands import GLOBAL
from media_pipeline.planning.inputs import GUARDS, address

_POSTERS_AT = (10, 30, 50, 70, 90)
"""Per cent of the title: the first and last moments are titles and black."""

_POSTER_LINES = 720
_TILE = 160
_COLUMNS = _ROWS = 10


class Look(NamedTuple):
    """Where a candidate cover is: `at` seconds; in segment `segment`, from its frame `frame` on."""

    at: float
    segment: int
    frame: int


def poster_looks(plan: EncodePlan) -> tuple[Look, ...]:
    """Return where candidates are taken from, in order and without repeats.

    At the start of the segment in which each moment lies, which costs least to
    decode; a short title with several moments in one segment looks inside it.
    """
    starts = list(accumulate(plan.segments, initial=0))[:-1]
    step = poster_rung(plan).step
    looks: dict[int, Look] = {}
    for moment in (plan.frames * part // 100 for part in _POSTERS_AT):
        segment = bisect_right(starts, moment) - 1
        taken = any(look.segment == segment for look in looks.values())
        within = (moment - starts[segment]) // step if taken else 0
        frame = starts[segment] + within * step
        looks[frame] = Look(round(frame / plan.frame_rate, 3), segment, within)
    return tuple(looks.values())


def poster_rung(plan: EncodePlan) -> Rung:
    """Return the rung that posters are taken from: the highest that is not above 720 lines."""
    low = [rung for rung in plan.rungs if min(rung.width, rung.height) <= _POSTER_LINES]
    return low[-1]


def poster_argv(tool: str, path: str, plan: EncodePlan, look: Look, output: str) -> list[str]:
    """Return the command that writes the best frame of the half second after `look` as JPEG.

    `path` is a segment of ours with its init: turned, deinterlaced and
    tone-mapped already, and sought in without the original's flaws.
    """
    source = ffmpeg.input(address(path), **GUARDS)
    frames = source["0"].filter("trim", start_frame=look.frame)
    # The most typical frame of half a second, so not the blurred one of a cut.
    frames = frames.filter("thumbnail", n=plan.frame_rate // 2)
    return _image_argv(tool, _jpeg(frames), output, quality=3, one=True)


def storyboard_argv(tool: str, path: str, plan: EncodePlan, output: str) -> list[str]:
    """Return the command that tiles the key frames of our lowest rung; `output` has %03d."""
    width, height = tile_size(plan)
    columns, rows = _grid(plan)
    # nokey: a key frame stands at every 4 s, and nothing else needs decoding.
    source = ffmpeg.input(address(path), skip_frame="nokey", **GUARDS)
    frames = source["0"].filter("scale", width, height, flags="area")
    frames = frames.filter("tile", f"{columns}x{rows}")
    return _image_argv(tool, _jpeg(frames), output, quality=5, one=False)


def tile_size(plan: EncodePlan) -> tuple[int, int]:
    """Return width and height of one tile: the long side is 160."""
    lowest = plan.rungs[0]
    scale = _TILE / max(lowest.width, lowest.height)
    return max(2, round(lowest.width * scale)), max(2, round(lowest.height * scale))


def tile_count(plan: EncodePlan) -> int:
    """Return how many key frames the title has."""
    return -(-plan.frames // plan.group)


def storyboard_vtt(plan: EncodePlan, sprites: tuple[str, ...]) -> str:
    """Return the WebVTT that names each tile's place in `sprites` (media fragments, #xywh)."""
    width, height = tile_size(plan)
    columns, rows = _grid(plan)
    lines = ["WEBVTT"]
    for tile in range(tile_count(plan)):
        sheet, place = divmod(tile, columns * rows)
        row, column = divmod(place, columns)
        end = min((tile + 1) * SEGMENT_SECONDS, plan.seconds)
        lines += [
            "",
            f"{_clock(tile * SEGMENT_SECONDS)} --> {_clock(end)}",
            f"{sprites[sheet]}#xywh={column * width},{row * height},{width},{height}",
        ]
    return "\n".join(lines) + "\n"


def sprite_count(plan: EncodePlan) -> int:
    """Return how many sheets the tiles fill."""
    columns, rows = _grid(plan)
    return -(-tile_count(plan) // (columns * rows))


def _grid(plan: EncodePlan) -> tuple[int, int]:
    count = tile_count(plan)
    columns = min(_COLUMNS, count)
    return columns, min(_ROWS, -(-count // columns))


def _clock(seconds: float) -> str:
    millis = round(seconds * 1000)
    hours, rest = divmod(millis, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    return f"{hours:02}:{minutes:02}:{rest // 1000:02}.{rest % 1000:03}"


def _jpeg(frames: Any) -> Any:
    """Return `frames` as JPEG has them: full range, or black would be grey."""
    return frames.filter("scale", out_range="pc").filter("format", "yuvj420p")


def _image_argv(tool: str, frames: Any, output: str, *, quality: int, one: bool) -> list[str]:
    options: dict[str, Any] = {
        "c:v": "mjpeg",
        "q:v": quality,
        "fps_mode": "passthrough",  # never the same picture twice
        "map_metadata": -1,
        "fflags": "+bitexact",
        "flags:v": "+bitexact",  # no encoder name in the picture
        "f": "image2",
        **({"frames:v": 1, "update": 1} if one else {}),
    }
    made = ffmpeg.output(frames, output, **options).global_args(*GLOBAL)
    return [str(part) for part in made.compile(cmd=tool, overwrite_output=True)]

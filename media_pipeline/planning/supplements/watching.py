"""The one pass over our own lowest rung: storyboard, and what is to be seen. Pure."""

import re
from collections.abc import Iterator

import ffmpeg

from media_pipeline.model.plan import EncodePlan
from media_pipeline.model.report import Look, Stretch, Watched
from media_pipeline.planning.commands import compiled
from media_pipeline.planning.inputs import GUARDS, address
from media_pipeline.planning.supplements.pictures import grid, jpeg_output, sheet, tile_size

LIGHT, EDGES = "light.txt", "edges.txt"
"""What the pass writes beside the sheets, in the folder it runs in."""

_BLACK_SECONDS = 1
_STILL_SECONDS, _FROZEN_SECONDS = 1, 10
"""A still is noted from the first on; stills that touch are a frozen picture from the second on.

Each key frame is a slightly other picture of the same, which ends what ffmpeg takes for frozen.
"""

_FROZEN_NOISE = 0.0004
"""Mean difference of two pictures, as a part of the whole range, that is none at 144 lines."""

_BLACK = re.compile(r"black_start:\s*(-?[\d.]+) black_end:\s*(-?[\d.]+)")
_FREEZE = re.compile(r"freeze_(start|end): (-?[\d.]+)")
_VALUE = re.compile(r"^(?:frame:(\d+)\s.*|lavfi\.signalstats\.(\w+)=([\d.]+))$", re.MULTILINE)


def watch_argv(tool: str, path: str, plan: EncodePlan, output: str) -> list[str]:
    """Return the command that watches our lowest rung at `path` from end to end.

    It writes the storyboard's sheets to `output` (which has %03d) and light and
    edges of each tile to files; black and frozen stretches come on stderr.
    """
    looked = grid(plan)
    # noref: half of the frames are referred to by no other, and 40 ms more or less do not matter
    # here. Of short titles all frames are wanted, since tiles are counted by frames.
    less = {"skip_frame": "noref"} if looked.segments else {}
    source = ffmpeg.input(address(path), **less, **GUARDS)
    # Players do not see the two frames by which ffmpeg shows this format late.
    frames = source["0"].filter("setpts", "PTS-STARTPTS").split()
    # A film that is dark is not black: all but 2 % of the picture have to be.
    seen = frames[0].filter("blackdetect", d=_BLACK_SECONDS, pic_th=0.98, pix_th=0.08)
    seen = seen.filter("freezedetect", n=_FROZEN_NOISE, d=_STILL_SECONDS)
    picked = frames[1]
    if looked.segments:
        picked = picked.filter("select", "key").filter("select", f"not(mod(n,{looked.segments}))")
    else:
        picked = picked.filter("select", f"not(mod(n,{looked.step // plan.rungs[0].step}))")
    picked = picked.split()
    width, height = tile_size(plan)
    columns, rows = sheet(plan)
    tiles = picked[0].filter("scale", width, height, flags="area")
    tiles = tiles.filter("tile", f"{columns}x{rows}")
    light = picked[1].filter("signalstats").filter("metadata", "print", file=LIGHT)
    # A Laplacian: what is left of a sharp picture are its edges, of a blurred one nothing.
    edges = light.filter("convolution", **{"0m": "0 -1 0 -1 4 -1 0 -1 0", "0rdiv": 1})
    edges = edges.filter("signalstats").filter("metadata", "print", file=EDGES)
    argv = compiled(
        tool,
        ffmpeg.merge_outputs(
            jpeg_output(tiles, output, quality=5),
            ffmpeg.output(seen, "-", f="null"),
            ffmpeg.output(edges, "-", f="null"),
        ),
    )
    argv[argv.index("error")] = "info"
    return argv


def read_watched(plan: EncodePlan, said: str, light: str, edges: str) -> Watched:
    """Return what the pass saw: `said` on stderr, and the texts of its two files."""
    return Watched(
        black=tuple(_stretch(a, b, plan) for a, b in _BLACK.findall(said)),
        frozen=tuple(_frozen(said, plan)),
        looks=tuple(_looks(plan, light, edges)),
    )


def _stretch(start: str, end: str, plan: EncodePlan) -> Stretch:
    return Stretch(round(float(start), 2), round(min(float(end), plan.seconds), 2))


def _frozen(said: str, plan: EncodePlan) -> Iterator[Stretch]:
    """Yield stretches without movement that are long enough to be noticed."""
    joined: list[Stretch] = []
    for still in _stills(said, plan):
        if joined and still.start - joined[-1].end < 0.1:
            joined[-1] = Stretch(joined[-1].start, still.end)
        else:
            joined.append(still)
    yield from (still for still in joined if still.seconds >= _FROZEN_SECONDS)


def _stills(said: str, plan: EncodePlan) -> Iterator[Stretch]:
    """Yield each still; of one that lasts to the end only the beginning was told."""
    begun = ""
    for which, at in _FREEZE.findall(said):
        if which == "start":
            begun = at
        elif begun:
            yield _stretch(begun, at, plan)
            begun = ""
    if begun:
        yield _stretch(begun, str(plan.seconds), plan)


def _looks(plan: EncodePlan, light: str, edges: str) -> Iterator[Look]:
    step = grid(plan).step / plan.frame_rate
    for number, (lit, sharp) in enumerate(zip(_frames(light), _frames(edges), strict=False)):
        contrast = lit.get("YHIGH", 0.0) - lit.get("YLOW", 0.0)
        yield Look(round(number * step, 3), lit["YAVG"], contrast, sharp["YAVG"])


def _frames(text: str) -> Iterator[dict[str, float]]:
    """Yield the values of each frame that the filter `metadata` printed."""
    values: dict[str, float] = {}
    for frame, name, value in _VALUE.findall(text):
        if frame and values:
            yield values
            values = {}
        elif name:
            values[name] = float(value)
    if values:
        yield values

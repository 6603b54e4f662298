"""The real plan of a clip, for `benchmarks.quality`: its rungs, and what its ladder costs."""

import functools
import os
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks import recipes
from benchmarks.recipes import Picture
from media_pipeline import tools
from media_pipeline.model.plan import Chunk, EncodePlan, Rung
from media_pipeline.planning import commands
from media_pipeline.planning.plan import make_plan
from media_pipeline.steps import analysis, probing

TARGET = 0.65
"""CPU of our H.264 ladder over MediaCMS's."""


@functools.cache
def plan_of(film: Path) -> EncodePlan:
    """Return what would be encoded from `film`, looked into as in earnest."""
    with tempfile.TemporaryDirectory(prefix="siar-quality-") as folder:
        scratch = Path(folder)
        source = probing.probe(film, scratch)
        extent = probing.measure(film, source, scratch, lambda: False)
        found = analysis.analyse(film, source, extent, scratch, lambda: False)
    return make_plan(source, extent, found, av1=True)


def rung(film: Path, lines: int, codec: str) -> tuple[EncodePlan, Rung]:
    """Return the plan and the rung that encodes pictures of `lines`, or the next one above.

    Slides lack rungs: then the recipe of a neighbour is measured, which is the same.
    """
    plan = plan_of(film)
    rungs = plan.av1_rungs if codec == "av1" else plan.rungs
    fitting = [r for r in rungs if min(r.width, r.height) >= lines]
    return plan, fitting[0]


def table(films: Sequence[Path]) -> float:
    """Print the CPU of both ladders by clip, and of all together; return the ratio of all."""
    print(f"\nCPU seconds of the H.264 ladder\n{'':12}{'ours':>8}{'MediaCMS':>10}")
    ours = theirs = 0.0
    for film in films:
        mine, other = _ours(film), _mediacms(film)
        ours, theirs = ours + mine, theirs + other
        print(f"{film.stem:12}{mine:8.1f}{other:10.1f}{mine / other:7.2f}", flush=True)
    print(f"{'all':12}{ours:8.1f}{theirs:10.1f}{ours / theirs:7.2f}")
    return ours / theirs


def _ours(film: Path) -> float:
    plan = plan_of(film)
    with tempfile.TemporaryDirectory(prefix="siar-quality-") as folder:
        chunk = Chunk(index=0, first=0, end=plan.frames)
        files = [f"{folder}/{r.name}.mp4" for r in plan.rungs]
        argv = commands.chunk_argv(tools.ffmpeg(), str(film.absolute()), plan, chunk, files)
        sound = ["-map", "0:a:0?", "-c:a", "aac", "-b:a", "48k", "-ac", "2", f"{folder}/a.mp4"]
        end = argv.index("-nostdin")
        return _cpu([*argv[:end], *sound, *argv[end:]])


def _mediacms(film: Path) -> float:
    """One process a rung, each with the sound; the same rungs as an ordinary title of ours has."""
    top = recipes.height(film)
    heights = [lines for lines in recipes.MEDIACMS_RATES if lines <= top]
    return sum(_mediacms_rung(film, lines) for lines in heights)


def _mediacms_rung(film: Path, lines: int) -> float:
    rate = plan_of(film).frame_rate
    picture = Picture(film.stem, film, lines, 0, rate, 0)
    with tempfile.TemporaryDirectory(prefix="siar-quality-") as folder:
        return _cpu(
            [
                *(tools.ffmpeg(), "-nostdin", "-v", "error", "-y", "-i", str(film)),
                *("-filter:v", f"scale=-2:{lines}:flags=lanczos,fps={rate}", "-pix_fmt", "yuv420p"),
                *recipes.mediacms(picture),
                *("-c:a", "aac", "-b:a", "128k", "-ac", "2", f"{folder}/{lines}.mp4"),
            ]
        )


def _cpu(argv: Iterable[str]) -> float:
    process = subprocess.Popen(
        ["nice", "-n", "19", *argv], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"ffmpeg ended with {process.returncode}")
    return used.ru_utime + used.ru_stime

"""CPU and wall time of our ladder against two other ways to make it, as ratios.

    python -m benchmarks.encode [FILE] [--seconds N] [--rounds N]

(a) bare: one ffmpeg process with the same outputs at the same settings, in one
    piece: what chunks, checks, loudness, covers and storyboard cost on top.
(b) MediaCMS: one process a rung with its flags (`medium`, 128k of sound with
    each), as its `encode` tasks do.

All on the same file in the same run, in turns, so that a machine that others
use as well slows all alike; the medians of the rounds are compared. Without
FILE a film is made: moving detail with grain, 1080p25, and a tone.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from media_pipeline import tools
from media_pipeline.model.plan import Chunk, EncodePlan
from media_pipeline.planning import commands
from media_pipeline.planning.plan import make_plan
from media_pipeline.steps import probing

TARGETS = {"bare": 1.05, "mediacms": 0.65}

MEDIACMS_RATES = {144: 150, 240: 300, 360: 500, 480: 1000, 720: 2500, 1080: 4500}
"""kbit/s by lines, from MediaCMS's settings."""


class Cost(NamedTuple):
    """Seconds of CPU, children included, and of wall clock; bytes made."""

    cpu: float
    wall: float
    size: int


def main() -> None:
    """Print the table."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory(prefix="siar-benchmark-") as folder:
        scratch = Path(folder)
        film = arguments.file or _film(scratch / "film.mkv", arguments.seconds)
        plan = _plan(film, scratch)
        ways: dict[str, Callable[[Path], list[list[str]]]] = {
            "ours": lambda out: [_ours(film, out)],
            "bare": lambda out: [_bare(film, plan, out)],
            "mediacms": lambda out: _mediacms(film, plan, out),
        }
        costs: dict[str, list[Cost]] = {name: [] for name in ways}
        for _ in range(arguments.rounds):
            for name, way in ways.items():
                costs[name].append(_cost(way, scratch / "out"))
    _report(plan, costs)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE")
    parser.add_argument("--seconds", type=int, default=40, help="length of the film that is made")
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


def _film(path: Path, seconds: int) -> Path:
    """Make a film with detail that moves and light grain that does not repeat."""
    picture = f"mandelbrot=s=960x540:r=25:end_scale=0.1:end_pts={seconds * 25}"
    subprocess.run(
        [
            *(tools.ffmpeg(), "-v", "error", "-nostdin", "-f", "lavfi", "-i", picture),
            *("-f", "lavfi", "-i", "sine=frequency=330"),
            *("-vf", "scale=1920:1080:flags=bicubic,noise=alls=2:allf=t", "-t", str(seconds)),
            *("-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-pix_fmt", "yuv420p"),
            *("-c:a", "aac", str(path)),
        ],
        check=True,
    )
    return path


def _plan(film: Path, scratch: Path) -> EncodePlan:
    source = probing.probe(film, scratch)
    return make_plan(source, probing.measure(film, source, scratch, lambda: False))


def _ours(film: Path, out: Path) -> list[str]:
    return [sys.executable, "-m", "media_pipeline", "publish", str(film), str(out / "film")]


def _bare(film: Path, plan: EncodePlan, out: Path) -> list[str]:
    """The whole title as one chunk, and the sound, in one process."""
    chunk = Chunk(index=0, first=0, end=plan.frames)
    files = [str(out / f"{rung.name}.mp4") for rung in plan.rungs]
    argv = commands.chunk_argv(tools.ffmpeg(), str(film), plan, chunk, files)
    sound = ["-map", "0:a:0", "-c:a", "aac", "-b:a", "48k", "-ac", "2", str(out / "sound.mp4")]
    end = argv.index("-nostdin")
    return [*argv[:end], *sound, *argv[end:]]


def _mediacms(film: Path, plan: EncodePlan, out: Path) -> list[list[str]]:
    """One process a rung, as MediaCMS does it, one after the other."""
    return [_mediacms_rung(film, plan, out, int(rung.name[1:])) for rung in plan.rungs]


def _mediacms_rung(film: Path, plan: EncodePlan, out: Path, lines: int) -> list[str]:
    rate, kbits = plan.frame_rate, MEDIACMS_RATES[lines] * 3 // 2
    return [
        *(tools.ffmpeg(), "-nostdin", "-v", "error", "-y", "-i", str(film)),
        *("-c:v", "libx264", "-filter:v", f"scale=-2:{lines}:flags=lanczos,fps={rate}"),
        *("-pix_fmt", "yuv420p", "-crf", "23"),
        *("-maxrate", f"{kbits}k", "-bufsize", f"{kbits}k"),
        *("-force_key_frames", "expr:gte(t,n_forced*4)"),
        *("-x264-params", f"keyint={8 * rate}:keyint_min={4 * rate}"),
        *("-preset", "medium", "-profile:v", "main", "-level", "4.2"),
        *("-c:a", "aac", "-b:a", "128k", "-ac", "2", str(out / f"mediacms-{lines}.mp4")),
    ]


def _cost(way: Callable[[Path], list[list[str]]], out: Path) -> Cost:
    """Run the commands of `way` one after the other and return what they cost."""
    out.mkdir()
    cpu = 0.0
    started = time.monotonic()
    for argv in way(out):
        cpu += _cpu_of(argv)
    wall = time.monotonic() - started
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    shutil.rmtree(out)
    return Cost(cpu, wall, size)


def _cpu_of(argv: Sequence[str]) -> float:
    """Run `argv` and return its CPU seconds, with those of its children."""
    process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{argv[0]} ended with {process.returncode}")
    return used.ru_utime + used.ru_stime


def _report(plan: EncodePlan, costs: dict[str, list[Cost]]) -> None:
    rungs = ", ".join(rung.name for rung in plan.rungs)
    print(f"{plan.seconds:.0f} s at {plan.frame_rate} frames/s into {rungs} and sound")
    print(
        f"{'':10}{'CPU s':>9}{'wall s':>9}{'MB':>8}{'ours/CPU':>10}{'ours/wall':>11}{'target':>8}"
    )
    middle = {name: _median(runs) for name, runs in costs.items()}
    ours = middle["ours"]
    for name, cost in middle.items():
        target = f"{TARGETS[name]:.2f}" if name in TARGETS else ""
        print(
            f"{name:10}{cost.cpu:9.1f}{cost.wall:9.1f}{cost.size / 1e6:8.2f}"
            f"{ours.cpu / cost.cpu:10.2f}{ours.wall / cost.wall:11.2f}{target:>8}"
        )


def _median(runs: list[Cost]) -> Cost:
    return Cost(
        cpu=statistics.median(run.cpu for run in runs),
        wall=statistics.median(run.wall for run in runs),
        size=runs[0].size,
    )


if __name__ == "__main__":
    main()

"""CPU and wall time of our ladder against two other ways to make it, as ratios.

    python -m benchmarks.encode [FILE] [--seconds N] [--rounds N] [--ways bare …]

(a) bare: ffmpeg with the same outputs at the same settings and no more: rungs and
    sound by one process in one piece, then the loudness, the storyboard with what is
    measured beside it, and covers, each by one. What ours has on top is the look, the
    cutting into chunks, the checks, the confinement of each process, and Python.
(b) MediaCMS: one process a rung with its flags (`medium`, 128k of sound with
    each), as its `encode` tasks do.
(c) PeerTube: one process a rung with its flags (`veryfast`), as its
    transcoding jobs do.

Targets, by CPU: ours ≤ 1.05 of (a), ≤ 0.65 of (b), ≤ 1.00 of (c).

Memory is the most that all processes of a way held at once.

All on the same file in the same run, in turns, so that a machine that others
use as well slows all alike; the medians of the rounds are compared. Without
FILE a film is made: moving detail with grain, 1080p25, and a tone.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from benchmarks import cost, recipes, targets
from benchmarks.cost import Cost
from benchmarks.recipes import Picture
from media_pipeline import pipeline, tools
from media_pipeline.model.plan import Chunk, EncodePlan, Rung
from media_pipeline.planning import commands, sound
from media_pipeline.planning.supplements import pictures, watching
from media_pipeline.stores import LocalStore

TARGETS = {"bare": 1.05, "mediacms": 0.65, "peertube": 1.0}


class Made(NamedTuple):
    """What a way cost, and the bytes it made."""

    cost: Cost
    size: int


def main() -> int:
    """Print the table; return 1 if a target was missed."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory(prefix="siar-benchmark-") as folder:
        scratch = Path(folder)
        film = arguments.file or make_film(scratch / "film.mkv", arguments.seconds, arguments.size)
        plan = _plan(film, scratch)
        ways: dict[str, Callable[[Path], list[list[str]]]] = {
            "ours": lambda out: [_ours(film, out)],
            "bare": lambda out: _bare(film, plan, out),
            "mediacms": lambda out: [_mediacms(film, plan, out, rung) for rung in plan.rungs],
            "peertube": lambda out: [_peertube(film, plan, out, rung) for rung in plan.rungs],
        }
        made: dict[str, list[Made]] = {name: [] for name in ("ours", *arguments.ways)}
        for _ in range(arguments.rounds):
            for name, runs in made.items():
                runs.append(_made(ways[name], scratch / "out"))
    return _report(plan, made)


def _arguments() -> argparse.Namespace:
    parser = targets.parser(__doc__)
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE")
    parser.add_argument("--seconds", type=int, default=40, help="length of the film that is made")
    parser.add_argument("--size", default="1920x1080", help="of the film that is made")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument(
        "--ways", nargs="*", choices=list(TARGETS), default=list(TARGETS), help="only these"
    )
    return parser.parse_args()


def make_film(path: Path, seconds: int, size: str) -> Path:
    """Make a film with detail that moves and light grain that does not repeat."""
    width, height = map(int, size.split("x"))
    drawn = f"{width // 2}x{height // 2}"
    picture = f"mandelbrot=s={drawn}:r=25:end_scale=0.1:end_pts={seconds * 25}"
    subprocess.run(
        [
            *(tools.ffmpeg(), "-v", "error", "-nostdin", "-f", "lavfi", "-i", picture),
            *("-f", "lavfi", "-i", "sine=frequency=330"),
            *(
                "-vf",
                f"scale={width}:{height}:flags=bicubic,noise=alls=2:allf=t",
                "-t",
                str(seconds),
            ),
            *("-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-pix_fmt", "yuv420p"),
            *("-c:a", "aac", str(path)),
        ],
        check=True,
    )
    return path


def _plan(film: Path, scratch: Path) -> EncodePlan:
    """Return the plan that our way will follow."""
    store = LocalStore(scratch / "plan")
    store.create()
    job = pipeline.prepare(
        film,
        store,
        "0" * 32,
        scratch=scratch,
        cancelled=lambda: False,
        now=lambda: datetime.now(UTC),
    )
    return job.plan


def _ours(film: Path, out: Path) -> list[str]:
    return [sys.executable, "-m", "media_pipeline", "publish", str(film), str(out / "film")]


def _bare(film: Path, plan: EncodePlan, out: Path) -> list[list[str]]:
    """The whole title as one chunk and the sound in one process; what else is published after."""
    chunk = Chunk(index=0, first=0, end=plan.frames)
    files = [str(out / f"{rung.name}.mp4") for rung in plan.rungs]
    argv = commands.chunk_argv(tools.ffmpeg(), str(film), plan, chunk, files)
    sound_ = ["-map", "0:a:0", "-c:a", "aac", "-b:a", "48k", "-ac", "2", str(out / "sound.mp4")]
    end = argv.index("-nostdin")
    made = [
        [*argv[:end], *sound_, *argv[end:]],
        sound.hearing_argv(tools.ffmpeg(), str(film), plan),
        watching.watch_argv(tools.ffmpeg(), files[0], plan, "storyboard-%03d.jpg"),
        _bare_covers(plan, out),
    ]
    # The storyboard's measures are written where it runs.
    return [["env", "-C", str(out), *each] for each in made]


def _bare_covers(plan: EncodePlan, out: Path) -> list[str]:
    """As many covers as ours, from the middle of each fifth, sought in the finished rung."""
    film = str(out / f"{pictures.poster_rung(plan).name}.mp4")
    wanted = range(pictures.POSTERS)
    moments = [f"{plan.seconds * (k + 0.5) / pictures.POSTERS:.3f}" for k in wanted]
    return [
        *(tools.ffmpeg(), "-nostdin", "-v", "error", "-y"),
        *(part for moment in moments for part in ("-ss", moment, "-i", film)),
        *(
            part
            for k in wanted
            for part in ("-map", f"{k}:v", "-frames:v", "1", "-q:v", "3", f"poster-{k}.jpg")
        ),
    ]


def _mediacms(film: Path, plan: EncodePlan, out: Path, rung: Rung) -> list[str]:
    """One process a rung, as MediaCMS does it, one after the other."""
    picture = _picture(film, plan, rung)
    scale = f"scale=-2:{picture.lines}:flags=lanczos,fps={picture.rate}"
    return [
        *(*_reading(film), "-filter:v", scale, "-pix_fmt", "yuv420p", *recipes.mediacms(picture)),
        *("-c:a", "aac", "-b:a", "128k", "-ac", "2", str(out / f"mediacms-{picture.lines}.mp4")),
    ]


def _peertube(film: Path, plan: EncodePlan, out: Path, rung: Rung) -> list[str]:
    """One process a rung, as PeerTube does it."""
    picture = _picture(film, plan, rung)
    scale = f"scale=w=-2:h={picture.lines}"
    return [
        *(*_reading(film), "-vf", scale, "-pix_fmt", "yuv420p", *recipes.peertube(picture)),
        *("-c:a", "aac", "-ac", "2", str(out / f"peertube-{picture.lines}.mp4")),
    ]


def _picture(film: Path, plan: EncodePlan, rung: Rung) -> Picture:
    """Return what the peers' flags depend on."""
    lines, width = sorted((rung.width, rung.height))
    return Picture(film.stem, film, lines, width, plan.frame_rate, plan.seconds)


def _reading(film: Path) -> list[str]:
    return [tools.ffmpeg(), "-nostdin", "-v", "error", "-y", "-i", str(film)]


def _made(way: Callable[[Path], list[list[str]]], out: Path) -> Made:
    """Run the commands of `way` one after the other and return what they came to."""
    out.mkdir()
    total = cost.NOTHING
    for argv in way(out):
        total = total.then(cost.run(argv))
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    shutil.rmtree(out)
    return Made(total, size)


def _report(plan: EncodePlan, made: dict[str, list[Made]]) -> int:
    rungs = ", ".join(rung.name for rung in plan.rungs)
    print(f"{plan.seconds:.0f} s at {plan.frame_rate} frames/s into {rungs} and sound")
    print(
        f"{'':10}{'CPU s':>9}{'wall s':>9}{'peak MB':>9}{'made MB':>9}"
        f"{'ours/CPU':>10}{'ours/wall':>11}"
    )
    middle = {name: _median([run.cost for run in runs]) for name, runs in made.items()}
    ours = middle["ours"]
    for name, each in middle.items():
        print(
            f"{name:10}{each.cpu:9.1f}{each.wall:9.1f}{each.memory / 1e6:9.0f}"
            f"{made[name][0].size / 1e6:9.2f}"
            f"{ours.cpu / each.cpu:10.2f}{ours.wall / each.wall:11.2f}"
        )
    return targets.status(
        *(
            targets.verdict(f"CPU over {name}", ours.cpu / middle[name].cpu, target)
            for name, target in TARGETS.items()
            if name in middle
        )
    )


def _median(runs: list[Cost]) -> Cost:
    return Cost(
        cpu=statistics.median(run.cpu for run in runs),
        wall=statistics.median(run.wall for run in runs),
        memory=max(run.memory for run in runs),
    )


if __name__ == "__main__":
    raise SystemExit(main())

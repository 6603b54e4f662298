"""`bench`: how fast this machine encodes."""

import argparse
import resource
import secrets
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from media_pipeline import pipeline, tools
from media_pipeline.cli.progress import clock
from media_pipeline.cli.sources import readable
from media_pipeline.errors import StepFailed
from media_pipeline.model.plan import Chunk, EncodePlan
from media_pipeline.steps.picture import encode_chunk
from media_pipeline.stores import LocalStore

_HOUR = 3600
_MADE = "mandelbrot=s=1920x1080:r=25:start_scale=2:end_scale=0.05:end_pts=400"
"""Detail that moves, as every machine makes it the same."""


class Speed(msgspec.Struct, frozen=True):
    """What one piece of work took: seconds of film, of the wall clock, and of processors."""

    name: str
    film: float
    wall: float
    processor: float

    @property
    def times_real(self) -> float:
        """How many times faster than it plays."""
        return self.film / self.wall if self.wall else 0.0


def bench(arguments: argparse.Namespace) -> int:
    """Measure how fast this machine encodes."""
    pipeline.check_tools()
    stopped = arguments.stop.awaited()
    with tempfile.TemporaryDirectory(prefix="siar-bench-") as name:
        folder = Path(name)
        film = arguments.file or _made_film(folder, arguments.seconds, stopped)
        speeds = _measured(readable(film), folder, arguments.seconds, stopped)
        _tell("")
    *rungs, ladder = speeds
    hour = {
        "processor_seconds": round(ladder.processor / ladder.film * _HOUR),
        "wall_seconds": round(ladder.wall / ladder.film * _HOUR),
    }
    if arguments.json:
        value = {"rungs": [_row(speed) for speed in rungs], "ladder": _row(ladder), "hour": hour}
        print(msgspec.json.format(msgspec.json.encode(value)).decode())
        return 0
    for speed in speeds:
        per_second = speed.processor / speed.film
        print(
            f"{speed.name:8} {speed.times_real:7.2f} × real time, "
            f"{per_second:5.2f} processor seconds a second"
        )
    print(
        f"An hour of such a film takes about {clock(hour['wall_seconds'])} here, one task at a "
        f"time, and {clock(hour['processor_seconds'])} of processors."
    )
    return 0


def _row(speed: Speed) -> dict[str, object]:
    return {
        "name": speed.name,
        "times_real": round(speed.times_real, 3),
        "processor_seconds_a_second": round(speed.processor / speed.film, 3),
    }


def _made_film(folder: Path, seconds: int, stopped: Callable[[], bool]) -> Path:
    """Make a film to measure with."""
    film = folder / "made.mp4"
    limits = tools.Limits(
        memory=4 << 30, cpu_seconds=seconds * 60, wall_seconds=seconds * 120, file_bytes=4 << 30
    )
    argv = film_argv(tools.ffmpeg(), seconds, str(film))
    ended = tools.run(argv, limits=limits, scratch=folder, name="made", cancelled=stopped)
    if ended.code != 0:
        raise StepFailed(f"The film to measure with could not be made: {ended.last_words}")
    return film


def film_argv(tool: str, seconds: int, output: str) -> list[str]:
    """Return the command that makes a film of `seconds` to measure with."""
    return [
        *(tool, "-nostdin", "-v", "error", "-f", "lavfi", "-i", _MADE),
        *("-f", "lavfi", "-i", "anoisesrc=color=pink:amplitude=0.1:sample_rate=48000"),
        # Quick to make, and so many bits that it is no easier to encode than what is filmed.
        *("-t", str(seconds), "-c:v", "libx264", "-preset", "ultrafast", "-crf", "12"),
        *("-pix_fmt", "yuv420p", "-threads", "2", "-c:a", "aac", output),
    ]


def _measured(film: Path, folder: Path, seconds: int, stopped: Callable[[], bool]) -> list[Speed]:
    """Return the speed of each rung by itself, and last that of the whole title."""
    store = LocalStore(folder / "store")
    store.create()
    job = pipeline.prepare(
        film,
        store,
        secrets.token_hex(16),
        scratch=folder,
        cancelled=stopped,
        now=lambda: datetime.now(UTC),
    )
    plans = {
        **{r.name: msgspec.structs.replace(job.plan, rungs=(r,)) for r in job.plan.rungs},
        "ladder": job.plan,
    }
    chunk = _first(job.plan, seconds)
    return [_one(name, film, plan, chunk, folder, stopped) for name, plan in plans.items()]


def _first(plan: EncodePlan, seconds: int) -> Chunk:
    """Return the first `seconds` of the title in whole segments, at least one."""
    groups = max(1, seconds * plan.frame_rate // plan.group)
    return Chunk(0, 0, min(groups * plan.group, plan.frames))


def _one(
    name: str,
    film: Path,
    plan: EncodePlan,
    chunk: Chunk,
    folder: Path,
    stopped: Callable[[], bool],
) -> Speed:
    _tell(name)
    work: Callable[[], object] = lambda: encode_chunk(  # noqa: E731
        film, plan, chunk, folder, inits={}, cancelled=stopped, on_frames=lambda _n: None
    )
    wall, processor = _timed(work)
    return Speed(name, (chunk.end - chunk.first) / plan.frame_rate, wall, processor)


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return seconds of the wall clock and of processors (user and system) of `work`."""
    used, began = _processor(), time.monotonic()
    work()
    return time.monotonic() - began, _processor() - used


def _processor() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


def _tell(name: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{name and f'measuring {name} …'}\x1b[K", end="", file=sys.stderr, flush=True)

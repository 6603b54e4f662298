"""How much faster N workers are than one, each a process of its own on a core of its own.

    python -m benchmarks.scaling [FILE] [--workers N] [--seconds N] [--size WxH] [--rounds N]

Workers share a title as those of the CMS do: each takes the first task that may
start and that nobody has, does it, and looks again. One worker gets the title
cut for one (long chunks), N get it cut for N. Each is pinned to a core, with
the ffmpeg that it starts, so that one worker cannot use what two have.

Target: 0.9 N times as fast by the wall clock, 1.8 for two. That is only true on
a machine that does nothing else. The one by CPU time (all that one
worker used, over the most that one of N used) is the same figure without
waiting, and stays true on a busy machine.
"""

import argparse
import fcntl
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from benchmarks import targets
from benchmarks.encode import make_film
from media_pipeline import pipeline
from media_pipeline.model.work import Job, Task
from media_pipeline.stores import LocalStore

ID = "5ca1e" * 6 + "00"
_IDLE = 0.05
"""Seconds until a worker looks again, when what is left waits for others."""


class Share(NamedTuple):
    """Seconds of wall clock for a title, and of CPU that each of its workers used."""

    wall: float
    cpu: tuple[float, ...]


def main() -> int:
    """Print the table and return 1 if the target was missed; or be one of the workers."""
    arguments = _arguments()
    if arguments.work:
        _work(arguments.file, arguments.work)
        return 0
    cores = sorted(os.sched_getaffinity(0))
    if arguments.workers > len(cores):
        raise SystemExit(f"{arguments.workers} workers need as many cores; here are {len(cores)}.")
    with tempfile.TemporaryDirectory(prefix="siar-scaling-") as folder:
        place = Path(folder)
        film = arguments.file or make_film(place / "film.mkv", arguments.seconds, arguments.size)
        shares: dict[int, list[Share]] = {1: [], arguments.workers: []}
        for number in range(arguments.rounds):
            for count, found in shares.items():
                found.append(_share(film, place / f"{number}-{count}", cores[:count]))
    return _report(shares)


def _arguments() -> argparse.Namespace:
    parser = targets.parser(__doc__)
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seconds", type=int, default=96, help="length of the film that is made")
    parser.add_argument("--size", default="1280x720", help="of the film that is made")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def _share(film: Path, place: Path, cores: list[int]) -> Share:
    """Make the title by one worker on each of `cores`."""
    (place / "scratch").mkdir(parents=True)
    store = LocalStore(place / "store")
    store.create()
    started = time.monotonic()
    pipeline.prepare(
        film,
        store,
        ID,
        workers=len(cores),
        scratch=place / "scratch",
        cancelled=lambda: False,
        now=lambda: datetime.now(UTC),
    )
    argv = [sys.executable, "-m", "benchmarks.scaling", str(film), "--work", str(place)]
    workers = [subprocess.Popen(argv) for _ in cores]
    for worker, core in zip(workers, cores, strict=True):
        os.sched_setaffinity(worker.pid, {core})
    cpu = tuple(_cpu_of(worker) for worker in workers)
    wall = time.monotonic() - started
    if pipeline.found_whole(store, ID) is None:
        raise SystemExit("the title was not finished")
    return Share(wall, cpu)


def _cpu_of(worker: subprocess.Popen[bytes]) -> float:
    _, status, used = os.wait4(worker.pid, 0)
    worker.returncode = os.waitstatus_to_exitcode(status)
    if worker.returncode != 0:
        raise SystemExit(f"a worker ended with {worker.returncode}")
    return used.ru_utime + used.ru_stime


def _work(film: Path, place: Path) -> None:
    """Do tasks until none is left."""
    store = LocalStore(place / "store")
    job = pipeline.found_job(store, ID)
    if job is None:
        return  # the others were so fast that there is nothing left
    while True:
        task = _claim(place, store, job)
        if task is not None:
            pipeline.run_task(
                film,
                job,
                task,
                store,
                scratch=place / "scratch",
                cancelled=lambda: False,
                on_progress=lambda _fraction: None,
            )
        elif pipeline.found_whole(store, ID) is not None:
            return
        else:
            time.sleep(_IDLE)


def _claim(place: Path, store: LocalStore, job: Job) -> Task | None:
    """Take the first task that may start and that no other worker has."""
    with _locked(place / "claims") as claims:
        done = pipeline.done(store, job)
        taken = claims.read_text().split()
        for task in sorted(job.tasks, key=lambda task: task.rank):
            if task.name not in taken and done.issuperset(task.needs):
                claims.write_text(" ".join([*taken, task.name]))
                return task
    return None


@contextmanager
def _locked(path: Path) -> Iterator[Path]:
    """Hold the lock of a file that is there afterwards."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield path


def _report(shares: dict[int, list[Share]]) -> int:
    one = shares[1]
    wall = statistics.median(share.wall for share in one)
    cpu = statistics.median(sum(share.cpu) for share in one)
    print(f"{'workers':>8}{'wall s':>9}{'CPU s':>9}{'faster':>9}{'by CPU':>9}")
    for count, found in shares.items():
        took = statistics.median(share.wall for share in found)
        used = statistics.median(sum(share.cpu) for share in found)
        most = statistics.median(max(share.cpu) for share in found)
        print(f"{count:8}{took:9.1f}{used:9.1f}{wall / took:9.2f}{cpu / most:9.2f}")
    count, took = max((n, statistics.median(s.wall for s in found)) for n, found in shares.items())
    return targets.status(targets.verdict(f"{count} workers", wall / took, 0.9 * count, least=True))


if __name__ == "__main__":
    raise SystemExit(main())

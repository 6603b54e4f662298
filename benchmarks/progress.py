"""How honest progress is: the ETA against the time that it really took.

    python -m benchmarks.progress [FILE] [--seconds N] [--size WxH] [--workers N] [--record LOG]
    python -m benchmarks.progress --replay LOG

Says the largest error of the ETA, in per cent of the time that was left, from
each tenth of the work on. Target: within 25 % after 10 %, and never backwards.
People are shown whole seconds, so half a second either way is no error; the last two
seconds are left out. What the error is to the millisecond is said as well. Only
true on a machine that is otherwise steady. Without FILE a film is made.

--record keeps what was told of each task, and when; --replay judges such a log by
today's weights and forecast, in no time.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import msgspec

from benchmarks import targets
from benchmarks.encode import make_film
from media_pipeline import pipeline
from media_pipeline.model.plan import EncodePlan
from media_pipeline.model.work import Job
from media_pipeline.planning.tasks import tasks_of
from media_pipeline.stores import LocalStore

_ID = "e7a" * 10 + "00"
_LAST = 2.0
_SHOWN = 0.5
_WANTED = 0.25


class Told(msgspec.Struct):
    """What was told `at` seconds: how much of each task that was begun was done, and of all."""

    at: float
    done: dict[str, float]
    fraction: float = 0
    eta_seconds: float | None = None


class Log(msgspec.Struct):
    """What was told of a title until it was made, after `took` seconds."""

    plan: EncodePlan
    workers: int
    took: float
    told: list[Told]


def main() -> int:
    """Print the table; return 1 if a target was missed."""
    arguments = _arguments()
    log = _replayed(arguments.replay) if arguments.replay else _made(arguments)
    if arguments.record:
        arguments.record.write_bytes(msgspec.json.encode(log))
    print(f"{log.took:.1f} s, told {len(log.told)} times")
    print(f"{'from':>6}{'worst error':>13}{'as shown':>10}")
    for tenth in range(1, 10):
        exact, shown = (_worst(log, tenth / 10, slack) for slack in (0, _SHOWN))
        print(f"{tenth * 10:5}%{exact:>13.0%}{shown:>10.0%}")
    falls = sum(later.fraction < earlier.fraction for earlier, later in pairwise(log.told))
    return targets.status(
        targets.verdict("worst error after 10 %, as shown", _worst(log, 0.1, _SHOWN), _WANTED),
        targets.verdict("times that it ran backwards", falls, 0),
    )


def _arguments() -> argparse.Namespace:
    parser = targets.parser(__doc__)
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE")
    parser.add_argument("--seconds", type=int, default=120, help="length of the film that is made")
    parser.add_argument("--size", default="1280x720", help="of the film that is made")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--record", type=Path, metavar="LOG", help="keep what was told")
    parser.add_argument("--replay", type=Path, metavar="LOG", help="judge what was kept")
    return parser.parse_args()


def _made(arguments: argparse.Namespace) -> Log:
    with tempfile.TemporaryDirectory(prefix="siar-progress-") as folder:
        place = Path(folder)
        film = arguments.file or make_film(place / "film.mkv", arguments.seconds, arguments.size)
        return _published(film, place, arguments.workers)


def _published(film: Path, place: Path, workers: int) -> Log:
    """Publish `film` and return what was told of it."""
    store = LocalStore(place / "store")
    store.create()
    jobs: list[Job] = []
    told: list[Told] = []
    started = time.monotonic()

    def tell(now: pipeline.Progress) -> None:
        at = time.monotonic() - started
        told.append(Told(at, dict(now.done), now.fraction, now.eta_seconds))
        print(f"\r{now.fraction:5.0%}", end="", file=sys.stderr)
        if not jobs and (job := pipeline.found_job(store, _ID)):
            jobs.append(job)

    pipeline.publish(
        film,
        store,
        _ID,
        on_progress=tell,
        cancelled=lambda: False,
        scratch=place,
        now=lambda: datetime.now(UTC),
        workers=workers,
    )
    print("\r", end="", file=sys.stderr)
    return Log(jobs[0].plan, workers, time.monotonic() - started, told)


def _replayed(path: Path) -> Log:
    """Return the log at `path` with what would be told today."""
    log = msgspec.json.decode(path.read_bytes(), type=Log)
    tasks, standing = tasks_of(log.plan, log.workers), pipeline.Standing()
    for told in log.told:
        if not told.done:
            continue
        moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=told.at)
        standing = pipeline.later(standing, pipeline.fraction_done(tasks, told.done), moment)
        told.fraction, told.eta_seconds = standing.fraction, standing.eta_seconds
    return log


def _worst(log: Log, since: float, slack: float) -> float:
    """Return the largest error from the fraction `since` on, without `slack` seconds of each."""
    told = [each for each in log.told if each.fraction >= since]
    return max(_errors(told, log.took, slack), default=0.0)


def _errors(told: Sequence[Told], took: float, slack: float) -> Iterator[float]:
    """Yield the error of each ETA, as a part of what was really left."""
    for each in told:
        left = took - each.at
        if each.eta_seconds is not None and left > _LAST:
            yield max(0.0, abs(each.eta_seconds - left) - slack) / left


if __name__ == "__main__":
    raise SystemExit(main())

"""Being the worker of a test; and jobs as `prepare` finds them, of titles nobody has to encode."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from cms.core import clock
from cms.videos.encoding import worker
from media_pipeline.model.work import Job, Task

TASKS = (
    Task("sound", "sound", 0, 0.1),
    Task("opening", "picture", 0, 0.1, rungs=("v144",)),
    Task("opening-rest", "picture", 1, 0.2, rungs=("v720",)),
    Task("picture-0001", "picture", 2, 0.5, chunk=1, rungs=("v144", "v720")),
    Task("finish", "finish", 3, 0.1, needs=("sound", "opening", "opening-rest", "picture-0001")),
)


class _Plan:
    """As much of a plan as the CMS asks for."""

    seconds = 60.0


def job_of(publication: str) -> Job:
    """Return a job of a minute."""
    created = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
    return Job(publication, "0a1b2c3d4e5f", created, None, _Plan(), TASKS)  # type: ignore[arg-type]


def run_all() -> int:
    """Be the worker until nothing waits; return how many tasks that were."""
    count = 0
    while worker.run_next(clock.now):
        count += 1
    return count


def wait_until(true: Callable[[], object], seconds: float = 120.0) -> None:
    """Wait for something that is known to come, on a machine that does much else."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.02)

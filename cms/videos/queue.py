"""The message that wakes a worker. Rows say what there is to do (`worker`)."""

from django.tasks import task

from cms.core import clock
from cms.videos import worker


@task(backend="jobs")
def encode_next() -> None:
    """Run one waiting encode, and see to it that the next one gets its turn."""
    if worker.run_next(clock.now) and worker.waiting(clock.now()):
        encode_next.enqueue()

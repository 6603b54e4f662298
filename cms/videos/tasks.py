"""What the worker does by the clock. Each task reads it and calls what does the work."""

from django.core.management import call_command
from huey import crontab
from huey.contrib.djhuey import HUEY, db_periodic_task

from cms.core import clock
from cms.videos import publications, worker
from cms.videos.queue import encode_next
from cms.videos.uploads import arrivals, finishing


@db_periodic_task(crontab())
def sweep_encodes() -> None:
    """Each minute: take back what dead workers held, clean up, and wake for what waits."""
    worker.do_expire_dead(clock.now())
    worker.do_sweep(clock.now())
    if worker.waiting(clock.now()):
        encode_next.enqueue()


@HUEY.on_startup(name="sweep_encodes_at_start")
def sweep_at_start() -> None:
    """A worker that starts takes up at once what the one before it left."""
    sweep_encodes.call_local()


@db_periodic_task(crontab())
def publish_scheduled() -> None:
    """Each minute: publish and expire what editors have scheduled."""
    call_command("publish_scheduled")


@db_periodic_task(crontab(minute="17"))
def remove_unused_publications() -> None:
    """Each hour: remove publications that nothing refers to any more."""
    publications.do_remove_unused(clock.now())
    publications.do_remove_orphans()


@db_periodic_task(crontab(minute="*/5"))
def sweep_uploads() -> None:
    """Finish uploads that wait to become a video; remove what people have left lying."""
    finishing.do_sweep(clock.now())
    arrivals.do_sweep(clock.now())

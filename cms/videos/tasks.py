"""What the worker does by the clock. Each task reads it and calls what does the work."""

from django.conf import settings
from django.core.management import call_command
from huey import crontab
from huey.contrib.djhuey import HUEY, db_periodic_task

from cms.core import clock
from cms.videos import publications, replacing
from cms.videos.encoding import endings, workers
from cms.videos.encoding.lanes import Lanes
from cms.videos.uploads import finishing
from cms.videos.uploads.direct import leftovers

lanes = Lanes(clock.now, settings.ENCODES_AT_ONCE)


@HUEY.on_startup(name="encode")
def begin_to_encode() -> None:
    """Huey says so in each of its threads; the first one counts."""
    lanes.start()


@HUEY.on_shutdown(name="encode")
def end_encoding() -> None:
    """Give back what is at work when the process is asked to end."""
    lanes.stop()


@db_periodic_task(crontab())
def sweep_encodes() -> None:
    """Each minute: end what nobody wants any more, mend and clear what others left."""
    endings.do_sweep(clock.now())
    workers.do_forget(clock.shared())


@db_periodic_task(crontab())
def publish_scheduled() -> None:
    """Each minute: publish and expire what editors have scheduled."""
    call_command("publish_scheduled")


@db_periodic_task(crontab(minute="17"))
def remove_unused_publications() -> None:
    """Each hour: remove publications that nothing refers to any more."""
    publications.do_remove_unused(clock.now())


@db_periodic_task(crontab(minute="47"))
def remove_orphans() -> None:
    """Each hour: remove the originals that were replaced, and what is left of deleted videos."""
    replacing.do_drop_former()
    publications.do_remove_orphans()


@db_periodic_task(crontab(minute="*/5"))
def sweep_uploads() -> None:
    """Finish uploads on the disk that wait to become a video; remove what was left lying."""
    finishing.do_sweep(clock.now())


@db_periodic_task(crontab(minute="*/5"))
def sweep_direct_uploads() -> None:
    """The same of uploads in the bucket: where it is away, those on the disk do not wait for it."""
    leftovers.do_sweep(clock.now())

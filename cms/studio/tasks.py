"""Tasks of this room."""

from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from cms.core import clock
from cms.studio.sent import do_sweep


@db_periodic_task(crontab(minute="47"))
def remove_waiting_photos() -> None:
    """Each hour: remove photos whose form nobody has saved."""
    do_sweep(clock.now())

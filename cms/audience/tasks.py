"""What the worker does for this room."""

from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from cms.audience.actions import do_roll_up
from cms.core.clock import now


@db_periodic_task(crontab(minute="*"))
def roll_up_taps() -> None:
    """Count the minutes that are over."""
    do_roll_up(now())

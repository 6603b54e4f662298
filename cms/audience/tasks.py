"""What the worker does for this room."""

from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from cms.audience.actions import do_roll_up
from cms.audience.events.rolling import do_roll_up_seen
from cms.audience.proofs.actions import do_forget_orphans
from cms.core import clock


@db_periodic_task(crontab(minute="*"))
def roll_up_taps() -> None:
    """Count the minutes that are over."""
    do_roll_up(clock.now())


@db_periodic_task(crontab(minute="*"))
def roll_up_seen() -> None:
    """Count what devices saw in the minutes that are over; close days that are."""
    do_roll_up_seen(clock.now())


@db_periodic_task(crontab(hour="20", minute="25"))
def forget_orphans() -> None:
    """Take the names of stalls that were deleted out of their proofs, each night."""
    do_forget_orphans()

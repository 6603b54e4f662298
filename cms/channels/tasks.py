"""Tasks of the queue. They read the clock and call what does the work."""

from collections.abc import Callable
from datetime import timedelta
from time import monotonic

from huey import crontab
from huey.contrib.djhuey import HUEY, db_periodic_task, periodic_task

from cms.channels.actions import do_extend_all
from cms.channels.asrun.journals import days_between, days_to_read, do_read_journals, earliest
from cms.channels.asrun.rolling import do_forget_as_run, do_roll_up
from cms.channels.journal import do_purge_journal
from cms.core import clock, published


@db_periodic_task(crontab())
def extend_rundowns() -> None:
    """Each minute: no channel runs out, and one that became ready goes on air."""
    do_extend_all(clock.now())


@HUEY.on_startup(name="extend_rundowns_at_start")
def extend_at_start() -> None:
    """A worker that starts goes on at once where the one before it stopped."""
    extend_rundowns.call_local()


AS_RUN_TIME = 15
"""So many seconds of each minute journals are read, and days judged: the queue carries other tasks."""


@db_periodic_task(crontab())
def roll_up() -> None:
    """Each minute: what origins wrote is taken in, and days that are due are judged."""
    now, deadline = clock.now(), monotonic() + AS_RUN_TIME
    # Where there is much to read the days that are due still have a third of the time.
    do_read_journals(published.store(), days_to_read(now), now, _until(deadline - AS_RUN_TIME / 3))
    do_roll_up(now, _until(deadline))


@db_periodic_task(crontab(minute="27"))
def read_late_journals() -> None:
    """Each hour: an origin that could not reach the store, or was off, may bring days of before."""
    now, deadline = clock.now(), monotonic() + AS_RUN_TIME
    days = days_between(earliest(now), now.date() - timedelta(days=1))
    do_read_journals(published.store(), days, now, _until(deadline))


def _until(deadline: float) -> Callable[[], bool]:
    """Return a function that says whether `monotonic()` is before `deadline`.

    By the clock, one that is set back would hold up the queue, and one that is set
    forward would leave no time.
    """
    return lambda: monotonic() < deadline


@periodic_task(crontab(minute="41", hour="3"))
def purge_journal() -> None:
    """Each night: the origins write one object a minute, and nobody else removes any."""
    do_purge_journal(published.store(), clock.now())


@db_periodic_task(crontab(minute="43", hour="3"))
def forget_as_run() -> None:
    """Each night: as-run rows that nobody asks for any more."""
    do_forget_as_run(clock.now())

"""Tasks of the queue. They read the clock and call what does the work."""

from huey import crontab
from huey.contrib.djhuey import HUEY, db_periodic_task, periodic_task

from cms.channels.actions import do_extend_all
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


@periodic_task(crontab(minute="41", hour="3"))
def purge_journal() -> None:
    """Each night: the origins write one object a minute, and nobody else removes any."""
    do_purge_journal(published.store(), clock.now())

"""Tasks of this room. The messages only wake somebody up: the truth is in the rows."""

from django.tasks import task
from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from cms.core import clock
from cms.traders.certifying import do_end_certificates
from cms.traders.notices import do_tell_endings
from cms.traders.spots.leftovers import do_sweep
from cms.traders.spots.making import do_make_due


@task(backend="jobs")
def make_clips() -> int:
    """Make the clips that wait now; return how many were taken in hand."""
    return do_make_due(clock.now)


@db_periodic_task(crontab())
def sweep_clips() -> None:
    """Each minute: make what a lost message, or a lost worker, left behind."""
    do_make_due(clock.now)


@db_periodic_task(crontab(minute="37"))
def remove_left_clips() -> None:
    """Each hour: remove clips that nobody goes on with, and their films."""
    do_sweep(clock.now())


@db_periodic_task(crontab(minute="7", hour="23"))
def tell_endings() -> None:
    """Each morning (23.07 UTC is 6.07 WIB): who has to renew a certificate is written to."""
    do_tell_endings(clock.now())


@db_periodic_task(crontab(minute="1"))
def end_certificates() -> None:
    """Each hour, as days begin in three zones: cards go with the certificate that ended."""
    do_end_certificates(clock.now())

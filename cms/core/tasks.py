"""Tasks of the core. The messages only wake somebody up: the truth is in the rows."""

from django.tasks import task
from huey import crontab
from huey.contrib.djhuey import db_periodic_task, on_startup, periodic_task

from cms.core import clock
from cms.core.delivery import deliver_by
from cms.core.health import do_beat
from cms.core.housekeeping import (
    do_purge_facts,
    do_purge_results,
    do_purge_sessions,
    do_purge_sign_ins,
)


@task(backend="jobs")
def deliver_facts() -> int:
    """Deliver what is due now; returns how many deliveries were done."""
    return deliver_by(clock.now)


@db_periodic_task(crontab(minute="*"))
def sweep_facts() -> None:
    """Deliver what a lost message left behind, and what is to be tried again."""
    deliver_by(clock.now)


@db_periodic_task(crontab(minute="17", hour="3"))
def purge_facts() -> None:
    """Forget old facts that every consumer has had."""
    do_purge_facts(clock.now())


@db_periodic_task(crontab(minute="19", hour="3"))
def purge_sessions() -> None:
    """Forget sessions that have ended."""
    do_purge_sessions(clock.now())


@db_periodic_task(crontab(minute="21", hour="3"))
def purge_sign_ins() -> None:
    """Forget who signed in from where."""
    do_purge_sign_ins(clock.now())


@periodic_task(crontab(minute="23", hour="3"))
def purge_results() -> None:
    """Forget how tasks of the queue ended."""
    do_purge_results(clock.now())


@on_startup()
def beat_at_start() -> None:
    """A worker that has just started is alive."""
    do_beat(clock.shared())


@db_periodic_task(crontab(minute="*"))
def beat() -> None:
    """And goes on saying so."""
    do_beat(clock.shared())

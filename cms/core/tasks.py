"""Tasks of the core. The messages only wake somebody up: the truth is in the rows."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.tasks import task
from huey import crontab
from huey.contrib.djhuey import db_periodic_task, on_startup, periodic_task

from cms.core import clock
from cms.core.delivery import deliver_by
from cms.core.health import do_beat
from cms.core.models import Delivery, Fact

KEEP = timedelta(days=30)
"""Delivered facts stay this long, for whoever asks what happened."""


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


def do_purge_facts(now: datetime) -> int:
    """Delete facts older than KEEP that no delivery waits for; returns how many rows went."""
    waiting = Delivery.objects.filter(fact=OuterRef("pk"), done_at=None)
    deleted, _of_what = Fact.objects.filter(~Exists(waiting), happened__lt=now - KEEP).delete()
    return deleted


@on_startup()
def beat_at_start() -> None:
    """A worker that has just started is alive."""
    do_beat(clock.now())


@periodic_task(crontab(minute="*"))
def beat() -> None:
    """And goes on saying so."""
    do_beat(clock.now())

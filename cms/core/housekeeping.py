"""What the core forgets, so that nothing piles up and nobody is kept on file.

Django, django-axes and Huey leave all of this lying; each function takes the moment
and returns how many rows or records went.
"""

from datetime import datetime, timedelta
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef
from huey.contrib.djhuey import HUEY

from cms.core.models import Delivery, Fact

KEEP_FACTS = timedelta(days=30)
"""Delivered facts stay this long, for whoever asks what happened."""
KEEP_SIGN_INS = timedelta(days=7)
"""Who signed in from which address, or tried to: long enough to look into an attack."""
KEEP_RESULTS = timedelta(days=1)
_RECORD = "djt."
"""Before the id of a task: how Huey's backend of django.tasks names its records."""


def do_purge_facts(now: datetime) -> int:
    """Delete facts older than KEEP_FACTS that no delivery waits for."""
    waiting = Delivery.objects.filter(fact=OuterRef("pk"), done_at=None)
    old = Fact.objects.filter(~Exists(waiting), happened__lt=now - KEEP_FACTS)
    deleted, _of_what = old.delete()
    return deleted


def do_purge_sessions(now: datetime) -> int:
    """Delete sessions that have ended."""
    deleted, _of_what = Session.objects.filter(expire_date__lt=now).delete()
    return deleted


@transaction.atomic
def do_purge_sign_ins(now: datetime) -> int:
    """Delete what django-axes noted of sign-ins: addresses and browsers of people."""
    deleted = 0
    for model in (AccessAttempt, AccessFailureLog, AccessLog):
        old = model.objects.filter(attempt_time__lt=now - KEEP_SIGN_INS)
        deleted += old.delete()[0]
    return deleted


def do_purge_results(now: datetime) -> int:
    """Delete the queue's records of tasks that were last touched before KEEP_RESULTS.

    Nobody reads them. A task that still waits runs without its record as well.
    """
    names = [key.decode() if isinstance(key, bytes) else key for key in HUEY.all_results()]
    purged = 0
    for name in names:
        if name.startswith(_RECORD) and _last_touched(name) < now - KEEP_RESULTS:
            HUEY.delete(name)
            HUEY.delete(name.removeprefix(_RECORD))  # where Huey itself puts a failure
            purged += 1
    return purged


def _last_touched(name: str) -> datetime:
    record: dict[str, Any] = HUEY.get(name, peek=True)
    moment = record["finished_at"] or record["started_at"] or record["enqueued_at"]
    return datetime.fromisoformat(moment)

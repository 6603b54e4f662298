"""The outbox: how a room above learns of a room below.

The room below records a fact in the transaction of the change; the rooms above
register consumers in their `consumers.py`:

    @facts.consumer("video.withdrawn", name="channels")
    def take_off_the_air(fact: Fact) -> None: ...
"""

import zlib
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from cms.core.delivery import consumer, consumers_of, deliver_by, deliver_due, forget
from cms.core.models import Delivery, Fact
from cms.core.tasks import deliver_facts

__all__ = ["consumer", "deliver_by", "deliver_due", "forget", "record"]


def record(topic: str, subject: str, payload: dict[str, Any], now: datetime) -> Fact:
    """Write down that `topic` happened to `subject`; its consumers hear of it after the commit.

    Call it inside the transaction of the change, after the change. `topic` is
    "<kind>.<event>"; facts of one kind and subject reach each consumer in order.
    """
    line = f"{topic.partition('.')[0]}:{subject}"
    with transaction.atomic():
        _queue_up(line)
        fact = Fact.objects.create(topic=topic, subject=subject, payload=payload, happened=now)
        Delivery.objects.bulk_create(
            Delivery(fact=fact, consumer=each.name, line=line, due=now)
            for each in consumers_of(topic)
        )
        # A queue that is down must not undo the change: the periodic sweep delivers as well.
        transaction.on_commit(deliver_facts.enqueue, robust=True)
    return fact


def _queue_up(line: str) -> None:
    """Let facts of one line commit in the order of their ids.

    PostgreSQL gives out ids before the commit: without the lock (held until the
    commit) a later fact could be delivered before an earlier one is to be seen.
    SQLite writes one transaction at a time.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [1, _signed(line)])


def _signed(line: str) -> int:
    """Return a number that PostgreSQL's int4 can hold."""
    return zlib.crc32(line.encode()) - 2**31

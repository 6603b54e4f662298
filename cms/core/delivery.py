"""Bringing facts to their consumers: in order a subject, retried, one consumer beside another.

A delivery is one fact for one consumer:

| from    | event                              | to                                   |
| ------- | ---------------------------------- | ------------------------------------ |
| waiting | claimed by a deliverer             | leased until `now + LEASE`           |
| leased  | the consumer returned              | done, in the consumer's transaction  |
| leased  | another has taken the lease over   | left alone: the consumer is not run  |
| leased  | the consumer raised                | waiting, due after its backoff       |
| leased  | the deliverer died                 | waiting, once the lease has run out  |

A delivery whose predecessor (same consumer, same line) is not done is not claimed.
So a broken consumer holds up its own subject and nobody else.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from cms.core.models import Delivery, Fact

LEASE = timedelta(minutes=5)
"""Longer than any consumer may take; consumers leave long work to a task of their own."""
FIRST_BACKOFF = timedelta(seconds=5)
LONGEST_BACKOFF = timedelta(hours=1)
BATCH = 100

logger = logging.getLogger(__name__)
Consume = Callable[[Fact], None]


class UnknownConsumer(LookupError):
    """A delivery waits for a consumer that no room registers any more."""


class NameTaken(ValueError):
    """Two consumers of one topic ask for the same name."""


@dataclass(frozen=True)
class Consumer:
    """A function of a room above; `name` is kept in the database, so it must not change."""

    name: str
    topic: str
    consume: Consume


_consumers: dict[tuple[str, str], Consumer] = {}


def consumer(topic: str, *, name: str) -> Callable[[Consume], Consume]:
    """Register the decorated function, in a room's `consumers.py`, as a consumer of `topic`.

    It is called with the fact inside one transaction with the mark "done": what it
    writes to the database happens once. What it does elsewhere may happen twice.
    """

    def register(consume: Consume) -> Consume:
        if (topic, name) in _consumers:
            raise NameTaken(f"{topic} has a consumer named {name} already")
        _consumers[topic, name] = Consumer(name, topic, consume)
        return consume

    return register


def forget(topic: str, *, name: str) -> None:
    """Take a consumer out of the registry (tests, and rooms that are switched off)."""
    _consumers.pop((topic, name), None)


def consumers_of(topic: str) -> list[Consumer]:
    """Return the consumers of `topic` by name."""
    return sorted((c for c in _consumers.values() if c.topic == topic), key=lambda c: c.name)


def deliver_due(now: datetime) -> int:
    """Deliver all that is due at `now`, as one whose work takes no time."""
    return deliver_by(lambda: now)


def deliver_by(clock: Callable[[], datetime]) -> int:
    """Deliver all that is due, what consumers record meanwhile included.

    `clock` is read for each delivery: a round may take longer than a lease. Returns
    how many deliveries were done. Several may run at once.
    """
    done = 0
    while batch := list(_due(clock()).values_list("pk", flat=True)[:BATCH]):
        leases = ((pk, _claim(pk, clock())) for pk in batch)
        attempted = [_deliver(pk, until, clock) for pk, until in leases if until]
        done += sum(attempted)
        if not attempted:
            return done  # another deliverer has them all
    return done


def backoff(attempts: int) -> timedelta:
    """Return how long to wait after the given number of failed attempts (≥ 1)."""
    return min(FIRST_BACKOFF * 2 ** min(attempts - 1, 20), LONGEST_BACKOFF)


def _due(now: datetime) -> QuerySet[Delivery]:
    predecessor = Delivery.objects.filter(
        consumer=OuterRef("consumer"),
        line=OuterRef("line"),
        done_at=None,
        fact_id__lt=OuterRef("fact_id"),
    )
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    return Delivery.objects.filter(free, ~Exists(predecessor), done_at=None, due__lte=now).order_by(
        "fact_id", "consumer"
    )


def _claim(pk: int, now: datetime) -> datetime | None:
    """Lease one delivery; None when another deliverer was faster."""
    until = now + LEASE
    claimed = _due(now).filter(pk=pk).order_by().update(leased_until=until)
    return until if claimed else None


def _deliver(pk: int, until: datetime, clock: Callable[[], datetime]) -> bool:
    """Run the consumer under the lease `until`; False when it broke or the lease is lost.

    "Done" is written first: whoever wants the same delivery waits for this
    transaction, and then finds it done.
    """
    delivery = Delivery.objects.select_related("fact").get(pk=pk)
    try:
        with transaction.atomic():
            if not _leased(pk, until).update(done_at=clock(), leased_until=None):
                return False
            _consumer_of(delivery).consume(delivery.fact)
    # The other consumers need it: one that breaks, in whatever way, must not stop them.
    except Exception as broken:  # noqa: BLE001
        _put_back(delivery, until, clock(), broken)
        return False
    return True


def _leased(pk: int, until: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(pk=pk, done_at=None, leased_until=until)


def _consumer_of(delivery: Delivery) -> Consumer:
    found = _consumers.get((delivery.fact.topic, delivery.consumer))
    if found is None:
        raise UnknownConsumer(f"nobody consumes {delivery.fact.topic} as {delivery.consumer}")
    return found


def _put_back(delivery: Delivery, until: datetime, now: datetime, broken: Exception) -> None:
    attempts = delivery.attempts + 1
    due = now + backoff(attempts)
    logger.exception(
        "consumer %s failed on %s (attempt %d), next at %s",
        delivery.consumer,
        delivery.fact,
        attempts,
        due.isoformat(),
    )
    _leased(delivery.pk, until).update(
        attempts=attempts, due=due, leased_until=None, error=repr(broken)[:500]
    )

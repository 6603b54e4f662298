"""Taking back what lost workers hold.

Two ways to see that a worker is no more: its process on this machine is gone, or its
lease is not renewed. The second never asks a clock that people or time servers can
set, and never compares the clocks of two machines: a watch notes by its own monotonic
clock since when a lease has stood at the same count.
"""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from cms.videos.encoding import owners
from cms.videos.encoding.failures import lost_backoff
from cms.videos.models import Encode, EncodeTask
from cms.videos.models.task import Kind, Step

LEASE = 30.0
"""Seconds for which a worker may be silent; its heart beats every second."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Lease:
    """A lease as it stands in the rows."""

    task: int
    owner: str
    beats: int
    setbacks: int = 0
    encode: int = 0
    kind: str = ""


def held() -> list[Lease]:
    """Return the leases of all that is at work, on any machine."""
    rows = EncodeTask.objects.filter(state=Step.WORKING)
    columns = ("pk", "lease_owner", "beats", "setbacks", "encode", "kind")
    return [Lease(*row) for row in rows.values_list(*columns)]


class Watch:
    """Remembers since when each lease has stood still. One a process; it learns nothing on disk."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._since: dict[Lease, float] = {}

    def silent(self, leases: Iterable[Lease]) -> list[Lease]:
        """Return those of `leases` that this watch has seen unchanged for LEASE seconds."""
        at = self._monotonic()
        self._since = {lease: self._since.get(lease, at) for lease in leases}
        return [lease for lease, since in self._since.items() if at - since > LEASE]


def do_take_back(watch: Watch, now: datetime) -> int:
    """Give others what lost workers hold; return how many tasks that were."""
    leases = held()
    dead = {owner for owner in {lease.owner for lease in leases} if owners.is_dead(owner)}
    silent = set(watch.silent(leases))
    lost = [lease for lease in leases if lease.owner in dead or lease in silent]
    return sum(_take_back(lease, now) for lease in lost)


def _take_back(lease: Lease, now: datetime) -> bool:
    again = now + lost_backoff(lease.setbacks)
    taken = EncodeTask.objects.take_back(lease.task, lease.owner, lease.beats, again)
    if taken:
        logger.warning("task %s: its worker %s is lost", lease.task, lease.owner)
        if lease.kind == Kind.PREPARE:
            Encode.objects.wait_again(lease.encode)
    return taken

"""Claiming the next task for this process."""

import threading
from collections.abc import Callable, Collection
from datetime import datetime

from cms.videos.encoding import owners
from cms.videos.encoding.queueing import memory, turns
from cms.videos.encoding.queueing.turns import Waiting
from cms.videos.encoding.queueing.waiting import waiting
from cms.videos.models import Encode, EncodeTask
from cms.videos.models.encode import locked
from cms.videos.models.task import Kind

CANDIDATES = 20
"""How many of those that wait are tried in one go: others may be faster at each."""
COMPANY = 2
"""Urgent tasks beside one that must run alone: an opening, and the sound that goes with it."""
ROOM = 2 << 30
"""Bytes of memory that must be free for each; a guess on the safe side of a 4K opening."""


class ClaimGate:
    """Lets the threads of one process claim tasks, and keeps a task that must run alone alone.

    Such a task waits until nothing else is at work in the process; meanwhile, and while
    it runs, nothing else is claimed here. The exception is what somebody waits for
    (`Waiting.is_urgent`): up to COMPANY of it runs beside, as long as there is room in
    memory, so that one such task of an hour keeps no new title from being playable. Where
    memory is short, or was what the task came to grief by, all wait, or it would never run:
    it begins when nothing at all is at work, and what is urgent is begun before it only
    while something else has to end anyway.
    """

    def __init__(self, free: Callable[[], int] = memory.available) -> None:
        self._free = free
        self._lock = threading.Lock()
        self._claims = 0
        self._at_work: dict[str, bool] = {}
        """Whether each task at work is urgent and may be beside one that is alone.

        By the owners of the leases: a task that was put back may be claimed anew before its
        first claim is released.
        """
        self._exclusive = ""
        self._shut = False
        """Whether the task that runs alone lacked memory before: nothing runs beside it."""
        self._awaited: Waiting | None = None
        """The task to run alone for which this process is being emptied."""
        self._foreign: set[int] = set()

    def leave_alone(self, encode: int) -> bool:
        """Claim no task of `encode` in this process any more; return whether that is news."""
        with self._lock:
            known = encode in self._foreign
            self._foreign.add(encode)
            return not known

    def claim(self, now: datetime, kinds: Collection[str], most_rank: int) -> EncodeTask | None:
        """Claim the next task of one of `kinds`, if there is one and it may run now."""
        with self._lock:
            if self._awaited and not self._may_come(self._awaited, now):
                self._awaited = None
            if self._awaited and self._awaited.short and not self._at_work:
                return self._claim_awaited(self._awaited, now, kinds, most_rank)
            narrow = bool(self._exclusive or (self._awaited and self._is_in_the_way(self._awaited)))
            if narrow and not self._has_room_beside():
                return None
            if not narrow:
                self._awaited = None
            ours = (w for w in waiting(now, kinds, most_rank) if w.encode not in self._foreign)
            return self._claim_first(turns.in_order(ours, now, self._claims), now, narrow=narrow)

    def _claim_first(
        self, ordered: list[Waiting], now: datetime, *, narrow: bool
    ) -> EncodeTask | None:
        for each in ordered[:CANDIDATES]:
            if narrow and (each.alone or not each.is_urgent):
                continue
            if each.alone and self._is_in_the_way(each):
                self._awaited = each
                return None
            if task := self._take(each, now):
                return task
        return None

    def _claim_awaited(
        self, awaited: Waiting, now: datetime, kinds: Collection[str], most_rank: int
    ) -> EncodeTask | None:
        """Claim what lacked memory; None where that is for another thread of this process.

        Whoever asked first would otherwise take the next new title, and it never ran.
        """
        rows = EncodeTask.objects.filter(pk=awaited.task, kind__in=kinds, rank__lte=most_rank)
        return self._take(awaited, now) if rows.exists() else None

    def _take(self, each: Waiting, now: datetime) -> EncodeTask | None:
        task = do_claim(each.task, each.encode, owners.new_owner(), now)
        if task is None:
            return None
        self._claims += 1
        self._at_work[task.lease_owner] = each.is_urgent and not task.alone
        if task.alone:
            self._exclusive, self._shut, self._awaited = task.lease_owner, task.short, None
        return task

    def release(self, task: EncodeTask) -> None:
        """Say that a claimed task is over."""
        with self._lock:
            self._at_work.pop(task.lease_owner, None)
            if self._exclusive == task.lease_owner:
                self._exclusive, self._shut = "", False

    def _may_come(self, awaited: Waiting, now: datetime) -> bool:
        """Return whether it still waits: another process may have taken it."""
        rows = EncodeTask.objects.claimable(now).filter(pk=awaited.task)
        return awaited.encode not in self._foreign and rows.exists()

    def _is_in_the_way(self, alone: Waiting) -> bool:
        """Return whether something is at work beside which `alone` may not begin."""
        if alone.short:
            return bool(self._at_work)
        if self._is_only_urgent() and len(self._at_work) <= COMPANY:
            return bool(self._at_work) and self._free() < ROOM
        return True

    def _has_room_beside(self) -> bool:
        if self._shut or (self._awaited and self._awaited.short and self._is_only_urgent()):
            return False
        return sum(self._at_work.values()) < COMPANY and self._free() >= ROOM

    def _is_only_urgent(self) -> bool:
        return all(self._at_work.values())


def do_claim(pk: int, encode: int, owner: str, now: datetime) -> EncodeTask | None:
    """Claim a task for `owner`, and say so of its title; None if another was faster."""
    with locked(encode):
        if not EncodeTask.objects.claim(pk, owner, now):
            return None
        task = EncodeTask.objects.select_related("encode").get(pk=pk)
        Encode.objects.filter(pk=task.encode_id).update(served_at=now)
        if task.kind == Kind.PREPARE:
            Encode.objects.begin(task.encode_id, now)
        elif task.kind == Kind.FINISH:
            Encode.objects.closing(task.encode_id)
    return task

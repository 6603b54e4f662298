"""Claiming the next task for this process."""

import threading
from collections.abc import Collection
from datetime import datetime

from cms.videos.encoding import endings, owners
from cms.videos.encoding.queueing import turns
from cms.videos.encoding.queueing.waiting import waiting
from cms.videos.models import Encode, EncodeTask
from cms.videos.models.task import Kind

CANDIDATES = 20
"""How many of those that wait are tried in one go: others may be faster at each."""


class ClaimGate:
    """Lets the threads of one process claim tasks, and keeps a task that must run alone alone.

    Such a task waits until nothing else is at work in the process; meanwhile, and while
    it runs, nothing else is claimed here.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._claims = 0
        self._at_work = 0
        self._exclusive = False
        self._draining = False

    def claim(self, now: datetime, kinds: Collection[str], most_rank: int) -> EncodeTask | None:
        """Claim the next task of one of `kinds`, if there is one and it may run now."""
        with self._lock:
            if self._exclusive or (self._draining and self._at_work):
                return None
            self._draining = False
            ordered = turns.in_order(waiting(now, kinds, most_rank), now, self._claims)
            for each in ordered[:CANDIDATES]:
                if each.alone and self._at_work:
                    self._draining = True
                    return None
                if task := do_claim(each.task, each.encode, owners.new_owner(), now):
                    self._claims += 1
                    self._at_work += 1
                    self._exclusive = task.alone
                    return task
            return None

    def release(self) -> None:
        """Say that a claimed task is over."""
        with self._lock:
            self._at_work -= 1
            self._exclusive = False


def do_claim(pk: int, encode: int, owner: str, now: datetime) -> EncodeTask | None:
    """Claim a task for `owner`, and say so of its title; None if another was faster."""
    with endings.locked(encode):
        if not EncodeTask.objects.claim(pk, owner, now):
            return None
        task = EncodeTask.objects.select_related("encode").get(pk=pk)
        Encode.objects.filter(pk=task.encode_id).update(served_at=now)
        if task.kind == Kind.PREPARE:
            Encode.objects.begin(task.encode_id, now)
        elif task.kind == Kind.FINISH:
            Encode.objects.closing(task.encode_id)
    return task

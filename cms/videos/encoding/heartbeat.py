"""The heartbeat of a worker over one task."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Self

from django.db import connection

from cms.videos.encoding import progress, scratch
from cms.videos.encoding.endurance import Endurance
from cms.videos.encoding.leases import LEASE
from cms.videos.models import EncodeTask

BEAT = 1.0
"""Seconds between beats: the longest that the end of a title is not seen."""
SILENCE = LEASE * 0.8
"""Seconds without a beat after which the worker must take its lease for lost."""
JUMP = 5.0
"""Seconds that the clock may differ from what has passed since the beat before."""
CLOCK_JUMP = "clock_jump"

logger = logging.getLogger(__name__)


class LeaseLost(Exception):
    """Another worker may hold the task by now: leave all as it is, also in the store."""


class Heartbeat:
    """Renews the lease of one task in a thread and listens for the end of its title.

    A context manager. `stopped()` is what the pipeline asks between its steps.
    `leaving` says that this process is asked to end.
    """

    def __init__(
        self,
        task: EncodeTask,
        now: Callable[[], datetime],
        leaving: threading.Event | None = None,
    ) -> None:
        self._task, self._owner, self._now = task, task.lease_owner, now
        self._leaving = leaving or threading.Event()
        self._progress = 0.0
        self._stop = threading.Event()
        self._crowded = threading.Event()
        self._lost = threading.Event()
        self._ended = threading.Event()
        self._last = time.monotonic()
        self._ticked = (now(), self._last)
        self._notice = ""
        # Each for itself: whatever goes wrong with the figures, the lease is renewed.
        self._renewing = Endurance(f"heartbeat of task {task.pk}")
        self._telling = Endurance(f"progress of task {task.pk}")
        self._measuring = Endurance(f"scratch of task {task.pk}")
        self._thread = threading.Thread(target=self._run, name=f"heart-{task.pk}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()

    def report(self, fraction: float) -> None:
        """Say how much of the task is done, 0 to 1; the next beat writes it down."""
        self._progress = fraction

    def stopped(self) -> bool:
        """Return whether the work is to stop.

        Raises LeaseLost if it is not ours any more, ScratchFull if it must make room.
        """
        # A process that was frozen wakes up here before its thread has beaten.
        if self._lost.is_set() or time.monotonic() - self._last > SILENCE:
            raise LeaseLost
        if self._crowded.is_set() and not self._stop.is_set():
            raise scratch.ScratchFull("All scratch files together are more than may be.")
        return self._stop.is_set() or self._leaving.is_set()

    @property
    def left(self) -> bool:
        """Whether the work stops because this process is asked to end, and not its title."""
        return self._leaving.is_set() and not self._stop.is_set()

    def _run(self) -> None:
        try:
            # A title that has ended stays so, and its leases are renewed no more.
            while not (self._ended.wait(BEAT) or self._lost.is_set() or self._stop.is_set()):
                self._beat()
        finally:
            connection.close()

    def _beat(self) -> None:
        if self._renewing.attempt(self._renew, _go_on):
            self._telling.attempt(self._tell, _go_on)
            self._measuring.attempt(self._measure, _go_on)

    def _renew(self) -> bool:
        """Renew the lease; return whether the work goes on."""
        now = self._now()
        self._look_at_clock(now)
        alive = EncodeTask.objects.beat(
            self._task.pk, self._owner, now, self._progress, self._notice
        )
        if alive:
            self._last = time.monotonic()
        elif EncodeTask.objects.holds(self._task.pk, self._owner):
            self._stop.set()
        else:
            self._lost.set()
        return alive

    def _tell(self) -> None:
        progress.do_write(self._task.encode_id, self._ticked[0])

    def _measure(self) -> None:
        if scratch.must_give_way(self._task):
            self._crowded.set()

    def _look_at_clock(self, now: datetime) -> None:
        """Notice a clock that was set: the work goes on, but people should know why times are odd."""
        wall, before = self._ticked
        self._ticked = (now, time.monotonic())
        if abs((now - wall).total_seconds() - (self._ticked[1] - before)) > JUMP:
            logger.warning("the clock of this machine was set while task %s ran", self._task.pk)
            self._notice = CLOCK_JUMP


def _go_on(_seconds: float) -> None:
    """Beat again at the next second: a lease that is not renewed in time is lost."""

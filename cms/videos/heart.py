"""The heartbeat of a worker over one encode."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Self

from django.db import Error, connection

from cms.videos.models import Encode
from cms.videos.models.encode import LEASE, State

BEAT = 1.0
"""Seconds between beats: the longest that a cancel wish is not seen."""
SILENCE = LEASE.total_seconds() * 0.8
"""Seconds without a beat after which the worker must take its lease for lost."""

logger = logging.getLogger(__name__)


class LeaseLost(Exception):
    """Another worker may hold the encode by now: leave all as it is, also in the store."""


class Heart:
    """Renews the lease of one encode in a thread and listens for the wish to stop.

    A context manager. `stopped()` is what the pipeline asks between its steps.
    """

    def __init__(self, encode: int, owner: str, now: Callable[[], datetime]) -> None:
        self._encode, self._owner, self._now = encode, owner, now
        self._state = State.PROBING
        self._progress = 0.0
        self._eta: float | None = None
        self._stop = threading.Event()
        self._lost = threading.Event()
        self._ended = threading.Event()
        self._last = time.monotonic()
        self._thread = threading.Thread(target=self._run, name=f"heart-{encode}", daemon=True)

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

    def report(self, state: State, progress: float, eta: float | None) -> None:
        """Say where the work is; the next beat writes it down."""
        self._state, self._progress, self._eta = state, progress, eta

    def stopped(self) -> bool:
        """Return whether somebody wishes the work to stop; raise LeaseLost if it is not ours."""
        # A process that was frozen wakes up here before its thread has beaten.
        if self._lost.is_set() or time.monotonic() - self._last > SILENCE:
            raise LeaseLost
        return self._stop.is_set()

    def _run(self) -> None:
        try:
            while not self._ended.wait(BEAT) and not self._lost.is_set():
                self._beat()
        finally:
            connection.close()

    def _beat(self) -> None:
        try:
            alive = Encode.objects.beat(
                self._encode, self._owner, self._now(), self._state, self._progress, self._eta
            )
            held = alive or Encode.objects.holds(self._encode, self._owner)
        # A connection that was lost raises InterfaceError, which is no DatabaseError.
        except Error:
            logger.warning("encode %s: no heartbeat, the database fails", self._encode)
            connection.close()
            return
        if alive:
            self._last = time.monotonic()
        elif held:
            self._stop.set()
        else:
            self._lost.set()

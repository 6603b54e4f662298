"""What lets a thread outlive whatever goes wrong in one of its turns."""

import logging
from collections.abc import Callable

from django.db import Error, connection

SHORTEST, LONGEST = 1.0, 30.0
"""Seconds that a thread pauses after a fault, twice as long each time."""

logger = logging.getLogger(__name__)


class Endurance:
    """The faults of one thread `name`: logged once a cause, paused after, known to who asks.

    `fault` is what went wrong in the last turn, "" after one that went well.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.fault = ""
        self._pause = 0.0

    def attempt(self, act: Callable[[], object], pause: Callable[[float], object]) -> object:
        """Return what `act` returns; None after a fault, and after `pause(seconds)`."""
        try:
            done = act()
        # The thread must outlive it: a database that is away comes back, a bug of one
        # turn must not keep all others from theirs until somebody restarts the process.
        except Exception as error:  # noqa: BLE001
            self._note(error)
            pause(self._pause)
            return None
        self._forgive()
        return done

    def _note(self, error: Exception) -> None:
        cause = f"{type(error).__name__}: {error}"
        if cause != self.fault:
            logger.error("%s: %s", self.name, cause, exc_info=error)
        self.fault = cause
        self._pause = min(max(self._pause * 2, SHORTEST), LONGEST)
        if isinstance(error, Error):
            connection.close()  # a new one may work

    def _forgive(self) -> None:
        if self.fault:
            logger.warning("%s: works again", self.name)
        self.fault, self._pause = "", 0.0

"""How the thread that looks at the store lets the one that answers go first.

Both share one interpreter. Who computes in it gives it up after 5 ms, and the event loop
takes it anew for each answer: in the 50 ms a second that 3,000 channels take it would send
ten. Work in short pieces with pauses between them costs a viewer a millisecond or two.
"""

import time
from collections.abc import Callable

type Rest = Callable[[], None]

WORK, PAUSE = 0.001, 0.001
"""Seconds of a piece of work, and of the pause after it."""


def no_rest() -> None:
    """Work without a pause: nobody waits."""


class Pace:
    """Pauses after each WORK seconds, for who calls it at least as often."""

    def __init__(self) -> None:
        self._since = time.monotonic()

    def rest(self) -> None:
        """Pause if it is time to."""
        if time.monotonic() - self._since >= WORK:
            time.sleep(PAUSE)
            self._since = time.monotonic()

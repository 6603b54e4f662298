"""Ctrl-C and SIGTERM: one sentence, exit code 130, and nothing of the work is left."""

import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from media_pipeline.cli.scratch import working_folder

SIGNALS = (signal.SIGINT, signal.SIGTERM)

_SCRATCH = "siar-command-"
"""No other temporary folder has this prefix.

Those of the web server and the workers hold no lock, so the next command would take them for
folders of a killed one.
"""


class Stopped(BaseException):
    """Somebody wants the command to end. No Exception: what catches those must not go on."""


class Stop:
    """Heeds the first of the signals; those after it are not to disturb the clearing up."""

    def __init__(self) -> None:
        self.asked: int | None = None
        self._is_awaited = True

    def begin(self) -> None:
        """Break off from now on what runs when a signal comes; raise Stopped if one has come."""
        self._is_awaited = False
        if self.asked is not None:
            raise Stopped

    def __call__(self, number: int, _frame: object) -> None:
        """Take note of the signal `number`, and break off what cannot be asked to end."""
        if self.asked is None:
            self.asked = number
            if not self._is_awaited:
                raise Stopped

    def awaited(self) -> Callable[[], bool]:
        """Break nothing off from now on; return what says whether to end.

        For work in threads, which looks at it by itself, and for what has to come to its end.
        """
        self._is_awaited = True
        return lambda: self.asked is not None


@contextmanager
def heeded() -> Iterator[Stop]:
    """Heed the signals, and keep all temporary files of the block in a folder that is then removed.

    The folders of commands that were killed are removed first.
    A signal that this process was told to ignore (nohup) stays ignored.
    """
    stop, before, usual = Stop(), {}, tempfile.tempdir
    for number in SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            before[number] = signal.signal(number, stop)
    try:
        with working_folder(Path(tempfile.gettempdir()), _SCRATCH) as scratch:
            try:
                stop.begin()
                tempfile.tempdir = str(scratch)
                yield stop
            finally:
                # From here on a signal is only noted, so that nothing of the folder is left.
                try:
                    stop.awaited()
                except Stopped:  # it came in the moment before: the next is not heeded
                    stop.awaited()
                tempfile.tempdir = usual
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

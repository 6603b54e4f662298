"""A process that was started: its end, and the processor time that it had used by then."""

import contextlib
import os
import signal
import subprocess
import time

_FIRST_LOOK, _SLOWEST_LOOK = 0.001, 0.05


class Child:
    """The leader of a process group, reaped here alone: Popen tells nothing of what it used."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self.pid = process.pid
        self.cpu_seconds = 0.0
        """Of all its threads, once it has ended."""

    @property
    def code(self) -> int:
        """How it ended, as Popen tells it: a code, or a signal below 0."""
        assert self._process.returncode is not None
        return self._process.returncode

    def ended(self, within: float) -> bool:
        """Wait for the end for at most `within` seconds, and return whether it has come."""
        deadline = time.monotonic() + within
        pause = _FIRST_LOOK
        while not self._reap(os.WNOHANG):
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            time.sleep(min(pause, left))
            pause = min(2 * pause, _SLOWEST_LOOK)
        return True

    def end(self) -> None:
        """Kill the process group if its leader still runs, and reap it."""
        if not self._reap(os.WNOHANG):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
            self._reap(0)

    def _reap(self, options: int) -> bool:
        if self._process.returncode is None:
            pid, status, used = os.wait4(self.pid, options)
            if pid == 0:
                return False
            self.cpu_seconds = used.ru_utime + used.ru_stime
            # So that Popen does not wait for a number that may be another process by then.
            self._process.returncode = os.waitstatus_to_exitcode(status)
        return True

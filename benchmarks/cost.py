"""What commands cost: CPU, wall clock and memory, of a process with all its children."""

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

_LOOK = 0.1
"""Seconds between two looks at the memory."""

_PAGE = os.sysconf("SC_PAGE_SIZE")


class Cost(NamedTuple):
    """Seconds of CPU (user and system) and of wall clock; the largest memory in bytes.

    Memory is what all processes held at once, looked at ten times a second.
    """

    cpu: float
    wall: float
    memory: int

    def then(self, other: "Cost") -> "Cost":
        """Return the cost of this and, after it, `other`."""
        return Cost(self.cpu + other.cpu, self.wall + other.wall, max(self.memory, other.memory))


NOTHING = Cost(0, 0, 0)


def run(argv: Sequence[str]) -> Cost:
    """Run `argv` and return its cost; exit with what it said if it fails."""
    started = time.monotonic()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said
        )
        watch = _Watch(process.pid)
        watch.start()
        _, status, used = os.wait4(process.pid, 0)
        wall = time.monotonic() - started
        watch.stop()
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            said.seek(0)
            words = said.read().decode("utf-8", "replace")
            raise SystemExit(f"{words}\n{argv[0]} ended with {process.returncode}")
    return Cost(used.ru_utime + used.ru_stime, wall, watch.largest)


class _Watch(threading.Thread):
    """Looks at how much memory a process and its descendants hold."""

    def __init__(self, top: int) -> None:
        super().__init__(daemon=True)
        self._top = top
        self._over = threading.Event()
        self.largest = 0

    def run(self) -> None:
        """Look until it is over."""
        while not self._over.wait(_LOOK):
            self.largest = max(self.largest, _held(self._top))

    def stop(self) -> None:
        """End it."""
        self._over.set()
        self.join()


def _held(top: int) -> int:
    """Return the resident bytes of `top` and all below it."""
    parents: dict[int, int] = {}
    sizes: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name in brackets may hold blanks; fields are counted behind it.
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        process = int(stat.parent.name)
        parents[process], sizes[process] = int(fields[1]), int(fields[21]) * _PAGE
    return sum(size for process, size in sizes.items() if _below(process, top, parents))


def _below(process: int, top: int, parents: dict[int, int]) -> bool:
    while process > 1:
        if process == top:
            return True
        process = parents.get(process, 0)
    return False

"""Names of workers, by which another process of the machine can see that one is no more."""

import os
import socket
from functools import cache
from pathlib import Path
from secrets import token_hex

from media_pipeline.model.work import FORMAT

_PROCESS = f"{token_hex(4)}.{FORMAT}"
"""Tells this process from an earlier one that had the same id, and says which jobs it writes."""


def process() -> str:
    """Return the name of this process."""
    return f"{_place()}|{os.getpid()}|{_PROCESS}"


def new_owner() -> str:
    """Return a name for one claim of this process."""
    return f"{process()}|{token_hex(2)}"


def words(process: str) -> str:
    """Return host and process id of the `process`, for operators."""
    place, _, rest = process.partition("|")
    return f"{place.partition('/')[0]} (process {rest.partition('|')[0]})"


def is_older(owner: str) -> bool:
    """Return whether `owner` is of a version of Siar that writes older jobs than this one.

    Versions from before names told it are older.
    """
    life = [*owner.split("|"), "", "", ""][2]
    form = life.partition(".")[2]
    return not form.isdecimal() or int(form) < FORMAT


def is_dead(owner: str) -> bool:
    """Return whether `owner` was a process of this machine that is no more; False if unknown."""
    place, _, rest = owner.partition("|")
    pid, _, rest = rest.partition("|")
    if place != _place() or not pid.isdigit():
        return False
    if int(pid) == os.getpid():
        return rest.partition("|")[0] != _PROCESS
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False  # somebody else's process has the id
    return False


@cache
def _place() -> str:
    """Return the machine and the space of process ids (a container has its own)."""
    namespace = Path("/proc/self/ns/pid")
    inode = namespace.stat().st_ino if namespace.exists() else 0
    return f"{socket.gethostname()[:40]}/{inode}"

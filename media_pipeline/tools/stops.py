"""Whether a process came to an end of its own, or was ended, and by what."""

import errno
import os
import re
import signal
from pathlib import Path

from media_pipeline.errors import Stop

LEAST_ROOM = 4 << 20
"""Bytes that have to be free in the scratch folder: with less, what a tool wrote may be cut short.

ffprobe and filters that write text do not say so when a write fails.
"""

SENTENCES: dict[Stop, str] = {
    "killed": "It was killed from outside, as when a machine is out of memory: try again.",
    "crashed": "It crashed: try again; if it does so each time, the file cannot be encoded.",
    "cpu": "It needed more processor time than allowed: try again.",
    "wall": "It took longer than allowed: try again.",
    "memory": "It ran out of memory, or needed more than allowed: try again.",
    "output": "It wrote more than allowed: try again.",
    "disk": "The disk of the scratch folder is full, no space left on device: make room.",
}

_SIGNALS: dict[int, Stop] = {
    signal.SIGXCPU: "cpu",
    signal.SIGXFSZ: "output",
    **dict.fromkeys(
        (
            *(signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGILL),
            *(signal.SIGFPE, signal.SIGTRAP, signal.SIGSYS),
        ),
        "crashed",
    ),
}
"""Of all others nobody but a person or the system is the sender."""

_HELD_BACK: dict[signal.Signals, Stop] = {
    signal.SIGXCPU: "cpu",
    **dict.fromkeys((signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT), "killed"),
}
"""Signals that confine.py keeps from a tool, since it would make up an end of its own."""

_ERRORS: dict[int, Stop] = {
    errno.ENOSPC: "disk",
    errno.EDQUOT: "disk",
    errno.EFBIG: "output",
    errno.ENOMEM: "memory",
}

_CODES = {-number & 0xFF: how for number, how in _ERRORS.items()}
"""ffmpeg ends with its error, a negative number, of which the system keeps eight bits."""

_CAUGHT = (255, 123)
"""ffmpeg's codes where a signal ended it that it catches and that nobody held back: it closes its
files, and looks done; after the fourth one it leaves at once."""

_SPENT = 0.9
"""Of the processor time: whoever is killed later met its limit. The clock of the limit is coarser."""

_FORBIDDEN = b"Operation not permitted"
"""What ffmpeg complains of where 255 is an error, EPERM."""


def stop_of(code: int, complaint: bytes, scratch: Path, *, spent: float) -> Stop | None:
    """Return what ended a process that left `code`, as Popen tells it; None if it did itself.

    `complaint` is the end of what it wrote to stderr, `scratch` where it wrote its files;
    `spent` is the part of its processor time that it had used, 0 to 1.
    """
    if code in (-signal.SIGKILL, *_CAUGHT) and spent >= _SPENT and _FORBIDDEN not in complaint:
        return "cpu"
    if code < 0:
        return _signalled(-code, complaint)
    if code in _CAUGHT and _FORBIDDEN not in complaint:
        return "killed"
    # ffprobe, and ffmpeg before 6.1, end with 1 whatever it was.
    how = _told(complaint) if code == 1 else _CODES.get(code)
    return how or (None if has_room(scratch) else "disk")


def _signalled(number: int, complaint: bytes) -> Stop:
    how = _SIGNALS.get(number, "killed")
    # Many libraries abort where they get no memory.
    return "memory" if how == "crashed" and _told(complaint) == "memory" else how


_WAITING = re.compile(r"^(?:SigPnd|ShdPnd):\s*([0-9a-f]+)$", re.MULTILINE)


def sent(pid: int) -> Stop | None:
    """Return what a signal means that process `pid` has been sent and that is held back from it.

    None if there is none, and where the system does not tell.
    """
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None  # not Linux, or it has just ended
    waiting = [int(mask, 16) for mask in _WAITING.findall(status)]
    for number, how in _HELD_BACK.items():
        if any(mask >> (number - 1) & 1 for mask in waiting):
            return how
    return None


def has_room(folder: Path) -> bool:
    """Return whether there is room for more than LEAST_ROOM where `folder` is."""
    disk = os.statvfs(folder)
    # Root may use what is kept back from others.
    free = disk.f_bavail if os.geteuid() else disk.f_bfree
    return not disk.f_blocks or free * disk.f_frsize >= LEAST_ROOM


def _words(number: int) -> bytes:
    """Return a pattern of how a tool says an error: at the end of a line of its own.

    Titles of a file, which may say anything, stand behind spaces.
    """
    return rb"^\S.*[:(] ?" + re.escape(os.strerror(number).encode()) + rb"\)?\.?$"


_TELLING = [
    *((re.compile(_words(number), re.MULTILINE), how) for number, how in _ERRORS.items()),
    (re.compile(rb"^\S.*malloc of size \d+ failed", re.MULTILINE), "memory"),
    (re.compile(rb"std::bad_alloc"), "memory"),
]


def _told(complaint: bytes) -> Stop | None:
    return next((how for pattern, how in _TELLING if pattern.search(complaint)), None)

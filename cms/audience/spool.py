"""The append-only spool of events, one file a minute, one line an event.

    2026-11-24T1327.log               being written
    2026-11-24T1327.<random>.batch    taken for counting; removed once it is counted

Any number of processes may append: each line is one write() to a file opened with
O_APPEND, which POSIX makes atomic on a local file system. Nothing is kept in
memory, so a restart loses nothing. One process at a time takes batches.
"""

import errno
import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

GRACE = timedelta(seconds=20)
"""After a minute's end, for a writer that chose the file's name just before it."""
MOST_BYTES = 64 * 2**20
"""Of a minute: 10,000 events a second. A flood costs counts, not the disk."""
FORM = "%Y-%m-%dT%H%M"


class Batch(NamedTuple):
    """The events of one minute (UTC) that were taken together; `name` is never used twice."""

    name: str
    minute: datetime
    path: Path

    def events(self) -> list[list[str]]:
        """The words of each event; a line that a full disk cut short has fewer of them."""
        return [line.split(" ") for line in self.lines()]

    def lines(self) -> list[str]:
        """The lines as they stand."""
        return self.path.read_text(encoding="utf-8", errors="replace").split("\n")[:-1]

    def remove(self) -> None:
        self.path.unlink()


def append(folder: Path, words: tuple[str, ...], now: datetime) -> None:
    """Add one event of the minute of `now`. Words hold neither space nor newline."""
    append_all(folder, [words], now)


def append_all(folder: Path, events: Iterable[tuple[str, ...]], now: datetime) -> None:
    """Add events of the minute of `now` by one write; raises OSError, also for MOST_BYTES."""
    text = b"".join(" ".join(words).encode() + b"\n" for words in events)
    handle = _opened(folder, folder / f"{now.astimezone(UTC).strftime(FORM)}.log")
    try:
        if os.fstat(handle).st_size > MOST_BYTES:
            raise OSError(errno.EFBIG, "this minute has too many events")
        os.write(handle, text)
    finally:
        os.close(handle)


def _opened(folder: Path, path: Path) -> int:
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
    try:
        return os.open(path, flags, 0o640)
    except FileNotFoundError:
        folder.mkdir(parents=True, exist_ok=True)
        return os.open(path, flags, 0o640)


@contextmanager
def taken(folder: Path, now: datetime) -> Iterator[list[Batch]]:
    """Yield what is to be counted: minutes that are over, and what a crash left taken.

    Yield nothing while another process is at it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield []
            return
        for path in folder.glob("*.log"):
            if minute_of(path) + timedelta(minutes=1) + GRACE <= now:
                path.rename(path.with_suffix(f".{uuid4().hex}.batch"))
        yield [Batch(p.name, minute_of(p), p) for p in sorted(folder.glob("*.batch"))]


def minute_of(path: Path) -> datetime:
    """Return the minute (UTC) whose events a file of the spool holds."""
    return datetime.strptime(path.name.split(".", 1)[0], FORM).replace(tzinfo=UTC)

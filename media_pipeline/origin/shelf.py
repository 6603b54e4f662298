"""Day files as an origin holds them: read and checked once, then memory-mapped.

Mapped is a copy in a file of this process alone, not the store's: a bucket has no
file, and one that is cut short in place, by a copied backup for example, ends the
process that has it mapped (SIGBUS).
"""

import mmap
import os
import tempfile
import threading
from pathlib import Path
from typing import BinaryIO, NamedTuple
from weakref import WeakSet, WeakValueDictionary

import structlog

from media_pipeline.model.keys import day_file
from media_pipeline.model.stored import BrokenDay, Day, DayRef
from media_pipeline.stores import Store

log = structlog.get_logger("siar.origin")

BATCH = 32 << 20
"""Bytes that wait in memory for one map together: Python 3.12 keeps a file open for each."""

_ALIGNED = 8
_DISK = "/var/tmp"  # noqa: S108
"""On a disk, where /tmp is memory on many systems; what is made there has no name."""


class _Map(NamedTuple):
    """A mapped file of `size` bytes for `most` days, and those in it that are in use still."""

    size: int
    most: int
    days: WeakSet[Day]

    @property
    def half_empty(self) -> bool:
        """Whether it is kept for less than half of what is in it."""
        some_left = len(self.days) < self.most
        return some_left and 2 * sum(len(day.data) for day in self.days) <= self.size


class Shelf:
    """The day files in use. One that no rundown names any more goes by itself.

    Of a map it goes when nothing is left in it, or when the next one is made, which takes over
    what is in those that are half empty: twice what is in use is held at most, and a batch.
    """

    def __init__(self, store: Store, batch: int = BATCH) -> None:
        self._store = store
        self._batch = batch
        self._days: WeakValueDictionary[str, Day] = WeakValueDictionary()
        self._fresh: WeakSet[Day] = WeakSet()
        self._waiting = 0
        self._lock = threading.Lock()
        self._maps: list[_Map] = []

    def __len__(self) -> int:
        return len(self._days)

    def day(self, channel: str, ref: DayRef) -> Day:
        """The day file `ref` of `channel`; raises BrokenDay, StoreUnavailable."""
        held = self._days.get(ref.name)
        if held is not None:
            return held
        data = self._store.read(day_file(channel, ref.name))
        if data is None:
            raise BrokenDay("it is not in the store")
        if len(data) != ref.size:
            raise BrokenDay(f"it has {len(data)} bytes instead of {ref.size}")
        day = Day(data)
        with self._lock:
            self._days[ref.name] = day
            self._fresh.add(day)
            self._waiting += len(data)
            if self._waiting >= self._batch:
                self._map()
        return day

    def _map(self) -> None:
        """Move what waits in memory into one mapped file; it stays there if no disk takes it."""
        leaving = [each for each in self._maps if each.half_empty]
        days = [day for held in (self._fresh, *(each.days for each in leaving)) for day in held]
        self._fresh, self._waiting = WeakSet(), 0
        try:
            with tempfile.TemporaryFile(dir=_folder(), prefix="siar-days-") as file:
                begins = [_append(file, day.data) for day in days]
                file.flush()
                mapped = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        except OSError as wrong:
            log.error("days_stay_in_memory", why=str(wrong))
            return
        for begin, day in zip(begins, days, strict=True):
            day.data = mapped[begin : begin + len(day.data)]
        self._maps = [each for each in self._maps if each not in leaving]
        self._maps.append(_Map(len(mapped), len(days), WeakSet(days)))


def _append(file: BinaryIO, data: memoryview) -> int:
    """Write `data` behind the rest and return where it begins."""
    begin = file.seek(-file.tell() % _ALIGNED, os.SEEK_CUR)
    file.write(data)
    return begin


def _folder() -> str | None:
    """Return where to write: TMPDIR if it is set, else a disk; None for Python's own choice."""
    given = os.environ.get("TMPDIR")
    return given or (_DISK if os.access(Path(_DISK), os.W_OK) else None)

"""What only catch-up asks for: older days and their publications, read when somebody does.

A week of every channel would be read at each start, and mapped; so of a day that is over
an origin knows what the index says, until a viewer goes back to it. Nothing here is
touched by who watches live.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import structlog

from media_pipeline.errors import StoreUnavailable
from media_pipeline.model.keys import day_file, publication_file
from media_pipeline.model.publication import decode_publication
from media_pipeline.model.stored import BrokenDay, Day, DayRef, check_meant
from media_pipeline.model.ticks import ticks_in
from media_pipeline.playout import Reel
from media_pipeline.stores import Store

log = structlog.get_logger("siar.origin")

RECENT = ticks_in(6 * 3600)
"""Days that ended longer ago are read on demand; those since hold what may be paused."""

DAYS_HELD = 32 << 20
"""Bytes of older days in memory; one of a common channel has 20 KiB."""

REELS_HELD = 2_000
"""Publications for catch-up in memory; one takes about 11 KB."""

ASK_AGAIN = ticks_in(30)
"""For how long what is not in the store is not asked for again."""

_READERS = 8


class LaterDay(Day):
    """A day whose bytes are fetched when an entry is asked for. Its numbers are the index's.

    Asking may raise BrokenDay and StoreUnavailable.
    """

    __slots__ = ("_load",)

    def __init__(self, ref: DayRef, msn_end: int, load: Callable[[], Day]) -> None:
        self.count, self.end, self.dsn = ref.entries, ref.end, ref.dsn
        self.start, self.msn, self.msn_end = ref.start, ref.msn, msn_end
        self._load = load

    @property
    def data(self) -> memoryview:  # type: ignore[override]
        """The bytes of the day file."""
        return self._load().data


class OldDays:
    """The older days that were asked for last."""

    def __init__(self, store: Store, most: int = DAYS_HELD) -> None:
        self._store = store
        self._most = most
        self._held: OrderedDict[str, Day] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def day(self, channel: str, ref: DayRef, msn_end: int) -> LaterDay:
        """The day `ref` of `channel`, whose last segment has the number below `msn_end`."""
        return LaterDay(ref, msn_end, lambda: self._loaded(channel, ref, msn_end))

    def _loaded(self, channel: str, ref: DayRef, msn_end: int) -> Day:
        held = self._held.get(ref.name)
        if held is not None:
            return held
        data = self._store.read(day_file(channel, ref.name))
        if data is None:
            raise BrokenDay(f"the day file {ref.name} is not in the store")
        day = Day(data)
        check_meant(ref, day)
        if day.msn_end != msn_end:
            raise BrokenDay(f"The day file {ref.name} does not go on where the next one begins.")
        with self._lock:
            if ref.name not in self._held:
                self._held[ref.name] = day
                self._bytes += ref.size
            while self._bytes > self._most and len(self._held) > 1:
                self._bytes -= len(self._held.popitem(last=False)[1].data)
        return day


class _Shelved(msgspec.Struct, frozen=True):
    reel: Reel | None
    asked: int


class OldReels:
    """The publications that catch-up asked for last."""

    def __init__(self, store: Store, media_url: str, most: int = REELS_HELD) -> None:
        self._store = store
        self._media_url = media_url
        self._most = most
        self._held: OrderedDict[str, _Shelved] = OrderedDict()
        self._lock = threading.Lock()
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="siar-past")

    def __len__(self) -> int:
        return len(self._held)

    def of(self, names: Iterable[str], gone: frozenset[str], now: int) -> dict[str, Reel]:
        """The reels of those of `names` that can be read; raises StoreUnavailable."""
        wanted = sorted(names)
        missing = [name for name in wanted if not self._knows(name, now)]
        read = dict(zip(missing, self._readers.map(self._read, missing), strict=True))
        found: dict[str, Reel] = {}
        with self._lock:
            for name in wanted:
                shelved = _Shelved(read[name], now) if name in read else self._held.get(name)
                if shelved is None:
                    continue
                self._held[name] = shelved
                self._held.move_to_end(name)
                if shelved.reel is not None:
                    found[name] = _marked(shelved.reel, gone=name in gone)
            while len(self._held) > self._most:
                self._held.popitem(last=False)
        return found

    def _knows(self, name: str, now: int) -> bool:
        held = self._held.get(name)
        return held is not None and (held.reel is not None or 0 <= now - held.asked < ASK_AGAIN)

    def _read(self, name: str) -> Reel | None:
        try:
            data = self._store.read(publication_file(name))
            return Reel.of(decode_publication(data), media_url=self._media_url) if data else None
        except StoreUnavailable:
            raise
        except (msgspec.DecodeError, ValueError, RecursionError) as wrong:
            log.error("publication_missing", publication=name, why=str(wrong))
            return None

    def close(self) -> None:
        """Let the readers go."""
        self._readers.shutdown(wait=False, cancel_futures=True)


def _marked(reel: Reel, **changes: Any) -> Reel:
    return msgspec.structs.replace(reel, **changes)

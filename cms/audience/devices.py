"""Telling one device's second tap from another device's first, without knowing either.

What is remembered of a request is a keyed hash, in this process's memory only. The
key is random, made anew each day and never written: after a day nobody, we
included, can tell which address a hash came from. A short memory is on purpose:
Indonesian mobile networks put thousands of phones behind one address.
"""

import hashlib
import secrets
import threading
from collections import OrderedDict, deque
from datetime import date, datetime, timedelta

REPEAT = timedelta(seconds=30)
"""Within this time a second tap on the same product is a slip of the same thumb."""
RATE = 240
"""Requests of one address, phone model and language a minute before it is asked to wait."""
RATE_WINDOW = timedelta(minutes=1)
MEMORY = 20_000
"""Hashes kept; the oldest go first."""


class Devices:
    """A day's memory of who tapped just now. Safe for threads; one a process."""

    def __init__(self, rate: int = RATE) -> None:
        self._rate = rate
        self._lock = threading.Lock()
        self._day: date | None = None
        self._key = b""
        self._taps: OrderedDict[bytes, datetime] = OrderedDict()
        self._requests: OrderedDict[bytes, deque[datetime]] = OrderedDict()

    def is_too_fast(self, traits: tuple[str, ...], now: datetime) -> bool:
        """Note a request of the device with these traits; return whether it asks too often."""
        with self._lock:
            times = self._requests.setdefault(self._hash(traits, now), deque())
            while times and times[0] <= now - RATE_WINDOW:
                times.popleft()
            _trim(self._requests)
            if len(times) >= self._rate:
                return True
            times.append(now)
            return False

    def is_repeat(self, traits: tuple[str, ...], what: str, now: datetime) -> bool:
        """Note a tap on `what`; return whether the same device made one just before."""
        with self._lock:
            mark = self._hash((*traits, what), now)
            before = self._taps.pop(mark, None)
            self._taps[mark] = now
            _trim(self._taps)
            return before is not None and now - before < REPEAT

    def _hash(self, words: tuple[str, ...], now: datetime) -> bytes:
        if self._day != now.date():
            self._day, self._key = now.date(), secrets.token_bytes(32)
            self._taps.clear()
            self._requests.clear()
        return hashlib.blake2b("\0".join(words).encode(), key=self._key, digest_size=16).digest()


def _trim(memory: OrderedDict[bytes, datetime] | OrderedDict[bytes, deque[datetime]]) -> None:
    while len(memory) > MEMORY:
        memory.popitem(last=False)

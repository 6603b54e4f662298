"""The secret of each day with which tokens are hashed, and its end.

While it is there, who knows a token could ask whether it is in a sketch; once it is
deleted, nobody can, we included.
"""

import hashlib
import secrets
import threading
from datetime import date, datetime

from cms.audience.events.messages import open_days
from cms.audience.models import DaySalt


class Salts:
    """The salts of the days that are open. Safe for threads; one a process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._salts: dict[date, bytes] = {}

    def known(self, day: date) -> bytes | None:
        """Return the salt of `day` if this process has it already."""
        return self._salts.get(day)

    def fetch(self, day: date, now: datetime) -> bytes:
        """Return the salt of the open `day`, made by whoever asks first. May use the database."""
        if known := self.known(day):
            return known
        row, _ = DaySalt.objects.get_or_create(day=day, defaults={"salt": secrets.token_bytes(32)})
        with self._lock:
            kept = {d: salt for d, salt in self._salts.items() if d in open_days(now)}
            self._salts = kept | {day: bytes(row.salt)}
        return bytes(row.salt)


def hashed(salt: bytes, *words: str) -> str:
    """Return 16 hexadecimal digits that stand for `words` while `salt` exists."""
    return hashlib.blake2b("\0".join(words).encode(), key=salt, digest_size=8).hexdigest()


def do_delete_salts(now: datetime) -> None:
    """Forget the salts of days that are over everywhere."""
    DaySalt.objects.filter(day__lt=open_days(now)[0]).delete()

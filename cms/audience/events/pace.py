"""How much each device and each address may tell in a minute.

Kept in this process's memory for that minute only, as hashes by a key that Python draws
anew for each process.
"""

import threading
from datetime import datetime

OF_A_TOKEN = 6
"""Posts of one token a minute: several tabs, where one sends every 90 seconds."""
OF_AN_ADDRESS = 6_000
"""Events of one address a minute: mobile networks put thousands of phones behind one."""
MEMORY = 200_000
"""Hashes of a minute. What comes beyond is not counted."""


class Pace:
    """A minute's memory of who told how much. Safe for threads; one a process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._minute: datetime | None = None
        self._told: dict[int, int] = {}

    def allows(self, token: str, address: str, events: int, now: datetime) -> bool:
        """Note a post; return whether neither its device nor its address tells too much."""
        minute = now.replace(second=0, microsecond=0)
        with self._lock:
            if minute != self._minute:
                self._minute, self._told = minute, {}
            # The address first: one that made tokens up would fill the memory of all.
            if self._add(hash(("address", address)), events) > OF_AN_ADDRESS:
                return False
            posts = self._add(hash(("token", token)), 1)
            return posts <= OF_A_TOKEN and len(self._told) <= MEMORY

    def _add(self, who: int, amount: int) -> int:
        if who not in self._told and len(self._told) > MEMORY:
            return 0
        self._told[who] = self._told.get(who, 0) + amount
        return self._told[who]

"""What was asked for last, in a bounded memory."""

import threading
from collections import OrderedDict
from collections.abc import Hashable


class Recent[K: Hashable, V]:
    """Values that weigh `most` together; what was not asked for the longest goes first.

    The newest stays whatever it weighs. Threads and the event loop may share it.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._weight = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._held)

    @property
    def weight(self) -> int:
        """What all together weigh."""
        return self._weight

    def get(self, key: K) -> V | None:
        """The value of `key`, which was asked for last from now on; None if it is not held."""
        with self._lock:
            held = self._held.get(key)
            if held is None:
                return None
            self._held.move_to_end(key)
            return held[0]

    def keep(self, key: K, value: V, weight: int) -> None:
        """Hold `value` from now on, and let go what is too much."""
        with self._lock:
            before = self._held.pop(key, None)
            self._weight += weight - (before[1] if before else 0)
            self._held[key] = value, weight
            while self._weight > self._most and len(self._held) > 1:
                self._weight -= self._held.popitem(last=False)[1][1]

    def drop(self, key: K) -> None:
        """Hold it no longer, if it is held."""
        with self._lock:
            _, weight = self._held.pop(key, (None, 0))
            self._weight -= weight

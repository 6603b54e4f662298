"""An honest forecast: from how fast the work went lately, or none at all."""

from collections import deque
from datetime import datetime, timedelta

_WINDOW = timedelta(seconds=60)
_SHORTEST = timedelta(seconds=2)


class Forecast:
    """Learns from (moment, fraction) pairs; `seconds_left` is None until it can tell."""

    def __init__(self) -> None:
        self._seen: deque[tuple[datetime, float]] = deque()

    def seconds_left(self, fraction: float, now: datetime) -> float | None:
        """Return the seconds until 1 at the pace of the last minute, now that it is `fraction`."""
        self._seen.append((now, fraction))
        while len(self._seen) > 2 and now - self._seen[1][0] >= _WINDOW:
            self._seen.popleft()
        since, before = self._seen[0]
        if now - since < _SHORTEST or fraction <= before:
            return None
        return (1 - fraction) * (now - since).total_seconds() / (fraction - before)

"""Which airing makes good for which that was missed or cut: one for one, the oldest debt first.

A debt is what was promised, missed or cut, and not taken back by its trader. What makes good
was promised to nobody, so that it is no debt itself if it fails; only a whole one closes a debt.
A link stays when what it made good for turns out to have aired: that one was extra.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping

import msgspec

from media_pipeline.asrun.airing import Status


class Told(msgspec.Struct, frozen=True):
    """An airing of a segment as it is known, by its key. `start` orders those of a segment."""

    key: int
    segment: str
    start: int
    status: Status
    makes_good: bool = False
    taken_back: bool = False

    @property
    def is_debt(self) -> bool:
        """Whether it is owed, or was until something made good for it."""
        return self.status != "aired" and not (self.makes_good or self.taken_back)

    @property
    def is_replacement(self) -> bool:
        """Whether it may close a debt."""
        return self.makes_good and self.status == "aired"


def settled(airings: Iterable[Told], links: Mapping[int, int]) -> dict[int, int]:
    """Return the links that hold, from the key of a debt to that of its replacement.

    Of `links` before those stay whose replacement is whole. A replacement closes the oldest
    open debt of its segment that began before it.
    """
    known = {airing.key: airing for airing in airings}
    kept = {debt: by for debt, by in links.items() if debt in known and _holds(known.get(by))}
    used = set(kept.values())
    ordered = sorted(known.values(), key=lambda airing: (airing.start, airing.key))
    owed: dict[str, deque[Told]] = defaultdict(deque)
    for airing in ordered:
        if airing.is_debt and airing.key not in kept:
            owed[airing.segment].append(airing)
        elif airing.is_replacement and airing.key not in used and owed[airing.segment]:
            kept[owed[airing.segment].popleft().key] = airing.key
    return kept


def _holds(replacement: Told | None) -> bool:
    return replacement is not None and replacement.is_replacement

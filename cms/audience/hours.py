"""Adding to the counts of an hour."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import batched
from typing import NamedTuple
from uuid import UUID

from cms.audience.batches import AT_ONCE, do_write
from cms.audience.models import HourCount


class Totals(NamedTuple):
    """What is to be added for one card and place."""

    impressions: int = 0
    taps: int = 0

    def plus(self, *, impressions: int = 0, taps: int = 0) -> "Totals":
        """Return these and those together."""
        return Totals(self.impressions + impressions, self.taps + taps)


def do_add_hours(minute: datetime, totals: Mapping[tuple[UUID, str], Totals]) -> None:
    """Add `totals`, by key and place, to the hour of `minute`. Stands in a transaction."""
    hour = minute.replace(minute=0, second=0, microsecond=0)
    for some in batched(sorted(totals), AT_ONCE):
        HourCount.objects.bulk_create(
            (HourCount(key=key, hour=hour, place=place) for key, place in some),
            ignore_conflicts=True,
        )
        # Two workers may count at once: what one has read the other must not write.
        rows = HourCount.objects.select_for_update().order_by("key", "place")
        found = {(row.key, row.place): row for row in rows.filter(hour=hour, key__in=_keys(some))}
        for each in some:
            found[each].impressions += totals[each].impressions
            found[each].taps += totals[each].taps
        do_write([found[each] for each in some], ["key", "hour", "place"], ["impressions", "taps"])


def _keys(cards: Iterable[tuple[UUID, str]]) -> set[UUID]:
    return {key for key, _ in cards}

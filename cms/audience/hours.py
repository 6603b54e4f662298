"""Adding to the counts of an hour."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import F

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
    if not totals:
        return
    hour = minute.replace(minute=0, second=0, microsecond=0)
    HourCount.objects.bulk_create(
        (HourCount(key=key, hour=hour, place=place) for key, place in sorted(totals)),
        ignore_conflicts=True,
    )
    rows = HourCount.objects.filter(hour=hour, key__in={key for key, _ in totals}).order_by("pk")
    changed = []
    for row in rows:
        if more := totals.get((row.key, row.place)):
            # Two workers may count at once.
            row.impressions = F("impressions") + more.impressions
            row.taps = F("taps") + more.taps
            changed.append(row)
    HourCount.objects.bulk_update(changed, ["impressions", "taps"], batch_size=200)

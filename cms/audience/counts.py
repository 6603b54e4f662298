"""What was counted for featured segments and products: for pages, proofs and exports."""

from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Sum

from cms.audience.models import HourCount, ReachDay
from cms.channels.times import moment_on
from cms.traders.models import FeaturedSegment, Product


class Counts(NamedTuple):
    """Cards seen, chats and shops opened from them, and viewer-days."""

    impressions: int = 0
    taps: int = 0
    reach: int = 0

    def __add__(self, other: "Counts") -> "Counts":  # type: ignore[override]
        return Counts(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


def counts_of(segments: Iterable[FeaturedSegment], first: date, last: date, zone: str) -> Counts:
    """Return what the cards of `segments` reached from `first` to `last`, both included.

    Impressions and taps are of days in `zone` ("Asia/Jakarta"). Reach is in viewer-days,
    each by the viewer's own date: a device that sees two of the segments counts twice, as
    one does that sees a segment on two days. Counts follow after about 80 seconds.
    """
    return sum(counts_by_segment(segments, first, last, zone).values(), Counts())


def counts_by_segment(
    segments: Iterable[FeaturedSegment], first: date, last: date, zone: str
) -> dict[int, Counts]:
    """Return the counts of each of `segments` by its primary key, zeros included."""
    return _by_row({row.pk: row.key for row in segments}, first, last, zone)


def counts_by_product(
    products: Iterable[Product], first: date, last: date, zone: str
) -> dict[int, Counts]:
    """Return what the tiles of each of `products` on pages reached; cards are not among them."""
    return _by_row({row.pk: row.key for row in products}, first, last, zone)


def _by_row(keys: dict[int, UUID], first: date, last: date, zone: str) -> dict[int, Counts]:
    found = _counts(set(keys.values()), first, last, zone)
    return {pk: found.get(key, Counts()) for pk, key in keys.items()}


def _counts(keys: set[UUID], first: date, last: date, zone: str) -> dict[UUID, Counts]:
    local = ZoneInfo(zone)
    since = moment_on(first, time.min, local)
    until = moment_on(last + timedelta(days=1), time.min, local)
    hours = HourCount.objects.filter(key__in=keys, hour__gte=since, hour__lt=until)
    sums = hours.values("key").annotate(seen=Sum("impressions"), tapped=Sum("taps"))
    found = {row["key"]: Counts(row["seen"], row["tapped"]) for row in sums}
    days = ReachDay.objects.filter(key__in=keys, day__gte=first, day__lte=last)
    for row in days.values("key").annotate(reach=Sum("devices")):
        before = found.get(row["key"], Counts())
        found[row["key"]] = before + Counts(reach=row["reach"])
    return found

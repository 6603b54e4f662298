"""What was counted for featured segments and products: for pages, proofs and exports."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Sum

from cms.audience.events.messages import open_days
from cms.audience.models import HourCount, ReachDay
from cms.channels.times import moment_on
from cms.traders.models import FeaturedSegment

SETTLED = timedelta(minutes=15)
"""After which all that was told of a minute is counted, if the worker runs: an origin that has
stopped is waited for ten minutes."""


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
    one does that sees a segment on two days. Counts follow after two or three minutes.
    """
    return sum(counts_by_segment(segments, first, last, zone).values(), Counts())


def counts_by_segment(
    segments: Iterable[FeaturedSegment], first: date, last: date, zone: str
) -> dict[int, Counts]:
    """Return the counts of each of `segments` by its primary key, zeros included."""
    keys = {row.pk: row.key for row in segments}
    found = _counts(set(keys.values()), *_moments(first, last, zone), first, last)
    return {pk: found.get(key, Counts()) for pk, key in keys.items()}


def counts_at(
    key: UUID, first: date, last: date, zone: str, read: datetime
) -> tuple[Counts, Counts]:
    """Return the least and the most that `counts_of` can have said of `key` at `read`.

    They are one once the last day was over for `SETTLED`, and for reach everywhere on earth.
    """
    since, until = _moments(first, last, zone)
    known = (read - SETTLED).replace(minute=0, second=0, microsecond=0)
    days = open_days(read)
    least = _counts({key}, since, min(until, known), first, min(last, days[0] - timedelta(days=1)))
    most = _counts({key}, since, min(until, read), first, min(last, days[-1]))
    return least.get(key, Counts()), most.get(key, Counts())


def reach_by_day(
    segments: Iterable[FeaturedSegment], first: date, last: date
) -> dict[int, dict[date, int]]:
    """Return the reach of each day of each of `segments` (by primary key), days without left out."""
    keys = {row.key: row.pk for row in segments}
    found: dict[int, dict[date, int]] = {pk: {} for pk in keys.values()}
    days = ReachDay.objects.filter(key__in=keys, day__gte=first, day__lte=last, devices__gt=0)
    for key, day, devices in days.values_list("key", "day", "devices"):
        found[keys[key]][day] = devices
    return found


def _moments(first: date, last: date, zone: str) -> tuple[datetime, datetime]:
    local = ZoneInfo(zone)
    return moment_on(first, time.min, local), moment_on(last + timedelta(days=1), time.min, local)


def _counts(
    keys: set[UUID], since: datetime, until: datetime, first: date, last: date
) -> dict[UUID, Counts]:
    hours = HourCount.objects.filter(key__in=keys, hour__gte=since, hour__lt=until)
    sums = hours.values("key").annotate(seen=Sum("impressions"), tapped=Sum("taps"))
    found = {row["key"]: Counts(row["seen"], row["tapped"]) for row in sums}
    days = ReachDay.objects.filter(key__in=keys, day__gte=first, day__lte=last)
    for row in days.values("key").annotate(reach=Sum("devices")):
        before = found.get(row["key"], Counts())
        found[row["key"]] = before + Counts(reach=row["reach"])
    return found

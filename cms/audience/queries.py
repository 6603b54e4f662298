"""How many people opened a chat."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Sum

from cms.audience.models import TapCount
from cms.traders.models import Product


class Day(NamedTuple):
    """Taps of one day in the co-operative's own zone."""

    date: date
    taps: int


def taps_by_day(products: Iterable[Product], zone: str, days: int, now: datetime) -> list[Day]:
    """Return the taps on `products` of the last `days` days, today last, zeros included."""
    local = ZoneInfo(zone)
    today = now.astimezone(local).date()
    first = today - timedelta(days=days - 1)
    since = datetime.combine(first, time.min, tzinfo=local)
    totals = dict.fromkeys((first + timedelta(days=n) for n in range(days)), 0)
    rows = TapCount.objects.filter(product__in=list(products), minute__gte=since, minute__lte=now)
    for minute, taps in rows.values_list("minute").annotate(sum=Sum("taps")):
        totals[minute.astimezone(local).date()] += taps
    return [Day(day, taps) for day, taps in totals.items()]

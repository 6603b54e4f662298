"""Certificates of a product: until when each kind holds, and whose end is near.

A product that shows a kind must have one of that kind that is still valid: a renewed
certificate stands in for the one before it. `day` is a day of the market's own zone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from cms.traders.models import Certificate, Product

NOTICE = timedelta(days=14)
"""So long before the end its trader and coordinator are told."""


@dataclass(frozen=True)
class Ending:
    """The last of a product's certificates of one kind; `ended` if its last day is over."""

    certificate: Certificate
    ended: bool


def holding(certificates: Iterable[Certificate]) -> list[Certificate]:
    """Return the certificate of each kind that holds longest."""
    longest: dict[str, Certificate] = {}
    for each in certificates:
        kept = longest.get(each.kind)
        if kept is None or each.expires_on > kept.expires_on:
            longest[each.kind] = each
    return list(longest.values())


def endings(products: QuerySet[Product], day: date) -> list[Ending]:
    """Return what of `products` on sale ended, or ends within NOTICE of `day`, by its end."""
    later = Certificate.objects.filter(
        product=OuterRef("product"), kind=OuterRef("kind"), expires_on__gt=OuterRef("expires_on")
    )
    last = Certificate.objects.filter(
        ~Exists(later), product__in=products.filter(active=True), expires_on__lte=day + NOTICE
    )
    rows = last.select_related("product__stall__cooperative").order_by("expires_on", "pk")
    return [Ending(row, row.expires_on < day) for row in rows]

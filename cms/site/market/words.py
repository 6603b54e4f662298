"""Searching stalls and products by words: names of goods, stalls, markets and places."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from cms.site.queries import any_of, matching, terms_of
from cms.traders.models import Product, Stall


def _below(way: str, *names: str) -> tuple[str, ...]:
    return tuple(f"{way}__{name}" for name in names)


_GOODS = ("name", "description")
_COMMODITY = _below("commodity", "name", "other_names")
_STALL = ("name", "description", "block", "market")
_PLACE = _below("cooperative", "name", "market", "city", "region__name")


def stalls_with(rows: QuerySet[Stall], question: str) -> QuerySet[Stall]:
    """Return the stalls of which each word names them, their place or what they sell."""
    for word in terms_of(question):
        sold = Product.objects.public().filter(
            any_of((*_GOODS, *_COMMODITY), word), stall=OuterRef("pk")
        )
        dealt = Stall.commodities.through.objects.filter(
            any_of(_COMMODITY, word), stall=OuterRef("pk")
        )
        rows = rows.filter(any_of((*_STALL, *_PLACE), word) | Q(Exists(sold)) | Q(Exists(dealt)))
    return rows


def products_with(rows: QuerySet[Product], question: str) -> QuerySet[Product]:
    """Return the products of which each word names them, their stall or its place."""
    stall = _below("stall", *_STALL, *_PLACE)
    return matching(rows, (*_GOODS, *_COMMODITY, *stall), question)

"""Searching the directory by words: names of goods, stalls, markets and places, and what of
them was perhaps meant where nothing is found.
"""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from cms.cooperatives.models import Cooperative, Region
from cms.site.search import terms_of
from cms.traders.models import Commodity, Product, Stall

NEAR = 0.75
"""How alike two words must be: "cabbe" is near "cabai", "batu" is not near "batik"."""
KNOWN = 3000
"""Names of each kind that are compared with a word that was not found."""

_STALL = ("name", "description", "block", "market")
_PLACE = ("name", "market", "city", "region__name")
_GOODS = ("name", "description")
_COMMODITY = ("name", "other_names")


def stalls_with(rows: QuerySet[Stall], question: str) -> QuerySet[Stall]:
    """Return the stalls of which each word names them, their place or what they sell."""
    for word in terms_of(question):
        sold = Product.objects.public().filter(
            _any(("", _GOODS), ("commodity__", _COMMODITY), word=word), stall=OuterRef("pk")
        )
        dealt = Stall.commodities.through.objects.filter(
            _any(("commodity__", _COMMODITY), word=word), stall=OuterRef("pk")
        )
        own = _any(("", _STALL), ("cooperative__", _PLACE), word=word)
        rows = rows.filter(own | Q(Exists(sold)) | Q(Exists(dealt)))
    return rows


def products_with(rows: QuerySet[Product], question: str) -> QuerySet[Product]:
    """Return the products of which each word names them, their stall or its place."""
    for word in terms_of(question):
        rows = rows.filter(
            _any(
                ("", _GOODS),
                ("commodity__", _COMMODITY),
                ("stall__", _STALL),
                ("stall__cooperative__", _PLACE),
                word=word,
            )
        )
    return rows


def meant(question: str) -> str:
    """Return the question with the nearest known words in it; "" where none is near."""
    known = _known()
    words = [_nearest(word, known) for word in terms_of(question.casefold())]
    guess = " ".join(words)
    return guess if guess and guess != " ".join(terms_of(question.casefold())) else ""


def _any(*fields: tuple[str, Iterable[str]], word: str) -> Q:
    """One of the fields has `word` in it; each group has the way to its row before it."""
    found = Q()
    for way, names in fields:
        for name in names:
            found |= Q(**{f"{way}{name}__icontains": word})
    return found


def _nearest(word: str, known: set[str]) -> str:
    if word in known or len(word) < 4:
        return word
    return next(iter(get_close_matches(word, sorted(known), n=1, cutoff=NEAR)), word)


def _known() -> set[str]:
    names: list[Any] = [
        *Commodity.objects.values_list(*_COMMODITY)[:KNOWN],
        *Cooperative.objects.exclude(market="").values_list("market", "city")[:KNOWN],
        *Region.objects.values_list("name")[:KNOWN],
        *Stall.objects.public().values_list("name")[:KNOWN],
        *Product.objects.public().values_list("name")[:KNOWN],
    ]
    text = " ".join(each for row in names for each in row).casefold()
    return {word for word in re.findall(r"\w+", text) if len(word) > 3}

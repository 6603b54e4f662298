"""Search over videos, articles, products and stalls: every word must be somewhere in a row."""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cms.articles import queries as articles
from cms.site.queries import text_of
from cms.site.tiles import story_tile, video_tiles
from cms.site.watch import newest
from cms.traders.models import Product, Stall
from cms.traders.tiles import product_card

MOST = 12
"""Results of a kind."""
WORDS = 6


def terms_of(question: str) -> list[str]:
    """Return the words of a question, a few of them."""
    return question.split()[:WORDS]


def matching(rows: QuerySet[Any], fields: Sequence[str], terms: Sequence[str]) -> QuerySet[Any]:
    """Return the rows in which each word stands in one of `fields`."""
    for term in terms:
        rows = rows.filter(reduce(or_, (Q(**{f"{field}__icontains": term}) for field in fields)))
    return rows.distinct() if any("__" in field for field in fields) else rows


def search(request: HttpRequest) -> HttpResponse:
    """The search page; without a question it is the form alone."""
    question = text_of(request, "q")
    found = _found(terms_of(question)) if question else {}
    context = {"question": question, "any": any(found.values()), **found}
    return render(request, "site/search.html", context)


def _found(terms: list[str]) -> dict[str, list[Any]]:
    videos = matching(newest(), ("title", "description", "category__name"), terms)
    stories = matching(articles.public(), ("title", "summary"), terms)
    products = matching(
        Product.objects.public().for_cards(),
        ("name", "description", "stall__name", "commodity__name", "commodity__other_names"),
        terms,
    )
    stalls = matching(
        Stall.objects.public().select_related("cooperative"),
        ("name", "description", "block", "cooperative__market"),
        terms,
    )
    return {
        "videos": video_tiles(videos[:MOST]),
        "stories": [story_tile(article) for article in stories[:MOST]],
        "products": [product_card(product, "cari") for product in products[:MOST]],
        "stalls": list(stalls[:MOST]),
    }

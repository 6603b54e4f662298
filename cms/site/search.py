"""Search over videos, articles, products and stalls: every word must be somewhere in a row."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from cms.articles import queries as articles
from cms.cooperatives.models import Region
from cms.core import clock
from cms.site.choices import region_of
from cms.site.market.asked import Asked
from cms.site.market.known import meant
from cms.site.market.words import products_with, stalls_with
from cms.site.queries import matching, region_first, text_of
from cms.site.tiles import story_tiles, video_tiles
from cms.site.watch import newest
from cms.traders.models import Product, Stall
from cms.traders.tiles import product_card

MOST = 6
"""Results of a kind: of stalls and products the directory has the others."""


def search(request: HttpRequest) -> HttpResponse:
    """The search page; without a question it is the form alone."""
    question = text_of(request, "q")
    found = _found(question, region_of(request)) if question else {}
    some = any(found.values())
    guess = "" if some else meant(question, clock.now(), beside_goods=True)
    context = {
        "question": question,
        "any": some,
        "goods_url": Asked(question=question, goods=True).url(),
        "stalls_url": Asked(question=question).url(),
        "guess": guess,
        "guess_url": reverse("search", query={"q": guess}),
        **found,
    }
    return render(request, "site/search.html", context)


def _found(question: str, near: Region | None) -> dict[str, list[Any]]:
    """Return the first results of each kind; stalls and products as the directory finds them."""
    videos = matching(newest(), ("title", "description", "category__name"), question)
    stories: QuerySet[Any] = matching(articles.public(), ("title", "summary"), question)
    products = products_with(Product.objects.public().for_cards(), question)
    stalls = stalls_with(Stall.objects.public().select_related("cooperative"), question)
    products = region_first(products, near, "stall__cooperative__region")
    return {
        "videos": video_tiles(region_first(videos, near, "cooperative__region")[:MOST]),
        "stories": story_tiles(stories[:MOST]),
        "products": [product_card(product, "cari") for product in products[:MOST]],
        "stalls": list(region_first(stalls, near, "cooperative__region")[:MOST]),
    }

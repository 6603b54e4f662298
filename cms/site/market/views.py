"""The pages of the directory: all markets, one market, a stall, a product."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from cms.cooperatives.models import Cooperative, Region
from cms.core import clock
from cms.site.caching import kept
from cms.site.choices import region_of
from cms.site.home import featured
from cms.site.market import asked as filters
from cms.site.market import words
from cms.site.market.known import meant
from cms.site.market.seen import seen_of
from cms.site.market.shown import certificates, share_picture, verified_since
from cms.site.queries import region_first
from cms.site.structured import breadcrumbs, business, marketplace
from cms.site.structured import product as product_data
from cms.traders.links import contact_of, qr_path, shop_path
from cms.traders.models import FeaturedSegment, Product, Stall
from cms.traders.tiles import product_card

PER_PAGE = 12
GOODS = 6
"""Products of a page: with eight it would be heavier than 15 kB (tests/site/cost)."""
FIRST = 24
"""Markets that the directory names; with more, the search finds the others."""


@kept(60)
def directory(request: HttpRequest) -> HttpResponse:
    """All markets, and the stalls and products that match what is asked."""
    near, asked = region_of(request), filters.asked_of(request)
    stalls = Count("stalls", filter=Q(stalls__active=True, stalls__waiting_since=None))
    markets = Cooperative.objects.annotate(open_stalls=stalls).filter(open_stalls__gt=0)
    if asked.region:
        markets = markets.filter(region=asked.region)
    rows = region_first(markets.select_related("region").order_by("path"), near, "region")
    context = {
        "markets": rows[:FIRST],
        "near": near,
        "products": [] if asked.is_narrow else featured(),
        **_listing(request, asked, near),
    }
    return render(request, "site/market.html", context)


@kept(60)
def cooperative(request: HttpRequest, slug: str) -> HttpResponse:
    """One market: its stalls and what they showed on TV."""
    row = get_object_or_404(Cooperative.objects.select_related("region"), slug=slug)
    asked = filters.asked_of(request, row)
    segments = FeaturedSegment.objects.showing().filter(product__stall__cooperative=row)
    products = Product.objects.public().filter(segments__in=segments).distinct()
    shown = list(products.for_cards()[:3])
    stalls = Stall.objects.public().filter(cooperative=row)
    context = {
        "cooperative": row,
        "total": stalls.count(),
        "verified": stalls.filter(verified_at__isnull=False).count(),
        "products": []
        if asked.is_narrow
        else [product_card(p, "pasar", promoted=True) for p in shown],
        "share": share_picture(shown),
        "structured": [
            marketplace(request, row),
            breadcrumbs(request, *_way((row.market_name, asked.path))),
        ],
        **_listing(request, asked),
    }
    return render(request, "site/cooperative.html", context)


def _listing(
    request: HttpRequest, asked: filters.Asked, near: Region | None = None
) -> dict[str, Any]:
    """What is found, a page of it, and every choice as a link."""
    found = _found(asked, near)
    page = Paginator(found, GOODS if asked.goods else PER_PAGE).get_page(request.GET.get("halaman"))
    guess = "" if page.object_list else meant(asked.question, clock.now())
    return {
        "page": page,
        "cards": [product_card(row, "pasar") for row in page] if asked.goods else [],
        "asked": asked,
        "kinds": filters.kinds(asked),
        "commodities": filters.commodities(asked),
        "regions": filters.regions(asked),
        "verified_url": asked.url(verified=not asked.verified),
        "every_url": asked.path,
        "query": f"{asked.query}&" if asked.query else "",
        "guess": guess,
        "guess_url": asked.url(question=guess),
        "canonical": _canonical(request, asked, page.number),
        "unlisted": bool(asked.question) or not page.object_list,
    }


def _found(asked: filters.Asked, near: Region | None) -> QuerySet[Any]:
    if asked.goods:
        rows = filters.narrowed_products(asked).for_cards()
        goods = words.products_with(rows, asked.question)
        return region_first(goods, near, "stall__cooperative__region")
    stalls = words.stalls_with(filters.narrowed_stalls(asked), asked.question)
    return region_first(stalls.select_related("cooperative"), near, "cooperative__region")


def _canonical(request: HttpRequest, asked: filters.Asked, number: int) -> str:
    """Return the one address of what is shown: without the question, filters in one order."""
    url = asked.url(question="")
    if number > 1 and not asked.question:
        url += f"{'&' if '?' in url else '?'}halaman={number}"
    return request.build_absolute_uri(url)


def _way(*steps: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return (("Siar", "/"), (_("Pasar"), reverse("market")), *steps)


def _market_of(stall: Stall) -> tuple[str, str]:
    row = stall.cooperative
    return row.market_name, reverse("cooperative", args=[row.slug])


@kept(60)
def stall(request: HttpRequest, slug: str) -> HttpResponse:
    """A stall: who it is, what it sells, where it was on TV."""
    row = get_object_or_404(Stall.objects.public().select_related("cooperative__region"), slug=slug)
    products = Product.objects.public().for_cards().filter(stall=row)
    page = Paginator(products, GOODS).get_page(request.GET.get("halaman"))
    picture = share_picture(page)
    context = {
        "stall": row,
        "contact": contact_of(row),
        "since": verified_since(row),
        "commodities": row.commodities.all(),
        "page": page,
        "products": [product_card(p, "lapak") for p in page],
        "seen": seen_of(FeaturedSegment.objects.showing().filter(product__stall=row), clock.now()),
        "share": picture,
        "structured": [
            {"@context": "https://schema.org", **business(request, row, picture)},
            breadcrumbs(request, *_way(_market_of(row), (row.name, row.page_url))),
        ],
    }
    return render(request, "site/stall.html", context)


@kept(60)
def product(request: HttpRequest, slug: str, product_slug: str) -> HttpResponse:
    """A product: its price as the trader says it, and the way to the trader."""
    rows = Product.objects.public().for_cards().select_related("commodity")
    row = get_object_or_404(rows, stall__slug=slug, slug=product_slug)
    card, valid, picture = product_card(row, "lapak"), certificates(row), share_picture([row])
    steps = (_market_of(row.stall), (row.stall.name, row.stall.page_url))
    context = {
        "product": row,
        "card": card,
        "shop": shop_path(row, "lapak"),
        "scan": qr_path(row, "lapak"),
        "certificates": valid,
        "since": verified_since(row.stall),
        "contact": contact_of(row.stall),
        "seen": seen_of(FeaturedSegment.objects.showing().filter(product=row), clock.now()),
        "share": picture,
        "structured": [
            product_data(request, row, card, valid, picture),
            breadcrumbs(request, *_way(*steps, (row.name, row.page_url))),
        ],
    }
    return render(request, "site/product.html", context)

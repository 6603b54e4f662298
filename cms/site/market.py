"""Pasar: the directory of markets, stalls and products. Ordering is a chat, never a checkout."""

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from cms.cooperatives.models import Cooperative
from cms.site.caching import kept
from cms.site.choices import region_of
from cms.site.home import featured
from cms.site.queries import region_first, text_of, with_query
from cms.site.search import matching, terms_of
from cms.site.structured import breadcrumbs, business
from cms.site.structured import product as product_data
from cms.site.tiles import video_tiles
from cms.site.watch import newest
from cms.traders.links import contact_of
from cms.traders.models import FeaturedSegment, Product, Stall
from cms.traders.tiles import product_card

PER_PAGE = 12


@kept(60)
def directory(request: HttpRequest) -> HttpResponse:
    """All markets, and the stalls that match a search."""
    near = region_of(request)
    stalls = Count("stalls", filter=Q(stalls__active=True))
    markets = Cooperative.objects.annotate(open_stalls=stalls).filter(open_stalls__gt=0)
    context = {
        "markets": region_first(markets.select_related("region").order_by("path"), near, "region"),
        "near": near,
        "products": featured(),
        **_stalls(request, region_first(Stall.objects.public(), near, "cooperative__region")),
    }
    return render(request, "site/market.html", context)


@kept(60)
def cooperative(request: HttpRequest, slug: str) -> HttpResponse:
    """One market: its stalls and what they showed on TV."""
    row = get_object_or_404(Cooperative.objects.select_related("region"), slug=slug)
    segments = FeaturedSegment.objects.showing().filter(product__stall__cooperative=row)
    products = Product.objects.public().filter(segments__in=segments).distinct()
    stalls = Stall.objects.public().filter(cooperative=row)
    context = {
        "cooperative": row,
        "total": stalls.count(),
        "verified": stalls.filter(verified_at__isnull=False).count(),
        "products": [
            product_card(p, "pasar", promoted=True)
            for p in products.select_related("stall__cooperative", "image")[:3]
        ],
        **_stalls(request, stalls),
    }
    return render(request, "site/cooperative.html", context)


def _stalls(request: HttpRequest, stalls: QuerySet[Stall]) -> dict[str, object]:
    question = text_of(request, "q")
    found = matching(
        stalls, ("name", "description", "block", "products__name"), terms_of(question)
    ).select_related("cooperative")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("halaman"))
    return {"page": page, "question": question, "query": with_query(q=question)}


@kept(60)
def stall(request: HttpRequest, slug: str) -> HttpResponse:
    """A stall: who it is, what it sells, where it was on TV."""
    row = get_object_or_404(Stall.objects.public().select_related("cooperative__region"), slug=slug)
    products = row.products.filter(active=True).select_related("stall__cooperative", "image")
    shown = FeaturedSegment.objects.showing().filter(product__stall=row)
    context = {
        "stall": row,
        "contact": contact_of(row),
        "products": [product_card(p, "lapak") for p in products],
        "videos": video_tiles(newest().filter(segments__in=shown).distinct()[:4]),
        "structured": [
            {"@context": "https://schema.org", **business(request, row)},
            breadcrumbs(request, ("Siar", "/"), ("Pasar", "/pasar/"), (row.name, request.path)),
        ],
    }
    return render(request, "site/stall.html", context)


@kept(60)
def product(request: HttpRequest, slug: str, product_slug: str) -> HttpResponse:
    """A product: its price as the trader says it, and the way to the trader."""
    rows = Product.objects.public().select_related("stall__cooperative", "image")
    row = get_object_or_404(rows, stall__slug=slug, slug=product_slug)
    shown = FeaturedSegment.objects.showing().filter(product=row)
    card = product_card(row, "lapak")
    steps = (("Pasar", "/pasar/"), (row.stall.name, row.stall.page_url), (row.name, request.path))
    context = {
        "product": row,
        "card": card,
        "videos": video_tiles(newest().filter(segments__in=shown).distinct()[:4]),
        "structured": [product_data(request, row, card), breadcrumbs(request, *steps)],
    }
    return render(request, "site/product.html", context)

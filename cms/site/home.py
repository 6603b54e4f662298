"""The home page: what is on, what comes, what is new."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cms.articles import queries as articles
from cms.cooperatives.models import Region
from cms.core import clock
from cms.site.caching import kept
from cms.site.channels import channel_of, channels, coming, near, now_on, with_now
from cms.site.choices import region_of
from cms.site.tiles import StoryTile, story_tiles, video_tiles
from cms.site.watch import shelf
from cms.traders.models import FeaturedSegment
from cms.traders.tiles import ProductCard, product_card

VIDEOS = 4
STORIES = 4
PRODUCTS = 2


@kept(15)
def home(request: HttpRequest) -> HttpResponse:
    """Everything of this page is drawn by the server: it reads without script."""
    now = clock.now()
    shown = channels()
    channel = channel_of(request, shown)
    region = region_of(request)
    context = {
        "near": region,
        "now": now_on(channel, now) if channel else None,
        "coming": coming(channel, now, 4) if channel else [],
        "others": with_now([c for c in near(shown, channel) if c != channel], now),
        "videos": video_tiles(shelf(region, VIDEOS)),
        "stories": stories(region),
        "products": featured(),
    }
    return render(request, "site/home.html", context)


def stories(region: Region | None) -> list[StoryTile]:
    """Return the newest articles, those of `region` first."""
    own = list(articles.for_region(region)[:STORIES]) if region else []
    others = articles.public().exclude(pk__in=[article.pk for article in own])
    return story_tiles([*own, *others[: STORIES - len(own)]])


def featured() -> list[ProductCard]:
    """Return the products of the newest featured segments, each once."""
    segments = FeaturedSegment.objects.showing().select_related(
        "product__stall__cooperative", "product__image"
    )
    products = {segment.product_id: segment.product for segment in segments[: PRODUCTS * 4]}
    chosen = list(products.values())[:PRODUCTS]
    return [product_card(row, "beranda", promoted=True) for row in chosen]

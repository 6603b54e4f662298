"""What programs read: robots.txt, sitemap.xml, the web manifest. TV players: `exports`."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from wagtail.images.models import SourceImageIOError

from cms.articles import queries as articles
from cms.channels.models import Channel
from cms.cooperatives.models import Cooperative, Region
from cms.site.caching import kept
from cms.site.channels import channels, live_url
from cms.site.watch import newest
from cms.studio.door import BRAND, home_icons
from cms.traders.models import Product, Stall
from cms.videos.models import Category

LOGO = "max-512x512|format-png"


@kept(3600)
def robots(request: HttpRequest) -> HttpResponse:
    """Everything public may be read; the doors for people who sign in are not for robots."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in ("/admin/", "/studio/", "/chat/", "/cari/", "/uploads/")),
        f"Sitemap: {request.build_absolute_uri('/sitemap.xml')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@kept(3600)
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to put Siar on its home screen."""
    data = {
        "name": "Siar",
        "short_name": "Siar",
        "start_url": "/",
        "display": "standalone",
        "lang": "id",
        "background_color": "#f7f3f1",
        "theme_color": BRAND,
        "icons": home_icons(),
    }
    return JsonResponse(data, content_type="application/manifest+json")


def logo_url(channel: Channel) -> str:
    """Return the path of a channel's logo, the mark of Siar where it has none.

    Both are PNG: players and boxes of other makers draw no SVG.
    """
    try:
        return channel.logo.get_rendition(LOGO).url if channel.logo else static("icon-512.png")
    except SourceImageIOError:
        return static("icon-512.png")


class Pages(Sitemap):
    """Pages that are always there."""

    def items(self) -> list[str]:
        return ["/", "/live/", "/guide/", "/video/", "/pasar/", "/kabar/", "/wilayah/", "/tv/"]

    def location(self, item: str) -> str:
        return item


class Videos(Sitemap):
    """Videos that viewers may see."""

    limit = 5000

    def items(self) -> Iterable[Any]:
        return newest()

    def location(self, item: Any) -> str:
        return item.page_url

    def lastmod(self, item: Any) -> datetime | None:
        return item.last_published_at


class Articles(Sitemap):
    """Articles that everyone may read."""

    limit = 5000

    def items(self) -> Iterable[Any]:
        return articles.public()

    def location(self, item: Any) -> str:
        return item.url

    def lastmod(self, item: Any) -> datetime | None:
        return item.last_published_at


class Directory(Sitemap):
    """Channels, rubrik, wilayah, markets, stalls and products."""

    limit = 5000

    def items(self) -> list[str]:
        stalls = Stall.objects.public()
        markets = Cooperative.objects.filter(stalls__in=stalls).distinct()
        products = Product.objects.public().select_related("stall")
        return [
            *(live_url(channel) for channel in channels()),
            *(f"/rubrik/{slug}/" for slug in Category.objects.values_list("slug", flat=True)),
            *(f"/wilayah/{slug}/" for slug in Region.objects.values_list("slug", flat=True)),
            *(f"/pasar/{slug}/" for slug in markets.values_list("slug", flat=True)),
            *(stall.page_url for stall in stalls),
            *(product.page_url for product in products),
        ]

    def location(self, item: str) -> str:
        return item


SITEMAPS = {"pages": Pages, "videos": Videos, "articles": Articles, "directory": Directory}

"""Pages of a rubrik and of a wilayah, and the choice of a wilayah."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.csrf import csrf_exempt

from cms.articles import queries as articles
from cms.cooperatives.models import Cooperative, Region
from cms.core import clock
from cms.site.caching import kept
from cms.site.channels import channels, with_now
from cms.site.choices import REGION_COOKIE, region_of, remember
from cms.site.preferences import back
from cms.site.queries import text_of
from cms.site.tiles import story_tiles, video_tiles
from cms.site.watch import newest
from cms.videos.models import Category

MOST = 8
"""Videos and articles that such a page shows; the rest is behind a link."""


@kept(60)
def category(request: HttpRequest, slug: str) -> HttpResponse:
    """What a rubrik has: videos and articles."""
    row = get_object_or_404(Category, slug=slug)
    context = {
        "category": row,
        "videos": video_tiles(newest().filter(category=row)[:MOST]),
        "stories": story_tiles(articles.for_category(row)[:MOST]),
        "all_url": f"/video/?rubrik={row.slug}",
        "feed_url": f"/feed/rubrik/{row.slug}/",
    }
    return render(request, "site/category.html", context)


@kept(60)
def region(request: HttpRequest, slug: str) -> HttpResponse:
    """What a wilayah has: its channels, videos, articles and markets."""
    row = get_object_or_404(Region, slug=slug)
    now = clock.now()
    own = [c for c in channels() if c.cooperative.region_id == row.pk][:MOST]
    context = {
        "shown_region": row,
        "is_chosen": region_of(request) == row,
        "channels": with_now(own, now),
        "videos": video_tiles(newest().filter(cooperative__region=row)[:MOST]),
        "stories": story_tiles(articles.for_region(row)[:MOST]),
        "markets": Cooperative.objects.filter(region=row).exclude(market="").order_by("market"),
        "all_url": f"/video/?wilayah={row.slug}",
        "feed_url": f"/feed/wilayah/{row.slug}/",
    }
    return render(request, "site/region.html", context)


@csrf_exempt
def regions(request: HttpRequest) -> HttpResponse:
    """Choose a wilayah: POST remembers it and goes back. For CSRF see preferences.py."""
    if request.method != "POST":
        return _regions(request)
    chosen = Region.objects.filter(slug=request.POST.get("wilayah", "").replace("\x00", "")).first()
    response = back(request)
    remember(response, REGION_COOKIE, chosen.slug if chosen else "")
    return response


@kept(60)
def _regions(request: HttpRequest) -> HttpResponse:
    # Where the choice leads back to; `back` refuses what is not ours.
    target = text_of(request, "next") or "/"
    context = {"regions": Region.objects.all(), "chosen": region_of(request), "next": target}
    return render(request, "site/regions.html", context)

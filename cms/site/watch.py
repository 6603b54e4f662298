"""Videos on demand: the list, a video's page, and the page that others embed."""

from itertools import islice

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Case, F, FloatField, OuterRef, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override

from cms.cooperatives.models import Region
from cms.core.formats import lama, tanggal
from cms.site import words
from cms.site.caching import kept
from cms.site.choices import region_of
from cms.site.extras import extras_of
from cms.site.queries import chosen_category, chosen_region, region_first, with_query
from cms.site.structured import breadcrumbs, video_object
from cms.site.tiles import video_tiles
from cms.traders.links import video_place
from cms.traders.models import FeaturedSegment
from cms.traders.tiles import ProductCard, product_card
from cms.videos.models import Category, Video

PER_PAGE = 12
RELATED = 4
SHARE = 4
"""Of so many videos on a shelf one may be a promotion."""
EMBED_POLICY = {**settings.SECURE_CSP, "frame-ancestors": ["*"]}


def newest() -> QuerySet[Video]:
    """Return the videos that viewers may see, the newest first.

    Each has `is_promotion`: featured segments show in more than half of it, which is also
    what makes it a promotion on a channel.
    """
    segments = FeaturedSegment.objects.showing().filter(video=OuterRef("pk")).order_by()
    shown = segments.values("video").annotate(seconds=Sum(F("end") - F("begin"))).values("seconds")
    rows = Video.objects.public().annotate(
        shown=Coalesce(Subquery(shown, output_field=FloatField()), 0.0),
        is_promotion=Case(
            When(shown__gt=F("media__duration_ms") / 2000.0, then=Value(True)),
            default=Value(False),
        ),
    )
    rows = rows.select_related("media", "category", "cover_image", "cooperative")
    rows = rows.prefetch_related("cover_image__renditions")
    return rows.order_by("-first_published_at", "-pk")


def shelf(region: Region | None, count: int) -> list[Video]:
    """Return `count` new videos, those of `region` first, of four at most the last a promotion."""
    rows = region_first(newest(), region, "cooperative__region")
    programmes = list(rows.filter(is_promotion=False)[:count])
    promotions = iter(rows.filter(is_promotion=True)[: max(1, count // SHARE)])
    mixed: list[Video] = []
    while len(mixed) < count and (programmes or not mixed):
        mixed += programmes[: SHARE - 1]
        del programmes[: SHARE - 1]
        mixed += islice(promotions, 1)
        if not mixed:
            break
    return mixed[:count]


@kept(60)
def videos(request: HttpRequest) -> HttpResponse:
    """All videos, by rubrik and wilayah if asked."""
    category, region = chosen_category(request), chosen_region(request)
    near = region_of(request) if region is None else None
    found = region_first(newest(), near, "cooperative__region")
    if category:
        found = found.filter(category=category)
    if region:
        found = found.filter(cooperative__region=region)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("halaman"))
    context = {
        "page": page,
        "tiles": video_tiles(page),
        "categories": Category.objects.filter(video__in=Video.objects.public()).distinct(),
        "category": category,
        "chosen_region": region,
        "near": near,
        "query": with_query(rubrik=category, wilayah=region),
    }
    return render(request, "site/videos.html", context)


@kept(60)
def video(request: HttpRequest, slug: str) -> HttpResponse:
    """One video: player, chapters, products, what is alike."""
    row = get_object_or_404(newest(), slug=slug)
    context = {
        **_shown(request, row),
        "when": _when(row),
        "cost": _cost(row),
        "languages": [caption.get_language_display() for caption in row.captions.all()],
        "chapters": _chapters(row),
        "products": products_in(row),
        "related": video_tiles(related(row)),
        "structured": [
            video_object(request, row),
            breadcrumbs(request, ("Siar", "/"), ("Video", "/video/"), (row.title, request.path)),
        ],
    }
    return render(request, "site/video.html", context)


@xframe_options_exempt
@csp_override(EMBED_POLICY)
@kept(60)
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """The player alone, for pages of others; what it shows is public anyway."""
    row = get_object_or_404(newest(), slug=slug)
    return render(request, "site/embed.html", _shown(request, row))


def _shown(request: HttpRequest, row: Video) -> dict[str, object]:
    url = row.page_url
    return {
        "video": row,
        "source": row.media.playlist_url,
        "extras": extras_of(row.media.publication),
        "length": lama(row.media.duration_ms / 1000),
        "page_url": request.build_absolute_uri(url),
        "embed_url": request.build_absolute_uri(f"/embed{url}"),
    }


def _when(row: Video) -> str:
    moment = row.first_published_at
    day = words.day_of(moment, row.cooperative.zone) if moment else None
    return tanggal(day, weekday=False) if day else ""


def _cost(row: Video) -> str:
    """What the whole video costs at 240p, or at its lowest picture, or by its sound alone."""
    pictures = [r for r in row.media.renditions if r["name"].startswith("v")]
    sound = [r for r in row.media.renditions if r["kind"] == "audio"]
    if sound and extras_of(row.media.publication).sound_only:
        bits = sound[0]["average_bandwidth"]
        return words.whole_cost(_("Suara"), bits, row.media.duration_ms / 1000)
    if not pictures:
        return ""
    fitting = [r for r in pictures if min(r["width"], r["height"]) <= 240] or pictures[:1]
    bits = fitting[-1]["average_bandwidth"] + (sound[0]["average_bandwidth"] if sound else 0)
    quality = f"{min(fitting[-1]['width'], fitting[-1]['height'])}p"
    return words.whole_cost(quality, bits, row.media.duration_ms / 1000)


def _chapters(row: Video) -> list[dict[str, object]]:
    chapters = list(row.chapters.order_by("start_ms"))
    if not chapters:
        return []
    ends = [*(chapter.start_ms for chapter in chapters[1:]), row.media.duration_ms]
    return [
        {
            "seconds": chapter.start_ms // 1000,
            "time": lama(chapter.start_ms / 1000),
            "title": chapter.title,
            "length": lama(max(0, end - chapter.start_ms) / 1000),
        }
        for chapter, end in zip(chapters, ends, strict=True)
    ]


def products_in(row: Video) -> list[ProductCard]:
    """Return the cards of a video's featured segments, each product once."""
    segments = FeaturedSegment.objects.shown_in(row)
    products = {segment.product_id: segment.product for segment in segments}
    place = video_place(row)
    return [product_card(product, place, promoted=True) for product in products.values()]


def related(row: Video) -> list[Video]:
    """Return other videos of the same rubrik, filled up with the newest."""
    others = newest().exclude(pk=row.pk)
    alike = list(others.filter(category=row.category)[:RELATED]) if row.category else []
    seen = [video.pk for video in alike]
    return [*alike, *others.exclude(pk__in=seen)[: RELATED - len(alike)]]

"""Videos and articles."""

from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router
from ninja.pagination import paginate

from cms.api.paging import Paging
from cms.api.schemas import ArticleOut, VideoDetail, VideoOut
from cms.api.scope import Text, below, filtered, rows
from cms.articles import queries as articles
from cms.articles.models import ArticlePage
from cms.videos.models import Video

router = Router(tags=["Programmes"])


def _videos(request: HttpRequest, *, mine: bool) -> QuerySet[Video]:
    shown = rows(request, Video.objects.all(), mine=mine)
    return shown.select_related(
        "media", "category", "cover_image", "cooperative__region"
    ).prefetch_related("cover_image__renditions")


@router.get("/videos", response=list[VideoOut])
@paginate(Paging)
def list_videos(
    request: HttpRequest,
    cooperative: Text = "",
    region: Text = "",
    category: Text = "",
    language: Text = "",
    rating: Text = "",
    q: Text = "",
    mine: bool = False,
) -> QuerySet[Video]:
    """Videos, the newest first. `cooperative` includes those below it."""
    found = filtered(
        _videos(request, mine=mine),
        {
            "cooperative__region__slug": region,
            "category__slug": category,
            "language": language,
            "rating": rating,
        },
    )
    if cooperative:
        found = found.filter(below("cooperative", cooperative))
    if q:
        found = found.filter(Q(title__icontains=q) | Q(description__icontains=q))
    return found.order_by(F("first_published_at").desc(nulls_last=True), "-pk")


@router.get("/videos/{uuid:key}", response=VideoDetail)
def get_video(request: HttpRequest, key: UUID, mine: bool = False) -> Video:
    """One video, with chapters and product cards."""
    return get_object_or_404(_videos(request, mine=mine), key=key)


@router.get("/articles", response=list[ArticleOut])
@paginate(Paging, complete=articles.with_sections)
def list_articles(request: HttpRequest, category: Text = "", q: Text = "") -> QuerySet[ArticlePage]:
    """Articles, the newest first."""
    found = filtered(articles.public(), {"category__slug": category})
    if q:
        found = found.filter(Q(title__icontains=q) | Q(summary__icontains=q))
    return found


@router.get("/articles/{uuid:key}", response=ArticleOut)
def get_article(request: HttpRequest, key: UUID) -> ArticlePage:
    """One article."""
    return get_object_or_404(articles.public(), translation_key=key)

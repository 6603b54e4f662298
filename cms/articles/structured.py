"""What machines read of an article, and how long people need."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from wagtail.images.models import SourceImageIOError

if TYPE_CHECKING:
    from cms.articles.models import ArticlePage

CARD = "fill-1200x630|format-jpeg|jpegquality-72"
"""The size that social networks show without cropping."""
WORDS_A_MINUTE = 200


def reading_minutes(article: "ArticlePage") -> int:
    """Return minutes of reading, at least one."""
    words = len(article.summary.split())
    for block in article.body:
        if block.block_type == "text":
            words += len(str(block.value.source).split())
        elif block.block_type == "quote":
            words += len(block.value["text"].split())
    return max(1, round(words / WORDS_A_MINUTE))


def card_image(article: "ArticlePage", request: HttpRequest) -> str:
    """Return the absolute address of the picture for social cards, "" when there is none."""
    if article.cover is None:
        return ""
    try:
        return request.build_absolute_uri(article.cover.get_rendition(CARD).url)
    except SourceImageIOError:  # its file is gone: the article stands without a picture
        return ""


def news_article(
    article: "ArticlePage", request: HttpRequest, published: datetime
) -> dict[str, Any]:
    """Return schema.org's NewsArticle."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title[:110],
        "description": article.summary,
        "inLanguage": "id",
        "datePublished": published.isoformat(),
        "dateModified": (article.last_published_at or published).isoformat(),
        "author": {"@type": "Organization", "name": str(article.byline)},
        "publisher": {"@type": "Organization", "name": "Siar"},
        "mainEntityOfPage": request.build_absolute_uri(article.get_url(request) or "/kabar/"),
        "isAccessibleForFree": True,
    }
    if image := card_image(article, request):
        data["image"] = [image]
    if article.category:
        data["articleSection"] = article.category.name
    if article.region:
        data["contentLocation"] = {"@type": "Place", "name": article.region.name}
    return data

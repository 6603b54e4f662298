"""What other rooms ask about articles."""

from cms.articles.models import ArticlePage, ArticleQuerySet
from cms.cooperatives.models import Region
from cms.videos.models import Category


def public() -> ArticleQuerySet:
    """Every article that anyone may read, the newest first."""
    return ArticlePage.objects.shown().select_related("category", "cover")


def for_category(category: Category) -> ArticleQuerySet:
    """Public articles of a rubrik, the newest first."""
    return public().for_category(category)


def for_region(region: Region) -> ArticleQuerySet:
    """Public articles of a wilayah's co-operatives, the newest first."""
    return public().for_region(region)

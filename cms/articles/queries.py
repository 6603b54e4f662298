"""What other rooms ask about articles."""

from collections.abc import Iterable

from django.db.models import QuerySet
from wagtail.permissions import page_permission_policy

from cms.articles.models import ArticlePage, ArticleQuerySet, SectionPage
from cms.cooperatives.access import Role
from cms.cooperatives.models import Region
from cms.cooperatives.querysets import held_paths
from cms.core.models import User
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


def with_sections(articles: Iterable[ArticlePage]) -> list[ArticlePage]:
    """Return `articles` with their sections, co-operatives and wilayah, by one question for all."""
    pages = list(articles)
    above = {path for page in pages for path in _paths_above(page)}
    rows = SectionPage.objects.filter(path__in=above).select_related("cooperative__region")
    sections = {section.path: section for section in rows}
    for page in pages:
        nearest = (sections[path] for path in _paths_above(page) if path in sections)
        page.section = next(nearest, None)
    return pages


def _paths_above(page: ArticlePage) -> list[str]:
    """Return the paths of the pages above `page`, the nearest first."""
    ends = range(len(page.path) - page.steplen, 0, -page.steplen)
    return [page.path[:end] for end in ends]


def own_sections(user: User) -> QuerySet[SectionPage]:
    """Return the sections in which `user` writes, without those below another one of them."""
    may_add = page_permission_policy.instances_user_has_permission_for(user, "add")
    sections = SectionPage.objects.filter(pk__in=may_add.values("pk")).order_by("path")
    if user.is_superuser:
        return sections.filter(depth=2)
    return sections.filter(cooperative__path__in=held_paths(user, (Role.EDITOR,)))

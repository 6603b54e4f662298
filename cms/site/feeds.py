"""Atom feeds: everything, a rubrik, a wilayah."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from cms.articles import queries as articles
from cms.cooperatives.models import Region
from cms.site.watch import newest
from cms.videos.models import Category

ITEMS = 30


@dataclass(frozen=True)
class Item:
    """A video or an article."""

    title: str
    text: str
    link: str
    when: datetime
    author: str
    category: str


def merged(videos: Any, stories: Any) -> list[Item]:
    """Return the newest of both, in one order."""
    items = [
        Item(
            title=video.title,
            text=video.description,
            link=video.page_url,
            when=video.first_published_at,
            author=video.cooperative.name,
            category=video.category.name if video.category else "",
        )
        for video in videos.exclude(first_published_at=None)[:ITEMS]
    ]
    items += [
        Item(
            title=article.title,
            text=article.summary,
            link=article.url,
            when=article.first_published_at,
            author=article.author or (article.cooperative.name if article.cooperative else "Siar"),
            category=article.category.name if article.category else "",
        )
        for article in articles.with_sections(stories.exclude(first_published_at=None)[:ITEMS])
    ]
    return sorted(items, key=lambda item: item.when, reverse=True)[:ITEMS]


class Everything(Feed):
    """/feed/"""

    feed_type = Atom1Feed

    def link(self, obj: Any) -> str:
        return "/"

    def title(self, obj: Any) -> str:
        return f"{obj.name} · Siar" if obj else "Siar"

    def subtitle(self, obj: Any) -> str:
        return _("Video dan kabar terbaru dari koperasi pasar.")

    def items(self, obj: Any) -> list[Item]:
        return merged(newest(), articles.public())

    def item_title(self, item: Item) -> str:
        return item.title

    def item_description(self, item: Item) -> str:
        return item.text

    def item_link(self, item: Item) -> str:
        return item.link

    def item_pubdate(self, item: Item) -> datetime:
        return item.when

    def item_author_name(self, item: Item) -> str:
        return item.author

    def item_categories(self, item: Item) -> list[str]:
        return [item.category] if item.category else []


class OfCategory(Everything):
    """/feed/rubrik/<slug>/"""

    def get_object(self, request: HttpRequest, slug: str) -> Category:
        return get_object_or_404(Category, slug=slug)

    def link(self, obj: Category) -> str:
        return f"/rubrik/{obj.slug}/"

    def items(self, obj: Category) -> list[Item]:
        return merged(newest().filter(category=obj), articles.for_category(obj))


class OfRegion(Everything):
    """/feed/wilayah/<slug>/"""

    def get_object(self, request: HttpRequest, slug: str) -> Region:
        return get_object_or_404(Region, slug=slug)

    def link(self, obj: Region) -> str:
        return f"/wilayah/{obj.slug}/"

    def items(self, obj: Region) -> list[Item]:
        return merged(newest().filter(cooperative__region=obj), articles.for_region(obj))

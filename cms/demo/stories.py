"""The demo's articles, written and published as pages."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from cms.articles.actions import do_ensure_section
from cms.articles.models import ArticlePage
from cms.channels.models import Channel
from cms.cooperatives.models import Cooperative
from cms.core.models import User
from cms.demo.content.stories import STORIES
from cms.demo.content.story import Block, Links, Live, Paragraphs, Product, Quote, Story, Video
from cms.demo.pictures import do_ensure_picture
from cms.demo.shops import product_of
from cms.demo.videos import video_of
from cms.videos.models import Category


def do_create_stories(
    places: Mapping[str, Cooperative], people: Mapping[str, User], now: datetime
) -> None:
    """Publish the articles that are missing, the first of them the newest."""
    for age, story in enumerate(STORIES):
        if not ArticlePage.objects.filter(slug=story.key).exists():
            _publish(story, places[story.cooperative], people["moderator"], now, age)


def do_complete_stories(film: str, user: User) -> int:
    """Put a video that has come to be into the articles that name it; return how many.

    An article that somebody has changed since is left alone.
    """
    done = 0
    for story in STORIES:
        page = ArticlePage.objects.filter(slug=story.key).first()
        if page is None or Video(film) not in story.body:
            continue
        if _content(page.body.raw_data) != _content(_blocks(story, without=film)):
            continue
        page.body = json.dumps(_blocks(story))
        page.save_revision(user=user).publish(user=user)
        done += 1
    return done


def _publish(
    story: Story, cooperative: Cooperative, user: User, now: datetime, age: int
) -> ArticlePage:
    section = do_ensure_section(cooperative, now)
    # A day and some hours between them, as if a small redaksi had written them.
    written = now - timedelta(hours=31 * age + 2)
    page = section.add_child(
        instance=ArticlePage(
            title=story.title,
            slug=story.key,
            summary=story.summary,
            category=Category.objects.get(slug=story.category),
            cover=do_ensure_picture(story.picture, cooperative),
            cover_alt=story.alt,
            cover_credit="Siar (ilustrasi contoh)",
            body=json.dumps(_blocks(story)),
            owner=user,
            live=False,
            first_published_at=written,
        )
    )
    page.save_revision(user=user).publish(user=user)
    return page


def _blocks(story: Story, without: str = "") -> list[dict[str, Any]]:
    """Return a body as it is stored, leaving out what does not exist (yet)."""
    blocks = (_block(block) for block in story.body if block != Video(without))
    return [block for block in blocks if block is not None]


def _block(block: Block) -> dict[str, Any] | None:
    match block:
        case Paragraphs(html):
            return {"type": "text", "value": html}
        case Quote(text, source):
            return {"type": "quote", "value": {"text": text, "source": source}}
        case Video(film):
            return _chosen("video", video_of(film))
        case Product(slug):
            return _chosen("product", product_of(slug))
        case Live(channel):
            return _chosen("channel", Channel.objects.filter(slug=channel).first())
        case Links(heading, stories):
            return {"type": "links", "value": {"heading": heading, "links": _links(stories)}}


def _links(stories: tuple[tuple[str, str], ...]) -> list[dict[str, Any]]:
    pages = {
        page.slug: page.pk for page in ArticlePage.objects.filter(slug__in=[k for _, k in stories])
    }
    return [{"title": title, "page": pages.get(key), "url": ""} for title, key in stories]


def _chosen(kind: str, row: Any) -> dict[str, Any] | None:
    return {"type": kind, "value": row.pk} if row is not None else None


def _content(blocks: Any) -> list[tuple[str, Any]]:
    """Return what blocks say, without the ids that Wagtail gives them."""
    return [(block["type"], _said(block["value"])) for block in blocks]


def _said(value: Any) -> Any:
    if isinstance(value, list):
        return [_said(item) for item in value]
    if isinstance(value, dict) and value.get("type") == "item":
        return _said(value["value"])  # Wagtail wraps each item of a list that it has stored
    if isinstance(value, dict):
        return {k: _said(v) for k, v in value.items() if k != "id"}
    return value

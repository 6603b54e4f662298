"""Articles of the small tree, and the form in which they are posted."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.utils.text import slugify
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from cms.articles.actions import do_ensure_section
from cms.articles.models import ArticlePage
from cms.channels.models import Channel, RundownRecord
from cms.cooperatives.models import Cooperative


def body(*blocks: tuple[str, Any]) -> str:
    """Return a StreamField's value as it is stored."""
    return json.dumps([{"type": kind, "value": value} for kind, value in blocks])


@pytest.fixture
def make_article(now: datetime) -> Callable[..., ArticlePage]:
    """Make an article as it stands after publishing."""

    def make(
        cooperative: Cooperative, title: str, *blocks: tuple[str, Any], **fields: Any
    ) -> ArticlePage:
        section = do_ensure_section(cooperative, now)
        values = {"live": True, "first_published_at": now, "last_published_at": now, **fields}
        page = section.add_child(instance=ArticlePage(title=title, body=body(*blocks), **values))
        return ArticlePage.objects.get(pk=page.pk)

    return make


@pytest.fixture
def make_channel(now: datetime) -> Callable[..., Channel]:
    """Make a channel that has been on air."""

    def make(cooperative: Cooperative, name: str) -> Channel:
        channel = Channel.objects.create(
            cooperative=cooperative, name=name, slug=name.lower().replace(" ", "-")
        )
        RundownRecord.objects.create(
            channel=channel, version=1, written=now, ends=now, entries=1, checksum="0"
        )
        return channel

    return make


@pytest.fixture
def posted() -> Callable[..., dict[str, Any]]:
    """Return what the editor's form sends."""

    def fields(title: str, *blocks: tuple[str, Any], **more: Any) -> dict[str, Any]:
        data = {
            "title": title,
            "slug": slugify(title),
            "summary": "Ringkasan.",
            "category": "",
            "cover": "",
            "cover_alt": "",
            "cover_credit": "",
            "author": "",
            "seo_title": "",
            "search_description": "",
            "go_live_at": "",
            "expire_at": "",
            "comments-TOTAL_FORMS": 0,
            "comments-INITIAL_FORMS": 0,
            "body": streamfield(
                [(kind, rich_text(value) if kind == "text" else value) for kind, value in blocks]
            ),
        }
        return nested_form_data({**data, **more})

    return fields

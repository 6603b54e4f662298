"""Whoever takes a video away is told which published articles show it."""

from collections.abc import Callable
from datetime import datetime

import pytest
from wagtail.models import ReferenceIndex

from cms.articles.models import ArticlePage
from cms.articles.uses import uses_of
from cms.cooperatives.models import Cooperative
from cms.videos.models import Video

pytestmark = pytest.mark.django_db


def test_published_articles_are_named_and_drafts_are_not(
    make_article: Callable[..., ArticlePage], pasar_a: Cooperative, video_a: Video, now: datetime
) -> None:
    shown = make_article(pasar_a, "Kabar pagi", ("video", video_a.pk))
    draft = make_article(pasar_a, "Rancangan", ("video", video_a.pk), live=False)
    for page in (shown, draft):
        ReferenceIndex.create_or_update_for_object(page)
    (use,) = uses_of(video_a, now)
    assert (use.heading, use.places) == ("1 kabar", ("Kabar pagi",))

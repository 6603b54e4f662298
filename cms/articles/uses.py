"""Which published articles show a video, for whoever is about to take it away."""

from collections.abc import Iterator
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import ngettext
from wagtail.models import Page, ReferenceIndex

from cms.videos.models import Video
from cms.videos.uses import MOST, Use


def uses_of(video: Video, _now: datetime) -> Iterator[Use]:
    """Yield the published pages with the video in them."""
    references = ReferenceIndex.get_references_to(video).filter(
        base_content_type=ContentType.objects.get_for_model(Page)
    )
    named = {int(pk) for pk in references.values_list("object_id", flat=True)}
    pages = Page.objects.live().filter(pk__in=named)
    titles = list(pages.order_by("-first_published_at").values_list("title", flat=True))
    if titles:
        heading = ngettext("%(n)d kabar", "%(n)d kabar", len(titles)) % {"n": len(titles)}
        yield Use(heading, tuple(titles[:MOST]))

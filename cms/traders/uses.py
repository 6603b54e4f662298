"""Which approved segments of traders stand in a video, for whoever is about to take it away."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import ngettext

from cms.traders.models import FeaturedSegment
from cms.videos.models import Video
from cms.videos.uses import MOST, Use


def uses_of(video: Video, _now: datetime) -> Iterator[Use]:
    """Yield the approved segments in the video, by product and stall."""
    rows = FeaturedSegment.objects.filter(video=video, state=FeaturedSegment.State.APPROVED)
    names = [
        f"{segment.product.name}, {segment.product.stall.name}"
        for segment in rows.select_related("product__stall").order_by("begin")
    ]
    if names:
        heading = ngettext("%(n)d segmen unggulan", "%(n)d segmen unggulan", len(names))
        yield Use(heading % {"n": len(names)}, tuple(names[:MOST]))

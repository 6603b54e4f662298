"""Whoever takes a video away is told which segments stand in it."""

from datetime import UTC, datetime

from cms.traders.models import FeaturedSegment
from cms.traders.uses import uses_of

NOW = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)


def test_approved_segments_are_named_by_product_and_stall(segment_a: FeaturedSegment) -> None:
    assert list(uses_of(segment_a.video, NOW)) == []
    FeaturedSegment.objects.update(state=FeaturedSegment.State.APPROVED)
    (use,) = uses_of(segment_a.video, NOW)
    assert use.heading == "1 segmen unggulan"
    assert use.places == (f"{segment_a.product.name}, {segment_a.product.stall.name}",)

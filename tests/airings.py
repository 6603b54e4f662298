"""Airings of segments as the as-run would have written them."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from cms.channels.models import Channel, SegmentAiring
from cms.traders.models import FeaturedSegment

SHOWN = {"aired": 1000, "cut": 400, "missed": 0}
"""Milliseconds of each second."""


def make_airing(
    channel: Channel,
    segment: FeaturedSegment | UUID,
    start: datetime,
    status: str = "missed",
    *,
    seconds: int = 15,
    **fields: Any,
) -> SegmentAiring:
    """Write that `segment` (or its key) was to be on air at `start`, and what became of it."""
    said = {
        "day": start.astimezone(UTC).date(),
        "entry": f"uji-{start.timestamp()}",
        "promised_ms": seconds * 1000,
        "shown_ms": seconds * SHOWN[status],
        "why": "" if status == "aired" else "cut_in",
    }
    key = segment if isinstance(segment, UUID) else segment.key
    return SegmentAiring.objects.create(
        channel=channel, segment_key=key, start=start, status=status, **said | fields
    )

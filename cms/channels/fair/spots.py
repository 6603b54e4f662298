"""Which spots of traders may take turns on a channel, as planning's values."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from cms.channels.models import Channel
from cms.channels.planning.fair import Spot
from cms.cooperatives.models import paths_up
from cms.traders.models import FeaturedSegment
from cms.videos.models import Video
from media_pipeline.model.ticks import TIMESCALE

MILLISECOND = TIMESCALE // 1000


@dataclass(frozen=True)
class Known:
    """A spot with the rows that it comes from (their ids)."""

    spot: Spot
    segment: int
    video: int


def known_spots(channel: Channel, days: Iterable[date]) -> dict[str, Known]:
    """Return by key (32 hexadecimal digits) the approved spots of the whole tree above `channel`.

    Each with what keeps it off the channel on one of `days`.
    """
    paths = paths_up(channel.cooperative.path)
    spots = in_tree(paths)
    lacking = _lacking(spots, days)
    regions = _regions(spots)
    own = channel.cooperative.region_id
    rows = spots.values_list(
        *("pk", "key", "video_id", "video__media__duration_ms"),
        *("product__stall_id", "product__commodity_id", "product__stall__cooperative__path"),
        *("starts_on", "ends_on"),
    )
    found = {}
    for pk, key, video, length, stall, commodity, path, first, last in rows:
        here = not regions[pk] or own in regions[pk]
        spot = Spot(
            *(key.hex, length * MILLISECOND, stall, commodity, level_of(path, paths)),
            *(first, last, here, frozenset(lacking[pk])),
        )
        found[spot.key] = Known(spot, pk, video)
    return found


def level_of(path: str, paths: list[str]) -> int:
    """Return how many levels up from the first of `paths` one has to go to have `path` below."""
    return next(n for n, above in enumerate(paths) if path.startswith(above))


def in_tree(paths: list[str]) -> QuerySet[FeaturedSegment]:
    """Return the approved spots of all who are below the last of `paths`, and that can play."""
    return FeaturedSegment.objects.showing().filter(
        kind=FeaturedSegment.Kind.SPOT,
        product__stall__cooperative__path__startswith=paths[-1],
        video__in=Video.objects.airable(),
    )


def _lacking(spots: QuerySet[FeaturedSegment], days: Iterable[date]) -> dict[int, set[date]]:
    """Return the days on which a spot lacks more than its own dates say."""
    found: dict[int, set[date]] = defaultdict(set)
    for day in days:
        airs = FeaturedSegment.objects.may_air_on(day)
        for pk in spots.exclude(pk__in=airs.values("pk")).values_list("pk", flat=True):
            found[pk].add(day)
    return found


def _regions(spots: QuerySet[FeaturedSegment]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    through = FeaturedSegment.regions.through.objects.filter(featuredsegment__in=spots.values("pk"))
    for segment, region in through.values_list("featuredsegment", "region"):
        found[segment].add(region)
    return found


def playing_spots(videos: Iterable[int]) -> set[int]:
    """Return those of `videos` (their ids) that are an approved spot, still on sale."""
    rows = FeaturedSegment.objects.showing().filter(
        kind=FeaturedSegment.Kind.SPOT, video__in=set(videos)
    )
    return set(rows.values_list("video_id", flat=True))

"""Which spots of traders may take turns on a channel, as planning's values."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from cms.channels.models import Channel
from cms.channels.planning.fair import Spot
from cms.cooperatives.models import paths_up
from cms.traders.models import FeaturedSegment, Stall
from cms.videos.models import Video
from media_pipeline.model.ticks import TIMESCALE

MILLISECOND = TIMESCALE // 1000


@dataclass(frozen=True)
class Known:
    """A spot with the rows that it comes from (their ids), and the key of its stall.

    `stalls` are the keys of all stalls that take turns as one with it: those that its trader has
    in the same co-operative, in the order in which they were opened.
    """

    spot: Spot
    segment: int
    video: int
    stall: str
    stalls: tuple[str, ...]


def known_spots(channel: Channel, days: Iterable[date]) -> dict[str, Known]:
    """Return by key (32 hexadecimal digits) the approved spots of the whole tree above `channel`.

    Each with what keeps it off the channel on one of `days`. The stall for which it takes a turn
    is the first of `Known.stalls`.
    """
    paths = paths_up(channel.cooperative.path)
    spots = in_tree(paths)
    lacking = _lacking(spots, days)
    regions, together = _regions(spots), _together(spots)
    own = channel.cooperative.region_id
    rows = spots.values_list(
        *("pk", "key", "video_id", "video__media__duration_ms"),
        *("product__stall__key", "product__commodity_id", "product__stall__cooperative__path"),
        *("starts_on", "ends_on"),
    )
    found = {}
    for pk, key, video, length, stall, commodity, path, first, last in rows:
        here = not regions[pk] or own in regions[pk]
        stalls = together.get(stall.hex, (stall.hex,))
        spot = Spot(
            *(key.hex, length * MILLISECOND, stalls[0], commodity, level_of(path, paths)),
            *(first, last, here, frozenset(lacking[pk])),
        )
        found[spot.key] = Known(spot, pk, video, stall.hex, stalls)
    return found


def _together(spots: QuerySet[FeaturedSegment]) -> dict[str, tuple[str, ...]]:
    """Return by key of a stall the keys of all that its trader has in its co-operative."""
    traders = spots.exclude(product__stall__trader=None).values("product__stall__trader")
    rows = Stall.objects.filter(trader__in=traders).order_by("pk")
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    for trader, cooperative, key in rows.values_list("trader_id", "cooperative_id", "key"):
        found[trader, cooperative].append(key.hex)
    return {key: tuple(keys) for keys in found.values() for key in keys}


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

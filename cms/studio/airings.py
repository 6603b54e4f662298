"""When a trader's segments were on air, when they will be, and what is made good."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cms.channels.asrun.airings import Airing, airing_of, airings_of, rows_of
from cms.channels.asrun.carriage import carriage_of
from cms.channels.models import Channel, SegmentAiring
from cms.core import clock
from cms.studio.access import segments_of, trader, trader_view
from cms.traders.models import FeaturedSegment
from media_pipeline.errors import StoreUnavailable

AHEAD = timedelta(days=2)
"""So far the next airings are looked for: rundowns reach no farther by default."""

ON_A_PAGE = 20
COMING = 5


class Today(NamedTuple):
    """A day of a trader by the market's clock.

    How often segments were on air in full, how often they are still to be, the next airing, how
    many of those that were on air made good for another, and how many the channels still owe.
    """

    aired: int
    coming: int
    next: Airing | None
    made_good: int
    owed: int


class Line(NamedTuple):
    """An airing with its segment, the market's zone, and the channels that relayed it.

    `state` is its status, but for one that has begun and that journals do not reach yet:
    that one is "running", or "over".
    """

    airing: Airing
    segment: FeaturedSegment
    zone: str
    state: str
    relays: Sequence[Channel] = ()


def today_of(segments: Sequence[FeaturedSegment], zone: str, moment: datetime) -> Today:
    """Return what `moment`'s day is for `segments`."""
    local = moment.astimezone(ZoneInfo(zone)).date()
    begin = datetime.combine(local, time(), ZoneInfo(zone))
    end = datetime.combine(local + timedelta(days=1), time(), ZoneInfo(zone))
    told = _told(segments, begin, moment + AHEAD)
    aired = [a for a in told if a.status == "aired" and a.start < end]
    coming = [a for a in told if a.status == "coming" and a.start >= moment]
    owed = SegmentAiring.objects.owed().filter(segment_key__in=[s.key for s in segments])
    return Today(
        aired=len(aired),
        coming=sum(airing.start < end for airing in coming),
        next=coming[0] if coming else None,
        made_good=sum(airing.makes_good for airing in aired),
        owed=owed.count(),
    )


@trader_view
def listing(request: HttpRequest) -> HttpResponse:
    """All airings, the latest first, and before them the next ones."""
    segments = {segment.key: segment for segment in segments_of(trader(request))}
    rows = rows_of(segments).order_by("-start", "-pk")
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("halaman"))
    judged = [airing_of(row) for row in page.object_list]
    moment = clock.now()
    # Those of the last hour that journals do not reach yet: they are judged within minutes.
    told = _told(segments.values(), moment - timedelta(hours=1), moment + AHEAD)
    unjudged = [a for a in told if a.status == "coming"] if page.number == 1 else []
    begun = [airing for airing in reversed(unjudged) if airing.start <= moment]
    coming = [airing for airing in unjudged if airing.start > moment]
    context = {
        "page": page,
        "lines": [
            *_lines(begun, segments, moment),
            *_lines(judged, segments, moment, carriage_of(judged)),
        ],
        "coming": _lines(coming[:COMING], segments, moment),
    }
    return render(request, "studio/airings.html", context)


def _told(segments: Iterable[FeaturedSegment], since: datetime, until: datetime) -> list[Airing]:
    """As `airings_of`; while the store is away, what was judged, without what is to come."""
    segments = list(segments)
    try:
        return airings_of(segments, since, until)
    except StoreUnavailable:
        rows = rows_of(segment.key for segment in segments)
        judged = rows.filter(start__gte=since, start__lt=until).order_by("start", "pk")
        return [airing_of(row) for row in judged]


def _lines(
    airings: Iterable[Airing],
    segments: Mapping[UUID, FeaturedSegment],
    moment: datetime,
    relays: Iterable[Sequence[Channel]] | None = None,
) -> list[Line]:
    airings = list(airings)
    carried = list(relays) if relays is not None else [()] * len(airings)
    found = []
    for airing, channels in zip(airings, carried, strict=True):
        segment = segments[airing.segment_key]
        zone = segment.product.stall.cooperative.zone
        found.append(Line(airing, segment, zone, _state(airing, moment), channels))
    return found


def _state(airing: Airing, moment: datetime) -> str:
    if airing.status != "coming" or airing.start > moment:
        return airing.status
    return "running" if moment < airing.start + timedelta(seconds=airing.promised) else "over"

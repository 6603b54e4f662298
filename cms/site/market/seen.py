"""Where a stall's products were on TV: the video, or the channel's past, at the card's second."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from cms.channels.models import AiredEntry, Channel, SegmentAiring
from cms.core.formats import jam, tanggal
from cms.site.exports.selection import KEPT
from cms.site.tiles import VideoTile, video_tile
from cms.site.watch import newest
from cms.traders.models import FeaturedSegment

SHOWN = 4
LOOKED_AT = 12
"""Newest segments among which those with something to watch are looked for."""


class Seen(NamedTuple):
    """Tiles that lead to the moments of segments: of those that were on air, and of the others."""

    on_tv: list[VideoTile]
    in_videos: list[VideoTile]


def seen_of(rows: QuerySet[FeaturedSegment], now: datetime) -> Seen:
    """Return the tiles of `rows`, which are segments that show."""
    # One look into the index for each: a spot airs a thousand times a week.
    aired = SegmentAiring.objects.filter(
        segment_key=OuterRef("key"),
        channel__in=Channel.objects.public(),
        start__lte=now,
        shown_ms__gt=0,
    )
    last = Subquery(aired.order_by("-start").values("pk")[:1])
    segments = list(rows.select_related("product", "video__media").annotate(last=last)[:LOOKED_AT])
    public = {v.pk: v for v in newest().filter(pk__in=[s.video_id for s in segments])}
    kept = _kept_airings({segment.last for segment in segments if segment.last}, now)
    found = Seen([], [])
    for segment in segments:
        video, entry = public.get(segment.video_id), kept.get(segment.last)
        if video is not None:
            tile = replace(video_tile(video), url=_at(video.page_url, segment))
        elif entry is not None and not _is_gone(segment):
            tile = _of_past(segment, entry)
        else:
            continue
        tile = replace(tile, note=_when(entry)) if entry else tile
        (found.on_tv if segment.last else found.in_videos).append(tile)
    return Seen(found.on_tv[:SHOWN], found.in_videos[: SHOWN - len(found.on_tv[:SHOWN])])


def _kept_airings(airings: Iterable[int], now: datetime) -> dict[int, AiredEntry]:
    """Return the as-run row of each of `airings` (primary keys) that can be watched again."""
    rows = SegmentAiring.objects.filter(pk__in=airings, start__gte=now - KEPT)
    keys = {(row.channel_id, row.day, row.entry): row.pk for row in rows}
    if not keys:
        return {}
    named = (Q(channel=channel, day=day, entry=entry) for channel, day, entry in keys)
    entries = AiredEntry.objects.filter(reduce(or_, named), start__gte=now - KEPT, end__lte=now)
    entries = entries.select_related("channel__cooperative")
    return {keys[row.channel_id, row.day, row.entry]: row for row in entries}


def _of_past(segment: FeaturedSegment, airing: AiredEntry) -> VideoTile:
    url = reverse("again", args=[airing.channel.slug, int(airing.start.timestamp())])
    return VideoTile(
        url=_at(url, segment),
        title=segment.product.name,
        cover="",
        length="",
        note="",
        promoted=True,
    )


def _at(url: str, segment: FeaturedSegment) -> str:
    return f"{url}#t={int(segment.begin)}" if segment.begin >= 1 else url


def _is_gone(segment: FeaturedSegment) -> bool:
    media = getattr(segment.video, "media", None)
    return media is None or bool(media.withdrawn_at or media.taken_down_at)


def _when(airing: AiredEntry) -> str:
    zone = airing.channel.zone
    day = tanggal(airing.start.astimezone(zone))
    return _("%(day)s, %(hour)s di %(channel)s") % {
        "day": day,
        "hour": jam(airing.start, str(zone)),
        "channel": airing.channel.name,
    }

"""Where a stall's products were on TV: the video, or the channel's past, at the card's second."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.db.models import Max, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from cms.channels.asrun.models import QUIET, AiredEntry
from cms.channels.models import Channel
from cms.core.formats import jam, tanggal
from cms.site.exports.selection import KEPT
from cms.site.tiles import VideoTile, video_tile
from cms.site.watch import newest
from cms.traders.models import FeaturedSegment, Stall

SHOWN = 4
LOOKED_AT = 12
"""Newest segments among which those with something to watch are looked for."""


def seen_on_tv(stall: Stall, rows: QuerySet[FeaturedSegment], now: datetime) -> list[VideoTile]:
    """Return tiles that lead to the moments of `rows` (segments of `stall` that show)."""
    segments = list(rows.select_related("product", "video__media")[:LOOKED_AT])
    public = {v.pk: v for v in newest().filter(pk__in=[s.video_id for s in segments])}
    aired = _last_airings(stall, segments, now)
    tiles = []
    for segment in segments:
        video, airing = public.get(segment.video_id), aired.get(str(segment.video.key))
        if video is not None:
            tile = replace(video_tile(video), url=_at(video.page_url, segment))
        elif airing is not None and not _is_gone(segment):
            tile = _of_past(segment, airing)
        else:
            continue
        tiles.append(replace(tile, note=_when(airing)) if airing else tile)
    return tiles[:SHOWN]


def _last_airings(
    stall: Stall, segments: Iterable[FeaturedSegment], now: datetime
) -> dict[str, AiredEntry]:
    """Return the newest airing that can be watched again, by key of the video."""
    keys = {str(segment.video.key) for segment in segments}
    above = [*stall.cooperative.get_ancestors(), stall.cooperative]
    channels = Channel.objects.public().filter(cooperative__in=above)
    found = AiredEntry.objects.filter(
        channel__in=channels, start__gte=now - KEPT, end__lte=now, programme__in=keys
    ).exclude(status=AiredEntry.Status.MISSED)
    found = found.exclude(kind__in=QUIET)
    # Asked for first: a spot airs a thousand times a week, and one of them is shown.
    newest = dict(found.order_by().values_list("programme").annotate(Max("start")))
    rows = found.filter(programme__in=newest, start__in=newest.values())
    rows = rows.select_related("channel__cooperative")
    return {row.programme: row for row in rows if row.start == newest[row.programme]}


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

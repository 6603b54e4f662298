"""Addresses of the exports, and the page that explains them."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cms.channels import guide
from cms.channels.models import Channel
from cms.core import clock
from cms.site.caching import kept
from cms.site.channels import channel_of, channels
from cms.site.choices import region_of
from cms.site.exports import calendar, m3u, xmltv
from cms.site.exports.answers import Kind, answer
from cms.site.exports.selection import Selection, all_channels, of_channel, of_region
from cms.site.guide_rows import Row, listed
from cms.site.queries import text_of

M3U = Kind("audio/x-mpegurl; charset=utf-8", 3600)
GUIDE = Kind("application/xml; charset=utf-8", 900)
CALENDAR = Kind("text/calendar; charset=utf-8", 900)
AT_ONCE = 2
"""Pieces of guides that are made at once; who asks for more waits a turn after each piece."""
turns = asyncio.Semaphore(AT_ONCE)
AHEAD = 7
"""Days of a channel's calendar, today among them."""
REACH = timedelta(days=31)


def base_of(request: HttpRequest) -> str:
    """Return scheme and host of this site, as the client knows them."""
    return request.build_absolute_uri("/").rstrip("/")


def selected(region: str = "", channel: str = "") -> Selection:
    """Return what an address names; raises Http404."""
    if region:
        return of_region(region)
    return of_channel(channel) if channel else all_channels()


@require_safe
def m3u_list(request: HttpRequest, region: str = "", channel: str = "") -> HttpResponseBase:
    """Channels for TV players; with `?ts=1` as MPEG-TS."""
    chosen = selected(region, channel)
    file = m3u.TRANSPORT if text_of(request, "ts") else m3u.MASTER

    def make() -> HttpResponse:
        return HttpResponse(m3u.listing(chosen, base_of(request), file))

    return answer(request, chosen.channels, clock.now(), M3U, make)


@require_safe
def xmltv_guide(request: HttpRequest, region: str = "", channel: str = "") -> HttpResponseBase:
    """The guide for TV players, written as it is sent."""
    chosen, now = selected(region, channel), clock.now()

    def make() -> StreamingHttpResponse:
        return StreamingHttpResponse(in_turns(xmltv.document(chosen, base_of(request), now)))

    return answer(request, chosen.channels, now, GUIDE, make)


async def in_turns(pieces: AsyncIterator[str]) -> AsyncIterator[str]:
    """Yield `pieces`, each made when it is its turn among those of all guides."""
    while True:
        async with turns:
            piece = await anext(pieces, None)
        if piece is None:
            return
        yield piece


@require_safe
def channel_calendar(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The week of a channel to subscribe to, or one day of it with `?hari=`."""
    channel, now = _channel(slug), clock.now()
    here = now.astimezone(channel.zone).date()
    asked = _day(request, here)
    days = [asked] if asked else [here + timedelta(days=n) for n in range(AHEAD)]

    def make() -> HttpResponse:
        rows = [row for day in days for row in _rows(channel, day, days[0])]
        return HttpResponse(calendar.days(channel, rows, base_of(request), now))

    return answer(request, [channel], now, CALENDAR._replace(name=f"{slug}.ics"), make)


@require_safe
def reminder(request: HttpRequest, slug: str, start: int) -> HttpResponseBase:
    """One programme that begins within the second `start`, with an alarm."""
    channel, now = _channel(slug), clock.now()
    found = guide.beginning_at(channel, start) if start < 2**34 else None
    if found is None:
        raise Http404(_("Acara ini tidak ada di jadwal."))

    def make() -> HttpResponse:
        return HttpResponse(calendar.reminder(channel, found, base_of(request), now))

    kind = CALENDAR._replace(name=f"{slug}-{start}.ics")
    return answer(request, [channel], now, kind, make)


def _channel(slug: str) -> Channel:
    return get_object_or_404(Channel.objects.select_related("cooperative__region"), slug=slug)


def _day(request: HttpRequest, today: date) -> date | None:
    """Return the day of `?hari=`, None for none and for one that no rundown reaches."""
    try:
        asked = date.fromisoformat(text_of(request, "hari"))
    except ValueError:
        return None
    return asked if abs(asked - today) <= REACH else None


def _rows(channel: Channel, day: date, first: date) -> list[Row]:
    """Return the rows of a day; what runs over midnight belongs to the day before."""
    programmes = guide.unlinked_day(channel, day)
    shown = [
        p
        for p in programmes
        # Before rows are made: a call among short films must not take them with it.
        if p.kind != "azan" and (day == first or p.start.astimezone(channel.zone).date() == day)
    ]
    return [row for row in listed(shown) if row.count]


@kept(60)
def page(request: HttpRequest) -> HttpResponse:
    """Tonton di TV: the addresses, and what to do with them."""
    region = region_of(request)
    chosen = channel_of(request, channels())
    base = base_of(request)
    path = f"{base}/tv/{region.slug}" if region else f"{base}/tv"
    context = {
        "near": region,
        "m3u": f"{path}.m3u",
        "xmltv": f"{path}.xml",
        "channel": chosen,
        "base": base,
        "host": base.partition("://")[2],
    }
    return render(request, "site/tv.html", context)

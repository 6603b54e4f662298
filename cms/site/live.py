"""The live pages: one a channel, and the small answers that keep an open one true."""

from datetime import datetime, timedelta
from itertools import zip_longest

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from cms.channels import guide
from cms.channels.models import Channel
from cms.core import clock
from cms.core.formats import ZONE_NAMES
from cms.site import again, tiles, words
from cms.site.caching import kept
from cms.site.channels import channel_of, channels, coming, live_url, near, now_on, with_now
from cms.site.structured import broadcast
from cms.videos.models import Rating
from media_pipeline.model.ticks import seconds_of
from media_pipeline.playout import DVR

BAR = timedelta(seconds=seconds_of(DVR))
"""How far back the bar of a live player goes (`docs/decisions/030-windows.md`)."""

AROUND = 20
"""Programmes and breaks that a page is told of."""

SHORT = timedelta(seconds=15)
"""A break that leaves the title on a page as it is: after a cut-in the rest of a segment, mostly."""


@kept(15)
def live(request: HttpRequest) -> HttpResponse:
    """The live page of the visitor's channel."""
    shown = channels()
    channel = channel_of(request, shown)
    if channel is None:
        return render(request, "site/no_channel.html", status=404)
    return _page(request, channel, shown)


@kept(15)
def live_channel(request: HttpRequest, slug: str) -> HttpResponse:
    """The live page of one channel; one that is not listed is reached by its address."""
    shown = channels()
    channel = next((c for c in shown if c.slug == slug), None)
    return _page(request, channel or get_object_or_404(Channel, slug=slug), shown)


def _page(request: HttpRequest, channel: Channel, shown: list[Channel]) -> HttpResponse:
    now = clock.now()
    on = now_on(channel, now)
    context = {
        "channel": channel,
        "on": on,
        "zone": str(channel.zone),
        "zone_name": ZONE_NAMES.get(str(channel.zone), ""),
        "coming": coming(channel, now),
        "aired": again.just_aired(channel, now),
        "again": again.strip(channel, now),
        "others": with_now([c for c in near(shown, channel) if c != channel], now),
        "page_url": request.build_absolute_uri(live_url(channel)),
        "structured": broadcast(request, channel, guide.on_air(channel, now)),
    }
    return render(request, "site/live.html", context)


@kept(5)
def now_json(request: HttpRequest, slug: str) -> HttpResponse:
    """What is on and what comes; the page asks once a minute, or when something else is on.

    It begins a minute ago: a player is some seconds behind the clock, and shows what it plays.
    """
    channel = Channel.objects.select_related("cooperative").filter(slug=slug).first()
    if channel is None:
        raise Http404(_("Saluran ini tidak ada."))
    now = clock.now()
    found = guide.around(channel, now - timedelta(minutes=1), AROUND)
    rows = render_to_string("site/coming.html", {"coming": coming(channel, now)})
    return JsonResponse({**_plain(found, channel), "next": rows})


@kept(60)
def past_json(request: HttpRequest, slug: str) -> HttpResponse:
    """What the bar of a live player reaches back to: the programmes of the last hours."""
    channel = Channel.objects.select_related("cooperative").filter(slug=slug).first()
    if channel is None:
        raise Http404(_("Saluran ini tidak ada."))
    now = clock.now()
    found = guide.between(channel, now - BAR, now)
    since = guide.begins(channel)
    return JsonResponse({**_plain(found, channel), "since": since.isoformat() if since else ""})


def _plain(found: list[guide.Programme], channel: Channel) -> dict[str, list[dict[str, str]]]:
    """Return programmes and the breaks between them as the page reads them.

    A programme is on until a next one that follows soon.
    """
    breaks = [
        {"start": p.start.isoformat(), "end": p.end.isoformat(), "title": p.title}
        for p in found
        if p.kind == "filler"
    ]
    shown = [p for p in found if p.kind != "filler"]
    plain = []
    for programme, following in zip_longest(shown, shown[1:]):
        end = programme.end
        if following is not None and end < following.start < end + SHORT:
            end = following.start
        plain.append(_plain_one(programme, end, channel))
    return {"programmes": plain, "breaks": breaks}


def _plain_one(programme: guide.Programme, end: datetime, channel: Channel) -> dict[str, str]:
    rating = programme.rating
    return {
        "start": programme.start.isoformat(),
        "end": end.isoformat(),
        "title": programme.title,
        "hours": words.hours(programme.start, programme.end, str(channel.zone)),
        "rating": rating,
        "ratingWords": str(Rating(rating).label) if rating in Rating.values else rating,
        "url": tiles.video_url(programme.slug) if programme.slug else "",
    }

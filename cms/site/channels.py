"""Which channel a visitor watches, and what is on it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from cms.channels import guide
from cms.channels.models import Channel
from cms.cooperatives.models import Region
from cms.site import tiles, words
from cms.site.choices import region_of
from cms.videos.covers import cover_url
from cms.videos.models import Video

NEAR = 8
"""Channels that one page shows."""
COMING = 5
"""Programmes under "Berikutnya"."""
LONGEST_BREAK = timedelta(hours=6)
"""Of a longer one it is not told when it ends."""


@dataclass(frozen=True)
class Now:
    """parts/now.html: what a channel shows at a moment."""

    url: str
    playlist: str
    picture: str
    channel: str
    hours: str
    title: str
    note: str
    rating: str
    progress: tiles.Progress | None


def channels() -> list[Channel]:
    """Return the channels that viewers are shown, the national ones first."""
    shown = Channel.objects.public().select_related("cooperative__region", "logo")
    return list(shown.order_by("cooperative__depth", "name"))


def channel_of(request: HttpRequest, shown: list[Channel]) -> Channel | None:
    """Return the visitor's channel among `shown`: their wilayah's, else the national one."""
    region = region_of(request)
    return _of_region(shown, region) or next(iter(shown), None)


def _of_region(shown: list[Channel], region: Region | None) -> Channel | None:
    if region is None:
        return None
    return next((c for c in shown if c.cooperative.region_id == region.pk), None)


def near(shown: list[Channel], channel: Channel | None) -> list[Channel]:
    """Return a few channels for a page: `channel`, those of its region, the national ones.

    There may be thousands; each that is shown costs a look into its rundown.
    """
    region = channel.cooperative.region_id if channel else None
    ordered = sorted(
        shown, key=lambda c: (c != channel, region is None or c.cooperative.region_id != region)
    )
    return ordered[:NEAR]


def live_url(channel: Channel) -> str:
    """Return the path of a channel's live page."""
    return reverse("live_channel", args=[channel.slug])


def now_on(channel: Channel, now: datetime) -> Now:
    """Return what `channel` shows at `now`; its name alone where the rundown says nothing."""
    [(_channel, shown)] = with_now([channel], now)
    return shown


def with_now(shown: Iterable[Channel], now: datetime) -> list[tuple[Channel, Now]]:
    """Return each channel with what it shows at `now`; their pictures are asked for at once."""
    found = [(channel, *guide.now_and_next(channel, now)) for channel in shown]
    pictures = pictures_of(p for _channel, *both in found for p in both if p)
    return [(channel, _now(channel, on, after, pictures, now)) for channel, on, after in found]


def _now(
    channel: Channel,
    programme: guide.Programme | None,
    after: guide.Programme | None,
    pictures: Mapping[str, str],
    now: datetime,
) -> Now:
    zone = str(channel.zone)
    known = programme is not None and programme.kind != "filler"
    # A filler has no picture of its own: then that of what comes.
    shown = programme if known else after
    # A new channel fills two days with its card: how much is left of that tells nobody anything.
    endless = programme is not None and not known and programme.end - now > LONGEST_BREAK
    return Now(
        url=live_url(channel),
        playlist=channel.playlist_url,
        picture=pictures.get(shown.video_key, "") if shown else "",
        channel=channel.name,
        hours=_hours(programme, zone, endless=endless),
        title=(programme.title if programme else "") or channel.name,
        note=programme.note if programme else "",
        rating=programme.rating if programme and known else "",
        progress=tiles.progress(programme, now) if programme and not endless else None,
    )


def _hours(programme: guide.Programme | None, zone: str, *, endless: bool) -> str:
    if programme is None or endless:
        return _("jeda") if programme else ""
    return words.hours(programme.start, programme.end, zone)


def pictures_of(programmes: Iterable[guide.Programme]) -> dict[str, str]:
    """Return the covers of the videos that programmes are, by key; of those that are public."""
    keys = {programme.video_key for programme in programmes} - {""}
    shown = Video.objects.public().filter(key__in=keys).select_related("media", "cover_image")
    rows = shown.prefetch_related("cover_image__renditions")
    return {str(video.key): cover_url(video) for video in rows}


def coming(channel: Channel, now: datetime, count: int = COMING) -> list[tiles.ProgrammeRow]:
    """Return the rows of "Berikutnya"."""
    return [tiles.programme_row(p, str(channel.zone)) for p in guide.upcoming(channel, now, count)]

"""Jadwal Acara: all channels for two hours, one channel for six from now or of its day."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from cms.channels import guide
from cms.channels.models import Channel
from cms.core import clock
from cms.core.formats import ZONE_NAMES, tanggal
from cms.site import again, words
from cms.site.caching import kept
from cms.site.channels import channel_of, channels, near
from cms.site.guide_rows import QUARTER, Row, cells, folded_for_grid, listed, within
from cms.site.guide_tabs import PART, Tab, asked_day, asked_hour, asked_quarter, days, parts
from cms.site.guide_tiles import by_date, folded_row
from cms.site.structured import broadcasts
from cms.site.tiles import ProgrammeRow, programme_row

WINDOW = 2
"""Hours of the grid: a quarter hour is wide enough for a word."""


@dataclass(frozen=True)
class Placed:
    """A row of the guide and how many quarter hours it takes in the grid."""

    row: ProgrammeRow
    span: int


@kept(30)
def all_channels(request: HttpRequest) -> HttpResponse:
    """Two hours of every channel; on a phone the visitor's own."""
    shown = channels()
    chosen = channel_of(request, shown)
    if chosen is None:
        return render(request, "site/no_channel.html", status=404)
    shown = near(shown, chosen)
    now = clock.now()
    here = now.astimezone(chosen.zone)
    day = asked_day(request, here.date())
    start = _start(request, here, day)
    found = windows(shown, start, WINDOW)
    context = {
        **_frame(chosen, shown, day, here, reverse("guide")),
        "lines": [(c, c == chosen, _line(c, found[c], start, now)) for c in shown],
        "scale": [
            words.hour(start + timedelta(minutes=30 * n), str(chosen.zone))
            for n in range(WINDOW * 2)
        ],
        "earlier": _window_url(start - timedelta(hours=WINDOW)),
        "later": _window_url(start + timedelta(hours=WINDOW)),
        "structured": broadcasts(request, chosen, found[chosen]),
    }
    return render(request, "site/guide.html", context)


@kept(30)
def one_channel(request: HttpRequest, slug: str) -> HttpResponse:
    """One channel for the hours to come or a part of a day; `?jam=` opens a quarter hour."""
    channel = get_object_or_404(Channel.objects.select_related("cooperative"), slug=slug)
    now = clock.now()
    here = now.astimezone(channel.zone)
    day = asked_day(request, here.date())
    url = reverse("guide_channel", args=[slug])
    quarter, hour = asked_quarter(request), asked_hour(request)
    rolls = quarter is None and hour is None and day == here.date()
    part = None if quarter or rolls else (6 if hour is None else hour) // PART * PART
    start = here if rolls else datetime.combine(day, quarter or time(part or 0), channel.zone)
    programmes = window(channel, start, PART)
    if quarter:
        programmes = within(programmes, start, start + QUARTER)
    rows = [Row((p,)) for p in programmes] if quarter else listed(programmes)
    context = {
        **_frame(channel, near(channels(), channel), day, here, url),
        "parts": parts(url, day, _sooner(url, day, here.date(), rolls=rolls), part),
        "dates": by_date(
            rows,
            lambda row: max(row.start.astimezone(channel.zone).date(), day),
            lambda row: listed_row(row, channel, now),
            day,
        ),
        "hour": words.hours(start, start + QUARTER, str(channel.zone)) if quarter else "",
        "structured": broadcasts(request, channel, programmes),
    }
    return render(request, "site/guide_channel.html", context)


def _sooner(url: str, day: date, today: date, *, rolls: bool) -> list[Tab]:
    """Return the tab of what is on; only the day that runs begins with it."""
    return [Tab(_("Sekarang"), f"{url}?hari={day}", rolls)] if day == today else []


def _frame(
    channel: Channel, shown: list[Channel], day: date, here: datetime, url: str
) -> dict[str, object]:
    zone = str(channel.zone)
    return {
        "channel": channel,
        "days": days(url, here.date(), day, range(-1, 5)),
        "channel_tabs": [
            Tab(c.name, f"{reverse('guide_channel', args=[c.slug])}?hari={day}", c == channel)
            for c in shown
        ],
        "date": tanggal(day),
        "zone_name": ZONE_NAMES.get(zone, zone),
        "city": channel.cooperative.city,
    }


def _line(
    channel: Channel, programmes: list[guide.Programme], start: datetime, now: datetime
) -> list[Placed]:
    """Return a channel's cells; all tell the time of the scale above them, that of `start`."""
    rows = folded_for_grid(programmes)
    placed = cells(rows, start, WINDOW * 4)
    zone = cast(ZoneInfo, start.tzinfo)
    return [Placed(_row(cell.row, channel, zone, now), cell.span) for cell in placed]


def window(channel: Channel, start: datetime, hours: int) -> list[guide.Programme]:
    """Return what plays in `hours` from `start`, on whichever days of the channel's own clock."""
    return windows([channel], start, hours)[channel]


def windows(
    shown: Iterable[Channel], start: datetime, hours: int
) -> dict[Channel, list[guide.Programme]]:
    """Return the same of several channels; their videos are asked for at once."""
    found = {channel: _unlinked(channel, start, hours) for channel in shown}
    links = guide.links_of({p.video_key for programmes in found.values() for p in programmes})
    return {
        channel: [guide.linked(p, links) for p in programmes]
        for channel, programmes in found.items()
    }


def _unlinked(channel: Channel, start: datetime, hours: int) -> list[guide.Programme]:
    end = start + timedelta(hours=hours)
    first, last = (moment.astimezone(channel.zone).date() for moment in (start, end))
    programmes = guide.unlinked_day(channel, first)
    if last != first:
        programmes += _after(programmes, guide.unlinked_day(channel, last))
    return within(programmes, start, end)


def _after(today: list[guide.Programme], tomorrow: list[guide.Programme]) -> list[guide.Programme]:
    """Return what is left of tomorrow: what runs over midnight belongs to both days."""
    if not today:
        return tomorrow
    edge = today[-1].end
    return [replace(p, start=max(p.start, edge)) for p in tomorrow if p.end > edge]


def listed_row(row: Row, channel: Channel, now: datetime) -> ProgrammeRow:
    """Return a row of a list: what is over can be watched again, what comes reminds."""
    if row.folded:
        return _row(row, channel, channel.zone, now)
    if row.end <= now:
        return again.row(row.single, channel, now)
    made = programme_row(row.single, str(channel.zone), now)
    silent = row.start <= now or row.single.kind in ("filler", "azan")
    return made if silent else replace(made, remind=f"{int(row.start.timestamp())}.ics")


def _row(row: Row, channel: Channel, zone: ZoneInfo, now: datetime) -> ProgrammeRow:
    if not row.folded:
        return programme_row(row.single, str(zone), now)
    return replace(folded_row(row, channel, zone), current=row.start <= now < row.end)


def _start(request: HttpRequest, here: datetime, day: date) -> datetime:
    """Return the first half hour of the window: as asked, else the one that holds now."""
    hour = asked_hour(request)
    if hour is None and day == here.date():
        return here.replace(minute=here.minute // 30 * 30, second=0, microsecond=0)
    return datetime.combine(day, time(6 if hour is None else hour), here.tzinfo)


def _window_url(start: datetime) -> str:
    return f"{reverse('guide')}?hari={start:%Y-%m-%d}&mulai={start.hour}"

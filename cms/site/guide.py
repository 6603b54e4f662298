"""Jadwal Acara: all channels for two hours, one channel for six from now or of its day."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.channels import guide
from cms.channels.models import Channel
from cms.core.clock import now as clock
from cms.core.formats import DAYS, ZONE_NAMES, language, tanggal
from cms.site import words
from cms.site.caching import kept
from cms.site.channels import channel_of, channels, near
from cms.site.guide_rows import QUARTER, Row, cells, folded_for_grid, listed, within
from cms.site.queries import text_of
from cms.site.structured import broadcasts
from cms.site.tiles import ProgrammeRow, programme_row

WINDOW = 2
"""Hours of the grid: a quarter hour is wide enough for a word."""
PART = 6
"""Hours of a list."""
NAMED = 4
"""Titles that a folded row names; the screen shows as many as fit."""


@dataclass(frozen=True)
class Tab:
    """A choice in a strip of choices."""

    name: str
    url: str
    current: bool


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
    now = clock()
    here = now.astimezone(chosen.zone)
    day = _day(request, here.date())
    start = _start(request, here, day)
    context = {
        **_frame(chosen, shown, day, here, reverse("guide")),
        "lines": [(c, c == chosen, _line(c, start, now)) for c in shown],
        "scale": [
            words.hour(start + timedelta(minutes=30 * n), str(chosen.zone))
            for n in range(WINDOW * 2)
        ],
        "earlier": _window_url(start - timedelta(hours=WINDOW)),
        "later": _window_url(start + timedelta(hours=WINDOW)),
        "structured": broadcasts(request, chosen, _window(chosen, start, WINDOW)),
    }
    return render(request, "site/guide.html", context)


@kept(30)
def one_channel(request: HttpRequest, slug: str) -> HttpResponse:
    """One channel for the hours to come or a part of a day; `?jam=` opens a quarter hour."""
    channel = get_object_or_404(Channel.objects.select_related("cooperative"), slug=slug)
    now = clock()
    here = now.astimezone(channel.zone)
    day = _day(request, here.date())
    url = reverse("guide_channel", args=[slug])
    quarter, hour = _quarter(request), _hour(request, "mulai")
    rolls = quarter is None and hour is None and day == here.date()
    part = None if quarter or rolls else (6 if hour is None else hour) // PART * PART
    start = here if rolls else datetime.combine(day, quarter or time(part or 0), channel.zone)
    programmes = _window(channel, start, PART)
    if quarter:
        programmes = within(programmes, start, start + QUARTER)
    rows = [Row((p,)) for p in programmes] if quarter else listed(programmes)
    context = {
        **_frame(channel, near(channels(), channel), day, here, url),
        "parts": _parts(url, day, here.date(), part, rolls=rolls),
        "dates": _by_date(rows, channel, day, now),
        "hour": words.hours(start, start + QUARTER, str(channel.zone)) if quarter else "",
        "structured": broadcasts(request, channel, programmes),
    }
    return render(request, "site/guide_channel.html", context)


def _by_date(
    rows: list[Row], channel: Channel, day: date, now: datetime
) -> list[tuple[str, list[ProgrammeRow]]]:
    """Return the rows under the date on which they begin; `day` itself is named above them."""
    dates: dict[date, list[ProgrammeRow]] = {}
    for row in rows:
        begins = max(row.start.astimezone(channel.zone).date(), day)
        dates.setdefault(begins, []).append(_row(row, channel, channel.zone, now))
    return [(tanggal(d) if d != day else "", shown) for d, shown in dates.items()]


def _frame(
    channel: Channel, shown: list[Channel], day: date, here: datetime, url: str
) -> dict[str, object]:
    zone = str(channel.zone)
    return {
        "channel": channel,
        "days": _days(url, here.date(), day),
        "channel_tabs": [
            Tab(c.name, f"{reverse('guide_channel', args=[c.slug])}?hari={day}", c == channel)
            for c in shown
        ],
        "date": tanggal(day),
        "zone_name": ZONE_NAMES.get(zone, zone),
        "city": channel.cooperative.city,
    }


def _line(channel: Channel, start: datetime, now: datetime) -> list[Placed]:
    """Return a channel's cells; all tell the time of the scale above them, that of `start`."""
    rows = folded_for_grid(_window(channel, start, WINDOW))
    placed = cells(rows, start, WINDOW * 4)
    zone = cast(ZoneInfo, start.tzinfo)
    return [Placed(_row(cell.row, channel, zone, now), cell.span) for cell in placed]


def _window(channel: Channel, start: datetime, hours: int) -> list[guide.Programme]:
    """Return what plays in `hours` from `start`, on whichever days of the channel's own clock."""
    end = start + timedelta(hours=hours)
    first, last = (moment.astimezone(channel.zone).date() for moment in (start, end))
    programmes = guide.day(channel, first)
    if last != first:
        programmes += _after(programmes, guide.day(channel, last))
    return within(programmes, start, end)


def _after(today: list[guide.Programme], tomorrow: list[guide.Programme]) -> list[guide.Programme]:
    """Return what is left of tomorrow: what runs over midnight belongs to both days."""
    if not today:
        return tomorrow
    edge = today[-1].end
    return [replace(p, start=max(p.start, edge)) for p in tomorrow if p.end > edge]


def _row(row: Row, channel: Channel, zone: ZoneInfo, now: datetime) -> ProgrammeRow:
    if not row.folded:
        return programme_row(row.single, str(zone), now)
    local = row.start.astimezone(channel.zone)
    url = reverse("guide_channel", args=[channel.slug])
    first = programme_row(row.programmes[0], str(zone))
    more = ngettext("Lihat %(n)d acara", "Lihat %(n)d acara", row.count) % {"n": row.count}
    return replace(
        first,
        url=f"{url}?hari={local:%Y-%m-%d}&jam={local:%H}.{local.minute // 15 * 15:02}",
        title=" · ".join(row.titles()[:NAMED]),
        note=words.span(row.end - row.start),
        rating="",
        more=more,
        current=row.start <= now < row.end,
    )


def _day(request: HttpRequest, today: date) -> date:
    """Return the day that is asked for, within a week; today for anything else."""
    try:
        asked = date.fromisoformat(text_of(request, "hari"))
    except ValueError:
        return today
    return asked if abs(asked - today) <= timedelta(days=7) else today


def _hour(request: HttpRequest, name: str) -> int | None:
    text = text_of(request, name)
    return int(text) if text.isascii() and text.isdigit() and int(text) < 24 else None


def _quarter(request: HttpRequest) -> time | None:
    """Return the quarter hour of `?jam=13.15`, None for anything else."""
    try:
        asked = datetime.strptime(text_of(request, "jam"), "%H.%M").time()  # noqa: DTZ007
    except ValueError:
        return None
    return asked.replace(minute=asked.minute // 15 * 15)


def _start(request: HttpRequest, here: datetime, day: date) -> datetime:
    """Return the first half hour of the window: as asked, else the one that holds now."""
    hour = _hour(request, "mulai")
    if hour is None and day == here.date():
        return here.replace(minute=here.minute // 30 * 30, second=0, microsecond=0)
    return datetime.combine(day, time(6 if hour is None else hour), here.tzinfo)


def _window_url(start: datetime) -> str:
    return f"{reverse('guide')}?hari={start:%Y-%m-%d}&mulai={start.hour}"


def _days(url: str, today: date, chosen: date) -> list[Tab]:
    names = {-1: _("Kemarin"), 0: _("Hari ini")}
    days = [(n, today + timedelta(days=n)) for n in range(-1, 5)]
    return [
        Tab(
            names.get(n) or f"{DAYS[language()][day.weekday()]} {day.day}",
            f"{url}?hari={day}",
            day == chosen,
        )
        for n, day in days
    ]


def _parts(url: str, day: date, today: date, chosen: int | None, *, rolls: bool) -> list[Tab]:
    """Return the parts of `day`; the day that runs begins with what is on."""
    names = {
        0: _("Dini hari"),
        6: _("Pagi"),
        12: _("Siang"),
        18: _("Malam"),
    }
    now = [Tab(_("Sekarang"), f"{url}?hari={day}", rolls)] if day == today else []
    return now + [
        Tab(name, f"{url}?hari={day}&mulai={hour}", hour == chosen) for hour, name in names.items()
    ]

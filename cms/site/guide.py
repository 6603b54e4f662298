"""Jadwal Acara: all channels for three hours, one channel for a quarter of a day."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from cms.channels import guide
from cms.channels.models import Channel
from cms.core.clock import now as clock
from cms.core.formats import DAYS, ZONE_NAMES, language, tanggal
from cms.site import words
from cms.site.caching import kept
from cms.site.channels import channel_of, channels, near
from cms.site.guide_rows import QUARTER, Row, cells, fold, within
from cms.site.queries import text_of
from cms.site.structured import broadcasts
from cms.site.tiles import ProgrammeRow, programme_row

WINDOW = 3
"""Hours of the grid."""
LISTED = 2
"""Titles that a folded row names."""


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
    """Three hours of every channel; on a phone the visitor's own."""
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
        "lines": [(c, c == chosen, _line(c, day, start, now)) for c in shown],
        "scale": [
            words.hour(start + timedelta(minutes=30 * n), str(chosen.zone)) for n in range(6)
        ],
        "earlier": _window_url(start - timedelta(hours=WINDOW)),
        "later": _window_url(start + timedelta(hours=WINDOW)),
        "structured": broadcasts(request, chosen, _window(chosen, day, start)),
    }
    return render(request, "site/guide.html", context)


@kept(30)
def one_channel(request: HttpRequest, slug: str) -> HttpResponse:
    """A part of one channel's day: folded, or with `?jam=` all programmes of a quarter hour."""
    channel = get_object_or_404(Channel.objects.select_related("cooperative"), slug=slug)
    now = clock()
    here = now.astimezone(channel.zone)
    day = _day(request, here.date())
    url = reverse("guide_channel", args=[slug])
    quarter = _quarter(request)
    part = _hour(request, "mulai")
    if part is None:
        part = here.hour if day == here.date() else 6
    start = datetime.combine(day, quarter or time(part // 6 * 6), channel.zone)
    end = start + (QUARTER if quarter else timedelta(hours=6))
    programmes = within(guide.day(channel, day), start, end)
    rows = [Row((p,)) for p in programmes] if quarter else fold(programmes)
    context = {
        **_frame(channel, near(channels(), channel), day, here, url),
        "parts": _parts(url, day, None if quarter else start.hour),
        "rows": [_row(row, channel, now) for row in rows],
        "hour": words.hours(start, end, str(channel.zone)) if quarter else "",
        "structured": broadcasts(request, channel, programmes),
    }
    return render(request, "site/guide_channel.html", context)


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


def _line(channel: Channel, day: date, start: datetime, now: datetime) -> list[Placed]:
    placed = cells(fold(_window(channel, day, start)), start, WINDOW * 4)
    return [Placed(_row(cell.row, channel, now), cell.span) for cell in placed]


def _window(channel: Channel, day: date, start: datetime) -> list[guide.Programme]:
    """Return what plays in the hours of the grid, which may reach into the next day."""
    end = start + timedelta(hours=WINDOW)
    programmes = guide.day(channel, day)
    if end.astimezone(channel.zone).date() != day:
        programmes += _after(programmes, guide.day(channel, day + timedelta(days=1)))
    return within(programmes, start, end)


def _after(today: list[guide.Programme], tomorrow: list[guide.Programme]) -> list[guide.Programme]:
    """Return what is left of tomorrow: what runs over midnight belongs to both days."""
    if not today:
        return tomorrow
    edge = today[-1].end
    return [replace(p, start=max(p.start, edge)) for p in tomorrow if p.end > edge]


def _row(row: Row, channel: Channel, now: datetime) -> ProgrammeRow:
    if not row.folded:
        return programme_row(row.programmes[0], channel, now)
    titles = row.titles()
    rest = len(titles) - LISTED
    title = " · ".join(titles[:LISTED])
    note = words.span(row.end - row.start)
    if rest > 0:
        note = _("dan %(n)d acara lain · %(span)s") % {"n": rest, "span": note}
    local = row.start.astimezone(channel.zone)
    url = reverse("guide_channel", args=[channel.slug])
    first = programme_row(row.programmes[0], channel)
    return replace(
        first,
        url=f"{url}?hari={local:%Y-%m-%d}&jam={local:%H}.{local.minute // 15 * 15:02}",
        title=title,
        note=note,
        rating="",
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


def _parts(url: str, day: date, chosen: int | None) -> list[Tab]:
    names = {
        0: _("Dini hari"),
        6: _("Pagi"),
        12: _("Siang"),
        18: _("Malam"),
    }
    return [
        Tab(name, f"{url}?hari={day}&mulai={hour}", hour == chosen) for hour, name in names.items()
    ]

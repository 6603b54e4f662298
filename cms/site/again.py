"""Siaran ulang: what a channel showed in the last seven days, and how it can be watched again."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from cms.channels import guide
from cms.channels.guide import Programme
from cms.channels.models import Channel
from cms.core import clock
from cms.core.formats import ZONE_NAMES, lama, tanggal
from cms.site import guide_tabs, words
from cms.site.caching import kept
from cms.site.channels import live_url
from cms.site.exports.selection import KEPT
from cms.site.guide_rows import Row, listed
from cms.site.guide_tiles import by_date, folded_row
from cms.site.tiles import ProgrammeRow, programme_row, video_url

SHOWN = 3
"""Programmes that the live page names."""
RECENT = timedelta(hours=guide_tabs.PART)


def ways(programme: Programme, channel: Channel, now: datetime) -> tuple[str, str]:
    """Return where `programme` can be watched again, else why it cannot; "" for the other.

    Both are "" for what nobody would watch again, and for what is not over.
    """
    if programme.kind in ("filler", "azan") or programme.end > now:
        return "", ""
    if programme.gone:
        return "", _("Sudah ditarik")
    if programme.slug:
        return video_url(programme.slug), ""
    if programme.start < now - KEPT:
        return "", _("Lewat tujuh hari")
    return reverse("again", args=[channel.slug, int(programme.start.timestamp())]), ""


def row(programme: Programme, channel: Channel, now: datetime) -> ProgrammeRow:
    """Return a programme that is over as a row that leads to it, or says why not."""
    made = programme_row(programme, str(channel.zone))
    url, reason = ways(programme, channel, now)
    note = " · ".join(filter(None, (made.note, reason)))
    return replace(made, url=url, note=note, more=_("Tonton") if url else "")


def just_aired(channel: Channel, now: datetime) -> list[ProgrammeRow]:
    """Return the last programmes that are over, the newest first."""
    found = guide.between(channel, now - RECENT, now)
    over = [p for p in found if p.end <= now and p.kind in ("programme", "promotion")]
    newest = over[: -SHOWN - 1 : -1]
    links = guide.links_of({p.video_key for p in newest})
    return [row(guide.linked(p, links), channel, now) for p in newest]


def strip(channel: Channel, now: datetime, chosen: date | None = None) -> list[guide_tabs.Tab]:
    """Return the days of the last week, today first."""
    url = reverse("again_days", args=[channel.slug])
    here = now.astimezone(channel.zone).date()
    return guide_tabs.days(url, here, chosen, range(0, -KEPT.days - 1, -1))


@kept(30)
def days(request: HttpRequest, slug: str) -> HttpResponse:
    """What a channel showed on a day: of today the last hours, the newest first."""
    channel = get_object_or_404(Channel.objects.select_related("cooperative"), slug=slug)
    now = clock.now()
    here = now.astimezone(channel.zone)
    day = min(guide_tabs.asked_day(request, here.date()), here.date())
    hour = guide_tabs.asked_hour(request)
    rolls = hour is None and day == here.date()
    part = None if rolls else (18 if hour is None else hour) // guide_tabs.PART * guide_tabs.PART
    start = now - RECENT if rolls else datetime.combine(day, time(part or 0), channel.zone)
    found = guide.linked_between(channel, start, min(start + RECENT, now))
    rows = listed([p for p in found if p.end <= now and p.kind != "filler"])
    url = reverse("again_days", args=[slug])
    newest = [guide_tabs.Tab(_("Baru saja"), f"{url}?hari={day}", rolls)]
    zone = str(channel.zone)
    context = {
        "channel": channel,
        "days": strip(channel, now, day),
        "parts": guide_tabs.parts(url, day, newest if day == here.date() else [], part),
        "dates": by_date(
            reversed(rows) if rolls else rows,
            lambda each: each.start.astimezone(channel.zone).date(),
            lambda each: _shown_row(each, channel, now),
            day,
        ),
        "date": tanggal(day),
        "zone_name": ZONE_NAMES.get(zone, zone),
        "city": channel.cooperative.city,
    }
    return render(request, "site/again_days.html", context)


def _shown_row(each: Row, channel: Channel, now: datetime) -> ProgrammeRow:
    if each.folded:
        return folded_row(each, channel, channel.zone)
    return row(each.single, channel, now)


@kept(60)
def programme(request: HttpRequest, slug: str, start: int) -> HttpResponse:
    """One programme that is over, from the channel's past; `start` is its second since 1970."""
    channel = get_object_or_404(Channel.objects.select_related("cooperative"), slug=slug)
    now = clock.now()
    found = guide.beginning_at(channel, start) if start < 2**34 else None
    if found is None:
        raise Http404(_("Acara ini tidak ada di jadwal."))
    if found.end > now:
        return redirect(live_url(channel))
    url, reason = ways(found, channel, now)
    if not (url or reason):
        raise Http404(_("Acara ini tidak ditayangkan ulang."))
    if url and found.slug:
        return redirect(url)
    context = {"channel": channel, "on": found, "reason": reason, **_shown(request, channel, found)}
    status = 200 if url else 410 if found.gone else 404
    return render(request, "site/again.html", context, status=status)


def _shown(request: HttpRequest, channel: Channel, found: Programme) -> dict[str, object]:
    zone = str(channel.zone)
    start, end = int(found.start.timestamp()), int(found.end.timestamp())
    day = found.start.astimezone(channel.zone)
    window = f"/live/{channel.slug}/{start}-{end}"
    return {
        "source": f"{window}/master.m3u8",
        "storyboard": f"{window}/storyboard.vtt",
        "length": lama(end - start),
        "when": f"{tanggal(day)}, {words.hours(found.start, found.end, zone)}",
        "page_url": request.build_absolute_uri(),
        "day_url": f"{reverse('again_days', args=[channel.slug])}?hari={day:%Y-%m-%d}"
        f"&mulai={day.hour}",
    }

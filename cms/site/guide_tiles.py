"""Rows of the guide as tiles: one that stands for many short programmes."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import ngettext

from cms.channels.models import Channel
from cms.core.formats import tanggal
from cms.site import words
from cms.site.guide_rows import Row
from cms.site.tiles import ProgrammeRow, programme_row

NAMED = 4
"""Titles that a folded row names; the screen shows as many as fit."""


def folded_row(row: Row, channel: Channel, zone: ZoneInfo) -> ProgrammeRow:
    """Return a row that stands for many and opens its quarter hour, by the clock of `zone`."""
    local = row.start.astimezone(channel.zone)
    url = reverse("guide_channel", args=[channel.slug])
    more = ngettext("Lihat %(n)d acara", "Lihat %(n)d acara", row.count) % {"n": row.count}
    return replace(
        programme_row(row.programmes[0], str(zone)),
        url=f"{url}?hari={local:%Y-%m-%d}&jam={local:%H}.{local.minute // 15 * 15:02}",
        title=" · ".join(row.titles()[:NAMED]),
        note=words.span(row.end - row.start),
        rating="",
        more=more,
    )


def by_date(
    rows: Iterable[Row],
    date_of: Callable[[Row], date],
    tile: Callable[[Row], ProgrammeRow],
    day: date,
) -> list[tuple[str, list[ProgrammeRow]]]:
    """Return `rows` as tiles under the words of their dates; `day` itself is named above them."""
    dates: dict[date, list[ProgrammeRow]] = {}
    for row in rows:
        dates.setdefault(date_of(row), []).append(tile(row))
    return [(tanggal(d) if d != day else "", shown) for d, shown in dates.items()]

"""As-run rows as CSV for spreadsheets."""

import csv
from collections.abc import AsyncIterator, Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext, override

from cms.channels.asrun.models import AiredEntry
from cms.channels.models import Channel
from cms.channels.times import zone_name

BOM = "\ufeff"
"""Without it Excel reads UTF-8 as the code page of the machine."""

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""What begins so is computed by spreadsheets (OWASP, CSV injection)."""


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        """Return `text`."""
        return text


def safe(cell: Any) -> Any:
    """Return `cell` so that no spreadsheet computes it."""
    text = str(cell)
    return f"'{text}" if isinstance(cell, str) and text.startswith(_FORMULAS) else cell


_WRITER = csv.writer(_Echo())


def line(cells: Iterable[Any]) -> bytes:
    """Return one line of CSV, of which no spreadsheet computes a cell."""
    return str(_WRITER.writerow([safe(cell) for cell in cells])).encode()


async def sheet(
    channel: Channel, rows: QuerySet[AiredEntry], language: str
) -> AsyncIterator[bytes]:
    """Yield the CSV of `rows` piece by piece: moments by the channel's clock, whole seconds.

    Each moment has its date: what runs over midnight ends on another day.
    """
    with override(language):
        yield BOM.encode() + line(_heads())
    async for row in rows.aiterator(chunk_size=500):
        # Elsewhere between two pieces another request may be in another language.
        with override(language):
            made = line(_cells(channel, row))
        yield made


def _heads() -> list[str]:
    return [
        *(gettext("Nama saluran"), gettext("Tanggal"), gettext("Mulai"), gettext("Selesai")),
        *(gettext("Zona"), gettext("Judul"), gettext("Jenis"), gettext("Status")),
        *(gettext("Detik dijanjikan"), gettext("Detik tayang"), gettext("Tayang dari")),
        *(gettext("Tayang sampai"), gettext("Sebab")),
    ]


def _cells(channel: Channel, row: AiredEntry) -> list[Any]:
    moments = [
        f"{moment.astimezone(channel.zone):%Y-%m-%d %H:%M:%S}" if moment else ""
        for moment in (row.start, row.end, row.first, row.last)
    ]
    return [
        *(channel.name, moments[0].partition(" ")[0], *moments[:2]),
        *(zone_name(channel), row.label, row.get_kind_display(), row.get_status_display()),
        *(row.promised_ms // 1000, row.shown_ms // 1000),
        *moments[2:],
        row.get_why_display(),
    ]

"""The proofs of a month as CSV for spreadsheets, a row an airing."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from cms.audience.proofs.document import Document, Line
from cms.audience.proofs.models import Proof
from cms.audience.proofs.rows import sorted_lines
from cms.audience.proofs.words import cause, status_of
from cms.channels.asrun.sheet import BOM, line
from cms.core.formats import ZONE_NAMES


def sheet_of(proofs: Iterable[Proof]) -> bytes:
    """Return the CSV; a proof without airings has one row, with none in it."""
    return BOM.encode() + b"".join(map(line, chain([_heads()], *map(_rows, proofs))))


def _heads() -> list[str]:
    return [
        *(
            _("Nomor"),
            _("Kode tanda"),
            _("Nama lapak"),
            _("Blok"),
            _("Nama produk"),
            _("Nama saluran"),
        ),
        *(_("Tanggal"), _("Pukul"), _("Zona"), _("Status"), _("Sebab"), _("Diganti pada")),
        *(_("Detik dijanjikan"), _("Detik tayang"), _("Jangkauan sebulan (perkiraan)")),
        *(_("Simpangan jangkauan (±)"), _("Ketukan sebulan")),
    ]


def _rows(proof: Proof) -> Iterator[list[Any]]:
    document, people = proof.document, proof.people
    names = [people.stall, people.place, people.product] if people else ["", "", ""]
    before = [proof.number, proof.shown_code, *names]
    for each in sorted_lines(document):
        yield [*before, *_of_airing(each), *_came(document)]
    if not document.lines:
        yield [*before, *[""] * 9, *_came(document)]


def _came(document: Document) -> list[Any]:
    return [document.reach, document.margin or "", document.taps]


def _of_airing(line: Line) -> list[Any]:
    local = line.start.astimezone(ZoneInfo(line.zone))
    made_good = line.made_good.astimezone(ZoneInfo(line.zone)) if line.made_good else None
    return [
        *(line.channel, f"{local:%Y-%m-%d}", f"{local:%H:%M:%S}"),
        *(ZONE_NAMES.get(line.zone, line.zone), status_of(line)[0]),
        *(
            cause(line.reason),
            f"{made_good:%Y-%m-%d %H:%M}" if made_good else "",
        ),
        *(line.promised, line.aired),
    ]

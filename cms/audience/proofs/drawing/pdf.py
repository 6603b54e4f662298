"""A proof as one page of A4: smaller type for more airings, then a row a day. Never a second page."""

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext as _
from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from cms.audience.proofs.document import Document, sums_of
from cms.audience.proofs.drawing import look, paper
from cms.audience.proofs.drawing.issued import Issued
from cms.audience.proofs.drawing.paper import HEIGHT, LEFT, RIGHT, write
from cms.audience.proofs.rows import UNITS, Unit
from cms.audience.proofs.words import (
    Cells,
    account,
    cells_of,
    equation,
    facts_of,
    heads,
    moment,
    source,
    summarised,
)
from cms.core.formats import language

SIZES = (9.5, 9.0, 8.5, 8.0, 7.5, 7.0)
"""Type of the table in points, the largest that fits."""
FULL = RIGHT - LEFT
TABLE_TOP = HEIGHT - 104 * mm
TABLE_BOTTOM = 58 * mm
ROOM = TABLE_TOP - TABLE_BOTTOM
COLUMNS: dict[Unit, tuple[float, float, float]] = {
    "airing": (0, 72 * mm, 124 * mm),
    "day": (0, 44 * mm, 78 * mm),
    "month": (0, 44 * mm, 78 * mm),
}
"""Where time, channel and status begin; seconds end at the right."""
SECONDS = 18 * mm


@dataclass(frozen=True)
class Fit:
    """How a table goes onto the page."""

    unit: Unit
    size: float
    cells: list[Cells]


def pdf_of(proofs: Iterable[Issued], title: str) -> bytes:
    """Return a PDF with a page for each of `proofs`; the same bytes each time.

    Without any it has one page that says so.
    """
    paper.register_fonts()
    data = BytesIO()
    sheet = Canvas(data, pagesize=(paper.WIDTH, HEIGHT), invariant=1, lang=language())
    sheet.setTitle(paper.drawable(title))
    sheet.setAuthor("Siar")
    # reportlab writes "anonymous" and "unspecified" where nothing else is said.
    sheet.setCreator("Siar")
    sheet.setSubject(paper.drawable(_("Bukti Tayang")))
    drawn = 0
    for proof in proofs:
        _page(sheet, proof)
        sheet.showPage()
        drawn += 1
    if not drawn:
        write(sheet, (LEFT, HEIGHT - 30 * mm), _("Belum ada bukti."), size=12, room=FULL)
        sheet.showPage()
    sheet.save()
    return data.getvalue()


def fit(document: Document) -> Fit:
    """Return the finest table and the largest type that fit on one page.

    Rows of months always do: a period is shorter than three years.
    """
    for unit in UNITS:
        cells = cells_of(document, unit)
        for size in SIZES:
            if sum(_height(each, unit, size) for each in cells) + _step(size) <= ROOM:
                return Fit(unit, size, cells)
    return Fit("month", SIZES[-1], cells)


def _step(size: float) -> float:
    return size * 1.62


def _height(cells: Cells, unit: Unit, size: float) -> float:
    """Of an airing, why it was not whole stands in a line of its own."""
    return _step(size) + (size * 1.1 if unit == "airing" and cells.why else 0)


def _page(sheet: Canvas, proof: Issued) -> None:
    table = fit(proof.document)
    _head(sheet, proof)
    _facts(sheet, proof)
    _equation(sheet, proof.document)
    _table(sheet, table)
    _seal(sheet, proof, table)


def _head(sheet: Canvas, proof: Issued) -> None:
    bottom, height = HEIGHT - 32 * mm, 20 * mm
    sheet.setFillColor(HexColor(look.BRAND))
    sheet.rect(LEFT, bottom, FULL, height, stroke=0, fill=1)
    sheet.setFillColor(HexColor(look.ACCENT))
    sheet.rect(LEFT, bottom - 1 * mm, FULL, 1 * mm, stroke=0, fill=1)
    paper.mark(sheet, LEFT + 5 * mm, bottom + 4 * mm, 12 * mm)
    at = (LEFT + 20 * mm, bottom + 7 * mm)
    white = look.ON_BRAND
    write(sheet, at, _("Bukti Tayang"), size=22, room=80 * mm, font=look.BLACK, colour=white)
    made = _("Terbit %(when)s") % {"when": moment(proof.issued_at, proof.document.zone)}
    for line, (text, font) in enumerate(((proof.number, look.BOLD), (made, look.REGULAR))):
        at = (RIGHT - 5 * mm, bottom + (11.5 - 5.5 * line) * mm)
        write(sheet, at, text, size=10, room=80 * mm, font=font, colour=white, right=True)


def _facts(sheet: Canvas, proof: Issued) -> None:
    half = FULL / 2
    for place, fact in enumerate(facts_of(proof.document, proof.people)):
        x, y = LEFT + half * (place % 2), HEIGHT - (41 + 14 * (place // 2)) * mm
        write(sheet, (x, y), fact.name, size=9, room=half, colour=look.QUIET)
        lines = paper.wrapped(fact.text, look.BOLD, 11, half - 6 * mm)
        size = 11 if len(lines) == 1 else 9
        lines = paper.wrapped(fact.text, look.BOLD, size, half - 6 * mm)
        # A long name gets two lines; what is left of a longer one is fitted into the second.
        for line, text in enumerate([lines[0], " ".join(lines[1:])] if lines[1:] else lines):
            at = (x, y - 4.6 * mm - line * 3.8 * mm)
            write(sheet, at, text, size=size, room=half - 6 * mm, font=look.BOLD)


def _equation(sheet: Canvas, document: Document) -> None:
    top, quarter = HEIGHT - 69 * mm, FULL / 4
    paper.rule(sheet, top, 1.4, look.INK)
    for place, figure in enumerate(equation(sums_of(document.lines))):
        x, y = LEFT + quarter * place, top - 9.5 * mm
        if figure.sign:
            sign = f"{figure.sign} "
            x += write(sheet, (x, y), sign, size=24, room=quarter, colour=look.QUIET) + 3
        write(sheet, (x, y), figure.number, size=24, room=quarter, font=look.BLACK)
        write(sheet, (x, y - 4.6 * mm), figure.name, size=9, room=quarter)
    paper.rule(sheet, top - 17 * mm, 1.4, look.INK)
    text = " ".join(account(document))
    for line, words in enumerate(paper.wrapped(text, look.REGULAR, 10, FULL)[:3]):
        write(sheet, (LEFT, top - (22.5 + 4.6 * line) * mm), words, size=10, room=FULL)


def _table(sheet: Canvas, table: Fit) -> None:
    xs, size, y = COLUMNS[table.unit], table.size, TABLE_TOP
    names = heads(table.unit)
    y -= size
    for x, name in zip(xs, names, strict=False):
        write(sheet, (LEFT + x, y), name, size=size, room=FULL, colour=look.QUIET)
    write(sheet, (RIGHT, y), names[3], size=size, room=SECONDS, colour=look.QUIET, right=True)
    y -= _step(size) - size
    paper.rule(sheet, y, 1.2, look.QUIET)
    if not table.cells:
        text = _("Tidak ada tayangan yang dijanjikan dalam masa ini.")
        write(sheet, (LEFT, y - 7 * mm), text, size=11, room=FULL)
    for cells in table.cells:
        _row(sheet, y, cells, table)
        y -= _height(cells, table.unit, size)
        paper.rule(sheet, y, 0.4, look.LINE)


def _row(sheet: Canvas, top: float, cells: Cells, table: Fit) -> None:
    size, (first, second, third) = table.size, COLUMNS[table.unit]
    y = top - size * 1.18
    gap = 2 * mm
    room = second - first - gap
    write(sheet, (LEFT + first, y), cells.when, size=size, room=room, font=look.BOLD)
    write(sheet, (LEFT + second, y), cells.where, size=size, room=third - second - gap)
    write(sheet, (RIGHT, y), cells.seconds, size=size, room=SECONDS, font=look.BOLD, right=True)
    room = FULL - third - SECONDS
    colour = look.TONES[cells.tone]
    at = (LEFT + third, y)
    if table.unit == "airing":
        write(sheet, at, cells.status, size=size, room=room, font=look.BOLD, colour=colour)
        below = (LEFT + second, y - size * 1.1)
        write(sheet, below, cells.why, size=size * 0.9, room=FULL - second, colour=look.QUIET)
        return
    room = room if not cells.why else room * 0.7
    wide = write(sheet, at, cells.status, size=size, room=room, font=look.BOLD, colour=colour)
    rest = FULL - third - SECONDS - wide - gap
    write(sheet, (at[0] + wide + gap, y), cells.why, size=size, room=rest, colour=look.QUIET)


def _seal(sheet: Canvas, proof: Issued, table: Fit) -> None:
    side = 36 * mm
    room = FULL - side - 4 * mm
    top = 50 * mm
    if summary := summarised(table.unit):
        write(sheet, (LEFT, TABLE_BOTTOM - 3 * mm), summary, size=9, room=FULL, font=look.BOLD)
    write(
        sheet, (LEFT, top - 4 * mm), _("Periksa keasliannya"), size=14, room=room, font=look.BLACK
    )
    text = _("Pindai kode QR, atau buka alamat ini dan bandingkan angkanya:")
    write(sheet, (LEFT, top - 10.5 * mm), text, size=10, room=room)
    address = proof.url.partition("://")[2].rstrip("/")
    write(sheet, (LEFT, top - 16 * mm), address, size=11, room=room, font=look.BOLD)
    code = f"{_('Kode tanda')}: {proof.code}"
    write(sheet, (LEFT, top - 22.5 * mm), code, size=12, room=room, font=look.BOLD)
    words = paper.wrapped(source(proof.document), look.REGULAR, 8, room)
    for line, text in enumerate(words[:2]):
        at = (LEFT, top - (28 + 3.6 * line) * mm)
        write(sheet, at, text, size=8, room=room, colour=look.QUIET)
    paper.qr(sheet, RIGHT - side, 14 * mm, side, proof.url)

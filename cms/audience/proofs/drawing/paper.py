"""A sheet of A4 and what is put on it: text that fits, rules, a QR code, the mark of Siar."""

from collections.abc import Callable
from functools import cache
from itertools import groupby

import segno
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from cms.audience.proofs.drawing import look

WIDTH, HEIGHT = A4
MARGIN = 14 * mm
LEFT, RIGHT = MARGIN, WIDTH - MARGIN
NARROWEST = 0.7
"""Text is made smaller down to this part of its size before it is shortened, with an ellipsis."""


@cache
def register_fonts() -> None:
    """Let reportlab know the fonts; it embeds the glyphs that a document uses."""
    for name in (look.REGULAR, look.BOLD, look.BLACK):
        pdfmetrics.registerFont(TTFont(name, str(look.font_file(name))))


def drawable(text: str) -> str:
    """Return `text` without what the font has no glyph for: pictographs in names of stalls."""
    register_fonts()
    known = pdfmetrics.getFont(look.REGULAR).face.charToGlyph
    kept = "".join(each for each in text if ord(each) in known or each == "\u00a0")
    return " ".join(word for word in kept.split(" ") if word)


def width_of(text: str, font: str, size: float) -> float:
    """Return how wide `text` is, in points."""
    return float(pdfmetrics.stringWidth(text, font, size))


def fitted(text: str, font: str, size: float, room: float) -> tuple[str, float]:
    """Return `text` and the size at which it fits into `room` points.

    It ends in an ellipsis where it had to be shortened.
    """
    text = drawable(text)
    wide = width_of(text, font, size)
    if wide <= room:
        return text, size
    size = max(size * room / wide, size * NARROWEST)
    if width_of(text, font, size) <= room + 0.01:
        return text, size
    while text and width_of(f"{text}…", font, size) > room:
        text = text[:-1].rstrip()
    return f"{text}…", size


def wrapped(text: str, font: str, size: float, room: float) -> list[str]:
    """Return the lines of `text` that fit into `room` points each."""
    lines, line = [], ""
    # A no-break space belongs to its word.
    for word in drawable(text).split(" "):
        longer = f"{line} {word}".strip()
        if line and width_of(longer, font, size) > room:
            lines.append(line)
            longer = word
        line = longer
    return [*lines, line] if line else lines


def write(
    sheet: Canvas,
    at: tuple[float, float],
    text: str,
    *,
    size: float,
    room: float,
    font: str = look.REGULAR,
    colour: str = look.INK,
    right: bool = False,
) -> float:
    """Write one line that fits into `room` points; return how wide it is."""
    text, size = fitted(text, font, size, room)
    sheet.setFont(font, size)
    sheet.setFillColor(HexColor(colour))
    draw: Callable[..., None] = sheet.drawRightString if right else sheet.drawString
    draw(*at, text)
    return width_of(text, font, size)


def rule(sheet: Canvas, y: float, thickness: float, colour: str) -> None:
    """Draw a line from margin to margin."""
    sheet.setStrokeColor(HexColor(colour))
    sheet.setLineWidth(thickness)
    sheet.line(LEFT, y, RIGHT, y)


def qr(sheet: Canvas, left: float, bottom: float, side: float, text: str) -> None:
    """Draw a QR code with its quiet zone of four modules (ISO/IEC 18004)."""
    matrix = segno.make(text, error="m", micro=False).matrix
    module = side / (len(matrix) + 8)
    sheet.setFillColor(HexColor(look.INK))
    path = sheet.beginPath()
    for row, modules in enumerate(matrix):
        column = 4
        for dark, run in groupby(modules):
            length = len(list(run))
            if dark:
                # Rows overlap by a hair: viewers leave light seams between abutting ones.
                x, y = left + column * module, bottom + side - (row + 5) * module
                path.rect(x, y, length * module, module * 1.02)
            column += length
    sheet.drawPath(path, stroke=0, fill=1)


def mark(sheet: Canvas, left: float, bottom: float, side: float) -> None:
    """Draw the mark of frontend/static/mark.svg without its ground: arcs over an awning."""
    sheet.saveState()
    sheet.translate(left, bottom + side)
    sheet.scale(side / 48, -side / 48)
    sheet.setStrokeColor(HexColor(look.ACCENT))
    sheet.setLineWidth(3.4)
    sheet.setLineCap(1)
    for x, y, reach in ((17.6, 17.5, 9.0), (12.3, 12.2, 16.5)):
        half = (48 - 2 * x) / 2
        middle = y + (reach**2 - half**2) ** 0.5
        sheet.arc(24 - reach, middle - reach, 24 + reach, middle + reach, 225, 90)
    sheet.setFillColor(HexColor(look.ACCENT))
    sheet.circle(24, 21.8, 2.6, stroke=0, fill=1)
    for x, colour in ((9, look.ON_BRAND), (29, look.ON_BRAND), (19, look.ACCENT)):
        sheet.setFillColor(HexColor(colour))
        sheet.rect(x, 26.5, 10, 6.3, stroke=0, fill=1)
        sheet.wedge(x, 27.8, x + 10, 37.8, 0, 180, stroke=0, fill=1)
    sheet.restoreState()

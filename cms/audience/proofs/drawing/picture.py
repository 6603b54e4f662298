"""A proof as a picture for a chat: upright, with figures that are read on a small screen."""

from io import BytesIO

import segno
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw, ImageFont

from cms.audience.proofs.document import sums_of
from cms.audience.proofs.drawing import look
from cms.audience.proofs.drawing.issued import Issued
from cms.audience.proofs.drawing.paper import drawable
from cms.audience.proofs.words import account, equation, facts_of

SIZE = (1080, 1350)
EDGE = 72
"""Pixels between what is drawn and the picture's border."""
QR = 250


def picture_of(proof: Issued) -> bytes:
    """Return the card as PNG, 1080 × 1350."""
    picture = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(picture)
    _head(pen, proof)
    _facts(pen, proof)
    _equation(pen, proof)
    _seal(picture, pen, proof)
    data = BytesIO()
    # A palette: the card has few colours, and viewers pay by the megabyte.
    picture.quantize(32, dither=Image.Dither.NONE).save(data, "PNG", optimize=True)
    return data.getvalue()


def _head(pen: ImageDraw.ImageDraw, proof: Issued) -> None:
    pen.rectangle((0, 0, SIZE[0], 210), look.BRAND)
    scallop = SIZE[0] // 18
    for place, left in enumerate(range(0, SIZE[0], scallop)):
        colour = look.ACCENT if place % 2 else look.BRAND
        pen.pieslice((left, 210 - scallop / 2, left + scallop, 210 + scallop / 2), 0, 180, colour)
    _text(pen, (EDGE, 66), _("Bukti Tayang"), 76, look.BLACK, look.ON_BRAND)
    _text(pen, (EDGE, 152), f"Siar · {proof.number}", 36, look.REGULAR, look.ON_BRAND)


def _facts(pen: ImageDraw.ImageDraw, proof: Issued) -> None:
    y = 276
    for fact in facts_of(proof.document, proof.people):
        _text(pen, (EDGE, y), fact.name, 30, look.REGULAR, look.QUIET)
        _text(pen, (EDGE, y + 42), fact.text, 42, look.BOLD, look.INK)
        y += 102


def _equation(pen: ImageDraw.ImageDraw, proof: Issued) -> None:
    top, quarter = 690, (SIZE[0] - 2 * EDGE) // 4
    pen.rectangle((EDGE, top, SIZE[0] - EDGE, top + 5), look.INK)
    for place, figure in enumerate(equation(sums_of(proof.document.lines))):
        x = EDGE + quarter * place
        number = f"{figure.sign} {figure.number}".strip()
        _text(pen, (x, top + 62), number, 80, look.BLACK, look.INK, room=quarter - 12)
        _text(pen, (x, top + 124), figure.name, 32, look.REGULAR, look.INK, room=quarter - 12)
    pen.rectangle((EDGE, top + 160, SIZE[0] - EDGE, top + 165), look.INK)
    for line, text in enumerate(account(proof.document)):
        _text(pen, (EDGE, top + 204 + 46 * line), text, 36, look.REGULAR, look.INK)


def _seal(picture: Image.Image, pen: ImageDraw.ImageDraw, proof: Issued) -> None:
    room, top = SIZE[0] - 2 * EDGE - QR - 24, SIZE[1] - EDGE - QR
    _text(pen, (EDGE, top + 50), _("Periksa keasliannya"), 42, look.BLACK, look.INK, room=room)
    address = proof.url.partition("://")[2].rstrip("/")
    _text(pen, (EDGE, top + 116), address, 34, look.BOLD, look.INK, room=room)
    code = f"{_('Kode tanda')}: {proof.code}"
    _text(pen, (EDGE, top + 176), code, 36, look.BOLD, look.INK, room=room)
    drawn = segno.make(proof.url, error="m", micro=False)
    data = BytesIO()
    drawn.save(data, kind="png", border=4, scale=8)
    square = Image.open(data).convert("RGB").resize((QR, QR), Image.Resampling.NEAREST)
    picture.paste(square, (SIZE[0] - EDGE - QR + 24, top + 24))


def _text(
    pen: ImageDraw.ImageDraw,
    at: tuple[float, float],
    text: str,
    size: int,
    name: str,
    colour: str,
    room: int = SIZE[0] - 2 * EDGE,
) -> None:
    """Write one line with its middle at `at`: smaller where it would not fit, then shortened."""
    text = drawable(text)
    font = ImageFont.truetype(str(look.font_file(name)), size)
    if font.getlength(text) > room:
        size = max(int(size * room / font.getlength(text)), int(size * 0.6))
        font = ImageFont.truetype(str(look.font_file(name)), size)
    shortened = text
    while shortened and font.getlength(shortened) > room:
        shortened = shortened[:-1].rstrip()
        text = f"{shortened}…"
    pen.text(at, text, font=font, fill=colour, anchor="lm")

"""What a clip made from photos shows: the slides, and beside them price, stall and QR. Pure."""

import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import cycle
from typing import NamedTuple

import font_source_sans_pro as source_sans
import segno
from PIL import Image, ImageDraw, ImageFont, ImageOps

SIZE = (1280, 720)
WINDOW = (836, 720)
"""Where the slides show, from the left edge; even, as the picture's chroma is."""
SLIDES = 3
"""At least so many: where there are fewer photos, the same ones are seen from nearer."""
NEARER = 0.72
"""Of a photo's sides, the second time that it is shown."""

BRAND, ACCENT, ON_BRAND = "#6a1b43", "#f6b52b", "#f8f0f3"
LEFT, RIGHT = 876, 1216
"""Of the text; 5 % at the right edge are what a hall's television may cut off."""
QR_BOX = (911, 408, 1181, 654)
"""Left, top, right, bottom of where the QR stands, in the middle."""


class Words(NamedTuple):
    """What is written: "Rp18.500", "/botol" … and the address in the QR."""

    label: str
    name: str
    price: str
    unit: str
    stall: str
    place: str
    scan: str
    address: str


def slides(photos: Sequence[Image.Image], travel: Sequence[int]) -> Iterator[Image.Image]:
    """Yield one picture a slide, larger than the window by `travel` pixels the longer way."""
    width, height = WINDOW
    # strict=False: there are more slides than photos, which then come again.
    for place, (photo, way) in enumerate(zip(cycle(photos), travel, strict=False)):
        seen = _middle(photo, NEARER ** (place // len(photos)))
        tall = seen.height * width > seen.width * height
        size = (width, height + way) if tall else (width + way, height)
        yield ImageOps.fit(seen, size, Image.Resampling.LANCZOS)


def ground(words: Words) -> Image.Image:
    """Return the picture on which the slides move: the panel at the right."""
    typed = ("name", "unit", "stall", "place")
    words = words._replace(**{field: drawable(getattr(words, field)) for field in typed})
    picture = Image.new("RGB", SIZE, BRAND)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((WINDOW[0], 0, WINDOW[0] + 7, SIZE[1]), ACCENT)
    _tag(pen, words.label)
    at = _lines(pen, 88, words.name, [_font(s, bold=True) for s in (44, 38, 34)], 2)
    at = _price(pen, at + 6, words.price, words.unit)
    at = _lines(pen, at + 10, words.stall, [_font(s, bold=True) for s in (32, 28)], 1)
    _lines(pen, at, words.place, [_font(28), _font(25)], 2)
    _code(picture, words.address)
    middle = (QR_BOX[0] + QR_BOX[2]) / 2
    pen.text((middle, 672), words.scan, ON_BRAND, _font(26), anchor="mm")
    return picture


def drawable(text: str) -> str:
    """Return `text` without signs that the font lacks: emoji would be empty boxes on air."""
    kept = (sign for sign in unicodedata.normalize("NFC", text) if _is_known(sign))
    return " ".join("".join(kept).split())


@cache
def _is_known(sign: str) -> bool:
    if unicodedata.category(sign)[0] in "MC":  # of a letter that is lacking, or of an emoji
        return False
    seen, lacking = (_font(28).getmask(each) for each in (sign, "\uffff"))
    return (seen.size, bytes(seen)) != (lacking.size, bytes(lacking))


def code(address: str) -> Image.Image:
    """Return the QR of `address` with its quiet zone, each module as many whole pixels as fit."""
    made = segno.make_qr(address, error="m")
    border = 4  # ISO/IEC 18004, 5.3.8: a reader needs four modules of light around it
    modules, _ = made.symbol_size(scale=1, border=border)
    scale = max(1, (QR_BOX[3] - QR_BOX[1]) // modules)
    rows = [list(row) for row in made.matrix_iter(scale=scale, border=border)]
    picture = Image.new("L", (len(rows[0]), len(rows)), 255)
    picture.putdata([0 if dark else 255 for row in rows for dark in row])
    return picture


def _middle(photo: Image.Image, part: float) -> Image.Image:
    width, height = photo.size
    left, top = width * (1 - part) / 2, height * (1 - part) / 2
    return photo.crop((round(left), round(top), round(width - left), round(height - top)))


def _code(picture: Image.Image, address: str) -> None:
    made = code(address).convert("RGB")
    left, top, right, bottom = QR_BOX
    picture.paste(made, ((left + right - made.width) // 2, (top + bottom - made.height) // 2))


def _tag(pen: ImageDraw.ImageDraw, label: str) -> None:
    font = _font(26, bold=True)
    width = pen.textlength(label, font)
    pen.rounded_rectangle((LEFT, 40, LEFT + width + 28, 80), 8, ACCENT)
    pen.text((LEFT + 14, 60), label, "#2a1900", font, anchor="lm")


def _price(pen: ImageDraw.ImageDraw, top: float, price: str, unit: str) -> float:
    """Write the price in one line, the unit behind or below it; return where that ends."""
    small, room = _font(30), RIGHT - LEFT
    fonts = [_font(size, bold=True) for size in (62, 56, 50, 44)]
    behind = 8 + pen.textlength(unit, small)
    font = next((f for f in fonts if pen.textlength(price, f) + behind <= room), None)
    width = pen.textlength(price, font) + 8 if font else 0
    lesser = [_font(size, bold=True) for size in (44, 36, 30)]
    font = font or next((f for f in lesser if pen.textlength(price, f) <= room), lesser[-1])
    base = top + font.size
    pen.text((LEFT, base), price, ACCENT, font, anchor="ls")
    if not width:
        base += 34
    pen.text((LEFT + width, base), unit, ON_BRAND, small, anchor="ls")
    return base + 12


def _lines(
    pen: ImageDraw.ImageDraw,
    top: float,
    text: str,
    fonts: Sequence[ImageFont.FreeTypeFont],
    most: int,
) -> float:
    """Write `text` in at most `most` lines, in the first font in which it fits; return its end."""
    font = next((f for f in fonts if len(_wrapped(pen, text, f)) <= most), fonts[-1])
    lines = _wrapped(pen, text, font)
    if len(lines) > most:
        lines = [*lines[: most - 1], _cut(pen, " ".join(lines[most - 1 :]), font)]
    for line in lines:
        pen.text((LEFT, top), line, ON_BRAND, font)
        top += font.size * 1.15
    return top


def _wrapped(pen: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and pen.textlength(longer, font) <= RIGHT - LEFT:
            lines[-1] = longer
        else:
            lines.append(_cut(pen, word, font))
    return lines


def _cut(pen: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont) -> str:
    if pen.textlength(text, font) <= RIGHT - LEFT:
        return text
    while text and pen.textlength(f"{text}…", font) > RIGHT - LEFT:
        text = text[:-1]
    return f"{text.rstrip()}…"


@cache
def _font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """A font that a package carries: no system font can be counted on."""
    file = source_sans.SourceSansProBold if bold else source_sans.SourceSansPro
    return ImageFont.truetype(file, size)

"""Still cards, "Siar segera kembali" and those of prayer times, drawn and filmed by code."""

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from cms.videos.encoding import transcoding

SIZE = (1280, 720)
SECONDS = 24
"""Six whole segments."""
BACK_SOON = ("Siar", "segera kembali")
BRAND, ACCENT, ON_BRAND = "#6a1b43", "#f6b52b", "#f8f0f3"


def film(target: Path, seconds: int = SECONDS, words: tuple[str, str] = BACK_SOON) -> Path:
    """Write the card as an MP4 of `seconds` to `target`, and return it; raises StepFailed."""
    still = target.with_suffix(".png")
    draw(*words).save(still)
    try:
        return transcoding.film_still(still, seconds, target, target.parent)
    finally:
        still.unlink()


def draw(name: str = BACK_SOON[0], line: str = BACK_SOON[1]) -> Image.Image:
    """Return the card: the awning's edge, a name, and a line below it."""
    width, height = SIZE
    picture = Image.new("RGB", SIZE, BRAND)
    pen = ImageDraw.Draw(picture)
    scallop = width // 16
    for left in range(0, width, scallop):
        colour = ACCENT if left // scallop % 2 else ON_BRAND
        pen.pieslice((left, -scallop, left + scallop, scallop), 0, 180, fill=colour)
    _centred(pen, height * 0.36, name, 150, ON_BRAND)
    pen.rounded_rectangle((width / 2 - 60, height * 0.55, width / 2 + 60, height * 0.56), 4, ACCENT)
    _centred(pen, height * 0.66, line, 64, ON_BRAND)
    return picture


def _centred(pen: ImageDraw.ImageDraw, middle: float, text: str, size: int, colour: str) -> None:
    # Pillow's own font: no system font can be counted on.
    font = ImageFont.load_default(size)
    pen.text((SIZE[0] / 2, middle), text, font=font, fill=colour, anchor="mm")

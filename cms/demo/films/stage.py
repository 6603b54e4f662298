"""What the films look like: colours of the design tokens, type, panels.

Measures are given on a picture of 1280 by 720 (portrait: 720 by 1280) and scaled
to the size that is being made.
"""

from dataclasses import dataclass
from functools import cached_property

from PIL import Image, ImageDraw, ImageFont

from cms.demo.films import svg

INK = "#23161d"
QUIET = "#5e4f57"
GROUND = "#f7f3f1"
SURFACE = "#ffffff"
SUNKEN = "#eee6e4"
LINE = "#e0d5d2"
MANGGIS = "#6a1b43"
NIGHT = "#160e13"
KUNYIT = "#f6b52b"
CABAI = "#c21b17"
DAUN = "#0b6a3c"
TERPAL = "#1b569b"
WHITE = "#ffffff"

SUPER = 3


@dataclass(frozen=True)
class Stage:
    """A picture of `width` by `height` pixels; both even, as 4:2:0 wants them."""

    width: int
    height: int

    @cached_property
    def unit(self) -> float:
        """Pixels for one of the 720 measures of the short side."""
        return min(self.width, self.height) / 720

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return (self.width, self.height)

    def px(self, measure: float) -> int:
        """Return a measure in pixels."""
        return round(measure * self.unit)

    @property
    def across(self) -> float:
        """The width in measures: 1280, or 720 in portrait."""
        return self.width / self.unit

    @property
    def down(self) -> float:
        """The height in measures."""
        return self.height / self.unit

    def ground(self, colour: str) -> Image.Image:
        """Return a picture of one colour."""
        return Image.new("RGB", self.size, colour)

    def art(self, body: str, width: float, view: tuple[float, float, float, float]) -> Image.Image:
        """Return an illustration `width` measures wide."""
        w = max(1, self.px(width))
        return svg.draw(body, w, max(1, round(w * view[3] / view[2])), view)

    def backdrop(self, body: str, view: tuple[float, float, float, float]) -> Image.Image:
        """Return an illustration that covers the picture, cut evenly on both sides."""
        scale = max(self.width / view[2], self.height / view[3])
        w, h = round(view[2] * scale), round(view[3] * scale)
        picture = svg.draw(body, w, h, view).convert("RGB")
        left, top = (w - self.width) // 2, (h - self.height) // 2
        return picture.crop((left, top, left + self.width, top + self.height))

    def font(self, size: float) -> ImageFont.FreeTypeFont:
        """Return the one typeface that Pillow brings, so that no system font is needed."""
        return ImageFont.load_default(max(8.0, size * self.unit))

    def text(
        self,
        words: str,
        size: float,
        colour: str = INK,
        *,
        bold: bool = False,
        width: float | None = None,
        align: str = "left",
    ) -> Image.Image:
        """Return words as a sprite, broken at `width` measures. Bold is an outline: there is one weight."""
        font = self.font(size)
        stroke = size * self.unit / 40 if bold else 0
        lines = wrap(words, font, self.px(width)) if width else words.split("\n")
        text = "\n".join(lines)
        gap = round(size * self.unit * 0.32)
        probe = ImageDraw.Draw(Image.new("L", (1, 1)))
        box = probe.multiline_textbbox((0, 0), text, font=font, spacing=gap, stroke_width=stroke)
        edge = 2
        sprite = Image.new("RGBA", (round(box[2]) + 2 * edge, round(box[3]) + 2 * edge), colour)
        mask = Image.new("L", sprite.size, 0)
        ImageDraw.Draw(mask).multiline_text(
            (edge, edge), text, fill=255, font=font, spacing=gap, align=align, stroke_width=stroke
        )
        sprite.putalpha(mask)
        return sprite

    def panel(self, width: float, height: float, colour: str, radius: float = 14) -> Image.Image:
        """Return a box with round corners."""
        w, h = max(1, self.px(width)), max(1, self.px(height))
        mask = Image.new("L", (w * SUPER, h * SUPER), 0)
        ImageDraw.Draw(mask).rounded_rectangle(
            (0, 0, w * SUPER - 1, h * SUPER - 1), radius * self.unit * SUPER, fill=255
        )
        sprite = Image.new("RGBA", (w, h), colour)
        sprite.putalpha(mask.resize((w, h), Image.Resampling.BOX))
        return sprite

    def disc(self, diameter: float, colour: str) -> Image.Image:
        """Return a filled circle."""
        return self.panel(diameter, diameter, colour, radius=diameter / 2)

    def awning(self, height: float = 26) -> Image.Image:
        """Return the awning's edge, the one ornament, across the whole picture."""
        step = height * 1.6
        count = int(self.across / step) + 2
        h = height / 2
        scallop = f"h{step}v{h}a{step / 2} {step / 2} 0 0 1-{step} 0z"
        body = "".join(
            f'<path d="M{i * step} 0{scallop}" fill="{MANGGIS if i % 2 else KUNYIT}"/>'
            for i in range(count)
        )
        view = (0.0, 0.0, self.across, height * 1.4)
        return svg.draw(body, self.width, max(1, self.px(height * 1.4)), view)


def stack(*sprites: tuple[Image.Image, float, float], stage: Stage) -> Image.Image:
    """Return one sprite of several, each at its place in measures from the top left."""
    right = max(stage.px(x) + s.width for s, x, _ in sprites)
    bottom = max(stage.px(y) + s.height for s, _, y in sprites)
    whole = Image.new("RGBA", (right, bottom), (0, 0, 0, 0))
    for sprite, x, y in sprites:
        whole.alpha_composite(sprite, (stage.px(x), stage.px(y)))
    return whole


def wrap(words: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Break words into lines of at most `width` pixels; one long word stays whole."""
    lines: list[str] = []
    for paragraph in words.split("\n"):
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}".strip()
            if line and font.getlength(longer) > width:
                lines.append(line)
                longer = word
            line = longer
        lines.append(line)
    return lines

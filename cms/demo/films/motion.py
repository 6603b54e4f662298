"""Scenes, and the ways in which things move in them.

A scene is a ground and layers over it. A layer is a function of the picture and
of the seconds since the scene began; it draws, and knows nothing of the others.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from PIL import Image, ImageDraw

from cms.demo.films.stage import Stage

Layer = Callable[[Image.Image, float], None]
Place = tuple[float, float]


@dataclass
class Scene:
    """`seconds` of picture: a ground that never changes, and layers."""

    seconds: float
    ground: Image.Image
    layers: Sequence[Layer] = field(default_factory=list)

    def frame(self, t: float) -> Image.Image:
        """Return the picture `t` seconds after the scene began."""
        picture = self.ground.copy()
        for layer in self.layers:
            layer(picture, t)
        return picture


def ease(t: float) -> float:
    """Slow at both ends; `t` and the answer lie in 0 … 1."""
    t = min(1.0, max(0.0, t))
    return t * t * (3 - 2 * t)


def settle(t: float) -> float:
    """Fast, then coming to rest."""
    t = min(1.0, max(0.0, t))
    return 1 - (1 - t) ** 3


def paste(picture: Image.Image, sprite: Image.Image, x: int, y: int, alpha: float = 1.0) -> None:
    """Lay a sprite over the picture, `alpha` 0 … 1 of it."""
    if alpha <= 0:
        return
    mask = sprite.getchannel("A")
    if alpha < 1:
        mask = mask.point([round(v * alpha) for v in range(256)])
    picture.paste(sprite, (x, y), mask)


class Moves:
    """Layers in the measures of one stage."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    def still(self, sprite: Image.Image, x: float, y: float) -> Layer:
        """Show a sprite the whole time."""
        left, top = self.stage.px(x), self.stage.px(y)

        def layer(picture: Image.Image, _: float) -> None:
            paste(picture, sprite, left, top)

        return layer

    def enter(
        self,
        sprite: Image.Image,
        x: float,
        y: float,
        *,
        at: float = 0.0,
        by: Place = (0, 40),
        seconds: float = 0.7,
        until: float | None = None,
    ) -> Layer:
        """Let a sprite arrive at (x, y) from `by` away at second `at`, and leave at `until`."""
        px = self.stage.px

        def layer(picture: Image.Image, t: float) -> None:
            if t < at:
                return
            there = settle((t - at) / seconds)
            alpha = ease((t - at) / seconds)
            if until is not None:
                alpha = min(alpha, 1 - ease((t - until) / 0.4))
            paste(
                picture,
                sprite,
                px(x + by[0] * (1 - there)),
                px(y + by[1] * (1 - there)),
                alpha,
            )

        return layer

    def along(self, sprite: Image.Image, path: Callable[[float], Place]) -> Layer:
        """Let a sprite be at `path(t)`; its middle is the point."""
        px = self.stage.px

        def layer(picture: Image.Image, t: float) -> None:
            x, y = path(t)
            paste(picture, sprite, px(x) - sprite.width // 2, px(y) - sprite.height // 2)

        return layer

    def between(self, layer: Layer, begin: float, end: float) -> Layer:
        """Show a layer for a part of the scene only, on the scene's own time."""

        def shown(picture: Image.Image, t: float) -> None:
            if begin <= t < end:
                layer(picture, t)

        return shown

    def count(
        self,
        x: float,
        y: float,
        size: float,
        colour: str,
        words: Callable[[float], str],
        *,
        at: float = 0.0,
        seconds: float = 1.5,
        anchor: str = "ls",
    ) -> Layer:
        """Write words that depend on how far a count has come, 0 … 1."""
        font = self.stage.font(size)
        place = (self.stage.px(x), self.stage.px(y))
        stroke = size * self.stage.unit / 40

        def layer(picture: Image.Image, t: float) -> None:
            if t >= at:
                ImageDraw.Draw(picture).text(
                    place,
                    words(settle((t - at) / seconds)),
                    fill=colour,
                    font=font,
                    anchor=anchor,
                    stroke_width=stroke,
                )

        return layer

    def box(
        self,
        grow: Callable[[float], tuple[float, float, float, float]],
        colour: str,
        radius: float = 0,
    ) -> Layer:
        """Fill the box (x, y, width, height) that `grow(t)` gives."""
        px = self.stage.px

        def layer(picture: Image.Image, t: float) -> None:
            x, y, w, h = grow(t)
            if w * self.stage.unit >= 1 and h * self.stage.unit >= 1:
                ImageDraw.Draw(picture).rounded_rectangle(
                    (px(x), px(y), px(x + w) - 1, px(y + h) - 1), px(radius), fill=colour
                )

        return layer

    def ticker(self, strip: Image.Image, y: float, speed: float, begin: float = 0) -> Layer:
        """Move a strip from right to left, `speed` measures a second, again and again."""
        stage = self.stage

        def layer(picture: Image.Image, t: float) -> None:
            x = -round(((t * speed + begin) * stage.unit) % strip.width)
            while x < stage.width:
                paste(picture, strip, x, stage.px(y))
                x += strip.width

        return layer


def sway(middle: Place, reach: Place, seconds: float, phase: float = 0) -> Callable[[float], Place]:
    """Return a path that swings about `middle`, once in `seconds`."""

    def path(t: float) -> Place:
        a = 2 * math.pi * (t / seconds + phase)
        return (middle[0] + reach[0] * math.sin(a), middle[1] + reach[1] * math.cos(a))

    return path


def route(points: Sequence[Place], begin: float, end: float) -> Callable[[float], Place]:
    """Return a path along straight legs from second `begin` to `end`, at one speed."""
    legs = list(pairwise(points))
    lengths = [math.dist(a, b) for a, b in legs]

    def path(t: float) -> Place:
        left = ease((t - begin) / (end - begin)) * sum(lengths)
        for (a, b), length in zip(legs, lengths, strict=True):
            if left <= length:
                part = left / length if length else 0
                return (a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part)
            left -= length
        return points[-1]

    return path

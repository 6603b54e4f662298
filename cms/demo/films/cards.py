"""Scenes and parts that several films share."""

from collections.abc import Sequence

from PIL import Image

from cms.demo.films import art
from cms.demo.films.motion import Layer, Moves, Scene
from cms.demo.films.stage import (
    CABAI,
    GROUND,
    INK,
    KUNYIT,
    MANGGIS,
    NIGHT,
    QUIET,
    SURFACE,
    WHITE,
    Stage,
    stack,
)


def tag(stage: Stage, words: str, ground: str = KUNYIT, ink: str = "#2a1900") -> Image.Image:
    """Return words in a small box."""
    label = stage.text(words, 24, ink, bold=True)
    width, height = label.width / stage.unit + 28, label.height / stage.unit + 18
    return stack((stage.panel(width, height, ground, 6), 0, 0), (label, 14, 7), stage=stage)


def sample_mark(stage: Stage) -> Layer:
    """Return the word "contoh" in the corner: nothing here is to be taken for news."""
    sprite = tag(stage, "contoh", NIGHT, WHITE)
    mask = sprite.getchannel("A").point([round(v * 0.62) for v in range(256)])
    sprite.putalpha(mask)
    return Moves(stage).still(sprite, stage.across - sprite.width / stage.unit - 28, 26)


def scrim(stage: Stage, colour: str = NIGHT, strength: float = 0.86) -> Image.Image:
    """Return a shade that darkens the left (portrait: the bottom), where words stand."""
    ramp = Image.linear_gradient("L")
    if stage.across > stage.down:
        ramp = ramp.rotate(90)
    table = [round(255 * strength * min(1.0, max(0.0, (v - 60) / 130))) for v in range(256)]
    if stage.across > stage.down:
        # rotate(90) puts the dark end of the ramp on the left; turn it round.
        table = table[::-1]
    sprite = Image.new("RGBA", stage.size, colour)
    sprite.putalpha(ramp.resize(stage.size, Image.Resampling.BILINEAR).point(table))
    return sprite


def title(
    stage: Stage,
    kicker: str,
    words: str,
    note: str,
    backdrop: Image.Image,
    *,
    seconds: float = 6,
    extra: Sequence[Layer] = (),
) -> Scene:
    """Return an opening: a picture, the programme's name over it."""
    move = Moves(stage)
    width = min(680, stage.across - 112)
    size = 62 if stage.across > stage.down else 60
    name = stage.text(words, size, WHITE, bold=True, width=width)
    height = name.height / stage.unit
    top = (stage.down - height) / 2 - 10 if stage.across > stage.down else stage.down - height - 230
    return Scene(
        seconds,
        backdrop,
        [
            *extra,
            move.still(scrim(stage), 0, 0),
            move.still(stage.awning(), 0, 0),
            move.enter(tag(stage, kicker), 56, top - 66, at=0.3, by=(-40, 0)),
            move.enter(name, 54, top, at=0.5, by=(-60, 0)),
            move.enter(stage.text(note, 28, "#f3dfe6", width=width), 56, top + height + 22, at=0.9),
        ],
    )


def ending(stage: Stage, words: str, *, seconds: float = 4) -> Scene:
    """Return the last card: the mark, the name, and what to do next."""
    move = Moves(stage)
    middle, top = stage.across / 2, stage.down / 2 - 130
    mark = stage.art(art.MARK, 120, art.MARK_BOX)
    name = stage.text("Siar", 72, WHITE, bold=True)
    line = stage.text(words, 30, "#f3dfe6", width=stage.across - 160, align="center")

    def centred(sprite: Image.Image) -> float:
        return middle - sprite.width / stage.unit / 2

    return Scene(
        seconds,
        stage.ground(MANGGIS),
        [
            move.still(stage.awning(), 0, 0),
            move.enter(mark, centred(mark), top, at=0.1, by=(0, -50)),
            move.enter(name, centred(name), top + 132, at=0.3),
            move.enter(line, centred(line), top + 232, at=0.6),
        ],
    )


def lower_third(
    stage: Stage, words: str, note: str, *, at: float, until: float | None = None, y: float = 500
) -> list[Layer]:
    """Return a name and a place in the lower third, which come and go."""
    move = Moves(stage)
    name = stage.text(words, 38, WHITE, bold=True)
    second = stage.text(note, 26, INK)
    width = name.width / stage.unit + 70
    bar = stack(
        (stage.panel(width, 62, MANGGIS, 4), 0, 0),
        (stage.panel(10, 110, KUNYIT, 0), 0, 0),
        (stage.panel(second.width / stage.unit + 48, 48, SURFACE, 4), 10, 62),
        (name, 32, 6),
        (second, 32, 68),
        stage=stage,
    )
    return [move.enter(bar, 56, y, at=at, by=(-260, 0), until=until)]


def points(
    stage: Stage,
    heading: str,
    items: Sequence[str],
    picture: Image.Image,
    *,
    seconds: float,
    colour: str = MANGGIS,
) -> Scene:
    """Return a slide: a heading, numbered lines that come one after another, a picture."""
    move = Moves(stage)
    wide = stage.across > stage.down
    left = 56.0
    width = stage.across * 0.56 if wide else stage.across - 112
    head = stage.text(heading, 50, INK, bold=True, width=width)
    y = 92 + head.height / stage.unit + 48
    layers: list[Layer] = [
        move.still(stage.panel(12, head.height / stage.unit, colour, 3), left, 96),
        move.enter(head, left + 34, 92, by=(0, -24)),
    ]
    step = (seconds - 2.2) / max(1, len(items))
    for number, item in enumerate(items, start=1):
        line = stage.text(item, 37, INK, width=width - 84)
        dot = stage.disc(52, colour)
        digit = stage.text(str(number), 30, WHITE, bold=True)
        at = 0.8 + (number - 1) * step
        row = stack(
            (dot, 0, 0),
            (digit, 26 - digit.width / stage.unit / 2, 24 - digit.height / stage.unit / 2),
            (line, 80, 4),
            stage=stage,
        )
        layers.append(move.enter(row, left, y, at=at, by=(60, 0)))
        y += max(84, line.height / stage.unit + 40)
    place = (
        (
            stage.across - picture.width / stage.unit - 56,
            (stage.down - picture.height / stage.unit) / 2,
        )
        if wide
        else (
            (stage.across - picture.width / stage.unit) / 2,
            stage.down - picture.height / stage.unit - 80,
        )
    )
    layers.append(move.enter(picture, *place, at=0.2, by=(80, 0)))
    return Scene(seconds, stage.ground(GROUND), layers)


def price_card(
    stage: Stage,
    name: str,
    price: str,
    unit: str,
    picture: Image.Image,
    change: str,
    *,
    width: float = 360,
) -> Image.Image:
    """Return a card as on market cardboard: small Rp, heavy number, small unit."""
    rp = stage.text("Rp", 26, INK, bold=True)
    number = stage.text(price, 50, INK, bold=True)
    per = stage.text(unit, 26, QUIET)
    start = 28 + rp.width / stage.unit + 6
    colour = {"naik": CABAI, "turun": "#0b6a3c"}.get(change.split()[0], QUIET)
    return stack(
        (stage.panel(width, 430, SURFACE), 0, 0),
        (picture, (width - picture.width / stage.unit) / 2, 26),
        (stage.text(name, 32, INK, bold=True), 28, 226),
        (rp, 28, 306),
        (number, start, 284),
        (per, start + number.width / stage.unit + 6, 306),
        (stage.text(change, 26, colour, bold=True), 28, 366),
        stage=stage,
    )

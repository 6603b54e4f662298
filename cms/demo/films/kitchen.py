"""Dapur Pasar: sambal goreng tempe, step by step."""

import math

from PIL import Image

from cms.demo.films import art
from cms.demo.films.cards import ending, points, tag, title
from cms.demo.films.motion import Layer, Moves, Scene, paste, sway
from cms.demo.films.stage import DAUN, GROUND, INK, QUIET, SURFACE, WHITE, Stage, stack

KITCHEN = art.sky("#f6c667", "#ee9d3c", "#b9551f")
SAUCE = (
    '<defs><linearGradient id="b" x2="1" y2="1"><stop stop-color="#e2412f"/>'
    '<stop offset="1" stop-color="#8f1410"/></linearGradient></defs>'
)


def wok(stage: Stage, width: float, inside: str = "") -> Image.Image:
    """Return a wok from above with something in it."""
    return stage.art(SAUCE + art.WOK + inside, width, art.WOK_BOX)


SAMBAL = (
    '<circle cx="160" cy="97" r="78" fill="url(#b)"/><g opacity=".5" fill="#ffb25e">'
    '<circle cx="122" cy="60" r="5"/><circle cx="206" cy="72" r="6"/><circle cx="182" cy="146" r="5"/>'
    '<circle cx="108" cy="118" r="4"/><circle cx="150" cy="40" r="3"/></g>'
)
OIL = '<circle cx="160" cy="97" r="80" fill="#d98e2b"/><circle cx="146" cy="84" r="52" fill="#eeb04a"/>'


def step(
    stage: Stage,
    number: int,
    words: str,
    note: str,
    ground: str,
    layers: list[Layer],
    seconds: float,
) -> Scene:
    """Return one step: its number and words above, what happens below."""
    move = Moves(stage)
    head = stack(
        (stage.disc(84, WHITE), 0, 0),
        (
            digit := stage.text(str(number), 50, INK, bold=True),
            42 - digit.width / stage.unit / 2,
            10,
        ),
        (stage.text(words, 48, INK, bold=True), 108, 0),
        (stage.text(note, 29, "#4a2412"), 110, 58),
        stage=stage,
    )
    return Scene(
        seconds,
        stage.backdrop(ground, art.WIDE),
        [*layers, move.enter(head, 56, 48, at=0.2, by=(-60, 0))],
    )


def ingredients(stage: Stage) -> Scene:
    """What is needed, on a table, thing by thing."""
    move = Moves(stage)
    things = (
        ("Tempe", "300 g", art.TEMPE, art.TEMPE_BOX, 210),
        ("Cabai merah", "8 buah", art.CHILI, art.CHILI_BOX, 80),
        ("Bawang merah", "6 siung", art.ONION, art.ONION_BOX, 104),
        ("Bawang putih", "3 siung", art.GARLIC, art.GARLIC_BOX, 104),
        ("Kecap manis", "2 sdm", art.BOTTLE, art.BOTTLE_BOX, 60),
    )
    layers: list[Layer] = [
        move.still(stage.text("Bahan untuk empat orang", 50, INK, bold=True), 64, 64)
    ]
    for i, (name, amount, body, box, width) in enumerate(things):
        picture = stage.art(body, width, box)
        label = stage.text(name, 27, INK, bold=True)
        much = stage.text(amount, 25, QUIET)
        card = stack(
            (stage.panel(216, 330, SURFACE), 0, 0),
            (picture, 108 - width / 2, 110 - picture.height / stage.unit / 2),
            (label, 108 - label.width / stage.unit / 2, 226),
            (much, 108 - much.width / stage.unit / 2, 272),
            stage=stage,
        )
        layers.append(move.enter(card, 64 + i * 234, 190, at=0.5 + i * 1.2, by=(0, 140)))
    return Scene(10, stage.ground("#fbe9cf"), layers)


def slicing(stage: Stage) -> Scene:
    """The knife goes down; slices move aside."""
    move = Moves(stage)
    board = stack(
        (stage.panel(900, 330, "#c68a45", 26), 0, 0),
        (stage.panel(870, 296, "#d99f5b", 20), 15, 12),
        stage=stage,
    )
    tempe = stage.art(art.TEMPE, 430, art.TEMPE_BOX)
    cube = stage.art(art.CUBE, 96, art.CUBE_BOX)
    knife = stage.art(art.KNIFE, 420, art.KNIFE_BOX)
    cuts = [1.2 + i * 1.0 for i in range(7)]

    def blade(t: float) -> tuple[float, float]:
        down = max(0.0, math.sin((t - 0.7) * 2 * math.pi)) if 0.7 < t < 8.2 else 0.0
        return (700 - min(1.0, t / 8) * 150, 330 + 120 * down)

    layers: list[Layer] = [move.still(board, 190, 320), move.still(tempe, 260, 402)]
    for i, at in enumerate(cuts):
        x, y = 760 + (i % 3) * 92, 400 + (i // 3) * 66
        layers.append(move.enter(cube, x, y, at=at, by=(-150, 10), seconds=0.5))
    layers.append(move.along(knife, blade))
    return step(
        stage, 1, "Iris tempe", "Tebal satu sentimeter, lalu potong dadu", KITCHEN, layers, 9.5
    )


def grinding(stage: Stage) -> Scene:
    """Chili and onion go into the mortar; the pestle goes round."""
    move = Moves(stage)
    mortar = stage.art(art.MORTAR, 560, art.MORTAR_BOX)
    pestle = stage.art(art.PESTLE, 330, art.PESTLE_BOX)
    layers: list[Layer] = []
    falling = (
        (art.CHILI, art.CHILI_BOX, 66, 520),
        (art.ONION, art.ONION_BOX, 80, 640),
        (art.GARLIC, art.GARLIC_BOX, 70, 740),
        (art.CHILI, art.CHILI_BOX, 66, 600),
    )
    layers.append(move.still(mortar, 360, 330))
    for i, (body, box, width, x) in enumerate(falling):
        sprite = stage.art(body, width, box)
        begin = 0.4 + i * 0.7

        def fall(t: float, x: float = x, begin: float = begin) -> tuple[float, float]:
            return (x, 120 + 300 * ((t - begin) / 0.9) ** 2)

        layers.append(move.between(move.along(sprite, fall), begin, begin + 0.9))
    layers.append(move.between(move.along(pestle, sway((760, 330), (70, 26), 1.1)), 3.2, 99))
    return step(
        stage,
        2,
        "Ulek bumbu",
        "Cabai, bawang merah, bawang putih, sedikit garam",
        KITCHEN,
        layers,
        9,
    )


def turning(stage: Stage, pieces: list[tuple[Image.Image, float, float]], speed: float) -> Layer:
    """Let pieces go round in the wok, each at its own distance, and bob."""

    def layer(picture: Image.Image, t: float) -> None:
        for i, (sprite, radius, start) in enumerate(pieces):
            a = start + t * speed * (1.3 if i % 2 else 0.8)
            r = radius + 8 * math.sin(3 * t + i)
            x = stage.px(640 + r * math.cos(a)) - sprite.width // 2
            y = stage.px(450 + r * math.sin(a)) - sprite.height // 2
            paste(picture, sprite, x, y)

    return layer


def tilted(stage: Stage, body: str, width: float, box: art.Box, angle: float) -> Image.Image:
    """Return an illustration turned by `angle` degrees."""
    sprite = stage.art(body, width, box)
    return sprite.rotate(angle, Image.Resampling.BICUBIC, expand=True)


def cubes(stage: Stage, count: int) -> list[tuple[Image.Image, float, float]]:
    """Return tempe cubes for the wok, turned this way and that."""
    return [
        (tilted(stage, art.CUBE, 84, art.CUBE_BOX, 37 * i), 50 + (i * 53) % 120, i * 2.4)
        for i in range(count)
    ]


def steam(stage: Stage) -> Layer:
    """Return puffs that rise and fade."""
    puff = stage.disc(90, WHITE)

    def layer(picture: Image.Image, t: float) -> None:
        for i in range(6):
            part = (t / 2.6 + i / 6) % 1
            x = 640 + 150 * math.sin(i * 2.1) + 20 * math.sin(3 * t + i)
            paste(
                picture,
                puff,
                stage.px(x - 45),
                stage.px(420 - 330 * part),
                0.2 * math.sin(math.pi * part),
            )

    return layer


def frying(stage: Stage) -> Scene:
    """Tempe in oil."""
    move = Moves(stage)
    bubble = stage.disc(16, "#ffe2a0")
    bubbles = [
        move.along(
            bubble,
            sway((640 + 150 * math.cos(i), 450 + 150 * math.sin(i)), (9, 14), 0.7 + i * 0.07),
        )
        for i in range(9)
    ]
    layers = [
        move.still(wok(stage, 830, OIL), 225, 150),
        *bubbles,
        turning(stage, cubes(stage, 9), 0.35),
        steam(stage),
    ]
    return step(
        stage,
        3,
        "Goreng tempe",
        "Api sedang, sampai kuning dan renyah; tiriskan",
        KITCHEN,
        layers,
        10,
    )


def mixing(stage: Stage) -> Scene:
    """Everything comes together in the sauce."""
    move = Moves(stage)
    pieces = cubes(stage, 7)
    pieces += [
        (tilted(stage, art.CHILI, 54, art.CHILI_BOX, 70 * i), 70 + 30 * i, 1.1 + i * 1.7)
        for i in range(4)
    ]
    layers = [
        move.still(wok(stage, 830, SAMBAL), 225, 150),
        turning(stage, pieces, 0.7),
        steam(stage),
    ]
    return step(
        stage,
        4,
        "Satukan dengan sambal",
        "Tumis bumbu, masukkan tempe dan kecap, aduk cepat",
        KITCHEN,
        layers,
        11,
    )


def plate(stage: Stage, width: float = 640) -> Image.Image:
    """Return the dish, served on a leaf."""
    pieces = "".join(
        f'<g transform="translate({118 + 24 * (i % 4)} {78 + 15 * (i // 4)}) rotate({-20 + 23 * i})">{art.CUBE}</g>'
        for i in range(8)
    )
    return stage.art(
        SAUCE
        + '<ellipse cx="160" cy="104" rx="150" ry="70" fill="#fff"/><ellipse cx="160" cy="100" rx="128" ry="56" fill="#eee6e4"/>'
        + art.LEAF
        + '<ellipse cx="160" cy="100" rx="82" ry="34" fill="url(#b)"/>'
        + pieces,
        width,
        (0, 26, 320, 152),
    )


def tempe(stage: Stage) -> list[Scene]:
    """A recipe in four steps."""
    move = Moves(stage)
    opening = title(
        stage,
        "Dapur Pasar",
        "Sambal Goreng Tempe",
        "Resep contoh, 25 menit, empat orang",
        stage.backdrop(KITCHEN, art.WIDE),
        extra=[move.still(wok(stage, 760, SAMBAL), 690, 110), turning_at(stage)],
    )
    tips = points(
        stage,
        "Supaya tetap renyah",
        [
            "Keringkan tempe sebelum digoreng",
            "Jangan tutup wajan",
            "Campur sambal sesaat sebelum makan",
        ],
        plate(stage, 460),
        seconds=10,
        colour=DAUN,
    )
    served = Scene(
        5,
        stage.ground(GROUND),
        [
            move.enter(plate(stage), 320, 190, by=(0, 90)),
            move.enter(tag(stage, "Siap disajikan"), 540, 90, at=0.5),
        ],
    )
    return [
        opening,
        ingredients(stage),
        slicing(stage),
        grinding(stage),
        frying(stage),
        mixing(stage),
        served,
        tips,
        ending(stage, "Semua bahan ada di pasar dekat Anda."),
    ]


def turning_at(stage: Stage) -> Layer:
    """Return the title's own pieces in the sauce, to the right of the words."""
    inner = turning(stage, cubes(stage, 5), 0.4)
    shift = (stage.px(430), stage.px(-72))

    def layer(picture: Image.Image, t: float) -> None:
        pad = Image.new("RGBA", picture.size, (0, 0, 0, 0))
        inner(pad, t)
        picture.paste(pad, shift, pad)

    return layer

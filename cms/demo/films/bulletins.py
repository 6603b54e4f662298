"""The morning at the market, and the day's prices in charts."""

import math
from collections.abc import Sequence

from PIL import Image, ImageDraw

from cms.demo.films import art
from cms.demo.films.cards import ending, lower_third, points, price_card, title
from cms.demo.films.motion import Layer, Moves, Scene, ease, settle, sway
from cms.demo.films.stage import (
    CABAI,
    DAUN,
    INK,
    KUNYIT,
    QUIET,
    TERPAL,
    WHITE,
    Stage,
    stack,
)

PRICES = (
    ("Cabai rawit merah", "62.000-68.000/kg", "naik 4.000"),
    ("Bawang merah", "34.000-38.000/kg", "turun 1.500"),
    ("Beras medium", "13.200-14.000/kg", "tetap"),
    ("Telur ayam ras", "27.500-29.000/kg", "turun 500"),
    ("Minyak goreng curah", "16.500-17.500/liter", "naik 250"),
    ("Ikan kembung", "38.000-44.000/kg", "naik 2.000"),
)


def strip(stage: Stage) -> Image.Image:
    """Return the ticker's strip of prices, one line."""
    move_x, parts = 0.0, []
    for name, price, change in PRICES:
        words = stage.text(f"{name}  ", 26, INK)
        number = stage.text(f"Rp{price}  ", 26, INK, bold=True)
        last = stage.text(change, 26, QUIET)
        for sprite in (words, number, last):
            parts.append((sprite, move_x, 12.0))
            move_x += sprite.width / stage.unit + 8
        move_x += 56
    line = stack(*parts, stage=stage)
    whole = Image.new("RGBA", (stage.px(move_x), stage.px(58)), KUNYIT)
    whole.alpha_composite(line)
    return whole


def market(stage: Stage, sky: str) -> Image.Image:
    """Return a row of stalls under a sky."""
    picture = stage.backdrop(sky + art.HILLS, art.WIDE).convert("RGBA")
    floor = stage.panel(stage.across, stage.down * 0.2, "#1b0a14", 0)
    picture.alpha_composite(floor, (0, stage.height - floor.height))
    colours = ((WHITE, CABAI), (KUNYIT, DAUN), (WHITE, TERPAL))
    goods = (("#e2412f", "#7cc26a"), ("#f6b52b", "#b565a0"), ("#d7e6ea", "#f0cf8e"))
    for i, (pair, crates) in enumerate(zip(colours, goods, strict=True)):
        sprite = stage.art(art.stall(*pair, crates), 400, art.STALL_BOX)
        y = stage.height - stage.px(stage.down * 0.2 - 14) - sprite.height + stage.px(6)
        picture.alpha_composite(sprite, (stage.px(20 + i * 424), y))
    return picture.convert("RGB")


def walkers(stage: Stage, y: float) -> list[Layer]:
    """Return people who cross the market, some with a basket on the head."""
    move = Moves(stage)
    crowd: Sequence[tuple[str, bool, float, float]] = (
        ("#1b569b", False, 90, 0.0),
        ("#f6b52b", True, -70, 900.0),
        ("#0b6a3c", False, 110, 400.0),
        ("#c21b17", True, 60, 1100.0),
        ("#b565a0", False, -95, 300.0),
    )
    layers = []
    for cloth, basket, speed, start in crowd:
        sprite = stage.art(art.person(cloth, basket=basket), 104, art.PERSON_BOX)
        span = stage.across + 240

        def path(
            t: float, speed: float = speed, start: float = start, span: float = span
        ) -> tuple[float, float]:
            x = (start + speed * t) % span - 120
            return (x, y + 5 * abs(math.sin(abs(speed) * t / 22)))

        layers.append(move.along(sprite, path))
    return layers


def clouds(stage: Stage) -> list[Layer]:
    """Return a low sun and clouds that pass."""
    move = Moves(stage)
    layers = [move.still(stage.disc(130, "#ffd98a"), 930, 96)]
    for width, y, start, speed in (
        (300, 120, 80.0, 14),
        (210, 190, 620.0, 22),
        (250, 70, 1020.0, 18),
    ):
        sprite = stage.art(art.CLOUD, width, art.CLOUD_BOX)
        span = stage.across + 2 * width

        def drift(
            t: float, y: float = y, start: float = start, speed: float = speed, span: float = span
        ) -> tuple[float, float]:
            return ((start + speed * t) % span - (span - stage.across) / 2, y)

        layers.append(move.along(sprite, drift))
    return layers


def pagi(stage: Stage) -> list[Scene]:
    """A market wakes up; what is cheap, what is dear, what to know."""
    move = Moves(stage)
    sun = stage.disc(150, "#ffd98a")
    rise = stage.backdrop(art.DAWN, art.WIDE)
    hills = stage.art(art.HILLS, 1280, art.WIDE)
    opening = title(
        stage,
        "Kabar Pasar",
        "Kabar Pasar Pagi",
        "Pasar Melati (contoh), Surabaya",
        rise,
        seconds=7,
        extra=[
            move.along(sun, lambda t: (930, 560 - 260 * ease(t / 6))),
            move.still(hills, 0, 90),
        ],
    )
    ticker = strip(stage)
    hall = Scene(
        14,
        market(stage, art.MORNING),
        [
            *clouds(stage),
            *walkers(stage, 590),
            *lower_third(
                stage, "Pasar Melati (contoh)", "Pukul 05.40 WIB, hari pasar", at=1, until=7, y=440
            ),
            *lower_third(
                stage, "Timbang ulang gratis", "Pos A, dekat pintu utara", at=8, until=13.2, y=440
            ),
            move.ticker(ticker, 662, 120),
        ],
    )
    things = (
        ("Cabai rawit", "62.000", "/kg", art.BASKET, art.BASKET_BOX, "naik 4.000"),
        ("Bawang merah", "34.000", "/kg", art.ONION, art.ONION_BOX, "turun 1.500"),
        ("Beras medium", "13.200", "/kg", art.SACK, art.SACK_BOX, "tetap"),
    )
    cards: list[Layer] = [
        move.still(stage.text("Harga terendah pagi ini", 46, INK, bold=True), 64, 60)
    ]
    for i, (name, price, unit, body, box, change) in enumerate(things):
        width = 190 * box[2] / box[3] if box[2] < box[3] * 1.4 else 260
        picture = stage.art(body, width, box)
        card = price_card(stage, name, price, unit, picture, change)
        cards.append(move.enter(card, 64 + i * 396, 150, at=0.5 + i * 1.6, by=(0, 120)))
    cards.append(move.ticker(ticker, 662, 120, 700))
    news = points(
        stage,
        "Yang perlu diketahui hari ini",
        [
            "Truk cabai dari lereng tiba Kamis",
            "Bawang merah turun, panen dua kabupaten",
            "Rapat anggota Sabtu pukul 09.00 WIB",
        ],
        stage.art(art.BASKET, 430, art.BASKET_BOX),
        seconds=10,
    )
    return [
        opening,
        hall,
        Scene(11, stage.ground("#f2e3d5"), cards),
        news,
        ending(stage, "Harga adalah catatan pengurus, bukan penawaran lapak."),
    ]


WEEK = ("Rab", "Kam", "Jum", "Sab", "Min", "Sen", "Sel")
CHILI = (54, 55, 58, 57, 58, 61, 65)
ONION = (41, 40, 40, 39, 38, 37, 36)
RICE = (13.4, 13.4, 13.5, 13.5, 13.6, 13.6, 13.6)


def grid(stage: Stage, heading: str, note: str, low: float, high: float, lines: int) -> list[Layer]:
    """Return the still parts of a chart: heading, source, lines and their numbers."""
    move = Moves(stage)
    layers: list[Layer] = [
        move.still(stage.text(heading, 44, WHITE, bold=True), 72, 52),
        move.still(stage.text(note, 25, "#cfdcec"), 74, 116),
    ]
    for i in range(lines):
        y = 590 - i * 400 / (lines - 1)
        value = low + (high - low) * i / (lines - 1)
        layers.append(move.still(stage.panel(1060, 2, "#3d6f9f", 0), 150, y))
        layers.append(move.still(stage.text(f"{value:.0f}", 24, "#cfdcec"), 96, y - 16))
    return layers


def bars(stage: Stage) -> Scene:
    """Six commodities as bars that grow."""
    move = Moves(stage)
    values = (65, 36, 13.6, 28, 17, 41)
    names = ("Cabai", "Bawang", "Beras", "Telur", "Minyak", "Kembung")
    layers = grid(
        stage,
        "Harga tengah hari ini",
        "Ribu rupiah per kilogram atau liter, Pasar Melati (contoh)",
        0,
        80,
        5,
    )
    for i, (value, name) in enumerate(zip(values, names, strict=True)):
        x, tall = 190 + i * 172, value / 80 * 400
        begin = 0.6 + i * 0.9

        def grow(
            t: float, x: float = x, tall: float = tall, begin: float = begin
        ) -> tuple[float, float, float, float]:
            h = tall * settle((t - begin) / 1.2)
            return (x, 590 - h, 104, h)

        layers.append(move.box(grow, KUNYIT if i else "#ff8d72", 6))
        label = stage.text(name, 28, WHITE, bold=True)
        layers.append(move.still(label, x + 52 - label.width / stage.unit / 2, 606))
        number = f"{value:g}".replace(".", ",")
        layers.append(
            move.enter(
                stage.text(number, 34, WHITE, bold=True),
                x + 26,
                590 - tall - 54,
                at=begin + 1.0,
                by=(0, 20),
            )
        )
    return Scene(12, stage.ground("#123f6e"), layers)


def curve(
    stage: Stage, values: Sequence[float], colour: str, *, begin: float, low: float, high: float
) -> Layer:
    """Return a line that is drawn from left to right within six seconds."""
    spots = [
        (stage.px(200 + i * 160), stage.px(590 - (v - low) / (high - low) * 400))
        for i, v in enumerate(values)
    ]
    width, dot = max(2, stage.px(8)), stage.px(12)

    def layer(picture: Image.Image, t: float) -> None:
        reach = ease((t - begin) / 6) * (len(spots) - 1)
        if reach <= 0:
            return
        whole = int(reach)
        line = spots[: whole + 1]
        if whole + 1 < len(spots):
            (x0, y0), (x1, y1), part = spots[whole], spots[whole + 1], reach - whole
            line = [*line, (round(x0 + (x1 - x0) * part), round(y0 + (y1 - y0) * part))]
        pen = ImageDraw.Draw(picture)
        pen.line(line, fill=colour, width=width, joint="curve")
        for x, y in line:
            pen.circle((x, y), dot // 2 + 1, fill=colour)
        pen.circle(line[-1], dot, fill=WHITE, outline=colour, width=max(2, dot // 3))

    return layer


def lines(stage: Stage) -> Scene:
    """A week of chili and onion."""
    move = Moves(stage)
    layers = grid(
        stage,
        "Tujuh hari: cabai naik, bawang turun",
        "Ribu rupiah per kilogram, catatan pengurus pukul 05.40 WIB",
        30,
        70,
        5,
    )
    for i, day in enumerate(WEEK):
        word = stage.text(day, 26, "#cfdcec", bold=True)
        layers.append(move.still(word, 200 + i * 160 - word.width / stage.unit / 2, 606))
    layers += [
        curve(stage, CHILI, "#ff8d72", begin=0.8, low=30, high=70),
        curve(stage, ONION, "#e7a3c4", begin=2.5, low=30, high=70),
        move.enter(stage.text("Cabai rawit merah", 30, "#ffb7a4", bold=True), 820, 196, at=7),
        move.enter(stage.text("Bawang merah", 30, "#f0c4da", bold=True), 900, 545, at=9),
    ]
    return Scene(15, stage.ground("#123f6e"), layers)


def harga(stage: Stage) -> list[Scene]:
    """The day's prices in charts."""
    chart = art.sky("#123f6e", "#1d5690", "#2a6fae")
    move = Moves(stage)
    coins = stage.disc(120, KUNYIT)
    opening = title(
        stage,
        "Harga Pasar",
        "Harga Hari Ini",
        "Enam bahan pokok, angka contoh",
        stage.backdrop(chart, art.WIDE),
        extra=[
            move.along(coins, sway((900 + i * 110, 520 - i * 120), (0, 26), 3, i * 0.2))
            for i in range(3)
        ],
    )
    advice = points(
        stage,
        "Membaca angka ini",
        [
            "Terendah dan tertinggi, dari beberapa lapak",
            "Dicatat pengurus, satu kali sebelum pukul enam",
            "Tanyakan harga pasti pada lapaknya",
        ],
        stage.art(art.SACK, 330, art.SACK_BOX),
        seconds=10,
        colour=TERPAL,
    )
    return [
        opening,
        bars(stage),
        lines(stage),
        advice,
        ending(stage, "Catatan harga baru setiap pagi."),
    ]

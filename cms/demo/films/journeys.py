"""Across the islands, a morning at one stall, the east, and the pause between programmes."""

import math

from PIL import Image, ImageDraw

from cms.demo.films import art
from cms.demo.films.bulletins import clouds, walkers
from cms.demo.films.cards import ending, lower_third, points, tag, title
from cms.demo.films.motion import Layer, Moves, Scene, ease, route, sway
from cms.demo.films.stage import (
    DAUN,
    INK,
    KUNYIT,
    MANGGIS,
    SURFACE,
    WHITE,
    Stage,
    stack,
)

OCEAN = art.sky("#cfe6ef", "#a9d3e3", "#8fc0d6")
PORTS = ((1085, 330), (950, 370), (700, 420), (555, 420), (420, 440))


def trail(stage: Stage, begin: float, end: float) -> Layer:
    """Return the dots that a boat leaves behind."""
    path = route(PORTS, begin, end)
    radius = max(2, stage.px(6))

    def layer(picture: Image.Image, t: float) -> None:
        pen = ImageDraw.Draw(picture)
        moment = begin
        while moment < min(t, end):
            x, y = path(moment)
            pen.circle((stage.px(x), stage.px(y)), radius, fill=MANGGIS)
            moment += 0.28

    return layer


def rempah(stage: Stage) -> list[Scene]:
    """From the garden to the stall, over the sea."""
    move = Moves(stage)
    sea = stage.backdrop(OCEAN, art.WIDE)
    islands = stage.art(art.ISLANDS, 1240, (0, 10, 320, 140))
    boat = stage.art(art.BOAT, 120, art.BOAT_BOX)
    opening = title(
        stage,
        "Jalan Rempah",
        "Dari Kebun ke Lapak",
        "Perjalanan sekilo pala, cerita contoh",
        stage.backdrop(OCEAN, art.WIDE),
        extra=[
            move.still(islands, 260, 150),
            move.along(stage.art(art.BOAT, 190, art.BOAT_BOX), sway((960, 380), (60, 10), 6)),
        ],
    )
    stops = (
        ("Kebun di Maluku", 1000, 250, 1.0),
        ("Pelabuhan Ambon", 830, 300, 5.0),
        ("Makassar", 640, 350, 10.0),
        ("Surabaya", 350, 500, 15.0),
    )
    journey = Scene(
        19,
        sea,
        [
            move.still(islands, 20, 150),
            move.still(stage.text("Tiga minggu, dua kapal, satu truk", 46, INK, bold=True), 64, 56),
            trail(stage, 1.5, 15.5),
            *[
                move.enter(tag(stage, name, SURFACE, INK), x, y, at=at, by=(0, 20))
                for name, x, y, at in stops
            ],
            move.along(boat, route([(x, y - 30) for x, y in PORTS], 1.5, 15.5)),
        ],
    )
    road = stack(
        (stage.panel(1400, 90, "#4a4046", 0), 0, 0),
        (stage.panel(1400, 6, KUNYIT, 0), 0, 42),
        stage=stage,
    )
    truck = stage.art(art.TRUCK, 300, art.TRUCK_BOX)
    drive = Scene(
        9,
        stage.backdrop(art.MORNING + art.HILLS, art.WIDE),
        [
            *clouds(stage),
            move.still(road, 0, 600),
            move.along(truck, lambda t: (-160 + 190 * t, 560 + 3 * math.sin(14 * t))),
            *lower_third(
                stage,
                "Malam di jalan pantai utara",
                "Tiba sebelum pasar buka",
                at=0.8,
                until=8,
                y=120,
            ),
        ],
    )
    shares = points(
        stage,
        "Yang menentukan harga di lapak",
        [
            "Musim panen dan kadar air",
            "Ongkos kapal antarpulau",
            "Susut saat penjemuran",
            "Laba lapak, yang paling kecil",
        ],
        stage.art(art.SACK, 340, art.SACK_BOX),
        seconds=13,
        colour=DAUN,
    )
    return [
        opening,
        journey,
        drive,
        shares,
        ending(stage, "Jalan rempah hari ini adalah jalan koperasi."),
    ]


def timur(stage: Stage) -> list[Scene]:
    """Sago and sweet potato: what the east eats and sells."""
    move = Moves(stage)
    sky = art.sky("#f7b267", "#f4845f", "#7b2d43")
    palm = stage.art(art.PALM, 300, art.PALM_BOX)
    sun = stage.disc(190, "#ffe1a3")
    shore = [
        move.along(sun, lambda t: (640 + 22 * t, 520 - 250 * ease(t / 10))),
        move.still(stage.panel(1290, 190, "#1f5c6b", 0), 0, 530),
        *[
            move.along(
                stage.panel(160, 6, "#f6d9a8", 3),
                sway((180 + i * 230, 570 + (i % 3) * 44), (30, 0), 4 + i * 0.4, i * 0.2),
            )
            for i in range(6)
        ],
        move.still(palm, 930, 190),
        move.still(stage.art(art.PALM, 220, art.PALM_BOX), 1080, 300),
    ]
    opening = title(
        stage,
        "Pagi di Timur",
        "Sagu dan Ubi",
        "Pasar Matoa (contoh), Jayapura",
        stage.backdrop(sky, art.WIDE),
        extra=shore,
        seconds=7,
    )
    scene = Scene(
        9,
        stage.backdrop(sky, art.WIDE),
        [
            *shore,
            *lower_third(
                stage, "Pukul 05.30 WIT", "Matahari lebih dulu tiba di sini", at=0.6, y=440
            ),
        ],
    )
    facts = points(
        stage,
        "Mengenal sagu",
        [
            "Satu batang memberi 150 sampai 300 kg pati",
            "Tahan disimpan berbulan-bulan",
            "Papeda, sinole, kue lempeng",
        ],
        stage.art(art.PALM, 330, art.PALM_BOX),
        seconds=12,
        colour=DAUN,
    )
    return [opening, scene, facts, ending(stage, "Salam dari timur.")]


def lapak(stage: Stage) -> list[Scene]:
    """Upright, as from a phone: one morning at a stall that sells tempe."""
    move = Moves(stage)
    front = stage.art(art.stall(KUNYIT, DAUN, ("#f0cf8e", "#7cc26a")), 700, art.STALL_BOX)
    back = stage.backdrop(art.DAWN, (90, 0, 100, 178))
    floor = stage.panel(740, 300, "#1b0a14", 0)
    opening = title(
        stage,
        "Dari lapak",
        "Satu Pagi di Lapak Tempe",
        "Pasar Melati (contoh)",
        back,
        extra=[move.still(floor, 0, 1000), move.still(front, 10, 560)],
        seconds=5,
    )
    open_ = Scene(
        8,
        stage.backdrop(art.MORNING, (90, 0, 100, 178)),
        [
            *clouds(stage),
            move.still(floor, 0, 1000),
            move.still(front, 10, 560),
            *walkers(stage, 1010),
            *lower_third(stage, "05.10 WIB", "Tempe tiba dari dapur", at=0.5, y=220),
        ],
    )
    tempe = stage.art(art.TEMPE, 520, art.TEMPE_BOX)
    leaf = stage.art(art.LEAF, 680, art.LEAF_BOX)
    close = Scene(
        8,
        stage.ground(MANGGIS),
        [
            move.enter(leaf, 20, 640, at=0.1, by=(0, 120)),
            move.enter(tempe, 100, 560, at=0.6, by=(0, -160)),
            move.enter(
                stage.text(
                    "Dibungkus daun, difermentasi dua malam", 46, WHITE, bold=True, width=600
                ),
                60,
                220,
                at=1.2,
            ),
        ],
    )
    price = stack(
        (stage.panel(600, 250, SURFACE), 0, 0),
        (stage.text("Tempe daun", 44, INK, bold=True), 40, 30),
        (stage.text("Rp", 40, INK, bold=True), 40, 134),
        (stage.text("5.000", 92, INK, bold=True), 96, 94),
        (stage.text("/papan", 36, INK), 350, 146),
        stage=stage,
    )
    last = Scene(
        5,
        stage.ground("#f2e3d5"),
        [move.enter(tempe, 100, 320, by=(0, -60)), move.enter(price, 60, 660, at=0.5, by=(0, 100))],
    )
    return [opening, open_, close, last, ending(stage, "Lapak ini hanya contoh.", seconds=3)]


def jeda(stage: Stage) -> list[Scene]:
    """The pause between programmes: a clock of awnings that goes round once in thirty seconds."""
    move = Moves(stage)
    cx, cy = stage.px(stage.across / 2), stage.px(300)
    petals = 24
    disc = [stage.disc(46, colour) for colour in (KUNYIT, "#8d3a63")]

    def ring(picture: Image.Image, t: float) -> None:
        for i in range(petals):
            angle = 2 * math.pi * (i / petals + t / 60)
            lit = (t / 30 * petals) % petals >= i
            sprite = disc[0 if lit else 1]
            x = cx + stage.px(210) * math.sin(angle)
            y = cy - stage.px(210) * math.cos(angle)
            picture.paste(
                sprite, (round(x) - sprite.width // 2, round(y) - sprite.height // 2), sprite
            )

    def hand(picture: Image.Image, t: float) -> None:
        angle = 2 * math.pi * t / 30
        end = (cx + stage.px(150) * math.sin(angle), cy - stage.px(150) * math.cos(angle))
        pen = ImageDraw.Draw(picture)
        pen.line(((cx, cy), end), fill=WHITE, width=max(2, stage.px(8)))
        pen.circle(end, stage.px(9), fill=WHITE)
        pen.circle((cx, cy), stage.px(16), fill=KUNYIT)

    words = stage.text("Sebentar lagi kami kembali", 50, WHITE, bold=True)
    note = stage.text("Siar, televisi koperasi pasar", 30, "#f3dfe6")
    layers = [ring, hand, move.still(stage.awning(), 0, 0)]
    for sprite, y in ((words, 566), (note, 636)):
        layers.append(move.still(sprite, (stage.across - sprite.width / stage.unit) / 2, y))
    return [Scene(30, stage.ground(MANGGIS), layers)]

"""Fifteen seconds for one product of one stall."""

from dataclasses import dataclass

from cms.demo.films import art
from cms.demo.films.cards import tag
from cms.demo.films.motion import Moves, Scene, settle, sway
from cms.demo.films.stage import INK, KUNYIT, MANGGIS, QUIET, SURFACE, WHITE, Stage, stack


@dataclass(frozen=True)
class Offer:
    """What is offered; the price in whole Rupiah is the product's own."""

    name: str
    price: int
    unit: str
    stall: str
    place: str
    line: str
    body: str
    box: art.Box
    sky: tuple[str, str, str]


def promo(stage: Stage, offer: Offer) -> list[Scene]:
    """Return the product large, its price, and where to find it."""
    move = Moves(stage)
    wide = 560 if offer.box[2] > offer.box[3] * 1.2 else 360
    thing = stage.art(offer.body, wide, offer.box)
    back = stage.backdrop(art.sky(*offer.sky), art.WIDE)
    first = Scene(
        5,
        back,
        [
            move.along(thing, lambda t: (640, 800 - 400 * settle(t / 1.2))),
            move.enter(tag(stage, "Promosi"), 56, 48, at=0.2),
            move.enter(stage.text(offer.line, 56, WHITE, bold=True, width=1000), 56, 108, at=1.2),
        ],
    )
    rupiah = f"{offer.price:,}".replace(",", ".")
    number = stage.text(rupiah, 100, INK, bold=True)
    card = stack(
        (stage.panel(560, 430, SURFACE, 18), 0, 0),
        (stage.text(offer.name, 44, INK, bold=True, width=480), 40, 34),
        (stage.text("Rp", 46, INK, bold=True), 40, 200),
        (number, 104, 156),
        (stage.text(offer.unit, 36, QUIET), 104 + number.width / stage.unit + 10, 216),
        (stage.text(offer.stall, 32, INK, bold=True), 40, 314),
        (stage.text(offer.place, 30, QUIET), 40, 360),
        stage=stage,
    )
    second = Scene(
        7,
        back,
        [
            move.enter(tag(stage, "Promosi"), 56, 48),
            move.along(thing, sway((350, 400), (0, 12), 3.5)),
            move.enter(card, 660, 150, at=0.2, by=(160, 0)),
        ],
    )
    call = stage.text(
        "Ketuk kartu produk untuk bertanya lewat WhatsApp",
        46,
        WHITE,
        bold=True,
        width=900,
        align="center",
    )
    name = stage.text(offer.stall, 36, KUNYIT, bold=True)
    third = Scene(
        3,
        stage.ground(MANGGIS),
        [
            move.still(stage.awning(), 0, 0),
            move.enter(call, (stage.across - call.width / stage.unit) / 2, 250),
            move.enter(name, (stage.across - name.width / stage.unit) / 2, 430, at=0.3),
        ],
    )
    return [first, second, third]


CABAI_OFFER = Offer(
    "Cabai rawit merah",
    17_000,
    "/250 g",
    "Lapak Sayur Melati (contoh)",
    "Blok C-07, Pasar Melati",
    "Pedasnya baru dipetik",
    art.BASKET,
    art.BASKET_BOX,
    ("#f8d27a", "#eda12a", "#a5401c"),
)
TEMPE_OFFER = Offer(
    "Tempe daun",
    5_000,
    "/papan",
    "Lapak Tempe Melati (contoh)",
    "Blok A-03, Pasar Melati",
    "Tempe pagi ini, masih hangat",
    art.TEMPE,
    art.TEMPE_BOX,
    ("#7b1e4e", "#973060", "#b8476f"),
)
IKAN_OFFER = Offer(
    "Ikan kembung",
    42_000,
    "/kg",
    "Lapak Ikan Anggrek (contoh)",
    "Blok I-02, Pasar Anggrek",
    "Dari laut semalam",
    art.FISH,
    art.FISH_BOX,
    ("#123f6e", "#1b569b", "#6fb0c6"),
)
SAMBAL_OFFER = Offer(
    "Sambal botol 200 g",
    28_000,
    "/botol",
    "Dapur Sambal Melati (contoh)",
    "Blok D-11, Pasar Melati",
    "Pedas, wangi, siap makan",
    art.jar(art.LABEL),
    art.JAR_BOX,
    ("#f2a85a", "#d9762f", "#8f1410"),
)

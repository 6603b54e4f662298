"""Kelas Koperasi, packaging, choosing fish: things to learn."""

from collections.abc import Sequence

from PIL import Image, ImageDraw

from cms.demo.films import art
from cms.demo.films.cards import ending, points, tag, title
from cms.demo.films.motion import Layer, Moves, Scene, ease, settle, sway
from cms.demo.films.stage import (
    CABAI,
    DAUN,
    GROUND,
    INK,
    KUNYIT,
    LINE,
    MANGGIS,
    QUIET,
    SURFACE,
    TERPAL,
    WHITE,
    Stage,
    stack,
)

LEARNING = art.sky("#07502c", "#0b6a3c", "#3f9a6a")


def million(value: float) -> str:
    """Write millions of rupiah."""
    return f"Rp{value:.0f} juta"


def column(
    stage: Stage, x: float, heading: str, parts: Sequence[tuple[str, int, str, float]]
) -> list[Layer]:
    """Return a column that is stacked from below: (name, millions, colour, second)."""
    move = Moves(stage)
    title_ = stage.text(heading, 34, INK, bold=True)
    layers: list[Layer] = [move.still(title_, x + 150 - title_.width / stage.unit / 2, 634)]
    base = 616.0
    for name, amount, colour, at in parts:
        tall = amount * 1.9
        low = base

        def grow(
            t: float, low: float = low, tall: float = tall, at: float = at
        ) -> tuple[float, float, float, float]:
            h = tall * settle((t - at) / 1.1)
            return (x, low - h, 300, h)

        layers.append(move.box(grow, colour, 4))
        words = stack(
            (stage.text(name, 27, WHITE, bold=True), 0, 0),
            (stage.text(million(amount), 25, WHITE), 0, 34),
            stage=stage,
        )
        layers.append(move.enter(words, x + 20, low - tall / 2 - 32, at=at + 0.7, by=(0, 12)))
        base -= tall + 4
    return layers


def balance(stage: Stage) -> Scene:
    """Assets on one side, debts and members' money on the other: equally high."""
    move = Moves(stage)
    head = stage.text("Dua sisi yang selalu sama tinggi", 48, INK, bold=True)
    layers: list[Layer] = [
        move.still(head, 64, 56),
        move.still(stage.text("Koperasi Melati (contoh), 31 Desember", 28, QUIET), 66, 120),
        *column(
            stage,
            250,
            "Aset: milik koperasi",
            (
                ("Kas dan bank", 60, TERPAL, 1.0),
                ("Barang dagangan", 50, "#2f74bd", 3.5),
                ("Pinjaman anggota", 90, "#123f6e", 6.0),
            ),
        ),
        *column(
            stage,
            730,
            "Dari mana uangnya",
            (("Simpanan anggota", 120, DAUN, 9.0), ("Utang", 80, CABAI, 12.0)),
        ),
        move.enter(stage.text("=", 90, MANGGIS, bold=True), 612, 350, at=14, by=(0, -30)),
        move.enter(tag(stage, "200 juta = 200 juta"), 528, 176, at=14.5),
    ]
    return Scene(18, stage.ground(GROUND), layers)


def meter(stage: Stage, words: str, share: float, note: str, colour: str) -> Scene:
    """One ratio as a ring that fills, with what it means."""
    move = Moves(stage)
    size, width = stage.px(380), stage.px(54)
    left, top = stage.px(110), stage.px(190)
    box = (left, top, left + size, top + size)

    def ring(picture: Image.Image, t: float) -> None:
        part = share * settle((t - 0.6) / 2)
        pen = ImageDraw.Draw(picture)
        pen.arc(box, 0, 360, fill=LINE, width=width)
        if part > 0:
            pen.arc(box, -90, -90 + 360 * part, fill=colour, width=width)

    def share_now(part: float) -> str:
        return f"{share * part * 100:.0f} %"

    head = stage.text(words, 46, INK, bold=True, width=640)
    text = stage.text(note, 34, QUIET, width=620)
    y = 250.0
    return Scene(
        8,
        stage.ground(GROUND),
        [
            ring,
            move.count(300, 400, 74, INK, share_now, at=0.6, seconds=2, anchor="ms"),
            move.enter(head, 580, y, at=0.3, by=(50, 0)),
            move.enter(text, 582, y + head.height / stage.unit + 28, at=1.6, by=(50, 0)),
        ],
    )


def neraca(stage: Stage) -> list[Scene]:
    """How to read a balance sheet."""
    move = Moves(stage)
    opening = title(
        stage,
        "Kelas Koperasi",
        "Membaca Neraca dalam Satu Menit",
        "Untuk anggota dan pengurus, angka contoh",
        stage.backdrop(LEARNING, art.WIDE),
        extra=[move.still(stage.art(art.BOOK, 760, art.WIDE), 560, 150)],
    )
    questions = points(
        stage,
        "Tiga pertanyaan di rapat anggota",
        [
            "Berapa kas yang siap dipakai?",
            "Berapa pinjaman yang terlambat?",
            "Berapa cadangan bertambah tahun ini?",
        ],
        stage.art(art.BOOK, 480, art.WIDE),
        seconds=11,
        colour=DAUN,
    )
    return [
        opening,
        balance(stage),
        meter(
            stage,
            "Modal sendiri dibanding seluruh aset",
            0.6,
            "120 dari 200 juta adalah uang anggota. Makin besar, makin kuat.",
            DAUN,
        ),
        meter(
            stage,
            "Kas dibanding utang",
            0.75,
            "60 juta kas untuk 80 juta utang. Cukup, tetapi awasi jatuh temponya.",
            KUNYIT,
        ),
        questions,
        ending(stage, "Neraca koperasi Anda boleh Anda minta kapan saja."),
    ]


def callouts(
    stage: Stage,
    picture: Image.Image,
    place: tuple[float, float],
    notes: Sequence[tuple[str, float, float, float, float]],
) -> list[Layer]:
    """Return a thing with lines to words: (words, from x, from y, words x, words y)."""
    move = Moves(stage)
    layers: list[Layer] = [move.still(picture, *place)]
    for i, (words, x, y, to_x, to_y) in enumerate(notes):
        at = 0.8 + i * 2.2
        label = tag(stage, words, SURFACE, INK)
        middle = to_y + label.height / stage.unit / 2
        edge = to_x if to_x > x else to_x + label.width / stage.unit

        def line(
            picture: Image.Image,
            t: float,
            ends: tuple[float, ...] = (x, y, edge, middle),
            at: float = at,
        ) -> None:
            part = ease((t - at) / 0.6)
            if part > 0:
                x0, y0, x1, y1 = ends
                end = (stage.px(x0 + (x1 - x0) * part), stage.px(y0 + (y1 - y0) * part))
                pen = ImageDraw.Draw(picture)
                pen.line(((stage.px(x0), stage.px(y0)), end), fill=INK, width=max(2, stage.px(4)))
                pen.circle(
                    (stage.px(x0), stage.px(y0)),
                    stage.px(9),
                    fill=KUNYIT,
                    outline=INK,
                    width=max(1, stage.px(3)),
                )

        layers += [line, move.enter(label, to_x, to_y, at=at + 0.4, by=(0, 14), seconds=0.4)]
    return layers


def kemasan(stage: Stage) -> list[Scene]:
    """Packaging that sells."""
    move = Moves(stage)
    ground = art.sky("#ffe6b3", "#ffd08a", "#f2a85a")
    plain = stage.art(art.jar(lid="#857680"), 300, art.JAR_BOX)
    good = stage.art(art.jar(art.LABEL), 300, art.JAR_BOX)
    opening = title(
        stage,
        "Naik Kelas",
        "Kemasan yang Menjual",
        "Lima hal pada label, contoh sambal botol",
        stage.backdrop(ground, art.WIDE),
        extra=[
            move.along(
                stage.art(art.jar(art.LABEL), 400, art.JAR_BOX), sway((960, 390), (0, 12), 4)
            )
        ],
    )
    label = Scene(
        14,
        stage.backdrop(ground, art.WIDE),
        [
            move.still(stage.text("Lima hal pada label", 48, INK, bold=True), 64, 56),
            *callouts(
                stage,
                stage.art(art.jar(art.LABEL), 440, art.JAR_BOX),
                (420, 170),
                (
                    ("Nama produk", 570, 430, 120, 300),
                    ("Isi bersih: 200 g", 600, 480, 90, 470),
                    ("Nomor P-IRT", 690, 430, 930, 290),
                    ("Baik digunakan sebelum", 700, 480, 900, 420),
                    ("Nama dan alamat usaha", 660, 520, 900, 560),
                ),
            ),
        ],
    )
    sides = Scene(
        9,
        stage.ground(GROUND),
        [
            move.still(stage.text("Isi sama, kesan berbeda", 48, INK, bold=True), 64, 56),
            move.enter(plain, 230, 180, at=0.4),
            move.enter(
                stage.text("Tanpa label: pembeli ragu", 30, QUIET, bold=True), 180, 560, at=1.2
            ),
            move.enter(good, 750, 180, at=3),
            move.enter(
                stage.text("Berlabel: jelas dan dipercaya", 30, DAUN, bold=True), 690, 560, at=3.8
            ),
        ],
    )
    tips = points(
        stage,
        "Mulai minggu ini",
        [
            "Cetak label di kertas tahan minyak",
            "Tulis tanggal dengan spidol permanen",
            "Foto produk dekat jendela, pagi hari",
        ],
        stage.art(art.jar(art.LABEL), 330, art.JAR_BOX),
        seconds=10,
        colour=CABAI,
    )
    return [
        opening,
        label,
        sides,
        tips,
        ending(stage, "Tanyakan P-IRT kepada pengurus Koppas Anda."),
    ]


SEA = art.sky("#bfe0ea", "#8fc7d8", "#5a9fb8")


def ikan(stage: Stage) -> list[Scene]:
    """How to choose fresh fish."""
    move = Moves(stage)
    fish = stage.art(art.FISH, 560, art.FISH_BOX)
    opening = title(
        stage,
        "Pintar Belanja",
        "Memilih Ikan Segar",
        "Pasar Anggrek (contoh), Makassar",
        stage.backdrop(SEA, art.WIDE),
        extra=[
            move.along(fish, sway((960, 300), (40, 16), 5)),
            move.along(
                stage.art(art.FISH, 380, art.FISH_BOX), sway((1030, 520), (-50, 14), 4.2, 0.3)
            ),
        ],
    )
    looks = Scene(
        12,
        stage.backdrop(SEA, art.WIDE),
        [
            move.still(stage.text("Lihat, tekan, cium", 48, INK, bold=True), 64, 56),
            *callouts(
                stage,
                stage.art(art.FISH, 760, art.FISH_BOX),
                (250, 270),
                (
                    ("Mata jernih dan cembung", 362, 368, 90, 180),
                    ("Insang merah segar", 446, 420, 250, 600),
                    ("Daging kenyal saat ditekan", 640, 400, 640, 170),
                    ("Kulit mengilap, tidak lengket", 760, 440, 720, 590),
                ),
            ),
        ],
    )
    home = points(
        stage,
        "Sampai di rumah",
        [
            "Cuci, lalu simpan di bagian terdingin",
            "Masak hari itu juga, atau bekukan",
            "Es batu di tas belanja sangat menolong",
        ],
        stage.art(art.FISH, 470, art.FISH_BOX),
        seconds=10,
        colour=TERPAL,
    )
    return [opening, looks, home, ending(stage, "Selamat berbelanja di pasar.")]

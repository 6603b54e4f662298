"""What editors say of each film: title, rubric, captions, chapters, products in it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Offer:
    """A featured segment: the product's slug, from and to in seconds.

    A `spot` takes turns in fair breaks.
    """

    product: str
    begin: float
    end: float
    spot: bool = False


@dataclass(frozen=True)
class Reel:
    """A video of the demo. `seconds` is the length of its film; `cover` a moment in it.

    `captions` are (from, to, words) and `chapters` (second, title).
    """

    film: str
    cooperative: str
    category: str
    title: str
    about: str
    seconds: float
    cover: float
    offer: Offer | None = None
    captions: tuple[tuple[float, float, str], ...] = ()
    chapters: tuple[tuple[float, str], ...] = ()


REELS: dict[str, Reel] = {
    reel.film: reel
    for reel in (
        Reel(
            *("jeda", "inkoppas", "kabar-koperasi", "Jeda: jam pasar (contoh)"),
            *("Jam dari tenda pasar, di antara dua acara.", 30, 20),
        ),
        Reel(
            *("pagi", "melati", "kabar-pasar", "Kabar Pasar Pagi (contoh)"),
            "Pasar bangun, harga pertama dicatat, dan tiga hal yang perlu diketahui hari ini. Semua angka contoh.",
            *(46, 12),
            captions=(
                (0.5, 6.5, "Selamat pagi dari Pasar Melati, contoh, Surabaya."),
                (7.5, 13, "Pukul lima lewat empat puluh. Hari ini hari pasar."),
                (14, 20, "Timbang ulang gratis di pos A, dekat pintu utara."),
                (21.5, 31, "Cabai rawit enam puluh dua ribu, naik empat ribu. Bawang merah turun."),
                (
                    32.5,
                    41.5,
                    "Truk cabai dari lereng tiba Kamis. Rapat anggota Sabtu pukul sembilan.",
                ),
                (42.2, 45.5, "Harga adalah catatan pengurus, bukan penawaran lapak."),
            ),
            chapters=((0, "Pembuka"), (7, "Di pasar"), (21, "Harga"), (32, "Yang perlu diketahui")),
        ),
        Reel(
            *("harga", "melati", "kabar-pasar", "Harga Hari Ini (contoh)"),
            "Enam bahan pokok dalam batang dan garis, dengan cara membacanya. Semua angka contoh.",
            *(47, 16),
            chapters=(
                (0, "Pembuka"),
                (6, "Harga tengah"),
                (18, "Tujuh hari"),
                (33, "Cara membaca"),
            ),
        ),
        Reel(
            *("tempe", "jawa-timur", "dapur", "Dapur Pasar: sambal goreng tempe (contoh)"),
            "Bahan, empat langkah, dan tiga cara supaya tetap renyah.",
            *(74.5, 3),
            offer=Offer("tempe-daun", 16, 40),
            captions=(
                (0.5, 5.5, "Dapur Pasar: sambal goreng tempe."),
                (6.5, 15.5, "Bahan untuk empat orang, semuanya ada di pasar."),
                (16.5, 25, "Satu: iris tempe setebal satu sentimeter, lalu potong dadu."),
                (26, 34, "Dua: ulek cabai, bawang merah, bawang putih, dan garam."),
                (35, 44, "Tiga: goreng dengan api sedang sampai kuning dan renyah."),
                (45, 55, "Empat: satukan dengan sambal, aduk cepat."),
                (61, 70, "Campur sambal sesaat sebelum makan supaya tetap renyah."),
            ),
            chapters=(
                (0, "Pembuka"),
                (6, "Bahan"),
                (16, "Iris"),
                (25.5, "Ulek"),
                (34.5, "Goreng"),
                (44.5, "Satukan"),
                (60.5, "Tetap renyah"),
            ),
        ),
        Reel(
            *("neraca", "inkoppas", "kelas-koperasi", "Kelas Koperasi: membaca neraca (contoh)"),
            "Dua sisi yang selalu sama tinggi, dua ukuran, dan tiga pertanyaan untuk rapat anggota.",
            *(55, 21),
            chapters=((0, "Pembuka"), (6, "Dua sisi"), (24, "Dua ukuran"), (40, "Tiga pertanyaan")),
        ),
        Reel(
            *(
                "rempah",
                "sulawesi-selatan",
                "jalan-rempah",
                "Jalan Rempah: dari kebun ke lapak (contoh)",
            ),
            "Sekilo pala menempuh dua kapal dan satu truk.",
            *(51, 18),
            offer=Offer("pala-kering", 30, 46),
            chapters=((0, "Pembuka"), (6, "Di laut"), (25, "Di jalan"), (34, "Harga di lapak")),
        ),
        Reel(
            *("kemasan", "jawa-timur", "naik-kelas", "Kemasan yang menjual (contoh)"),
            "Lima hal yang harus ada pada label, dan cara memulainya minggu ini.",
            *(43, 17),
            offer=Offer("sambal-botol-200-g", 20, 39),
        ),
        Reel(
            *("ikan", "anggrek", "dapur", "Pintar belanja: memilih ikan segar (contoh)"),
            "Lihat, tekan, cium: empat tanda ikan segar.",
            *(32, 15),
            offer=Offer("ikan-kembung", 6, 28),
        ),
        Reel(
            *("timur", "papua", "jalan-rempah", "Pagi di Timur: sagu dan ubi (contoh)"),
            "Matahari lebih dulu tiba di sini; begitu pula pasarnya.",
            *(32, 12),
        ),
        Reel(
            *("lapak", "melati", "naik-kelas", "Satu pagi di lapak tempe (contoh)"),
            "Rekaman tegak, seperti dari ponsel pedagang.",
            *(29, 17),
            offer=Offer("tempe-daun", 13, 26),
        ),
        Reel(
            *("promo-cabai", "melati", "promosi", "Promosi: cabai rawit merah (contoh)"),
            *("Lapak Sayur Melati (contoh), Blok C-07.", 15, 8),
            offer=Offer("cabai-rawit-merah", 0, 15, spot=True),
        ),
        Reel(
            *("promo-tempe", "melati", "promosi", "Promosi: tempe daun (contoh)"),
            *("Lapak Tempe Melati (contoh), Blok A-03.", 15, 8),
            offer=Offer("tempe-daun", 0, 15, spot=True),
        ),
        Reel(
            *("promo-ikan", "anggrek", "promosi", "Promosi: ikan kembung (contoh)"),
            *("Lapak Ikan Anggrek (contoh), Blok I-02.", 15, 8),
            offer=Offer("ikan-kembung", 0, 15, spot=True),
        ),
        Reel(
            *("promo-sambal", "melati", "promosi", "Promosi: sambal botol (contoh)"),
            *("Dapur Sambal Melati (contoh), Blok D-11.", 15, 8),
            offer=Offer("sambal-botol-200-g", 0, 15, spot=True),
        ),
    )
}

FIRST = ("pagi", "jeda", "promo-tempe", "promo-sambal")
"""What the first start waits for, in this order: a bulletin, something between, two spots."""


def webvtt(reel: Reel) -> str:
    """Return a reel's captions as a WebVTT file, "" when it has none."""
    if not reel.captions:
        return ""
    cues = [f"{_stamp(begin)} --> {_stamp(end)}\n{words}" for begin, end, words in reel.captions]
    return "\n\n".join(["WEBVTT", *cues]) + "\n"


def _stamp(seconds: float) -> str:
    whole = round(seconds * 1000)
    return f"{whole // 60000:02}:{whole // 1000 % 60:02}.{whole % 1000:03}"

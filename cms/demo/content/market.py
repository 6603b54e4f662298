"""Eight stalls and what they sell."""

from dataclasses import dataclass

WHATSAPP = "0812 3456 7890"
"""The one number of all demo stalls: the placeholder that everybody writes in examples."""


@dataclass(frozen=True)
class Goods:
    """A product; the price is whole Rupiah. `slug` is unique in the demo."""

    slug: str
    name: str
    price: int
    unit: str
    picture: str
    about: str
    price_high: int | None = None


@dataclass(frozen=True)
class Shop:
    """A stall; `login` is the demo account that runs it, "" for none."""

    slug: str
    cooperative: str
    name: str
    block: str
    about: str
    goods: tuple[Goods, ...]
    login: str = ""


SHOPS = (
    Shop(
        *("lapak-sayur-melati", "melati", "Lapak Sayur Melati (contoh)", "Blok C-07"),
        "Cabai, bawang, dan sayur daun. Buka pukul 04.00 sampai 11.00.",
        (
            Goods(
                "cabai-rawit-merah",
                "Cabai rawit merah",
                17_000,
                "250 g",
                "cabai",
                "Dipetik kemarin sore, sudah disortir.",
            ),
            Goods(
                "bawang-merah",
                "Bawang merah",
                34_000,
                "kg",
                "bawang",
                "Kering askip, ukuran sedang.",
                38_000,
            ),
        ),
    ),
    Shop(
        *("lapak-tempe-melati", "melati", "Lapak Tempe Melati (contoh)", "Blok A-03"),
        "Tempe daun dan tempe plastik, dibuat setiap hari.",
        (
            Goods(
                "tempe-daun",
                "Tempe daun",
                5_000,
                "papan",
                "tempe",
                "Difermentasi dua malam dalam daun pisang.",
            ),
            Goods(
                "tempe-iris",
                "Tempe iris siap goreng",
                8_000,
                "bungkus",
                "tempe",
                "Tipis, sudah dibumbui garam dan ketumbar.",
            ),
        ),
        login="pedagang",
    ),
    Shop(
        *("dapur-sambal-melati", "melati", "Dapur Sambal Melati (contoh)", "Blok D-11"),
        "Sambal botol buatan rumah, berlabel dan bertanggal.",
        (
            Goods(
                "sambal-botol-200-g",
                "Sambal botol 200 g",
                28_000,
                "botol",
                "kemasan",
                "Sambal bawang, tahan dua bulan bila tertutup.",
            ),
            Goods(
                "sambal-ikan-asin",
                "Sambal ikan asin 150 g",
                32_000,
                "botol",
                "kemasan",
                "Pedas sedang, siap makan.",
            ),
        ),
    ),
    Shop(
        *("toko-beras-melati", "melati", "Toko Beras Melati (contoh)", "Blok B-01"),
        "Beras medium dan premium, timbang di depan pembeli.",
        (
            Goods(
                "beras-medium", "Beras medium", 13_200, "kg", "beras", "Pulen, panen baru.", 14_000
            ),
            Goods(
                "beras-premium-5-kg",
                "Beras premium 5 kg",
                76_000,
                "karung",
                "beras",
                "Butir utuh, tanpa pemutih.",
            ),
        ),
    ),
    Shop(
        *("lapak-ikan-anggrek", "anggrek", "Lapak Ikan Anggrek (contoh)", "Blok I-02"),
        "Ikan dari kapal semalam, dibersihkan tanpa biaya.",
        (
            Goods(
                "ikan-kembung", "Ikan kembung", 42_000, "kg", "ikan", "Isi 8 sampai 10 ekor sekilo."
            ),
            Goods(
                "cakalang-asap",
                "Cakalang asap",
                65_000,
                "ekor",
                "ikan",
                "Diasap sabut kelapa, berat 600 sampai 700 g.",
            ),
        ),
    ),
    Shop(
        *("lapak-rempah-anggrek", "anggrek", "Lapak Rempah Anggrek (contoh)", "Blok R-05"),
        "Pala, cengkih, lada, dan kayu manis dari pulau-pulau timur.",
        (
            Goods(
                "pala-kering",
                "Pala kering",
                18_000,
                "100 g",
                "rempah",
                "Biji utuh, bunyi bila digoyang.",
            ),
            Goods(
                "cengkih", "Cengkih", 15_000, "100 g", "rempah", "Kering, harum, gagang sedikit."
            ),
        ),
    ),
    Shop(
        *("lapak-sagu-matoa", "matoa", "Lapak Sagu Matoa (contoh)", "Blok 3"),
        "Tepung sagu kering dan kue lempeng.",
        (
            Goods("tepung-sagu", "Tepung sagu", 25_000, "kg", "timur", "Kering, tahan enam bulan."),
            Goods(
                "sagu-lempeng",
                "Sagu lempeng",
                12_000,
                "bungkus",
                "timur",
                "Isi enam keping, cocok untuk kopi.",
            ),
        ),
    ),
    Shop(
        *("lapak-telur-matoa", "matoa", "Lapak Telur Matoa (contoh)", "Blok 9"),
        "Telur ayam ras dan ayam kampung, datang dua kali seminggu.",
        (
            Goods(
                "telur-ayam-ras",
                "Telur ayam ras",
                36_000,
                "kg",
                "telur",
                "Isi 15 sampai 16 butir sekilo.",
            ),
            Goods(
                "telur-ayam-kampung",
                "Telur ayam kampung",
                4_000,
                "butir",
                "telur",
                "Dari peternak sekitar Jayapura.",
            ),
        ),
    ),
)

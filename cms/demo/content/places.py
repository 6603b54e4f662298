"""The tree of co-operatives, regions, rubrics, people and channels of the demo."""

from dataclasses import dataclass

from cms.cooperatives.models import Membership

Role = Membership.Role


@dataclass(frozen=True)
class Place:
    """A co-operative; `above` is the slug of the one above, "" for the apex."""

    slug: str
    above: str
    level: str
    name: str
    city: str
    zone: str = "Asia/Jakarta"
    region: str = ""
    market: str = ""


PLACES = (
    Place("inkoppas", "", "inkoppas", "Inkoppas (contoh)", "Jakarta"),
    Place(
        *("jawa-timur", "inkoppas", "puskoppas", "Puskoppas Jawa Timur (contoh)", "Surabaya"),
        region="Jawa Timur",
    ),
    Place(
        *("melati", "jawa-timur", "koppas", "Koppas Melati (contoh)", "Surabaya"),
        region="Jawa Timur",
        market="Pasar Melati (contoh)",
    ),
    Place(
        *("sulawesi-selatan", "inkoppas", "puskoppas"),
        *("Puskoppas Sulawesi Selatan (contoh)", "Makassar", "Asia/Makassar", "Sulawesi Selatan"),
    ),
    Place(
        *("anggrek", "sulawesi-selatan", "koppas", "Koppas Anggrek (contoh)", "Makassar"),
        *("Asia/Makassar", "Sulawesi Selatan", "Pasar Anggrek (contoh)"),
    ),
    Place(
        *("papua", "inkoppas", "puskoppas", "Puskoppas Papua (contoh)", "Jayapura"),
        *("Asia/Jayapura", "Papua"),
    ),
    Place(
        *("matoa", "papua", "koppas", "Koppas Matoa (contoh)", "Jayapura"),
        *("Asia/Jayapura", "Papua", "Pasar Matoa (contoh)"),
    ),
)

CATEGORIES = {
    "kabar-pasar": "Kabar Pasar",
    "dapur": "Dapur Pasar",
    "kelas-koperasi": "Kelas Koperasi",
    "kabar-koperasi": "Kabar Koperasi",
    "naik-kelas": "Naik Kelas",
    "jalan-rempah": "Jalan Rempah",
    "promosi": "Promosi",
}


@dataclass(frozen=True)
class Login:
    """A demo account; without a role it may do everything."""

    name: str
    shown: str
    note: str
    cooperative: str = ""
    role: Role | None = None


LOGINS = (
    Login("admin", "Pengelola (contoh)", "pengelola: boleh semuanya"),
    Login("redaksi", "Redaksi (contoh)", "redaksi Inkoppas: menulis", "inkoppas", Role.EDITOR),
    Login(
        *("moderator", "Moderator (contoh)", "moderator Inkoppas: menerbitkan"),
        *("inkoppas", Role.MODERATOR),
    ),
    Login(
        *("pengurus", "Pengurus Melati (contoh)", "pengurus Koppas Melati: memeriksa lapak"),
        *("melati", Role.COORDINATOR),
    ),
    Login(
        *("pedagang", "Pedagang Tempe (contoh)", "pedagang di Pasar Melati: Studio"),
        *("melati", Role.TRADER),
    ),
)


@dataclass(frozen=True)
class Station:
    """A channel; `fillers` and `lineup` are film keys, `lineup` in order of the day.

    No filler advertises, and advertising stays under a fifth of the day however many
    films there are yet (the law's limit: Article 46 of Law 32 of 2002). One that `follows`
    another shows that one but in its `hours` (first and last of the clock, every day; 0 is
    midnight). Each half hour ends with a fair break of `fair_seconds`.
    """

    slug: str
    cooperative: str
    name: str
    colour: str
    lineup: tuple[str, ...]
    fillers: tuple[str, ...]
    follows: str = ""
    hours: tuple[tuple[int, int], ...] = ()
    fair_seconds: int = 0


STATIONS = (
    Station(
        *("nasional", "inkoppas", "Siar Nasional (contoh)", "#7b1e4e"),
        ("pagi", "harga", "tempe", "promo-cabai", "rempah", "neraca", "ikan", "kemasan", "timur"),
        ("jeda", "timur", "harga"),
    ),
    Station(
        *("jawa-timur", "jawa-timur", "Siar Jawa Timur (contoh)", "#0b6a3c"),
        ("pagi", "tempe", "jeda", "promo-cabai", "harga", "kemasan", "lapak"),
        ("jeda", "harga", "lapak"),
    ),
    Station(
        *("timur", "papua", "Siar Timur (contoh)", "#1b569b"),
        ("timur", "rempah", "pagi", "ikan", "jeda", "promo-ikan", "neraca"),
        ("jeda", "timur", "neraca"),
    ),
    Station(
        *("papua", "papua", "Siar Papua (contoh)", "#8a4b08"),
        ("timur", "rempah", "pagi", "ikan", "jeda", "promo-ikan", "neraca"),
        ("jeda", "timur", "neraca"),
        follows="nasional",
        hours=((6, 9), (16, 18)),
    ),
    Station(
        *("melati", "melati", "Siar Pasar Melati (contoh)", "#5b3a8c"),
        ("pagi", "tempe", "jeda", "harga", "kemasan", "lapak"),
        ("jeda", "harga", "lapak"),
        follows="jawa-timur",
        hours=((0, 9), (10, 19), (20, 0)),
        fair_seconds=45,
    ),
)

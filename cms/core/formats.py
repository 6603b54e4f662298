"""Numbers, money, dates and times as people here write them; English where English is chosen.

Month and day names are our own: what a person reads must not change with a
library's catalogue.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import get_language

NBSP = "\u00a0"
ZONE_NAMES = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}
DAYS = {
    "id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS = {
    "id": (
        *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
        *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
SIZES = ("B", "kB", "MB", "GB", "TB")


def language() -> str:
    """Return "en" where English is chosen, else "id"."""
    return "en" if (get_language() or "id").startswith("en") else "id"


def angka(number: int) -> str:
    """Return a whole number with its thousands apart: 12.500."""
    text = f"{number:,}"
    return text if language() == "en" else text.replace(",", ".")


def _decimal(number: float, places: int) -> str:
    text = f"{number:,.{places}f}"
    return text if language() == "en" else text.translate(str.maketrans(",.", ".,"))


def rata(number: float) -> str:
    """Return an average with one decimal, without it if it is 0: 3,5."""
    return angka(round(number)) if round(number, 1) == round(number) else _decimal(number, 1)


def rupiah(amount: int) -> str:
    """Return whole Rupiah: Rp12.500. Neither space nor cents."""
    sign = "−" if amount < 0 else ""
    return f"{sign}Rp{angka(abs(amount))}"


def ukuran(size: int) -> str:
    """Return bytes as data plans count them, by thousands: 3,1 MB (no-break space)."""
    number, unit = float(size), 0
    # What would round to "1.000 kB" is the next unit already.
    while number >= 999.5 and unit < len(SIZES) - 1:
        number, unit = number / 1000, unit + 1
    places = 0 if unit == 0 or number >= 99.95 else 1
    return f"{_decimal(number, places)}{NBSP}{SIZES[unit]}"


def persen(fraction: float) -> str:
    """Return a fraction 0–1 as per cent, rounded down so that 100 % means whole: 42 %."""
    number = int(fraction * 100 + 1e-9)
    return f"{number}%" if language() == "en" else f"{number}{NBSP}%"


def tanggal(day: date | datetime, *, weekday: bool = True) -> str:
    """Return a day in full: Rabu 6 Oktober 2021. A datetime is read in its own zone."""
    names, months = DAYS[language()], MONTHS[language()]
    text = f"{day.day} {months[day.month - 1]} {day.year}"
    return f"{names[day.weekday()]} {text}" if weekday else text


def jam(moment: datetime, zone: str) -> str:
    """Return the time of an aware `moment` in `zone` ("Asia/Makassar"): 19.30 WITA."""
    local = moment.astimezone(ZoneInfo(zone))
    dot = ":" if language() == "en" else "."
    name = ZONE_NAMES.get(zone) or local.tzname()
    return f"{local:%H}{dot}{local:%M}{NBSP}{name}"


def lama(seconds: float) -> str:
    """Return a length: 12.40, or 1.02.40 from one hour on."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    dot = ":" if language() == "en" else "."
    if hours:
        return f"{hours}{dot}{minutes:02}{dot}{rest:02}"
    return f"{minutes}{dot}{rest:02}"

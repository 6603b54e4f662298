"""Times, lengths and costs in the words of the viewers' pages."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.core.formats import NBSP, jam, rupiah, ukuran

TARIFF = 4
"""Rupiah a megabyte, a usual prepaid price; the player lets viewers set their own."""


def hour(moment: datetime, zone: str) -> str:
    """Return 09.00, without the zone's name: for lists that name it once."""
    return jam(moment, zone).split(NBSP)[0]


def hours(start: datetime, end: datetime, zone: str) -> str:
    """Return 09.00–10.00 WIB; 09.00 WIB for what ends within the minute."""
    if hour(start, zone) == hour(end, zone):
        return jam(start, zone)
    return f"{hour(start, zone)}–{jam(end, zone)}"


def span(length: timedelta) -> str:
    """Return a length in words: 45 detik, 60 menit, 2 jam 5 menit."""
    seconds = round(length.total_seconds())
    if seconds < 90:
        return ngettext("%(n)d detik", "%(n)d detik", seconds) % {"n": seconds}
    minutes = round(seconds / 60)
    if minutes < 120:
        return ngettext("%(n)d menit", "%(n)d menit", minutes) % {"n": minutes}
    whole, rest = divmod(minutes, 60)
    text = ngettext("%(n)d jam", "%(n)d jam", whole) % {"n": whole}
    if rest:
        text += " " + ngettext("%(n)d menit", "%(n)d menit", rest) % {"n": rest}
    return text


def about(size: int) -> str:
    """Return what so many bytes cost at the usual tariff: "sekitar Rp12", "kurang dari Rp1"."""
    amount = round(size / 1e6 * TARIFF)
    if amount == 0 and size > 0:
        return _("kurang dari Rp1")
    return _("sekitar %(price)s") % {"price": rupiah(amount)}


def whole_cost(quality: str, bits_per_second: int, seconds: float) -> str:
    """Return what a whole video costs: "240p: 37 MB untuk seluruh video, sekitar Rp149"."""
    size = int(bits_per_second / 8 * seconds)
    return _("%(quality)s: %(size)s untuk seluruh video, %(price)s.") % {
        "quality": quality,
        "size": ukuran(size),
        "price": about(size),
    }


def day_of(moment: datetime, zone: str) -> datetime:
    """Return `moment` on the clock of `zone`."""
    return moment.astimezone(ZoneInfo(zone))

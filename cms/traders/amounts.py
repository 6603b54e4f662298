"""Prices as people write them, read as whole Rupiah or refused with one sentence.

    Rp 12.500,-   12.500   12 500   12500,00      12500
    12rb   12 ribu   12k                          12000
    12.5rb   12,5 ribu                            12500
    1,2 jt   1.2 juta                           1200000

Never guessed: "12,500" and "1.200rb" mean two things each, so they are asked again.
"""

import re
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cms.traders.claims import plain

LONGEST = 15
"""Digits. More are no price, and reading thousands of them takes time."""
_UNITS = {
    **dict.fromkeys(("rb", "ribu", "k"), 1_000),
    **dict.fromkeys(("jt", "juta"), 1_000_000),
    **dict.fromkeys(("m", "miliar", "milyar"), 1_000_000_000),
}
_WHOLE = re.compile(r"(?P<digits>[0-9]+|[0-9]{1,3}(?:[. ][0-9]{3})+)(?:,(?:-+|0{1,2})|\.-|-)?")
_SHORT = re.compile(r"(?P<number>[0-9]+)(?:[.,](?P<part>[0-9]+))? ?(?P<unit>[a-z]+)\.?")
_RANGE = re.compile(r"[0-9a-z] ?(?:-|s/d|sd|sampai|hingga) ?(?:rp)?\.? ?[0-9]")


def read_rupiah(text: str) -> int:
    """Return the price that `text` says; raise ValidationError with one sentence.

    It is at least 1, and may be larger than a price can be.
    """
    plain = _plain(text)
    if plain.startswith("-") or re.fullmatch(r"[0., -]*", plain):
        raise ValidationError(_("Harga belum benar. Tulis angka lebih dari 0."), code="low")
    if sum(each.isdigit() for each in plain) > LONGEST:
        raise ValidationError(_("Harga terlalu besar. Periksa jumlah nolnya."), code="high")
    if _RANGE.search(plain):
        raise ValidationError(
            _("Tulis satu harga saja di sini. Harga tertinggi ada bagiannya sendiri."), code="range"
        )
    if match := _WHOLE.fullmatch(plain):
        return int(re.sub(r"[. ]", "", match["digits"]))
    if match := _SHORT.fullmatch(plain):
        return _short(match["number"], match["part"] or "", match["unit"])
    raise _unreadable()


def _short(number: str, part: str, unit: str) -> int:
    """Read "12,5" and "rb". Three digits after the sign may be thousands: nobody knows."""
    times = _UNITS.get(unit)
    amount = Decimal(f"{number}.{part or 0}") * (times or 0)
    if times is None or len(part) == 3 or amount != int(amount) or amount < 1:
        raise _unreadable()
    return int(amount)


def _plain(text: str) -> str:
    """Fold as `plain` does, with no "Rp" before or "rupiah" after it."""
    return re.sub(r"^(-?) ?(?:rp|idr)\.? ?|(?<=[0-9,.-]) ?rupiah$", r"\1", plain(text)).strip()


def _unreadable() -> ValidationError:
    return ValidationError(
        _("Harga belum benar. Tulis seperti 18.500 atau 18,5 rb."), code="unreadable"
    )

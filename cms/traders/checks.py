"""What a stall's number and a featured segment's times must satisfy."""

from decimal import Decimal

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cms.cooperatives.models import Cooperative
from cms.core.phone import normalise
from cms.videos.models import Video

SHORTEST = Decimal(3)
"""Seconds. A card that is gone sooner cannot be read, nor counted as seen."""


MOBILE = (
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
)


def mobile_number(text: str) -> str:
    """Return `text` as E.164; raise ValidationError unless it is an Indonesian mobile number."""
    number = phonenumbers.parse(normalise(text), None)
    if number.country_code != 62:
        raise ValidationError(_("Nomor WhatsApp harus nomor Indonesia, berawal 08 atau +62."))
    if phonenumbers.number_type(number) not in MOBILE:
        raise ValidationError(_("Ini nomor telepon rumah. Tulis nomor ponsel, berawal 08."))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def check_no_number(text: str, field: str) -> None:
    """Raise ValidationError, said under `field`, where `text` tells a phone number."""
    if any(phonenumbers.PhoneNumberMatcher(text, "ID")):
        raise ValidationError(
            {field: _("Nomor Anda disembunyikan. Hapus nomor telepon dari keterangan ini.")}
        )


def check_offered(video: Video, cooperative: Cooperative) -> None:
    """Raise ValidationError unless `video` is of the stall's `cooperative` or of one above it.

    Only the stall's people approve a segment: they may not speak for another market.
    """
    if not cooperative.path.startswith(video.cooperative.path):
        raise ValidationError(
            {
                "video": _(
                    "Video ini milik koperasi lain. Pilih video dari koperasi lapak itu, "
                    "atau dari koperasi di atasnya."
                )
            }
        )


def check_times(begin: Decimal, end: Decimal, duration_ms: int) -> None:
    """Raise ValidationError unless begin < end ≤ the video's length, long enough to read.

    `begin` and `end` are seconds; `duration_ms` is 0 while the length is not known.
    """
    if end <= begin:
        raise ValidationError({"end": _("Selesai harus sesudah mulai.")})
    if end - begin < SHORTEST:
        raise ValidationError({"end": _("Segmen paling singkat 3 detik.")})
    length = Decimal(duration_ms) / 1000
    if duration_ms and end > length:
        raise ValidationError(
            {
                "end": _("Video ini hanya %(seconds)s detik. Selesai harus di dalamnya.")
                % {"seconds": f"{length:.1f}".replace(".", ",")}
            }
        )

"""What a featured segment's times must satisfy."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

SHORTEST = Decimal(3)
"""Seconds. A card that is gone sooner cannot be read, nor counted as seen."""


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

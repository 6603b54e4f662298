"""When a channel that inherits has a programme of its own."""

import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey


class OwnWindow(models.Model):
    """Hours of the channel's clock in which its own plan goes before its parent's programme.

    On every day, on one weekday, or on one date. An `end` that is not after `start` is
    on the next day. Where nothing is planned in it, the parent is shown.
    """

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Senin")
        TUESDAY = 1, _("Selasa")
        WEDNESDAY = 2, _("Rabu")
        THURSDAY = 3, _("Kamis")
        FRIDAY = 4, _("Jumat")
        SATURDAY = 5, _("Sabtu")
        SUNDAY = 6, _("Minggu")

    channel = ParentalKey("channels.Channel", on_delete=models.CASCADE, related_name="own_windows")
    weekday = models.PositiveSmallIntegerField(
        _("hari"),
        choices=Weekday.choices,
        null=True,
        blank=True,
        help_text=_("Kosongkan untuk setiap hari."),
    )
    date = models.DateField(
        _("hanya tanggal"), null=True, blank=True, help_text=_("Untuk satu kali saja.")
    )
    start = models.TimeField(_("mulai"))
    end = models.TimeField(_("selesai"))

    class Meta:
        verbose_name = _("jam siaran sendiri")
        verbose_name_plural = _("jam siaran sendiri")
        ordering = ["start", "pk"]

    def __str__(self) -> str:
        return f"{self.start:%H.%M}–{self.end:%H.%M}"

    def clean(self) -> None:
        """Refuse a weekday and a date together."""
        if self.weekday is not None and self.date is not None:
            raise ValidationError({"date": _("Pilih hari atau tanggal, tidak keduanya.")})

    def holds_on(self, day: datetime.date) -> bool:
        """Return whether it begins on `day`."""
        if self.date is not None:
            return self.date == day
        return self.weekday is None or self.weekday == day.weekday()

"""Cut-ins as they were asked for, which planning reads so as not to undo them; and notices."""

from datetime import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.videos.models import Video
from media_pipeline.model.entry_ids import CUT_IN
from media_pipeline.model.notice import LONGEST
from media_pipeline.model.ticks import moment_of


class CutIn(models.Model):
    """A video that an editor put over the programme on air, and what follows it.

    `at` is the tick (90 kHz since 1970) of the border where it cuts in, `ended` the one where an
    editor, or another cut-in, ended it. `title` stays when the video is deleted.
    """

    class Returns(models.TextChoices):
        REJOINS = "rejoins", _("Menyambung seperti tidak pernah dipotong (jam acara lain tetap)")
        RESUMES = "resumes", _("Melanjutkan dari tempat dipotong (acara berikutnya mundur)")
        RESTARTS = "restarts", _("Mengulang acara dari awal (acara berikutnya mundur)")

    channel = models.ForeignKey(
        "channels.Channel", on_delete=models.CASCADE, related_name="cut_ins", editable=False
    )
    video = models.ForeignKey(
        Video, verbose_name=_("video"), on_delete=models.SET_NULL, null=True, related_name="cut_ins"
    )
    title = models.CharField(max_length=255)
    at = models.BigIntegerField()
    returns = models.CharField(
        _("sesudahnya"), max_length=10, choices=Returns, default=Returns.REJOINS
    )
    must_carry = models.BooleanField(
        _("wajib relay"),
        default=False,
        help_text=_("Menembus jam siaran sendiri semua saluran yang mengikuti, kecuali azannya."),
    )
    created = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    ended = models.BigIntegerField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("siaran sela")
        verbose_name_plural = _("siaran sela")
        ordering = ["channel", "-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.title} {self.start:%F %T}"

    @property
    def entry_id(self) -> str:
        """The id of its entries; parts after a call to prayer have `+1` … added."""
        return f"{CUT_IN}{self.pk}"

    @property
    def start(self) -> datetime:
        """When it cuts in."""
        return moment_of(self.at)


class Notice(models.Model):
    """A sentence over the picture of a channel, for some minutes or until it is taken away."""

    channel = models.ForeignKey(
        "channels.Channel", on_delete=models.CASCADE, related_name="notices", editable=False
    )
    text = models.CharField(
        _("kalimat"), max_length=LONGEST, help_text=_("Satu kalimat, paling banyak 120 huruf.")
    )
    minutes = models.PositiveSmallIntegerField(
        _("lama (menit)"), default=5, validators=[MinValueValidator(1), MaxValueValidator(30)]
    )
    created = models.DateTimeField()
    until = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("pengumuman")
        verbose_name_plural = _("pengumuman")
        ordering = ["channel", "-pk"]

    def __str__(self) -> str:
        return self.text

"""How a channel keeps prayer times, and the cards that code makes for them."""

from typing import cast

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.channels.planning.values import Interrupts as Rule
from cms.channels.prayer.cities import cities, city_named
from cms.channels.prayer.schedule import RamadanMode, Setting
from cms.channels.prayer.times import PRAYERS
from cms.videos.models import Video


def every_prayer() -> list[str]:
    """Return all five, as a new channel calls to them."""
    return list(PRAYERS)


class Azan(models.Model):
    """The azan lock of one channel. `city` is a GeoNames id; 0 means its co-operative's."""

    class Interrupts(models.TextChoices):
        RESUMES = "resumes", _("Dilanjutkan sesudah azan")
        SHORTENED = "shortened", _("Berakhir di sana; sisanya tidak tayang")
        MOVES = "moves", _("Menunggu sampai azan selesai (paling lama 30 menit)")

    class Ramadan(models.TextChoices):
        AUTO = "auto", _("Otomatis menurut kalender hijriah")
        ON = "on", _("Nyala")
        OFF = "off", _("Mati")

    channel = models.OneToOneField(
        "channels.Channel", on_delete=models.CASCADE, related_name="azan", editable=False
    )
    enabled = models.BooleanField(_("tayangkan azan"), default=True)
    city = models.PositiveIntegerField(_("kota"), default=0)
    prayers = models.JSONField(_("waktu salat"), default=every_prayer)
    lead_seconds = models.PositiveSmallIntegerField(
        _("mulai lebih awal (detik)"),
        default=0,
        validators=[MaxValueValidator(120)],
        help_text=_("Untuk klip yang punya pembuka sebelum azannya."),
    )
    clip = models.ForeignKey(
        Video,
        verbose_name=_("video azan"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Tayang seluruhnya. Kosongkan untuk kartu “waktunya salat” dari Siar."),
    )
    minutes = models.PositiveSmallIntegerField(
        _("lama kartu (menit)"),
        default=4,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
        help_text=_("Hanya untuk kartu. Video azan tayang menurut panjangnya sendiri."),
    )
    interrupts = models.CharField(
        _("acara yang sedang tayang"),
        max_length=10,
        choices=Interrupts.choices,
        default=Interrupts.RESUMES,
    )
    ramadan = models.CharField(
        _("mode Ramadan"), max_length=4, choices=Ramadan.choices, default=Ramadan.AUTO
    )
    ramadan_shift = models.SmallIntegerField(
        _("geser awal Ramadan (hari)"),
        default=0,
        validators=[MinValueValidator(-1), MaxValueValidator(1)],
        help_text=_("Bila sidang isbat menetapkan hari lain daripada kalender: -1, 0 atau 1."),
    )

    def __str__(self) -> str:
        return f"Azan {self.channel}"

    @property
    def rule(self) -> Rule:
        """What a call does to the programme that is on."""
        return cast(Rule, self.interrupts)

    def setting(self) -> Setting | None:
        """Return what it asks for; None while it is off or no city is known."""
        cooperative = self.channel.cooperative
        own = city_named(cooperative.city, cooperative.zone)
        city = cities().get(self.city) if self.city else own
        if not self.enabled or city is None:
            return None
        return Setting(
            city=city,
            prayers=[prayer for prayer in PRAYERS if prayer in self.prayers],
            lead_seconds=self.lead_seconds,
            seconds=self.minutes * 60,
            ramadan=cast(RamadanMode, self.ramadan),
            shift=self.ramadan_shift,
        )


class InstallCard(models.Model):
    """A card of an install that stands where there is no azan clip; `card` is one of CARDS."""

    card = models.CharField(max_length=10, unique=True)
    video = models.OneToOneField(Video, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.card}: {self.video}"

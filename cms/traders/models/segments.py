"""Featured segments: a card inside a programme, or a spot of its own.

A featured segment moves like this, always through `traders.actions`:

    from        event    to          by
    draft       submit   submitted   trader, coordinator
    refused     submit   submitted   trader, coordinator
    submitted   approve  approved    coordinator, moderator
    submitted   refuse   refused     coordinator, moderator (with one sentence)
    approved    refuse   refused     coordinator, moderator (with one sentence)
    approved    change   submitted   a change by somebody who may not decide
    submitted   decline  declined    coordinator, moderator (with a reason), for good
    approved    decline  declined    coordinator, moderator (with a reason), for good

A change of its product sends a card back to `submitted`. A spot stays approved: its film is
what was approved, and its card keeps the approved name and picture until somebody who may
decide has accepted the new ones.
"""

import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.cooperatives.models import Region
from cms.traders.checks import check_offered, check_times
from cms.traders.models.products import Product
from cms.traders.querysets import SegmentQuerySet
from cms.videos.models import Video


class FeaturedSegment(models.Model):
    """A product inside a video: from `begin` to `end` seconds of it the card shows.

    A spot is all about it, and takes its turn in breaks; a card is a moment of a programme.
    """

    class Kind(models.TextChoices):
        CARD = "card", _("Kartu di dalam video")
        SPOT = "spot", _("Klip sendiri di jeda")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draf")
        SUBMITTED = "submitted", _("Menunggu")
        APPROVED = "approved", _("Disetujui")
        REFUSED = "refused", _("Perlu perbaikan")
        DECLINED = "declined", _("Ditolak")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    product = models.ForeignKey(
        Product, verbose_name=_("produk"), on_delete=models.CASCADE, related_name="segments"
    )
    video = models.ForeignKey(
        Video, verbose_name=_("video"), on_delete=models.CASCADE, related_name="segments"
    )
    begin = models.DecimalField(
        _("mulai (detik)"),
        max_digits=8,
        decimal_places=1,
        default=0,
        validators=[MinValueValidator(0, _("Mulai tidak boleh kurang dari 0."))],
    )
    end = models.DecimalField(_("selesai (detik)"), max_digits=8, decimal_places=1)
    kind = models.CharField(_("bentuk"), max_length=4, choices=Kind.choices, default=Kind.CARD)
    starts_on = models.DateField(_("tayang sejak"), null=True, blank=True)
    ends_on = models.DateField(_("tayang sampai"), null=True, blank=True)
    regions = models.ManyToManyField(
        Region,
        verbose_name=_("wilayah"),
        blank=True,
        related_name="+",
        help_text=_("Kosongkan untuk semua saluran di atas lapak ini."),
    )
    label = models.CharField(_("label"), max_length=20, default="Promosi")
    state = models.CharField(
        _("keadaan"), max_length=10, choices=State.choices, default=State.DRAFT, editable=False
    )
    card_name = models.CharField(max_length=80, blank=True, default="", editable=False)
    """What the card of an approved spot calls the product, which has changed since. Else ""."""
    card_image = models.ForeignKey(
        "wagtailimages.Image",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    """Its picture, where there is a `card_name`."""
    refusal = models.CharField(_("alasan"), max_length=200, blank=True, editable=False)
    submitted_at = models.DateTimeField(null=True, blank=True, editable=False)
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    objects = SegmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("segmen unggulan")
        verbose_name_plural = _("segmen unggulan")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.product} · {self.video}"

    @property
    def shown_name(self) -> str:
        """What its card calls the product."""
        return self.card_name or self.product.name

    @property
    def is_spot(self) -> bool:
        """Whether it is a clip of its own."""
        return self.kind == self.Kind.SPOT

    def clean(self) -> None:
        """Refuse another market's video, times that cannot be, and two products at one moment."""
        if self.video_id is not None and self.product_id is not None:
            check_offered(self.video, self.product.stall.cooperative)
        if self.video_id is None or self.begin is None or self.end is None:
            return
        media = getattr(self.video, "media", None)
        check_times(self.begin, self.end, media.duration_ms if media else 0)
        self._check_alone()

    def _check_alone(self) -> None:
        others = FeaturedSegment.objects.filter(
            video=self.video,
            state__in=[self.State.SUBMITTED, self.State.APPROVED],
            begin__lt=self.end,
            end__gt=self.begin,
        ).exclude(pk=self.pk)
        if others.exists():
            raise ValidationError(
                _(
                    "Saat itu sudah dipakai produk lain di video ini. "
                    "Pilih waktu yang tidak bertumpang tindih."
                )
            )

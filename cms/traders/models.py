"""Stalls, products and featured segments. Prices are whole Rupiah.

A featured segment moves like this, always through `traders.actions`:

    from        event    to          by
    draft       submit   submitted   trader, coordinator
    refused     submit   submitted   trader, coordinator
    submitted   approve  approved    coordinator, moderator
    submitted   refuse   refused     coordinator, moderator (with one sentence)
    approved    refuse   refused     coordinator, moderator (with one sentence)
    approved    change   submitted   a change by somebody who may not decide
"""

import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.cooperatives.models import Cooperative
from cms.traders.checks import check_offered, check_times, mobile_number
from cms.traders.querysets import ProductQuerySet, SegmentQuerySet, StallQuerySet
from cms.videos.models import Video

HIGHEST_PRICE = 1_000_000_000
"""Rupiah. Above a billion somebody typed one digit too many."""


class Stall(models.Model):
    """A kios or lapak in a market; `trader` is who runs it, None while they have no login."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cooperative = models.ForeignKey(
        Cooperative, verbose_name=_("koperasi"), on_delete=models.PROTECT, related_name="stalls"
    )
    trader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("pedagang"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="stalls",
    )
    name = models.CharField(_("nama"), max_length=80)
    slug = models.SlugField(unique=True, max_length=90, blank=True)
    description = models.TextField(_("keterangan"), max_length=500, blank=True)
    block = models.CharField(_("blok dan nomor"), max_length=20, blank=True)
    market = models.CharField(
        _("pasar"),
        max_length=120,
        blank=True,
        help_text=_("Kosongkan bila sama dengan pasar koperasinya."),
    )
    whatsapp = models.CharField(
        _("nomor WhatsApp"),
        max_length=20,
        blank=True,
        help_text=_("Contoh: 0812 3456 7890"),
    )
    hide_number = models.BooleanField(
        _("sembunyikan nomor"),
        default=False,
        help_text=_("Pembeli dihubungkan dengan pengurus koperasi."),
    )
    active = models.BooleanField(_("tampil"), default=True)
    verified_at = models.DateTimeField(_("diperiksa"), null=True, blank=True, editable=False)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    objects = StallQuerySet.as_manager()

    class Meta:
        verbose_name = _("lapak")
        verbose_name_plural = _("lapak")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Write the number as +62…, or say what is wrong with it."""
        if not self.whatsapp:
            return
        try:
            self.whatsapp = mobile_number(self.whatsapp)
        except ValidationError as error:
            raise ValidationError({"whatsapp": error.messages}) from error

    @property
    def page_url(self) -> str:
        """Path of the stall's page."""
        return f"/lapak/{self.slug}/"

    @property
    def place(self) -> str:
        """Where to find the stall: "Blok A-12, Pasar Melati"."""
        market = self.market or self.cooperative.market
        return ", ".join(part for part in (self.block, market) if part)

    @property
    def is_verified(self) -> bool:
        return self.verified_at is not None


class Product(models.Model):
    """Something that a stall sells, at one price or between two."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    stall = models.ForeignKey(
        Stall, verbose_name=_("lapak"), on_delete=models.CASCADE, related_name="products"
    )
    name = models.CharField(_("nama produk"), max_length=80)
    slug = models.SlugField(max_length=90, blank=True)
    description = models.TextField(_("keterangan"), max_length=500, blank=True)
    price = models.PositiveIntegerField(
        _("harga (Rp)"),
        validators=[
            MinValueValidator(1, _("Harga belum benar. Tulis angka lebih dari 0.")),
            MaxValueValidator(
                HIGHEST_PRICE, _("Harga terlalu besar. Tulis paling banyak 1000000000.")
            ),
        ],
    )
    price_high = models.PositiveIntegerField(
        _("harga tertinggi (Rp)"),
        null=True,
        blank=True,
        help_text=_("Isi hanya bila harganya berkisar."),
        validators=[
            MaxValueValidator(
                HIGHEST_PRICE, _("Harga terlalu besar. Tulis paling banyak 1000000000.")
            ),
        ],
    )
    unit = models.CharField(_("satuan"), max_length=20)
    image = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("foto"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    active = models.BooleanField(_("dijual"), default=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("produk")
        verbose_name_plural = _("produk")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["stall", "slug"], name="one_slug_in_a_stall")
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.stall}"

    @property
    def page_url(self) -> str:
        """Path of the product's page."""
        return f"{self.stall.page_url}{self.slug}/"

    def clean(self) -> None:
        if self.price_high is not None and self.price is not None and self.price_high <= self.price:
            raise ValidationError(
                {"price_high": _("Harga tertinggi harus lebih besar daripada harga.")}
            )


class FeaturedSegment(models.Model):
    """A product inside a video: from `begin` to `end` seconds of it the card shows."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draf")
        SUBMITTED = "submitted", _("Menunggu")
        APPROVED = "approved", _("Disetujui")
        REFUSED = "refused", _("Perlu perbaikan")

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
    label = models.CharField(_("label"), max_length=20, default="Promosi")
    state = models.CharField(
        _("keadaan"), max_length=10, choices=State.choices, default=State.DRAFT, editable=False
    )
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

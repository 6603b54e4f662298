"""Products, their photos and certificates. Prices are whole Rupiah."""

import uuid
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.traders.checks import check_no_number
from cms.traders.models.stalls import Commodity, Stall
from cms.traders.querysets import OfProductQuerySet, ProductQuerySet
from cms.traders.shops import check_shop_address

HIGHEST_PRICE = 1_000_000_000
"""Rupiah. Above a billion somebody typed one digit too many."""


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
    commodity = models.ForeignKey(
        Commodity,
        verbose_name=_("komoditas"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="products",
    )
    shop_url = models.URLField(
        _("alamat toko sendiri"),
        blank=True,
        max_length=300,
        help_text=_("Bila ada. Harus diawali https://."),
    )
    image = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("foto"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    active = models.BooleanField(_("dijual"), default=True)
    waiting_since = models.DateTimeField(null=True, blank=True, editable=False)
    """Since when it waits for its first check; None once it may be listed."""

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
        check_shop_address(self.shop_url)
        if self.stall_id is not None and self.stall.hide_number:
            check_no_number(self.description, "description")
        if self.price_high is not None and self.price is not None and self.price_high <= self.price:
            raise ValidationError(
                {"price_high": _("Harga tertinggi harus lebih besar daripada harga.")}
            )


class ProductPhoto(models.Model):
    """A photo beside the product's first one: a slide of its card clip."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="photos")
    image = models.ForeignKey("wagtailimages.Image", on_delete=models.CASCADE, related_name="+")
    sort_order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["sort_order", "pk"]

    def __str__(self) -> str:
        return f"{self.product} {self.sort_order}"


class Certificate(models.Model):
    """Halal, P-IRT or BPOM of a product: it must be valid on the days of airing."""

    class Kind(models.TextChoices):
        HALAL = "halal", _("Halal")
        PIRT = "pirt", _("P-IRT")
        BPOM = "bpom", _("BPOM")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    product = models.ForeignKey(
        Product, verbose_name=_("produk"), on_delete=models.CASCADE, related_name="certificates"
    )
    kind = models.CharField(_("jenis"), max_length=8, choices=Kind.choices)
    number = models.CharField(_("nomor"), max_length=60)
    expires_on = models.DateField(_("berlaku sampai"))
    image = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("foto"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    checked_at = models.DateTimeField(null=True, blank=True, editable=False)
    """When a coordinator last looked at it; a renewed one counts from then on."""
    told_at = models.DateTimeField(null=True, blank=True, editable=False)
    """When people were told that its end is near."""
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    """When its cards went, after its last day; turns are refused from that day on anyway."""

    objects = OfProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("sertifikat")
        verbose_name_plural = _("sertifikat")
        ordering = ["kind", "-expires_on"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    def is_valid_on(self, day: date) -> bool:
        """Return whether it still holds on `day`."""
        return self.expires_on >= day

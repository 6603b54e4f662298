"""Traders, stalls, products and featured segments."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.cooperatives.models import Cooperative
from cms.videos.models import Video


class Stall(models.Model):
    """A kios or lapak in a market; `trader` is who runs it, None while they have no login."""

    cooperative = models.ForeignKey(
        Cooperative, verbose_name=_("koperasi"), on_delete=models.PROTECT, related_name="stalls"
    )
    trader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="stalls",
    )
    name = models.CharField(_("nama"), max_length=80)
    slug = models.SlugField(unique=True)
    block = models.CharField(_("blok dan nomor"), max_length=20, blank=True)
    whatsapp = models.CharField(_("nomor WhatsApp"), max_length=16)

    class Meta:
        verbose_name = _("lapak")
        verbose_name_plural = _("lapak")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """Something a stall sells. Prices are whole Rupiah."""

    stall = models.ForeignKey(
        Stall, verbose_name=_("lapak"), on_delete=models.CASCADE, related_name="products"
    )
    name = models.CharField(_("nama"), max_length=80)
    slug = models.SlugField()
    price = models.PositiveIntegerField(_("harga (Rp)"))
    unit = models.CharField(_("satuan"), max_length=20)
    image = models.ForeignKey(
        "wagtailimages.Image", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("produk")
        verbose_name_plural = _("produk")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["stall", "slug"], name="one_slug_in_a_stall")
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.stall}"


class FeaturedSegment(models.Model):
    """A product inside a video: from `begin` to `end` seconds of it the card shows."""

    product = models.ForeignKey(
        Product, verbose_name=_("produk"), on_delete=models.CASCADE, related_name="segments"
    )
    video = models.ForeignKey(
        Video, verbose_name=_("video"), on_delete=models.CASCADE, related_name="segments"
    )
    begin = models.DecimalField(_("mulai (detik)"), max_digits=8, decimal_places=1, default=0)
    end = models.DecimalField(_("selesai (detik)"), max_digits=8, decimal_places=1)

    class Meta:
        verbose_name = _("segmen unggulan")
        verbose_name_plural = _("segmen unggulan")

    def __str__(self) -> str:
        return f"{self.product} in {self.video}"

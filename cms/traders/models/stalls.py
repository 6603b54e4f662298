"""Commodities, and the stalls that deal in them."""

import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.cooperatives.models import Cooperative
from cms.traders.checks import check_no_number, mobile_number
from cms.traders.querysets import StallQuerySet

TAKEN_DOWN = _("Pedagangnya menurunkan lapak ini. Kembalikan lewat “Pulihkan lapak”.")


class Commodity(models.Model):
    """What is dealt in: "Cabai", "Batik". Two of one do not air one after the other."""

    name = models.CharField(_("nama"), max_length=60, unique=True)
    slug = models.SlugField(_("alamat"), max_length=70, unique=True)
    other_names = models.CharField(
        _("nama lain"),
        max_length=200,
        blank=True,
        help_text=_("Ejaan dan nama lain yang dipakai pembeli, dipisah koma: cabe, lombok."),
    )

    class Meta:
        verbose_name = _("komoditas")
        verbose_name_plural = _("komoditas")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


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
    commodities = models.ManyToManyField(
        Commodity, verbose_name=_("komoditas"), blank=True, related_name="stalls"
    )
    hide_number = models.BooleanField(
        _("sembunyikan nomor"),
        default=False,
        help_text=_("Pembeli dihubungkan dengan pengurus koperasi."),
    )
    active = models.BooleanField(_("tampil"), default=True)
    waiting_since = models.DateTimeField(null=True, blank=True, editable=False)
    """Since when it waits for its first check; None once it may be listed."""
    taken_down_at = models.DateTimeField(null=True, blank=True, editable=False)
    """When its trader took everything down; it is not `active` then (`traders.personal`)."""
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
        if self.active and self.taken_down_at:
            raise ValidationError({"active": TAKEN_DOWN})
        if self.hide_number:
            check_no_number(self.description, "description")
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
        return ", ".join(part for part in (self.block, self.market_name) if part)

    @property
    def market_name(self) -> str:
        """The market that it stands in; "" for one of a co-operative without a market."""
        return self.market or self.cooperative.market

    @property
    def is_verified(self) -> bool:
        return self.verified_at is not None

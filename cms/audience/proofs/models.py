"""Issued proofs. A row is never changed, but that the names in it may be forgotten."""

from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cms.audience.proofs.codes import shown
from cms.audience.proofs.document import Document, Names, document_from, names_from
from cms.cooperatives.models import Cooperative
from cms.traders.models import FeaturedSegment, Stall
from cms.traders.querysets import OfStallQuerySet


class ProofQuerySet(OfStallQuerySet):
    """Proofs: a trader's own, and those of the markets where one works."""

    scope_path: ClassVar[str] = "cooperative"

    def of_month(self, month: date) -> Self:
        """Those of the month that begins on `month`, the whole of it or up to some day."""
        return self.filter(first=month)

    def newest_of_each(self) -> list["Proof"]:
        """The newest of each segment, also of those that are deleted."""
        return list({proof.facts["segment"]: proof for proof in self.order_by("pk")}.values())


class ProofSeries(models.Model):
    """How many proofs a co-operative has issued in a year; the row's lock gives out numbers."""

    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cooperative", "year"], name="one_proof_series_a_year")
        ]

    def __str__(self) -> str:
        return f"{self.cooperative_id} {self.year} {self.last}"


class Proof(models.Model):
    """A snapshot: `facts` are a Document, `names` a Names, or None once they were forgotten.

    `code` is made of number, facts and `seal` (see `codes`).
    """

    number = models.CharField(_("nomor"), max_length=40, unique=True)
    code = models.CharField(_("kode"), max_length=12, unique=True)
    cooperative = models.ForeignKey(
        Cooperative, verbose_name=_("koperasi"), on_delete=models.PROTECT, related_name="proofs"
    )
    stall = models.ForeignKey(
        Stall, verbose_name=_("lapak"), on_delete=models.SET_NULL, null=True, related_name="proofs"
    )
    segment = models.ForeignKey(
        FeaturedSegment, on_delete=models.SET_NULL, null=True, related_name="proofs"
    )
    first = models.DateField()
    last = models.DateField()
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    facts = models.JSONField()
    names = models.JSONField(null=True)
    salt = models.CharField(max_length=32, blank=True)
    seal = models.CharField(max_length=64)

    objects = ProofQuerySet.as_manager()

    class Meta:
        verbose_name = _("bukti tayang")
        verbose_name_plural = _("bukti tayang")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["segment", "first"], name="proofs_of_a_segment")]

    def __str__(self) -> str:
        return self.number

    @property
    def document(self) -> Document:
        """What it says."""
        return document_from(self.facts)

    @property
    def people(self) -> Names | None:
        """Whose it is; None once that was forgotten, or the stall is gone."""
        return names_from(self.names) if self.stall_id else None

    @property
    def shown_code(self) -> str:
        """The code as it stands on the paper."""
        return shown(self.code)

    @property
    def path(self) -> str:
        """Where anybody who has the paper can look at it."""
        return reverse("proofs:show", args=[self.shown_code])

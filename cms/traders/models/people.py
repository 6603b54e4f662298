"""How a trader comes in: consent to what is shown of them, and a one-time link.

Consent is a log: a withdrawal is a moment in the row, and the row stays.
"""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.traders.models.stalls import Stall
from cms.traders.querysets import ConsentQuerySet, OfStallQuerySet


class Consent(models.Model):
    """That a trader agreed to `wording` (law 27/2022), and perhaps took it back."""

    class Kind(models.TextChoices):
        CONTACT = "contact", _("nama dan nomor tampil")
        PICTURE = "picture", _("foto dan rekaman tayang")

    class Way(models.TextChoices):
        PAPER = "paper", _("tanda tangan di kertas")
        SPOKEN = "spoken", _("lisan di depan pengurus")
        STUDIO = "studio", _("di Studio sendiri")

    stall = models.ForeignKey(Stall, on_delete=models.CASCADE, related_name="consents")
    kind = models.CharField(_("untuk"), max_length=8, choices=Kind.choices)
    way = models.CharField(_("cara"), max_length=8, choices=Way.choices)
    wording = models.TextField(_("kalimatnya"), max_length=600)
    given_at = models.DateTimeField(_("diberikan"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(_("ditarik"), null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("persetujuan")
        verbose_name_plural = _("persetujuan")
        ordering = ["-given_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.stall} {self.get_kind_display()}"


class Invitation(models.Model):
    """A link that lets the trader of `stall` in once, by a POST, until `expires_at`.

    Only a digest of its secret is kept.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    stall = models.ForeignKey(Stall, on_delete=models.CASCADE, related_name="invitations")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = OfStallQuerySet.as_manager()

    class Meta:
        verbose_name = _("undangan")
        verbose_name_plural = _("undangan")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.stall} {self.created_at:%Y-%m-%d}"

"""What stays of the consents of people who had their data erased."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.traders.models.people import Consent


class FormerConsent(models.Model):
    """That somebody agreed to something, and until when; of whom, nothing tells any more.

    Law 27/2022 lets the log of consents outlive the data; the day is enough for it.
    """

    kind = models.CharField(max_length=8, choices=Consent.Kind.choices)
    way = models.CharField(max_length=8, choices=Consent.Way.choices)
    wording = models.TextField(max_length=600)
    given_on = models.DateField()
    withdrawn_on = models.DateField(null=True)
    erased_on = models.DateField()

    class Meta:
        verbose_name = _("persetujuan yang lalu")
        verbose_name_plural = _("persetujuan yang lalu")
        ordering = ["-erased_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.given_on:%Y-%m-%d}"

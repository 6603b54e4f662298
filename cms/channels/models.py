"""Channels, what editors plan for them, and the rundowns that were written."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.cooperatives.models import Cooperative
from cms.videos.models import Video


class Channel(models.Model):
    """A TV channel of a co-operative. Its clock is its co-operative's zone."""

    cooperative = models.ForeignKey(
        Cooperative, verbose_name=_("koperasi"), on_delete=models.PROTECT, related_name="channels"
    )
    name = models.CharField(_("nama"), max_length=60)
    slug = models.SlugField(unique=True)

    class Meta:
        verbose_name = _("saluran")
        verbose_name_plural = _("saluran")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class PlannedEntry(models.Model):
    """What an editor asks for: this video on this channel at this moment."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="planned")
    video = models.ForeignKey(Video, verbose_name=_("video"), on_delete=models.CASCADE)
    start = models.DateTimeField(_("mulai"))

    class Meta:
        verbose_name = _("acara")
        verbose_name_plural = _("acara")
        ordering = ["start"]

    def __str__(self) -> str:
        return f"{self.start:%F %T} {self.video}"

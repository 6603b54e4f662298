"""Videos. `Video` is what editors say; `Media` and `Encode` are what machines do.

They are separate tables: publishing or reverting a revision rewrites the
editorial row and must never touch machine state.
"""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    WorkflowMixin,
)

from cms.cooperatives.models import Cooperative


class Category(models.Model):
    """What a video or an article is about: Kabar Pasar, Dapur, Kelas Koperasi …"""

    name = models.CharField(_("nama"), max_length=60, unique=True)
    slug = models.SlugField(unique=True)

    class Meta:
        verbose_name = _("rubrik")
        verbose_name_plural = _("rubrik")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Rating(models.TextChoices):
    """Age ratings of broadcasting (P3SPS)."""

    SU = "SU", _("Semua umur")
    P = "P", _("Anak 2–6 tahun")
    A = "A", _("Anak 7–12 tahun")
    R = "R", _("Remaja 13–17 tahun")
    D = "D", _("Dewasa")


class Video(
    WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, models.Model
):
    """What editors say of a video."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cooperative = models.ForeignKey(
        Cooperative, verbose_name=_("koperasi"), on_delete=models.PROTECT, related_name="videos"
    )
    title = models.CharField(_("judul"), max_length=140)
    slug = models.SlugField(max_length=160, unique=True)
    description = models.TextField(_("keterangan"), blank=True)
    category = models.ForeignKey(
        Category, verbose_name=_("rubrik"), on_delete=models.PROTECT, null=True, blank=True
    )
    rating = models.CharField(
        _("klasifikasi"), max_length=2, choices=Rating.choices, default=Rating.SU
    )
    language = models.CharField(_("bahasa"), max_length=8, default="id")

    class Meta:
        verbose_name = _("video")
        verbose_name_plural = _("video")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title


class Media(models.Model):
    """The machine's side of a video: its original and the publication in use."""

    video = models.OneToOneField(Video, on_delete=models.CASCADE, related_name="media")
    original = models.FileField(upload_to="originals", blank=True, max_length=255)
    original_name = models.CharField(max_length=255, blank=True)
    publication = models.CharField(max_length=32, blank=True)
    duration_ms = models.PositiveBigIntegerField(default=0)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    taken_down_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"media of {self.video_id}"

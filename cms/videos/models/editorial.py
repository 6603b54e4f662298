"""What editors say of a video: text, cover, captions, chapters; drafts and revisions."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

from django.db import models, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Orderable,
    PreviewableMixin,
    Revision,
    RevisionMixin,
    WorkflowMixin,
)
from wagtail.search import index

from cms.cooperatives.models import Cooperative
from cms.cooperatives.scoping import ScopedQuerySet
from cms.core import clock, facts
from cms.videos.fields.captions import CaptionField, check_webvtt
from cms.videos.fields.timecodes import TimecodeField


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


class Language(models.TextChoices):
    """Languages that are spoken in programmes and written in captions (BCP 47)."""

    INDONESIAN = "id", "Bahasa Indonesia"
    JAVANESE = "jv", "Basa Jawa"
    SUNDANESE = "su", "Basa Sunda"
    MADURESE = "mad", "Bhâsa Madhurâ"
    MINANGKABAU = "min", "Baso Minangkabau"
    BALINESE = "ban", "Basa Bali"
    BUGINESE = "bug", "Basa Ugi"
    BANJAR = "bjn", "Bahasa Banjar"
    ENGLISH = "en", "English"


class VideoQuerySet(ScopedQuerySet["Video"]):
    """Videos by who may have them. `visible_to(user)` is inherited."""

    scope_path = "cooperative"

    def public(self) -> Self:
        """Those that viewers may see: published, encoded, not withdrawn, not taken down."""
        return (
            self.filter(live=True)
            .exclude(media__publication="")
            .filter(
                media__isnull=False,
                media__withdrawn_at__isnull=True,
                media__taken_down_at__isnull=True,
            )
        )

    def airable(self) -> Self:
        """Those that a channel may plan: public, with a known length."""
        return self.public().filter(media__duration_ms__gt=0)


class Video(
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    index.Indexed,
    ClusterableModel,
):
    """What editors say of a video."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cooperative = models.ForeignKey(
        Cooperative, verbose_name=_("koperasi"), on_delete=models.PROTECT, related_name="videos"
    )
    title = models.CharField(_("judul"), max_length=140)
    slug = models.SlugField(
        _("alamat"),
        max_length=160,
        unique=True,
        blank=True,
        help_text=_("Bagian akhir alamat halaman. Kosongkan agar dibuat dari judul."),
    )
    description = models.TextField(_("keterangan"), blank=True)
    category = models.ForeignKey(
        Category, verbose_name=_("rubrik"), on_delete=models.PROTECT, null=True, blank=True
    )
    rating = models.CharField(
        _("klasifikasi"), max_length=2, choices=Rating.choices, default=Rating.SU
    )
    language = models.CharField(
        _("bahasa"), max_length=8, choices=Language.choices, default=Language.INDONESIAN
    )
    cover_image = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("gambar sampul"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Bila diisi, gambar ini dipakai menggantikan bingkai dari video."),
    )
    cover_at = models.FloatField(
        _("bingkai sampul"),
        null=True,
        blank=True,
        help_text=_("Pilih satu bingkai dari video sebagai sampul."),
    )
    """Seconds from the start; the poster frame nearest to it is the cover."""

    objects = VideoQuerySet.as_manager()

    search_fields = [
        index.SearchField("title", boost=4),
        index.SearchField("description"),
        index.AutocompleteField("title"),
        index.FilterField("cooperative_id"),
        index.FilterField("category_id"),
        index.FilterField("language"),
        index.FilterField("rating"),
        index.FilterField("live"),
    ]

    class Meta:
        verbose_name = _("video")
        verbose_name_plural = _("video")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def page_url(self) -> str:
        """Address of its page for viewers."""
        return f"/video/{self.slug}/"

    @classmethod
    @contextmanager
    def held(cls, pk: int) -> Iterator[bool]:
        """Open a transaction in which nobody else decides on the video; say whether it is there.

        Who moves several rows of a video takes them in one order, or PostgreSQL ends one of
        two that wait for each other: video, encode, media, publications. Rows that name the
        video may be written meanwhile.
        """
        with transaction.atomic():
            yield cls.objects.select_for_update(no_key=True).filter(pk=pk).first() is not None

    def publish(self, revision: Revision, *args: Any, **kwargs: Any) -> None:
        """Publish `revision` (every way of publishing ends here) and record the fact."""
        with Video.held(self.pk):
            super().publish(revision, *args, **kwargs)
            if Video.objects.filter(pk=self.pk, live=True).exists():
                facts.record("video.published", str(self.pk), {}, clock.now())

    def unpublish(self, *args: Any, **kwargs: Any) -> None:
        """Take the text off the site (by hand or at its expiry) and record the fact."""
        was_live = self.live
        with Video.held(self.pk):
            super().unpublish(*args, **kwargs)
            if was_live:
                facts.record("video.unpublished", str(self.pk), {}, clock.now())

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "videos/preview.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        return {**super().get_preview_context(request, mode_name), "video": self}


class Caption(Orderable):
    """A WebVTT track. The text lives in the row, so that drafts and history hold it too."""

    video = ParentalKey(Video, on_delete=models.CASCADE, related_name="captions")
    language = models.CharField(
        _("bahasa"), max_length=8, choices=Language.choices, default=Language.INDONESIAN
    )
    text = CaptionField(
        _("berkas takarir"),
        validators=[check_webvtt],
        help_text=_("Berkas WebVTT (.vtt) atau SubRip (.srt), paling besar 1 MB."),
    )

    class Meta(Orderable.Meta):
        verbose_name = _("takarir")
        verbose_name_plural = _("takarir")

    def __str__(self) -> str:
        return self.get_language_display()


class Chapter(Orderable):
    """A named place in a video."""

    video = ParentalKey(Video, on_delete=models.CASCADE, related_name="chapters")
    start_ms = TimecodeField(_("mulai"), help_text=_("Menit dan detik, misalnya 1.30."))
    title = models.CharField(_("judul"), max_length=80)

    class Meta(Orderable.Meta):
        verbose_name = _("bab")
        verbose_name_plural = _("bab")

    def __str__(self) -> str:
        return self.title

"""The weekly template of a channel, the lists its blocks play, and what they played."""

from typing import TYPE_CHECKING, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from cms.cooperatives.models import Cooperative
from cms.cooperatives.scoping import ScopedQuerySet
from cms.videos.models import Video

if TYPE_CHECKING:
    from cms.channels.models import Channel


class PlaylistQuerySet(ScopedQuerySet["Playlist"]):
    """Playlists as people may see them, and channels may play them."""

    def for_channel(self, channel: "Channel") -> Self:
        """Return those of the channel's co-operative and of the ones above it.

        Whoever edits a list decides what its blocks air: a market's editors do not for others.
        """
        above = [row.pk for row in channel.cooperative.get_ancestors()]
        return self.filter(cooperative__in=[channel.cooperative_id, *above])


class Playlist(ClusterableModel):
    """Videos in an order, for the blocks of its co-operative's channels."""

    cooperative = models.ForeignKey(
        Cooperative, verbose_name=_("koperasi"), on_delete=models.PROTECT, related_name="playlists"
    )
    name = models.CharField(_("nama"), max_length=80)

    objects = PlaylistQuerySet.as_manager()

    class Meta:
        verbose_name = _("daftar putar")
        verbose_name_plural = _("daftar putar")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class PlaylistItem(models.Model):
    """A video in a list; it may stand there more than once."""

    playlist = ParentalKey(Playlist, on_delete=models.CASCADE, related_name="items")
    video = models.ForeignKey(
        Video, verbose_name=_("video"), on_delete=models.CASCADE, related_name="listed"
    )
    sort_order = models.IntegerField(null=True, blank=True, editable=False)

    sort_order_field = "sort_order"

    class Meta:
        verbose_name = _("isi")
        verbose_name_plural = _("isi")
        ordering = ["sort_order", "pk"]

    def __str__(self) -> str:
        return str(self.video)


class WeeklySlot(models.Model):
    """What stands at the same hour of the channel's clock on some days of each week.

    A video, or a block: `seconds` for which videos of `playlist` play, in a break without one
    the channel's fillers, in a fair one spots of traders. `weekdays` are numbers, 0 for Monday.
    It comes to what a day has of its own or repeats.
    """

    class Content(models.TextChoices):
        VIDEO = "video", _("Satu video")
        IN_ORDER = "in_order", _("Daftar putar, berurutan")
        ROTATION = "rotation", _("Daftar putar, bergilir")
        BREAK = "break", _("Jeda")
        FAIR = "fair", _("Giliran Adil")

    channel = models.ForeignKey("Channel", on_delete=models.CASCADE, related_name="weekly")
    content = models.CharField(
        _("isi"), max_length=10, choices=Content.choices, default=Content.VIDEO
    )
    video = models.ForeignKey(
        Video,
        verbose_name=_("video"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="weekly",
    )
    playlist = models.ForeignKey(
        Playlist,
        verbose_name=_("daftar putar"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="slots",
    )
    seconds = models.PositiveIntegerField(
        _("lama (detik)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(10), MaxValueValidator(24 * 3600)],
    )
    weekdays = models.JSONField(_("hari"), default=list)
    clock = models.TimeField(_("mulai"))
    note = models.CharField(_("catatan"), max_length=120, blank=True)
    first = models.DateField(_("sejak tanggal"), null=True, blank=True)
    last = models.DateField(_("sampai tanggal"), null=True, blank=True)

    class Meta:
        verbose_name = _("acara mingguan")
        verbose_name_plural = _("acara mingguan")
        ordering = ["clock", "pk"]

    def __str__(self) -> str:
        return f"{self.clock:%H.%M} {self.title}"

    @property
    def title(self) -> str:
        """What it is called: its video, its list, or what kind of break it is."""
        if self.video is not None:
            return self.video.title
        name = self.playlist.name if self.playlist is not None else ""
        return name or str(self.Content(self.content).label)


class SlotChange(models.Model):
    """What one date has instead of what a slot says: nothing, another hour or another video."""

    slot = models.ForeignKey(WeeklySlot, on_delete=models.CASCADE, related_name="changes")
    date = models.DateField()
    skips = models.BooleanField(default=False)
    clock = models.TimeField(null=True, blank=True)
    video = models.ForeignKey(
        Video, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["slot", "date"], name="one_change_a_slot_and_date")
        ]

    def __str__(self) -> str:
        return f"{self.date:%F} {self.slot}"


class BlockRun(models.Model):
    """What a block played, or is going to: (video, ticks since `begins`) in order.

    What began stands; what is to come is settled anew with each rundown. The next block that
    takes from `playlist` (None: the channel's fillers) goes on from here.
    """

    channel = models.ForeignKey("Channel", on_delete=models.CASCADE, related_name="runs")
    slot = models.ForeignKey(WeeklySlot, on_delete=models.SET_NULL, null=True, related_name="runs")
    playlist = models.ForeignKey(Playlist, on_delete=models.SET_NULL, null=True, related_name="+")
    begins = models.DateTimeField()
    turns = models.JSONField(default=list)

    class Meta:
        ordering = ["begins", "pk"]
        indexes = [models.Index(fields=["channel", "begins"], name="runs_of_a_channel")]
        constraints = [
            models.UniqueConstraint(fields=["slot", "begins"], name="one_run_a_slot_and_moment")
        ]

    def __str__(self) -> str:
        return f"{self.begins:%F %T} {self.slot}"

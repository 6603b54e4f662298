"""Channels, what editors plan for them, and the rundowns that were written."""

from datetime import datetime
from typing import Self
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from cms.channels.asrun.models import AiredEntry, AirHour, AsRunDay, JournalObject, JournalState
from cms.channels.asrun.personal import ForgottenProgramme
from cms.channels.asrun.promoted import Makegood, PlannedMakegood, SegmentAiring
from cms.channels.cutin.models import CutIn, Notice
from cms.channels.drafts.instead import Instead
from cms.channels.drafts.models import DayDraft, LastEdit, WeekDraft
from cms.channels.fair.models import RotationTurn
from cms.channels.prayer.models import Azan, InstallCard
from cms.channels.regions.models import OwnWindow
from cms.channels.template.models import BlockRun, Playlist, PlaylistItem, SlotChange, WeeklySlot
from cms.cooperatives.access import Person, Role
from cms.cooperatives.models import Cooperative, paths_up
from cms.cooperatives.querysets import held_paths
from cms.cooperatives.scoping import ScopedQuerySet
from cms.traders.models import FeaturedSegment
from cms.videos.models import Video

__all__ = [
    "AirHour",
    "AiredEntry",
    "AsRunDay",
    "Azan",
    "BlockRun",
    "Channel",
    "ChannelQuerySet",
    "CutIn",
    "DayDraft",
    "Filler",
    "ForgottenProgramme",
    "InstallCard",
    "InstallSlate",
    "JournalObject",
    "JournalState",
    "LastEdit",
    "Makegood",
    "Notice",
    "OwnDay",
    "OwnWindow",
    "PlannedEntry",
    "PlannedMakegood",
    "Playlist",
    "PlaylistItem",
    "RotationTurn",
    "RundownRecord",
    "SegmentAiring",
    "SlotChange",
    "WeekDraft",
    "WeeklySlot",
]


DEEPEST = 8
"""So many channels may follow one another."""


class ChannelQuerySet(ScopedQuerySet["Channel"]):
    """Channels as people may see them."""

    def public(self) -> Self:
        """Return the channels that viewers are shown: listed, and on air at least once."""
        written = RundownRecord.objects.filter(channel=models.OuterRef("pk"))
        return self.filter(models.Exists(written), listed=True)

    def followable_by(self, user: Person) -> Self:
        """Return the channels that those may follow which `user` edits.

        Besides what the person sees, the channels of the co-operatives above theirs, also
        before viewers are shown them: a market's channel is made before its province's is.
        """
        if not user.is_active:
            return self.none()
        if user.is_superuser:
            return self.all()
        above = {path for held in held_paths(user, [Role.EDITOR]) for path in paths_up(held)}
        return self.filter(
            Q(pk__in=self.visible_to(user).values("pk")) | Q(cooperative__path__in=above)
        )

    def using_video(self, video: int, since: datetime | None = None) -> Self:
        """Return the channels that plan the video with id `video`, fill, pause or call with it.

        Also those with fair breaks on which it has a turn, from `since` on if that is given, or
        whose co-operative's traders have it for a spot.
        """
        planned = PlannedEntry.objects.filter(channel=models.OuterRef("pk"), video=video)
        fills = Filler.objects.filter(channel=models.OuterRef("pk"), video=video)
        shared = InstallSlate.objects.filter(video=video).exists()
        everywhere = Q(slate__isnull=True) if shared else Q(pk__in=[])
        weekly = WeeklySlot.objects.filter(channel=models.OuterRef("pk")).filter(
            Q(video=video) | Q(playlist__items__video=video) | Q(changes__video=video)
        )
        cuts = CutIn.objects.filter(channel=models.OuterRef("pk"), video=video, ended=None)
        calls = Azan.objects.filter(channel=models.OuterRef("pk"))
        if not InstallCard.objects.filter(video=video).exists():
            calls = calls.filter(clip=video)
        turns = RotationTurn.objects.filter(channel=models.OuterRef("pk"), segment__video=video)
        if since is not None:
            turns = turns.filter(start__gte=since)
        breaks = WeeklySlot.objects.filter(
            channel=models.OuterRef("pk"),
            content=WeeklySlot.Content.FAIR,
            channel__cooperative__path__in=_paths_above_spots(video),
        )
        uses = [
            models.Exists(rows) for rows in (planned, weekly, fills, cuts, calls, turns, breaks)
        ]
        return self.filter(Q(*uses, _connector=Q.OR) | Q(slate=video) | everywhere)

    def locked(self, pk: int) -> "Channel":
        """Return the row as it is, held for this transaction: one at a time plans or edits it."""
        return self.select_for_update().get(pk=pk)

    def using_playlist(self, playlist: int) -> Self:
        """Return the channels of which a block takes its videos from the list with this id."""
        weekly = WeeklySlot.objects.filter(channel=models.OuterRef("pk"), playlist=playlist)
        return self.filter(models.Exists(weekly))


def _paths_above_spots(video: int) -> set[str]:
    """Return the paths of the co-operatives whose traders, or those below, have `video` as spot."""
    spots = FeaturedSegment.objects.filter(kind=FeaturedSegment.Kind.SPOT, video=video)
    paths = spots.values_list("product__stall__cooperative__path", flat=True)
    return {above for path in paths for above in paths_up(path)}


class Channel(ClusterableModel):
    """A TV channel of a co-operative. Its clock is its co-operative's zone."""

    cooperative = models.ForeignKey(
        Cooperative, verbose_name=_("koperasi"), on_delete=models.PROTECT, related_name="channels"
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("mengikuti saluran"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="heirs",
        help_text=_("Acaranya tampil di luar jam siaran sendiri. Kosongkan bila tidak mengikuti."),
    )
    name = models.CharField(_("nama"), max_length=60)
    slug = models.SlugField(
        _("alamat"),
        unique=True,
        help_text=_("Bagian alamat siaran. Tetap sejak pertama kali mengudara."),
    )
    logo = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("logo"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    colour = models.CharField(
        _("warna"),
        max_length=7,
        default="#7b1e4e",
        validators=[RegexValidator(r"^#[0-9a-f]{6}$", _("Tulis warna seperti #7b1e4e."))],
    )
    listed = models.BooleanField(
        _("tampil untuk penonton"),
        default=True,
        help_text=_("Saluran yang tidak tampil tetap mengudara di alamatnya."),
    )
    slate = models.ForeignKey(
        Video,
        verbose_name=_("kartu jeda"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Tayang bila tidak ada acara atau pengisi. Kosongkan untuk kartu bersama."),
    )
    horizon_hours = models.PositiveSmallIntegerField(
        _("susun ke depan (jam)"),
        default=48,
        validators=[MinValueValidator(6), MaxValueValidator(168)],
    )
    repeats_daily = models.BooleanField(
        _("ulang harian"),
        default=True,
        help_text=_("Hari tanpa susunan sendiri mengulang hari terakhir yang disusun."),
    )

    instead: Instead | None = None
    """A day that is planned as if it were otherwise, for who looks at a draft; never stored."""

    objects = ChannelQuerySet.as_manager()

    class Meta:
        verbose_name = _("saluran")
        verbose_name_plural = _("saluran")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse another address for a channel that players know, and parents without an end."""
        if self.pk and any(above.pk == self.pk for above in self.parents()):
            raise ValidationError(
                {
                    "parent": _(
                        "Saluran tidak dapat mengikuti dirinya sendiri, juga lewat yang lain."
                    )
                }
            )
        if len(self.parents()) + self._levels_below() > DEEPEST:
            raise ValidationError(
                {"parent": _("Paling banyak %(most)s saluran bertingkat.") % {"most": DEEPEST}}
            )
        before = Channel.objects.filter(pk=self.pk).values_list("slug", flat=True).first()
        if before not in (None, self.slug) and self.rundowns.exists():
            raise ValidationError(
                {"slug": _("Saluran ini sudah mengudara. Alamatnya tidak dapat diganti.")}
            )

    def parents(self) -> list["Channel"]:
        """Return the channels that this one follows, the nearest first; of a loop one turn."""
        found: list[Channel] = []
        above = self.parent
        while above is not None and above not in found:
            found.append(above)
            above = above.parent
        return found

    def _levels_below(self) -> int:
        """Return how many channels follow one another from this one on, in its longest line."""
        levels, row = 0, [self.pk] if self.pk else []
        while levels <= DEEPEST:
            row = list(Channel.objects.filter(parent__in=row).values_list("pk", flat=True))
            if not row:
                break
            levels += 1
        return levels

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the channel's clock."""
        return ZoneInfo(self.cooperative.zone)

    @property
    def playlist_url(self) -> str:
        """Path of the playlist that players open; the origin answers it."""
        return f"/live/{self.slug}/master.m3u8"

    @property
    def page_url(self) -> str:
        """Path of the channel's live page."""
        return f"/live/{self.slug}/"


class Filler(models.Model):
    """A video that fills the gaps of a channel; they take turns in this order."""

    channel = ParentalKey(Channel, on_delete=models.CASCADE, related_name="fillers")
    video = models.ForeignKey(
        Video, verbose_name=_("video"), on_delete=models.CASCADE, related_name="fills"
    )
    sort_order = models.IntegerField(null=True, blank=True, editable=False)

    sort_order_field = "sort_order"

    class Meta:
        verbose_name = _("pengisi")
        verbose_name_plural = _("pengisi")
        ordering = ["sort_order", "pk"]

    def __str__(self) -> str:
        return str(self.video)


class PlannedEntry(models.Model):
    """What an editor asks for: this video on this channel at this moment (UTC)."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="planned")
    video = models.ForeignKey(
        Video, verbose_name=_("video"), on_delete=models.CASCADE, related_name="planned"
    )
    start = models.DateTimeField(_("mulai"))
    note = models.CharField(_("catatan"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("acara")
        verbose_name_plural = _("acara")
        ordering = ["start", "pk"]
        indexes = [models.Index(fields=["channel", "start"], name="planned_of_a_channel")]
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "video", "start"], name="one_entry_a_video_and_moment"
            )
        ]

    def __str__(self) -> str:
        return f"{self.start:%F %T} {self.video}"


class OwnDay(models.Model):
    """A date (by the channel's clock) that has a plan of its own, even an empty one.

    Without it, taking the last entry off a day would make the day repeat another.
    """

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="own_days")
    date = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "date"], name="one_own_day_a_date")
        ]

    def __str__(self) -> str:
        return f"{self.date:%F} {self.channel}"


class InstallSlate(models.Model):
    """The still card that every channel may fall back on; made by code, one an install."""

    video = models.OneToOneField(Video, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.video)


class RundownRecord(models.Model):
    """A rundown that was written to the published store. Never changed afterwards.

    `days` are the names of its day files; empty for one that was written whole.
    """

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="rundowns")
    version = models.PositiveBigIntegerField()
    written = models.DateTimeField()
    ends = models.DateTimeField()
    entries = models.PositiveIntegerField()
    days = models.JSONField(default=list)
    checksum = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("rundown")
        verbose_name_plural = _("rundown")
        ordering = ["channel", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["channel", "version"], name="one_rundown_a_version")
        ]

    def __str__(self) -> str:
        return f"{self.channel} v{self.version}"

"""What was on air: what journals say by the hour, and what follows from it by the day (UTC)."""

from datetime import UTC, datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.cooperatives.scoping import ScopedQuerySet

QUIET = ("filler", "slate", "relay")
"""Kinds that nobody was promised."""


class JournalObject(models.Model):
    """An object of an origin's journal that was read, and the store's mark of it then."""

    key = models.CharField(max_length=200, unique=True)
    mark = models.CharField(max_length=120)
    origin = models.CharField(max_length=120)
    minute = models.DateTimeField(db_index=True)
    lines = models.PositiveIntegerField()
    faulty = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.key


class AirHour(models.Model):
    """What all journals together say of one hour of a channel (`asrun.encode_coverage`)."""

    channel = models.ForeignKey("channels.Channel", on_delete=models.CASCADE, related_name="+")
    hour = models.DateTimeField()
    coverage = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "hour"], name="one_air_hour_of_a_channel")
        ]

    def __str__(self) -> str:
        return f"{self.hour:%F %H} {self.channel_id}"


class AsRunDay(models.Model):
    """A day of a channel whose rows are kept. They are `complete` up to that moment.

    It is `over` when nothing of it can be on air any more; what it promised `ends` then.
    `touched` counts what came from journals, `seen` how much of it the rows know.
    """

    channel = models.ForeignKey(
        "channels.Channel", on_delete=models.CASCADE, related_name="as_run_days"
    )
    day = models.DateField()
    complete = models.DateTimeField(null=True)
    rolled = models.DateTimeField(null=True)
    over = models.BooleanField(default=False)
    ends = models.DateTimeField(null=True)
    touched = models.PositiveIntegerField(default=0)
    seen = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "day"], name="one_as_run_day_of_a_channel")
        ]
        indexes = [models.Index(fields=["day"], name="as_run_of_a_day")]

    def __str__(self) -> str:
        return f"{self.day:%F} {self.channel_id}"


class JournalState(models.Model):
    """One row: up to which moment the journals of all origins have been read.

    Its lock lets one reader at a time add to what others have added.
    """

    complete = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.complete)


class AiredEntryQuerySet(ScopedQuerySet["AiredEntry"]):
    """As-run rows by who may see them."""

    scope_path = "channel__cooperative"


class AiredEntry(models.Model):
    """An entry that was promised, and what of it was on air. Its key stays when it is judged again.

    `day` is the UTC day of `start`. `pieces` are [start, end] in milliseconds since 1970.
    `cards` are the keys of the featured segments whose cards it carried.
    """

    class Status(models.TextChoices):
        AIRED = "aired", _("Tayang penuh")
        CUT = "cut", _("Terpotong")
        MISSED = "missed", _("Tidak tayang")

    class Kind(models.TextChoices):
        PROGRAMME = "programme", _("Acara")
        PROMOTION = "promotion", _("Promosi")
        AZAN = "azan", _("Azan")
        FILLER = "filler", _("Pengisi")
        SLATE = "slate", _("Kartu jeda")
        RELAY = "relay", _("Acara saluran yang diikuti")

    class Why(models.TextChoices):
        NONE = "", ""
        AZAN = "azan", _("Azan")
        CUT_IN = "cut_in", _("Siaran sela")
        CARRIED = "carried", _("Wajib relai")
        TAKEN_DOWN = "taken_down", _("Videonya diturunkan")
        WITHDRAWN = "withdrawn", _("Videonya ditarik")
        EDITED = "edited", _("Diubah sesudah dijanjikan")
        UNREADABLE = "unreadable", _("Hasil pengodean tidak dapat dibaca")
        OTHER = "other", _("Origin menayangkan susunan lama")
        OFF_AIR = "off_air", _("Saluran tidak mengudara")

    channel = models.ForeignKey("channels.Channel", on_delete=models.CASCADE, related_name="aired")
    day = models.DateField()
    entry = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    title = models.CharField(max_length=255)
    programme = models.CharField(max_length=36)
    publication = models.CharField(max_length=32)
    cards = models.JSONField(default=list)
    start = models.DateTimeField()
    end = models.DateTimeField()
    promised_ms = models.PositiveBigIntegerField()
    shown_ms = models.PositiveBigIntegerField()
    pieces = models.JSONField(default=list)
    status = models.CharField(max_length=8, choices=Status.choices)
    why = models.CharField(max_length=12, choices=Why.choices, blank=True)
    count = models.PositiveIntegerField(default=1)

    objects = AiredEntryQuerySet.as_manager()

    class Meta:
        ordering = ["start", "pk"]
        indexes = [
            models.Index(fields=["channel", "start"], name="aired_of_a_channel"),
            models.Index(fields=["programme", "start"], name="aired_of_a_programme"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "day", "entry"], name="one_aired_entry_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.start:%F %T} {self.title} {self.status}"

    @property
    def is_quiet(self) -> bool:
        """Whether nobody was promised it."""
        return self.kind in QUIET

    @property
    def label(self) -> str:
        """What people call it: its title, as in the guide, or else its kind."""
        named = self.title and self.kind != self.Kind.RELAY
        return self.title if named else str(self.Kind(self.kind).label)

    @property
    def first(self) -> datetime | None:
        """When it first was on air."""
        return _moment(self.pieces[0][0]) if self.pieces else None

    @property
    def last(self) -> datetime | None:
        """When it last was on air."""
        return _moment(self.pieces[-1][1]) if self.pieces else None

    @property
    def promised_seconds(self) -> int:
        """How long it was to be, in whole seconds."""
        return self.promised_ms // 1000

    @property
    def shown_seconds(self) -> int:
        """How long of that it was on air, in whole seconds."""
        return self.shown_ms // 1000


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)

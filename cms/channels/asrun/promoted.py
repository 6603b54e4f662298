"""Airings of featured segments, and what closes the debts that they left."""

from typing import Self

from django.conf import settings
from django.db import models

from cms.channels.asrun.models import AiredEntry
from cms.cooperatives.scoping import ScopedQuerySet
from media_pipeline.asrun import Status

LACKING = ("cut", "missed")
"""What a debt is."""

STATUSES: dict[str, Status] = {"aired": "aired", "cut": "cut", "missed": "missed"}


class SegmentAiringQuerySet(ScopedQuerySet["SegmentAiring"]):
    """Airings by who may see them: the people of the channel's co-operative."""

    scope_path = "channel__cooperative"

    def promised(self) -> Self:
        """Those that were promised: all but replacements, each aired, cut or missed."""
        return self.filter(makes_good=False)

    def debts(self) -> Self:
        """Promised ones that were cut or missed, and not because the trader took them back."""
        return self.promised().filter(status__in=LACKING, taken_back=False)

    def owed(self) -> Self:
        """Debts that nothing has closed."""
        return self.debts().filter(replaced_by=None)

    def replacements(self) -> Self:
        """Those that may close a debt: whole ones that took their turn because of one."""
        return self.filter(makes_good=True, status=SegmentAiring.Status.AIRED)


class SegmentAiring(models.Model):
    """What became of a featured segment in one entry. Its key stays when it is judged again.

    It names the segment by its key, and outlives it. `start` is when the segment's card was to
    begin, `day` and `entry` are those of the as-run row. `makes_good` says that a debt took the
    turn, `taken_back` that its trader, not the channel, kept it from the air.
    """

    Status = AiredEntry.Status

    channel = models.ForeignKey("channels.Channel", on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    entry = models.CharField(max_length=120)
    segment_key = models.UUIDField()
    start = models.DateTimeField()
    promised_ms = models.PositiveBigIntegerField()
    shown_ms = models.PositiveBigIntegerField()
    status = models.CharField(max_length=8, choices=Status.choices)
    why = models.CharField(max_length=12, blank=True)
    makes_good = models.BooleanField(default=False)
    taken_back = models.BooleanField(default=False)

    objects = SegmentAiringQuerySet.as_manager()

    class Meta:
        ordering = ["start", "pk"]
        indexes = [
            models.Index(fields=["segment_key", "start"], name="airings_of_a_segment"),
            models.Index(fields=["channel", "status", "start"], name="airings_by_status"),
            models.Index(fields=["channel", "makes_good", "start"], name="airings_that_make_good"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "day", "entry", "segment_key"], name="one_airing_an_entry"
            )
        ]

    def __str__(self) -> str:
        return f"{self.start:%F %T} {self.segment_key} {self.status}"

    @property
    def promised_seconds(self) -> int:
        """How long it was to be, in whole seconds."""
        return round(self.promised_ms / 1000)

    @property
    def shown_seconds(self) -> int:
        """How long of that it was on air; as long as promised only if it aired in full."""
        if self.status == self.Status.AIRED:
            return self.promised_seconds
        return self.shown_ms // 1000


class Makegood(models.Model):
    """What closes a debt: the airing that replaces it, one to one, kept by the database.

    Without a replacement an editor wrote it off, for a `reason` that its trader reads.
    """

    debt = models.OneToOneField(SegmentAiring, on_delete=models.CASCADE, related_name="replaced_by")
    replacement = models.OneToOneField(
        SegmentAiring, on_delete=models.CASCADE, related_name="replaces", null=True
    )
    reason = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    linked = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.debt_id} ← {self.replacement_id or self.reason}"


class PlannedMakegood(models.Model):
    """An airing to come of the card `card_key` that an editor chose for what `owed_key` is owed.

    Both are keys of segments of one product. `start` is when the card begins in `entry`.
    """

    channel = models.ForeignKey("channels.Channel", on_delete=models.CASCADE, related_name="+")
    owed_key = models.UUIDField()
    card_key = models.UUIDField()
    entry = models.CharField(max_length=120)
    start = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    chosen = models.DateTimeField()

    class Meta:
        ordering = ["start", "pk"]
        indexes = [models.Index(fields=["channel", "start"], name="planned_makegoods")]
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "entry", "card_key"], name="one_makegood_a_card"
            )
        ]

    def __str__(self) -> str:
        return f"{self.owed_key} ← {self.entry}"

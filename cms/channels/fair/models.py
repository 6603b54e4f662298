"""The ledger of fair turns: which stall has which moment of a channel, with which clip, and why."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.cooperatives.scoping import ScopedQuerySet
from cms.traders.models import FeaturedSegment


class RotationTurnQuerySet(ScopedQuerySet["RotationTurn"]):
    """Turns by who may see them."""

    scope_path = "channel__cooperative"


class RotationTurn(models.Model):
    """A spot that a break of `channel` shows from `start` on, or showed.

    `begins` is the start of its break, `entry` the id of its entry in the rundown. The segment
    may go; its key and that of its stall stay, so that a segment that is deleted and made again
    gives its stall no better place. `stall_key` is None where the segment was gone before turns
    counted by stall. `details` say more of the reason (`fair.details`): which others had
    come before it in plain order, and why each kind of them was passed over.
    """

    class Reason(models.TextChoices):
        DEBT = "debt", _("mengganti tayangan yang luput")
        NEW = "new", _("belum pernah tayang")
        OLDEST = "oldest", _("paling lama tidak tayang")

    channel = models.ForeignKey(
        "channels.Channel", on_delete=models.CASCADE, related_name="fair_turns"
    )
    segment = models.ForeignKey(
        FeaturedSegment, on_delete=models.SET_NULL, null=True, related_name="turns"
    )
    segment_key = models.UUIDField()
    stall_key = models.UUIDField(null=True)
    begins = models.DateTimeField()
    start = models.DateTimeField()
    milliseconds = models.PositiveIntegerField()
    entry = models.CharField(max_length=120)
    reason = models.CharField(max_length=8, choices=Reason.choices)
    makes_good = models.BooleanField(default=False)
    details = models.JSONField(default=dict)

    objects = RotationTurnQuerySet.as_manager()

    class Meta:
        ordering = ["start", "pk"]
        indexes = [
            models.Index(fields=["channel", "segment_key", "start"], name="turns_of_a_segment"),
            models.Index(fields=["channel", "stall_key", "start"], name="turns_of_a_stall"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["channel", "start"], name="one_fair_turn_a_moment")
        ]

    def __str__(self) -> str:
        return f"{self.start:%F %T} {self.segment_key}"

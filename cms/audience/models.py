"""Counts, rolled up; never a row an event, never a person."""

from django.db import models

from cms.audience.proofs.models import Proof, ProofSeries
from cms.traders.models import Product

__all__ = [
    "CountedBatch",
    "DaySalt",
    "HourCount",
    "NetworkUse",
    "Proof",
    "ProofSeries",
    "ReachDay",
    "TapCount",
]


class TapCount(models.Model):
    """Taps on a product's chat link in one minute (UTC), by where they were made."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="taps")
    minute = models.DateTimeField()
    place = models.CharField(max_length=64)
    taps = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product", "minute", "place"], name="one_count_a_minute"
            )
        ]

    def __str__(self) -> str:
        return f"{self.product_id} {self.minute} {self.taps}"


class HourCount(models.Model):
    """Impressions and taps of one hour (UTC), by where they were.

    `key` is that of a featured segment (its cards) or of a product (its tiles on pages);
    what is gone keeps its counts, which are about nobody.
    """

    key = models.UUIDField()
    hour = models.DateTimeField()
    place = models.CharField(max_length=64)
    impressions = models.PositiveIntegerField(default=0)
    taps = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "hour", "place"], name="one_count_an_hour")
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.hour} {self.impressions} {self.taps}"


class ReachDay(models.Model):
    """How many devices saw the cards of `key` on `day`, their own local day.

    `sketch` is a HyperLogLog while devices may still be added, then it is taken away.
    """

    key = models.UUIDField()
    day = models.DateField()
    devices = models.PositiveIntegerField(default=0)
    sketch = models.BinaryField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "day"], name="one_reach_a_day")]
        indexes = [
            # Of a year's rows two or three days are open.
            models.Index(
                fields=["day"], condition=models.Q(sketch__isnull=False), name="open_days_of_reach"
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.day} {self.devices}"


class DaySalt(models.Model):
    """What tokens of `day` are hashed with; without it nobody can tell whose a hash was."""

    day = models.DateField(unique=True)
    salt = models.BinaryField()

    def __str__(self) -> str:
        return str(self.day)


class NetworkUse(models.Model):
    """When a network last had a token or a tap counted (seconds since 1970).

    `who` is a hash that no address can be read from once the secret of its day is deleted.
    """

    who = models.CharField(max_length=16, unique=True)
    times = models.JSONField(default=list)
    last = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.who} {len(self.times)}"


class CountedBatch(models.Model):
    """A spool file that has been added to the counts: a crash before its removal adds it once."""

    name = models.CharField(max_length=80, unique=True)
    counted = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

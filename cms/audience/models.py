"""Counts, rolled up; never a row an event, never a person."""

from django.db import models

from cms.traders.models import Product


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


class CountedBatch(models.Model):
    """A spool file that has been added to the counts: a crash before its removal adds it once."""

    name = models.CharField(max_length=80, unique=True)
    counted = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

"""Photos that came before their form, or with one that could not be saved."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class SentPhoto(models.Model):
    """A photo that waits for its form to be saved: drawn anew, small, seen by its trader alone.

    It stands in the row, since it is gone within days and must go with its trader.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    upload = models.CharField(max_length=32, blank=True)
    """Id of the upload that brought it, "" where the form itself did."""
    name = models.CharField(max_length=255, blank=True)
    """As the person's device calls it."""
    jpeg = models.BinaryField()
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["upload"], condition=~Q(upload=""), name="one_photo_an_upload"
            )
        ]

    def __str__(self) -> str:
        return self.name

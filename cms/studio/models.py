"""Photos that came before their form, or with one that could not be saved."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class SentPhoto(models.Model):
    """A photo that waits until its form is saved. Only its trader can see it.

    It is a small JPEG without metadata. The row holds the bytes: they are kept for three days at
    most, and are deleted with the trader's account.
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

"""Uploads that browsers send to the bucket of originals by themselves.

| from   | event                                              | to           |
| ------ | -------------------------------------------------- | ------------ |
| (none) | a person names a file and its size                 | open         |
| open   | all parts are there and the bucket has joined them | stored       |
| stored | a video was made of it (`Media.upload` names it)   | stored       |
| open   | cancelled, or KEEP after the last sign of life     | (none)       |
| stored | KEEP after it; KEEP_WHOLE if no video came of it   | (none)       |
"""

from datetime import datetime

from django.conf import settings
from django.db import models

from cms.cooperatives.models import Cooperative


class DirectUpload(models.Model):
    """What is known of one upload while its bytes go past us."""

    id = models.CharField(max_length=32, primary_key=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    cooperative = models.ForeignKey(
        Cooperative, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    file_name = models.CharField(max_length=255)
    """As the person's device calls it."""
    size = models.PositiveBigIntegerField()
    part_size = models.PositiveIntegerField()
    """Bytes of each part but the last."""
    name = models.CharField(max_length=255)
    """What the original is called in its storage."""
    multipart = models.TextField()
    """The bucket's id of the upload; no two makers agree how long it is."""
    touched = models.DateTimeField()
    """The last sign of life."""
    stored_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "stored_at"])]

    def __str__(self) -> str:
        return f"upload {self.id} of {self.size} bytes"

    def touch(self, now: datetime) -> None:
        """Note a sign of life."""
        type(self).objects.filter(pk=self.pk).update(touched=now)

    def mark_stored(self, now: datetime) -> None:
        """open → stored; harmless when repeated."""
        type(self).objects.filter(pk=self.pk, stored_at=None).update(stored_at=now)

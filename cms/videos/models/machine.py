"""What machines know of a video: its original, and the publications made of it."""

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models

from cms.videos.models.editorial import Video


def originals() -> Storage:
    """The storage of originals: a local folder or S3. Never ask it for `.path`."""
    return storages["originals"]


def playlist_url(publication: str) -> str:
    """Return the address of the playlist of a whole or growing publication, "" for ""."""
    return f"/vod/{publication}/master.m3u8" if publication else ""


class Media(models.Model):
    """The machine's side of a video: its original and the publication in use.

    The row outlives its video (`video` becomes NULL), so that the sweep finds
    the original that is to be removed.
    """

    video = models.OneToOneField(Video, on_delete=models.SET_NULL, null=True, related_name="media")
    original = models.FileField(storage=originals, blank=True, max_length=255)
    original_name = models.CharField(max_length=255, blank=True)
    original_bytes = models.PositiveBigIntegerField(default=0)
    upload = models.CharField(max_length=32, blank=True)
    """Id of the upload that brought the original; it makes finishing repeatable."""
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    uploaded_at = models.DateTimeField(null=True, blank=True)

    former = models.JSONField(
        default=dict, blank=True, db_default=models.Value({}, models.JSONField())
    )
    """The original that was in use before this one, until a publication of this one is."""

    publication = models.CharField(max_length=32, blank=True)
    """The publication in use, "" before the first encode has ended."""
    duration_ms = models.PositiveBigIntegerField(default=0)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    posters = models.JSONField(default=list)
    """`{"uri", "at", "width", "height"}` of each poster frame; `uri` is relative to the folder."""
    renditions = models.JSONField(default=list)
    """`{"name", "kind", "width", "height", "bandwidth", "average_bandwidth"}`, lowest first."""

    withdrawn_at = models.DateTimeField(null=True, blank=True)
    taken_down_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["upload"], condition=~models.Q(upload=""), name="one_media_an_upload"
            )
        ]

    def __str__(self) -> str:
        return f"media of {self.video_id}"

    @property
    def playlist_url(self) -> str:
        """Address of the playlist of the publication in use, "" if there is none."""
        return playlist_url(self.publication)


class Publication(models.Model):
    """A whole publication in the store, kept while anything refers to it, plus a day."""

    id = models.CharField(max_length=32, primary_key=True)
    video = models.ForeignKey(
        Video, on_delete=models.SET_NULL, null=True, related_name="publications"
    )
    created = models.DateTimeField()
    duration_ms = models.PositiveBigIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)
    """When another publication took its place; NULL while in use."""
    referred_at = models.DateTimeField(null=True, blank=True)
    """When the sweep last found something that refers to it."""
    removed_at = models.DateTimeField(null=True, blank=True)
    """When its folder was removed from the store."""

    class Meta:
        ordering = ["-created"]

    def __str__(self) -> str:
        return self.id

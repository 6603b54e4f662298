"""Uploads that browsers send to the bucket of originals by themselves.

| from                | event                                                    | to       |
| ------------------- | -------------------------------------------------------- | -------- |
| (none)              | a person names a file and its size                       | begun    |
| begun               | the bucket has begun it too, and gave it its id          | open     |
| open                | all parts are there and the bucket has joined them       | stored   |
| stored              | a video was made of it, and `Media.upload` names it now  | (none)   |
| begun, open, stored | cancelled; it can never become a video; KEEP after the   | given up |
|                     | last sign of life where nobody asked to join the parts,  |          |
|                     | KEEP_WHOLE after that was asked                          |          |
| given up            | its bytes were removed, and once more an hour later      | (none)   |

Browser, sweep and other tabs move the same row. Every move is a conditional UPDATE, or is made
while the row is held (`held`), and says whether it happened. No request to the bucket is made
while a row is held: what is asked of it before or after is harmless when repeated.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q

from cms.cooperatives.models import Cooperative

_OURS = Q(user__isnull=False) | Q(cooperative__isnull=False)
"""Of those that are not given up."""


class DirectUpload(models.Model):
    """What is known of one upload while its bytes go past us.

    One that is given up belongs to nobody any more: neither person nor co-operative.
    """

    id = models.CharField(max_length=32, primary_key=True)
    """Chosen by the browser, which so can ask for it, or cancel it, whose answer was lost."""
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
    sample = models.CharField(max_length=32, blank=True, db_default="")
    """By what the browser knows the file again (`sample.ts`), "" of an earlier version."""
    name = models.CharField(max_length=255)
    """What the original is called in its storage; no two uploads share it."""
    multipart = models.TextField()
    """The bucket's id of the upload, "" before it has one; no two makers agree how long it is."""
    touched = models.DateTimeField()
    """The last sign of life; of one that is given up, since when."""
    asked_at = models.DateTimeField(null=True, blank=True)
    """When its browser asked to make one file of the parts; None again if some were missing."""
    stored_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "stored_at"])]

    def __str__(self) -> str:
        return f"upload {self.id} of {self.size} bytes"

    @property
    def is_given_up(self) -> bool:
        """Whether nothing may come of it any more."""
        return self.user_id is None and self.cooperative_id is None

    @property
    def waits_since(self) -> datetime:
        """When somebody last wanted something of it; the sweep's attempts are not counted."""
        return self.asked_at or self.touched

    @classmethod
    @contextmanager
    def held(cls, key: str) -> Iterator[Self | None]:
        """Hold the row in a transaction; None if there is none."""
        with transaction.atomic():
            yield cls.objects.select_for_update().filter(pk=key).first()

    def is_alive(self) -> bool:
        """Return whether the row is there and not given up, by now."""
        return self._if_ours().exists()

    def touch(self, now: datetime) -> bool:
        """Note a sign of life; return False if it was given up meanwhile."""
        self.touched = now
        return bool(self._if_ours().update(touched=now))

    def mark_asked(self, now: datetime) -> bool:
        """Note that it is to become a video; return False if it is one, or was given up."""
        self.asked_at = now
        return bool(self._if_ours().update(asked_at=now))

    def mark_incomplete(self) -> bool:
        """Forget that it was asked for, as parts are missing; return False if it was asked anew."""
        return bool(self._if_ours().filter(asked_at=self.asked_at).update(asked_at=None))

    def mark_open(self, multipart: str) -> bool:
        """begun → open; return False if another request did, or it was given up."""
        return bool(self._if_ours().filter(multipart="").update(multipart=multipart))

    def mark_stored(self, now: datetime) -> bool:
        """open → stored; return False if another request did, or it was given up."""
        return bool(self._if_ours().filter(stored_at=None).update(stored_at=now))

    def mark_given_up(self, now: datetime) -> None:
        """Let nothing come of it any more. Only while it is held, and no video was made of it."""
        self.user = self.cooperative = None
        self.touched = now
        self.save(update_fields=["user", "cooperative", "touched"])

    def _if_ours(self) -> models.QuerySet["DirectUpload"]:
        return DirectUpload.objects.filter(_OURS, pk=self.pk)

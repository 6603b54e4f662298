"""One run of the machines over an original.

| from                        | event                               | to         |
| --------------------------- | ----------------------------------- | ---------- |
| (none)                      | an encode is asked for              | waiting    |
| waiting                     | a worker claims it                  | probing    |
| probing                     | the pipeline began to encode        | encoding   |
| encoding                    | the pipeline began to finish        | finishing  |
| finishing                   | the publication is whole            | ready      |
| probing encoding finishing  | the lease ran out (worker died)     | waiting    |
| probing encoding finishing  | a failure that a retry may mend     | waiting    |
| waiting                     | no attempt is left                  | failed     |
| probing encoding finishing  | a failure that no retry mends       | failed     |
| waiting                     | somebody cancels                    | cancelled  |
| probing encoding finishing  | the worker sees the cancel wish     | cancelled  |
| probing encoding finishing  | the lease ran out, cancel wished    | cancelled  |

A retry after `failed` or `cancelled` is another row. Every move is a conditional
UPDATE that says whether it happened, so that a message delivered twice or two
workers do no harm. Only the owner of the lease moves a working row.
"""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from cms.videos.models.editorial import Video

LEASE = timedelta(seconds=45)
"""How long a worker may be silent; its heart beats every second."""
ATTEMPTS = 3
"""How often a worker may die over one encode, or a tool break, before it fails."""


class State(models.TextChoices):
    WAITING = "waiting", _("Menunggu")
    PROBING = "probing", _("Memeriksa")
    ENCODING = "encoding", _("Mengodekan")
    FINISHING = "finishing", _("Menyelesaikan")
    READY = "ready", _("Siap")
    FAILED = "failed", _("Gagal")
    CANCELLED = "cancelled", _("Dibatalkan")


WORKING = (State.PROBING, State.ENCODING, State.FINISHING)
OPEN = (State.WAITING, *WORKING)
ENDED_WITHOUT = (State.FAILED, State.CANCELLED)


class EncodeQuerySet(models.QuerySet["Encode"]):
    """The moves. Each returns whether it happened."""

    def open(self) -> Self:
        """Those that have not ended."""
        return self.filter(state__in=OPEN)

    def claim(self, pk: int, owner: str, now: datetime) -> bool:
        """waiting → probing."""
        return self._move(
            self.filter(
                pk=pk,
                state=State.WAITING,
                attempts__lt=ATTEMPTS,
                not_before__lte=now,
                cancel_requested=False,
                video__isnull=False,
            ),
            state=State.PROBING,
            lease_owner=owner,
            lease_until=now + LEASE,
            attempts=F("attempts") + 1,
            started=now,
            progress=0,
            eta_seconds=None,
            leftover=True,
        )

    def beat(
        self, pk: int, owner: str, now: datetime, state: State, progress: float, eta: float | None
    ) -> bool:
        """Renew the lease and report progress; False when the work is to stop.

        The same UPDATE sees the cancel wish, the loss of the lease and the loss of the video.
        """
        return self._move(
            self._mine(pk, owner).filter(cancel_requested=False, video__isnull=False),
            state=state,
            progress=progress,
            eta_seconds=eta,
            heartbeat=now,
            lease_until=now + LEASE,
        )

    def holds(self, pk: int, owner: str) -> bool:
        """Return whether `owner` still has the lease."""
        return self._mine(pk, owner).exists()

    def finish(self, pk: int, owner: str, now: datetime) -> bool:
        """probing encoding finishing → ready."""
        return self._move(
            self._mine(pk, owner).filter(cancel_requested=False, video__isnull=False),
            state=State.READY,
            progress=1,
            eta_seconds=None,
            finished=now,
            lease_owner="",
            lease_until=None,
            leftover=False,
        )

    def fail(self, pk: int, owner: str, now: datetime, code: str, detail: str) -> bool:
        """probing encoding finishing → failed."""
        return self._end(self._mine(pk, owner), State.FAILED, now, code, detail)

    def put_back(self, pk: int, owner: str, not_before: datetime, code: str, detail: str) -> bool:
        """probing encoding finishing → waiting, for another attempt after `not_before`."""
        return self._move(
            self._mine(pk, owner),
            state=State.WAITING,
            lease_owner="",
            lease_until=None,
            not_before=not_before,
            error_code=code,
            error_detail=detail[:2000],
        )

    def stop(self, pk: int, owner: str, now: datetime) -> bool:
        """probing encoding finishing → cancelled, by the worker."""
        return self._end(self._mine(pk, owner), State.CANCELLED, now)

    def cancel(self, pk: int, now: datetime) -> bool:
        """waiting → cancelled at once; a working one gets the wish. False if it has ended."""
        if self._end(self.filter(pk=pk, state=State.WAITING), State.CANCELLED, now):
            return True
        return self._move(self.filter(pk=pk, state__in=WORKING), cancel_requested=True)

    def reclaim_expired(self, now: datetime) -> int:
        """Free what dead workers hold; end what has no attempt left. Returns how many moved."""
        expired = self.filter(state__in=WORKING, lease_until__lt=now)
        ended = expired.filter(models.Q(cancel_requested=True) | models.Q(video__isnull=True))
        moved = self._count(ended, State.CANCELLED, now)
        moved += expired.update(
            state=State.WAITING, lease_owner="", lease_until=None, error_code="worker_lost"
        )
        orphans = self.filter(state=State.WAITING, video__isnull=True)
        moved += self._count(orphans, State.CANCELLED, now)
        spent = self.filter(state=State.WAITING, attempts__gte=ATTEMPTS)
        return moved + spent.update(state=State.FAILED, finished=now)

    def _mine(self, pk: int, owner: str) -> Self:
        return self.filter(pk=pk, state__in=WORKING, lease_owner=owner)

    def _count(self, rows: Self, state: State, now: datetime) -> int:
        return rows.update(state=state, finished=now, lease_owner="", lease_until=None)

    def _end(
        self, rows: Self, state: State, now: datetime, code: str = "", detail: str = ""
    ) -> bool:
        return self._move(
            rows,
            state=state,
            finished=now,
            eta_seconds=None,
            lease_owner="",
            lease_until=None,
            error_code=code,
            error_detail=detail[:2000],
        )

    def _move(self, rows: Self, **values: object) -> bool:
        return rows.update(**values) == 1


class Encode(models.Model):
    """A row of the table above. Machine state: no revision ever holds it."""

    State = State

    video = models.ForeignKey(Video, on_delete=models.SET_NULL, null=True, related_name="encodes")
    publication = models.CharField(max_length=32, unique=True)
    """Where its product goes; fixed from the start, so that another attempt goes on there."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    created = models.DateTimeField()
    not_before = models.DateTimeField()
    started = models.DateTimeField(null=True, blank=True)
    finished = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_owner = models.CharField(max_length=80, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    heartbeat = models.DateTimeField(null=True, blank=True)
    progress = models.FloatField(default=0)
    """0 to 1 of the whole work."""
    eta_seconds = models.FloatField(null=True, blank=True)
    cancel_requested = models.BooleanField(default=False)
    error_code = models.CharField(max_length=40, blank=True)
    error_detail = models.TextField(blank=True)
    """For the operator's log; people read `sentences.sentence(error_code)`."""
    leftover = models.BooleanField(default=False)
    """Whether the store may hold a folder of it that is not wanted when it ends without."""

    objects = EncodeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["video"],
                condition=models.Q(state__in=OPEN),
                name="one_open_encode_a_video",
            )
        ]
        indexes = [models.Index(fields=["state", "not_before"])]

    def __str__(self) -> str:
        return f"encode {self.pk} of {self.video_id}: {self.state}"

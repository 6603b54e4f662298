"""One run of the machines over an original: a title on its way to a publication.

| from                       | event                                          | to        |
| -------------------------- | ---------------------------------------------- | --------- |
| (none)                     | an encode is asked for                         | waiting   |
| waiting                    | a worker claims its first task, `prepare`      | probing   |
| probing                    | `prepare` was given back or its worker is lost | waiting   |
| probing                    | `prepare` is done: the other tasks are known   | encoding  |
| encoding finishing         | the job is of an older version: begun anew     | waiting   |
| encoding                   | a worker claims its last task, `finish`        | finishing |
| encoding finishing         | `finish` is done: the publication is whole     | ready     |
| waiting probing encoding … | one of its tasks has failed                    | failed    |
| waiting probing encoding … | somebody cancels, or the video is deleted      | cancelled |

What is done by whom stands in the rows of its tasks (`models.task`); a title that
ends takes its tasks along: the workers see it at their next heartbeat, and the last
of them to stop removes what is left. A retry after `failed` or `cancelled` is another
row. Every move is a conditional UPDATE that says whether it happened.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Self

from django.db import models, transaction
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from cms.videos.models.editorial import Video


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

    def wanted(self) -> Self:
        """Those that have not ended and whose video is still there."""
        return self.open().filter(video__isnull=False)

    def begin(self, pk: int, now: datetime) -> bool:
        """waiting → probing."""
        rows = self.filter(pk=pk, state=State.WAITING)
        return self._move(rows, state=State.PROBING, started=now, leftover=True)

    def wait_again(self, pk: int) -> bool:
        """probing → waiting."""
        return self._move(self.filter(pk=pk, state=State.PROBING), state=State.WAITING)

    def begin_anew(self, pk: int) -> bool:
        """encoding finishing → waiting."""
        rows = self.filter(pk=pk, state__in=(State.ENCODING, State.FINISHING))
        return self._move(rows, state=State.WAITING, standing=[])

    def planned(self, pk: int, seconds: float) -> bool:
        """probing → encoding, of a title that is `seconds` long."""
        rows = self.filter(pk=pk, state__in=(State.WAITING, State.PROBING))
        return self._move(rows, state=State.ENCODING, seconds=seconds)

    def closing(self, pk: int) -> bool:
        """encoding → finishing."""
        return self._move(self.filter(pk=pk, state=State.ENCODING), state=State.FINISHING)

    def finish(self, pk: int, now: datetime) -> bool:
        """encoding finishing → ready."""
        return self._move(
            self.wanted().filter(pk=pk, state__in=(State.ENCODING, State.FINISHING)),
            state=State.READY,
            progress=1,
            eta_seconds=None,
            finished=now,
            leftover=False,
        )

    def fail(self, pk: int, now: datetime, code: str, detail: str) -> bool:
        """waiting probing encoding finishing → failed."""
        return self._end(self.open().filter(pk=pk), State.FAILED, now, code, detail)

    def cancel(self, pk: int, now: datetime) -> bool:
        """waiting probing encoding finishing → cancelled. False if it has ended."""
        return self._end(self.open().filter(pk=pk), State.CANCELLED, now)

    def put_first(self, pk: int, now: datetime) -> bool:
        """Let it go before the others; False if it has ended or was put first before."""
        return self._move(self.open().filter(pk=pk, raised_at=None), raised_at=now)

    def advance(
        self,
        pk: int,
        progress: float,
        eta_seconds: float | None,
        standing: object,
        *,
        slower: bool = False,
    ) -> bool:
        """Write down how far it is. What people have seen never runs backwards."""
        return self._move(
            self.open().filter(pk=pk),
            progress=Greatest(models.F("progress"), models.Value(progress)),
            eta_seconds=eta_seconds,
            standing=standing,
            slower=slower,
        )

    def _end(
        self, rows: Self, state: State, now: datetime, code: str = "", detail: str = ""
    ) -> bool:
        return self._move(
            rows,
            state=state,
            finished=now,
            eta_seconds=None,
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
    pictures = models.CharField(max_length=32, blank=True, db_default="", default="")
    """Id of the publication whose pictures are copied, so that only sound is made; "" for none."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    created = models.DateTimeField()
    started = models.DateTimeField(null=True, blank=True)
    finished = models.DateTimeField(null=True, blank=True)
    seconds = models.FloatField(default=0)
    """Length of the title, 0 until it is known."""
    raised_at = models.DateTimeField(null=True, blank=True)
    """When an editor let it go before the others."""
    served_at = models.DateTimeField(null=True, blank=True)
    """When a worker last took one of its tasks."""
    progress = models.FloatField(default=0)
    """0 to 1 of the whole work."""
    eta_seconds = models.FloatField(null=True, blank=True)
    slower = models.BooleanField(default=False)
    """Whether it takes much longer than was expected at first."""
    standing = models.JSONField(default=list)
    """What the pipeline judges the time left by; it alone reads this."""
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
        indexes = [models.Index(fields=["state"])]

    def __str__(self) -> str:
        return f"encode {self.pk} of {self.video_id}: {self.state}"


@contextmanager
def locked(encode: int) -> Iterator[None]:
    """Open a transaction in which nobody else moves the title or its tasks, but for heartbeats.

    Two tasks that end at the same moment see one another so, and nobody waits in a circle.
    """
    with transaction.atomic():
        # Rows that name the title may be written meanwhile: no key of it changes.
        Encode.objects.select_for_update(no_key=True).filter(pk=encode).first()
        yield

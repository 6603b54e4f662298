"""One task of a title: what one worker does in one go.

| from         | event                                                | to                |
| ------------ | ---------------------------------------------------- | ----------------- |
| (none)       | the encode is asked for (`prepare`), `prepare` done  | waiting, or held  |
| held         | all tasks that it needs are done                     | waiting           |
| waiting      | a worker claims it, once its backoff is over         | working           |
| working      | its worker says that its part is in the store        | done              |
| working      | a setback of the place: full disk, store, original   | waiting, in a bit |
| working      | a tool broke, and attempts are left                  | waiting, in a bit |
| (any)        | the job is of an older version of Siar: begun anew   | (none)            |
| done         | the same, of `prepare`                               | waiting           |
| waiting      | an editor puts its title first: its backoff is over  | waiting           |
| working      | the process of its worker is asked to end            | waiting           |
| working      | another version of Siar is at the title              | waiting           |
| working      | its worker was lost: the lease is renewed no more    | waiting, alone    |
| working      | its tool was killed from outside                     | waiting, alone    |
| working      | the file is at fault, or no attempt is left          | failed            |
| working      | its worker has seen that the title has ended         | dropped           |
| held waiting | the title has ended                                  | dropped           |

The lease has an owner and a count of its renewals. No clock that people can set
decides whether it still holds: who takes it back has itself seen, by a clock that only
runs on, that the count stood still (`leases.Watch`), and the UPDATE names that count.

A worker that dies takes down all that its process has at work, so nobody can tell
whose fault it was. Each of these tasks runs alone in its process from then on, and is
blamed only if it loses that one as well: after LOSSES of them it is a poison, and fails.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from cms.videos.models.encode import Encode

ATTEMPTS = 3
"""How often a tool may break over one task before the title fails."""
LOSSES = 50
"""How many workers may die while they ran this task and nothing else.

Workers are killed for many reasons, and then no title may be lost: hardly any hits the
same minute of work so often. A poison costs nobody else anything meanwhile.
"""
LONGEST_BACKOFF = timedelta(minutes=5)
"""A task that is to wait longer than this was put back by a clock that was wrong."""


class Step(models.TextChoices):
    """States of a task. People see the title's."""

    HELD = "held"
    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"
    DROPPED = "dropped"


class Kind(models.TextChoices):
    PREPARE = "prepare"
    PICTURE = "picture"
    SOUND = "sound"
    FINISH = "finish"


class TaskQuerySet(models.QuerySet["EncodeTask"]):
    """The moves. Each returns whether it happened."""

    def waiting(self) -> Self:
        """Those whose turn comes, now or after their backoff."""
        return self.filter(state=Step.WAITING, losses__lt=LOSSES, encode__in=_wanted())

    def claimable(self, now: datetime) -> Self:
        """Those that a worker may take at `now`."""
        due = Q(not_before__lte=now) | Q(not_before__gt=now + LONGEST_BACKOFF)
        return self.waiting().filter(due)

    def claim(self, pk: int, owner: str, now: datetime) -> bool:
        """waiting → working."""
        return self._move(
            self.claimable(now).filter(pk=pk),
            state=Step.WORKING,
            lease_owner=owner,
            beats=F("beats") + 1,
            heartbeat=now,
            started=now,
            progress=0,
        )

    def beat(self, pk: int, owner: str, now: datetime, progress: float, notice: str = "") -> bool:
        """Renew the lease and report progress; False when the work is to stop.

        The same UPDATE sees the loss of the lease and the end of the title.
        """
        return self._move(
            self._mine(pk, owner).filter(encode__in=_wanted()),
            beats=F("beats") + 1,
            heartbeat=now,
            progress=progress,
            error_code=notice,
        )

    def holds(self, pk: int, owner: str) -> bool:
        """Return whether `owner` still has the lease."""
        return self._mine(pk, owner).exists()

    def complete(self, pk: int, owner: str, now: datetime) -> bool:
        """working → done."""
        rows = self._mine(pk, owner).filter(encode__in=_wanted())
        return self._end(rows, Step.DONE, now, progress=1, error_code="")

    def put_back(
        self,
        pk: int,
        owner: str,
        not_before: datetime,
        code: str,
        detail: str,
        *,
        counts: bool,
        short: bool,
        lost: bool = False,
    ) -> bool:
        """working → waiting, after a setback.

        `counts`: it used up an attempt; `short`: memory was short, or may have been; `lost`:
        its tool was killed though it ran alone.
        """
        return self._move(
            self._mine(pk, owner),
            alone=models.Case(models.When(alone=True, then=True), default=short),
            short=models.Case(models.When(short=True, then=True), default=short),
            state=Step.WAITING,
            lease_owner="",
            not_before=not_before,
            attempts=F("attempts") + int(counts),
            losses=F("losses") + int(lost),
            setbacks=F("setbacks") + 1,
            error_code=code,
            error_detail=detail[:2000],
        )

    def hurry(self, encode: int, now: datetime) -> bool:
        """Let what of a title was put back be tried at once: an editor wishes so."""
        rows = self.filter(encode=encode, state=Step.WAITING, setbacks__gt=0)
        return rows.update(setbacks=0, not_before=now) > 0

    def give_up(self, pk: int, owner: str) -> bool:
        """working → waiting: the process is asked to end, which is nobody's fault."""
        return self._move(self._mine(pk, owner), state=Step.WAITING, lease_owner="")

    def put_off(self, pk: int, owner: str, not_before: datetime) -> bool:
        """working → waiting: others are at the title, which is nobody's fault."""
        return self._move(
            self._mine(pk, owner), state=Step.WAITING, lease_owner="", not_before=not_before
        )

    def put_off_rest(self, encode: int, not_before: datetime) -> int:
        """Let what waits of a title wait until then at least; return how many had to."""
        rows = self.filter(encode=encode, state=Step.WAITING, not_before__lt=not_before)
        return rows.update(not_before=not_before)

    def fail(self, pk: int, owner: str, now: datetime, code: str, detail: str) -> bool:
        """working → failed."""
        values = {"error_code": code, "error_detail": detail[:2000]}
        return self._end(self._mine(pk, owner), Step.FAILED, now, **values)

    def drop(self, pk: int, owner: str, now: datetime) -> bool:
        """working → dropped."""
        return self._end(self._mine(pk, owner), Step.DROPPED, now)

    def take_back(self, pk: int, owner: str, beats: int, not_before: datetime) -> bool:
        """working → waiting: the worker is lost. A task that ran alone is blamed for it."""
        lost = self._mine(pk, owner).filter(beats=beats)
        values = {"state": Step.WAITING, "lease_owner": "", "not_before": not_before}
        values |= {"error_code": "worker_lost", "setbacks": F("setbacks") + 1}
        return self._move(lost.filter(alone=False), **values, alone=True) or self._move(
            lost.filter(alone=True), **values, losses=F("losses") + 1
        )

    def condemn(self, pk: int, now: datetime) -> bool:
        """waiting → failed: it has cost too many workers."""
        rows = self.filter(pk=pk, state=Step.WAITING, losses__gte=LOSSES)
        return self._end(rows, Step.FAILED, now)

    def drop_rest(self, encode: int, now: datetime) -> int:
        """held waiting → dropped; return how many."""
        rows = self.filter(encode=encode, state__in=(Step.HELD, Step.WAITING))
        return rows.update(state=Step.DROPPED, finished=now)

    def release(self, encode: int) -> int:
        """held → waiting, where all that is needed is done; return how many."""
        known = list(self.filter(encode=encode).values_list("pk", "name", "state", "needs"))
        done = {name for _, name, state, _ in known if state == Step.DONE}
        ready = [pk for pk, _, state, needs in known if state == Step.HELD and done >= set(needs)]
        return self.filter(pk__in=ready, state=Step.HELD).update(state=Step.WAITING)

    def begin_anew(self, encode: int, now: datetime) -> bool:
        """Forget all tasks of a title but `prepare`, which is to be done again.

        Workers that are at the others see that their lease is gone, and leave all as it is.
        """
        rows = self.filter(encode=encode)
        rows.exclude(kind=Kind.PREPARE).delete()
        prepare = rows.filter(kind=Kind.PREPARE, state=Step.DONE)
        return self._move(
            prepare, state=Step.WAITING, not_before=now, setbacks=F("setbacks") + 1, progress=0
        )

    def at_work(self, encode: int) -> Self:
        """Those of a title that some worker has."""
        return self.filter(encode=encode, state=Step.WORKING)

    def _mine(self, pk: int, owner: str) -> Self:
        return self.filter(pk=pk, state=Step.WORKING, lease_owner=owner)

    def _end(self, rows: Self, state: Step, now: datetime, **values: object) -> bool:
        return self._move(rows, state=state, finished=now, lease_owner="", **values)

    def _move(self, rows: Self, **values: object) -> bool:
        return rows.update(**values) == 1


def _wanted() -> models.QuerySet[Encode, Any]:
    """The titles that are still worked on.

    As a subquery, never as a join: PostgreSQL looks again at the row that it updates,
    and only then two workers cannot both claim it.
    """
    return Encode.objects.wanted().order_by().values("pk")


class EncodeTask(models.Model):
    """A row of the table above."""

    encode = models.ForeignKey(Encode, on_delete=models.CASCADE, related_name="tasks")
    name = models.CharField(max_length=40)
    """`prepare`, and then as the pipeline calls its tasks."""
    kind = models.CharField(max_length=10, choices=Kind.choices)
    rank = models.PositiveSmallIntegerField(default=0)
    """0 is what makes the title playable, then ever later."""
    weight = models.FloatField(default=0)
    """Share of the title's CPU seconds, 0 to 1; `prepare` has none."""
    needs = models.JSONField(default=list)
    """Names of the tasks that must be done before."""
    state = models.CharField(max_length=8, choices=Step.choices, default=Step.WAITING)
    lease_owner = models.CharField(max_length=80, blank=True)
    beats = models.PositiveBigIntegerField(default=0)
    """How often its lease was taken or renewed, over all its owners."""
    heartbeat = models.DateTimeField(null=True, blank=True)
    """For people. Whether a lease holds is never decided by it."""
    attempts = models.PositiveSmallIntegerField(default=0)
    """How often a tool broke over it."""
    setbacks = models.PositiveSmallIntegerField(default=0)
    """How often it was put back, for whatever reason, since an editor last put its title first."""
    losses = models.PositiveSmallIntegerField(default=0)
    """How many workers died, or had their tool killed, that ran nothing else."""
    alone = models.BooleanField(default=False)
    """Whether it must be the only thing that its process has at work."""
    short = models.BooleanField(default=False, db_default=False)
    """Whether it came to grief for lack of memory: then not even urgent tasks run beside it."""
    not_before = models.DateTimeField()
    started = models.DateTimeField(null=True, blank=True)
    finished = models.DateTimeField(null=True, blank=True)
    progress = models.FloatField(default=0)
    """0 to 1 of this task."""
    error_code = models.CharField(max_length=40, blank=True)
    """Why it was put back or failed, or what its worker notices."""
    error_detail = models.TextField(blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["encode", "name"], name="one_task_a_name_and_encode")
        ]
        indexes = [models.Index(fields=["state", "not_before"])]

    def __str__(self) -> str:
        return f"{self.name} of encode {self.encode_id}"


def first_task(encode: Encode, now: datetime) -> EncodeTask:
    """Return the row, not saved yet, with which every title begins."""
    return EncodeTask(encode=encode, name="prepare", kind=Kind.PREPARE, not_before=now)


def add_tasks(encode: int, rows: Iterable[EncodeTask]) -> None:
    """Write the tasks of a title that are not there yet."""
    known = set(EncodeTask.objects.filter(encode=encode).values_list("name", flat=True))
    EncodeTask.objects.bulk_create([row for row in rows if row.name not in known])

"""Which worker processes there are, and how their lanes are: for health, not for the work."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from cms.core.health import SILENCE, Unwell
from cms.videos.encoding import owners
from cms.videos.models import WorkerProcess

FORGET = timedelta(days=1)
"""After this a process that reports no more is nobody's concern."""


def do_report(faults: Sequence[str], now: datetime) -> None:
    """Write down that this process lives, and what is wrong with its lanes.

    `now` here and below is by the clock of the database, which all machines share.
    """
    WorkerProcess.objects.update_or_create(
        name=owners.process(), defaults={"seen": now, "fault": "; ".join(faults)[:2000]}
    )


def do_leave() -> None:
    """Say that this process ends."""
    WorkerProcess.objects.filter(name=owners.process()).delete()


def do_forget(now: datetime) -> int:
    """Forget processes that are no more; return how many."""
    names = WorkerProcess.objects.values_list("name", flat=True)
    dead = [name for name in names if owners.is_dead(f"{name}|")]
    rows = WorkerProcess.objects.filter(name__in=dead) | WorkerProcess.objects.filter(
        seen__lt=now - FORGET
    )
    return rows.delete()[0]


def check(now: datetime) -> None:
    """Raise Unwell unless some process encodes and all lanes of all that do are well."""
    known = list(WorkerProcess.objects.filter(seen__gte=now - SILENCE).order_by("name"))
    if not known:
        raise Unwell("no worker that encodes has reported for three minutes")
    for process in known:
        if process.fault:
            raise Unwell(f"worker {owners.words(process.name)}: {process.fault}")

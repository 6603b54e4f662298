"""What the rows of a channel and a day (by its own clock) say, to be shown or handed out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from cms.channels.asrun.models import QUIET, AiredEntry, AsRunDay
from cms.channels.models import Channel
from cms.channels.times import begin_of, end_of


@dataclass(frozen=True)
class Total:
    """How many entries were promised, and what became of them. Milliseconds."""

    aired: int
    cut: int
    missed: int
    promised_ms: int
    shown_ms: int

    @property
    def promised_seconds(self) -> int:
        """How long they were to be, in whole seconds."""
        return self.promised_ms // 1000

    @property
    def shown_seconds(self) -> int:
        """How long of that they were on air, in whole seconds."""
        return self.shown_ms // 1000

    @property
    def promised(self) -> int:
        """All of them."""
        return self.aired + self.cut + self.missed


def rows_of(channel: Channel, day: date) -> QuerySet[AiredEntry]:
    """Return what was promised to start on `day`, by time."""
    return AiredEntry.objects.filter(
        channel=channel, start__gte=begin_of(channel, day), start__lt=end_of(channel, day)
    )


def total_of(rows: QuerySet[AiredEntry]) -> Total:
    """Return the sums of what was promised, without what only fills."""
    statuses = {name: Count("pk", filter=Q(status=name)) for name in ("aired", "cut", "missed")}
    sums = rows.exclude(kind__in=QUIET).aggregate(
        **statuses, of_all=Sum("promised_ms", default=0), on_air=Sum("shown_ms", default=0)
    )
    return Total(sums["aired"], sums["cut"], sums["missed"], sums["of_all"], sums["on_air"])


def complete_of(channel: Channel, day: date) -> datetime | None:
    """Return the moment up to which all of `day` is judged: its end where it is over.

    None if nothing of it is.
    """
    begin, end = begin_of(channel, day), end_of(channel, day)
    known = dict(
        AsRunDay.objects.filter(
            channel=channel, day__gte=begin.date(), day__lte=end.date()
        ).values_list("day", "complete")
    )
    if not known:
        return None
    at = begin
    while at < end:
        over = min(datetime.combine(at.date() + timedelta(days=1), time(), UTC), end)
        complete = known.get(at.date(), over if at.date() < min(known) else None)
        if complete is None or complete < over:
            at = max(at, complete or at)
            break
        at = over
    return at if at > begin else None


def as_values(channel: Channel, rows: Iterable[AiredEntry]) -> Iterator[dict[str, Any]]:
    """Yield each row as plain values: moments in the channel's zone, seconds."""
    for row in rows:
        yield {
            "start": row.start.astimezone(channel.zone).isoformat(timespec="seconds"),
            "end": row.end.astimezone(channel.zone).isoformat(timespec="seconds"),
            "title": row.title,
            "kind": row.kind,
            "status": row.status,
            "promised": row.promised_ms / 1000,
            "aired": row.shown_ms / 1000,
            "why": row.why,
            "pieces": [[_local(channel, moment) for moment in piece] for piece in row.pieces],
            "entry": row.entry,
            "segments": row.cards,
            "count": row.count,
        }


def _local(channel: Channel, milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, channel.zone).isoformat(timespec="seconds")

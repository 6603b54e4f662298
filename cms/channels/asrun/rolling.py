"""Keeping the as-run rows of each channel and day (UTC) as journals and rundowns say.

Rows are asked for by looking: a day is due while it is not over, or when journals said
something new of it. Judging it again gives the same rows, under the same keys.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Set
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Min, Q, QuerySet

from cms.channels.asrun.evidence import barred_programmes, evidence_of
from cms.channels.asrun.journals import KEEP, complete_until, days_between, earliest
from cms.channels.asrun.makegoods import do_forget_airings, do_keep_airings, do_settle
from cms.channels.asrun.models import QUIET, AiredEntry, AirHour, AsRunDay, JournalObject
from cms.channels.asrun.personal import forgotten
from cms.channels.models import Channel, RundownRecord
from media_pipeline.asrun import Airing, Why, record
from media_pipeline.model.ticks import milliseconds_in, moment_of, ticks_of

EVERY = timedelta(minutes=10)
"""A day that goes on is judged again that often."""

OVER = timedelta(hours=6, minutes=30)
"""So long after its end a day is judged again in any case; longer if what it promised runs on."""

KEEP_QUIET = timedelta(days=35)
"""Rows of fillers and of what a channel took from its parent."""

KEEP_ROWS = timedelta(days=400)
"""Rows of what was promised to somebody: a year's record, and a month to look at it."""

logger = logging.getLogger(__name__)


def do_roll_up(now: datetime, goes_on: Callable[[], bool] = lambda: True) -> int:
    """Judge the days that are due, the longest waiting first, while `goes_on()`.

    Return how many were. One channel that fails does not keep the others waiting.
    """
    complete = complete_until()
    if complete is None:
        return 0
    _ensure_days(now)
    barred, rolled = barred_programmes(), 0
    due = _due(complete, now).select_related("channel__cooperative")
    for day in _by_channel(due.order_by(F("rolled").asc(nulls_first=True), "pk")[:5000]):
        if not goes_on():
            break
        try:
            do_roll_up_day(day, complete, now, barred)
            rolled += 1
        except Exception:
            # The other channels need it: whatever lies in one channel's files, they go on.
            logger.exception("%s: the as-run of %s was not made", day.channel.slug, day.day)
            AsRunDay.objects.filter(pk=day.pk).update(rolled=now)
    return rolled


def do_roll_up_day(
    day: AsRunDay, complete: datetime, now: datetime, barred: Mapping[str, Why]
) -> int:
    """Judge one day anew; return how many rows it has. Raises StoreUnavailable."""
    start = datetime.combine(day.day, time(), UTC)
    end = start + timedelta(days=1)
    evidence = evidence_of(day.channel, start, end, barred)
    found = record(evidence, ticks_of(start), ticks_of(end), ticks_of(complete))
    nameless = forgotten(airing.programme for airing in found.airings)
    rows = [_row(day, airing, nameless) for airing in found.airings]
    ends = moment_of(found.ends)
    with transaction.atomic():
        kept = [row.entry for row in rows]
        held = AiredEntry.objects.filter(channel=day.channel, day=day.day)
        gone = set(held.values_list("entry", flat=True)) - set(kept)
        held.filter(entry__in=gone).delete()
        AiredEntry.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["channel", "day", "entry"],
            update_fields=_FIELDS,
            batch_size=200,
        )
        if do_keep_airings(day, found.airings):
            do_settle(day.channel, now)
        AsRunDay.objects.filter(pk=day.pk).update(
            complete=complete,
            rolled=now,
            seen=day.touched,
            ends=ends,
            over=complete >= max(ends, end + OVER),
        )
    return len(rows)


def do_forget_as_run(now: datetime) -> int:
    """Delete what is too old to be asked for, or judged again; return how many rows went."""
    unread = now - KEEP - timedelta(days=2)
    old: list[QuerySet[Any]] = [
        JournalObject.objects.filter(minute__lt=unread),
        AsRunDay.objects.filter(day__lt=(now - KEEP_ROWS).date()),
    ]
    gone = 0
    for channel in Channel.objects.order_by("pk"):
        gone += do_forget_airings(channel, now - KEEP_ROWS)
        aired = AiredEntry.objects.filter(channel=channel)
        old += [
            aired.filter(start__lt=now - KEEP_ROWS),
            aired.filter(start__lt=now - KEEP_QUIET, kind__in=QUIET, cards=[]),
            AirHour.objects.filter(channel=channel, hour__lt=unread),
        ]
    return gone + sum(rows.delete()[0] for rows in old)


def _by_channel(days: Iterable[AsRunDay]) -> list[AsRunDay]:
    """Return `days` with those of a channel behind its first: they share what is read."""
    first: dict[int, int] = {}
    for day in days:
        first.setdefault(day.channel_id, len(first))
    return sorted(days, key=lambda day: first[day.channel_id])


def _due(complete: datetime, now: datetime) -> QuerySet[AsRunDay]:
    goes_on = Q(over=False) & (Q(complete=None) | Q(complete__lt=complete - EVERY))
    rows = AsRunDay.objects.filter(day__gte=earliest(now))
    rows = rows.filter(Q(rolled=None) | Q(rolled__lt=now - EVERY))
    return rows.filter(goes_on | ~Q(touched=F("seen")))


def _ensure_days(now: datetime) -> None:
    """Give each channel that is to be on air its days, also where no journal speaks of it."""
    first, today = earliest(now), now.date()
    reaches = (
        RundownRecord.objects.filter(ends__gt=datetime.combine(first, time(), UTC))
        .order_by()
        .values_list("channel")
        .annotate(Min("written"), Max("ends"))
    )
    there = set(AsRunDay.objects.filter(day__gte=first).values_list("channel", "day"))
    missing = [
        AsRunDay(channel_id=channel, day=day)
        for channel, written, ends in reaches
        for day in days_between(max(written.date(), first), min(ends.date(), today))
        if (channel, day) not in there
    ]
    AsRunDay.objects.bulk_create(missing, ignore_conflicts=True, batch_size=500)


_FIELDS = [
    *("kind", "title", "programme", "publication", "cards", "start", "end"),
    *("promised_ms", "shown_ms", "pieces", "status", "why", "count"),
]


def _row(day: AsRunDay, airing: Airing, nameless: Set[str]) -> AiredEntry:
    return AiredEntry(
        channel=day.channel,
        day=day.day,
        entry=airing.entry[:120],
        kind=airing.kind,
        title="" if airing.programme in nameless else airing.title[:255],
        programme=airing.programme,
        publication=airing.publication,
        cards=list(airing.cards),
        start=moment_of(airing.start),
        end=moment_of(airing.end),
        promised_ms=milliseconds_in(airing.promised),
        shown_ms=milliseconds_in(airing.shown),
        pieces=[[milliseconds_in(start), milliseconds_in(end)] for start, end in airing.pieces],
        status=airing.status,
        why=airing.why,
        count=airing.count,
    )

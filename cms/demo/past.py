"""The hours before the demo's first start, as if its channels had been on air then.

Rundowns, the origin's journal and as-run come from the functions that make them every day, so
that ledger, debts and proofs are real rows.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from cms.audience.proofs.actions import do_issue
from cms.audience.proofs.models import Proof
from cms.audience.proofs.record import documents_of, month_of
from cms.channels import in_force
from cms.channels.actions import do_extend_all
from cms.channels.asrun.journals import days_between, do_read_journals
from cms.channels.asrun.rolling import do_roll_up
from cms.channels.models import Channel, RotationTurn
from cms.channels.reels import reels
from cms.core import published
from cms.core.models import User
from cms.demo.stations import HALF_HOUR, do_plan_stations
from media_pipeline.model.ticks import ticks_of
from media_pipeline.origin.journal import Journal
from media_pipeline.playout import HOLD_BACK, NotOnAir, Timeline

PAST = timedelta(hours=6)
AIRED = timedelta(seconds=12)
"""What the outage leaves of a spot: with what origins hold back, one or two of its four segments."""
OUTAGE = timedelta(minutes=3)
LATEST = timedelta(hours=1)
"""The outage is at least so long ago."""
LOOK = timedelta(seconds=5)
"""The journal takes what is further apart than 10 s for a hole; a segment is 4 s long."""

type Span = tuple[datetime, datetime]


def do_air_past(now: datetime) -> Proof | None:
    """Put the channels on air as of PAST before `now`, with an outage in a spot of the trader.

    Returns the proof of the month of that spot, None without one. Call it before anything was on
    air.
    """
    began = now - PAST
    # A half hour begins with a programme: none is cut by the start.
    began -= timedelta(seconds=began.timestamp() % HALF_HOUR)
    # One transaction: a worker that publishes or judges meanwhile would see half of it.
    with transaction.atomic():
        do_plan_stations(began)
        do_extend_all(began)
        cut = _turn_to_cut(now)
        _write_journal(began, now, (cut.start + AIRED, cut.start + OUTAGE) if cut else None)
        do_read_journals(published.store(), days_between(began.date(), now.date()), now)
        do_roll_up(now)
        return _issue_proof(cut, now) if cut else None


def _turn_to_cut(now: datetime) -> RotationTurn | None:
    """Return the last turn of the demo's trader that is long enough ago."""
    mine = RotationTurn.objects.filter(segment__product__stall__trader__username="pedagang")
    return mine.filter(start__lt=now - LATEST).order_by("start").last()


def _write_journal(began: datetime, now: datetime, outage: Span | None) -> None:
    """Write what an origin would have noted from `began` to `now`, but for the `outage`."""
    journal = Journal(published.store(), "contoh")
    lineups = map(in_force.read, Channel.objects.values_list("slug", flat=True))
    timelines = [Timeline(found.lineup, reels) for found in lineups if found]
    at, written = began, began
    while at <= now:
        if outage is None or not outage[0] <= at < outage[1]:
            for timeline in timelines:
                _record(journal, timeline, ticks_of(at))
        if at - written >= timedelta(minutes=1):
            journal.write(ticks_of(at))
            written = at
        at += LOOK
    journal.close()


def _record(journal: Journal, timeline: Timeline, tick: int) -> None:
    try:
        journal.record(timeline, timeline.edge(tick - HOLD_BACK), tick)
    except NotOnAir:
        return


def _issue_proof(turn: RotationTurn, now: datetime) -> Proof | None:
    segment = turn.segment
    assert segment is not None
    zone = segment.product.stall.cooperative.zone
    period = month_of(f"{turn.start.astimezone(ZoneInfo(zone)):%Y-%m}", zone, now)
    assert period is not None
    document = documents_of([segment], period, zone, now)[segment.pk]
    if not document.lines:
        return None
    return do_issue(segment, document, User.objects.get(username="pedagang"), now)

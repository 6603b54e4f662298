"""Composing a rundown: what is frozen stays, then wishes in order of start, gaps filled.

Planning again with the same wishes gives the same entries from any later moment,
because each choice depends only on the entries before it.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from cms.channels.planning.cutins import Interrupted, carried
from cms.channels.planning.values import Plan, Request, Wish
from cms.channels.planning.work import Work
from media_pipeline.model.rundown import Rundown
from media_pipeline.model.ticks import TIMESCALE, ticks_of

MARGIN = 12 * TIMESCALE
"""A segment that begins within this of now stands: it was served, or is about to be."""
LEAD = 64 * TIMESCALE
"""A new channel begins this much before now, so that its first window is full at once."""


def boundary_of(previous: Rundown | None, now: datetime) -> int:
    """Return the tick before which nothing may change any more.

    If the clock went back since `previous` was written, what was served then counts.
    """
    if previous is None:
        return ticks_of(now) // TIMESCALE * TIMESCALE - LEAD
    return max(ticks_of(now), ticks_of(previous.written)) + MARGIN


def compose(request: Request, previous: Rundown | None) -> Plan:
    """Return the rundown that follows `previous` under `request`.

    `previous` must reach to `boundary_of(previous, now)`; numbers go on from it.
    """
    boundary = boundary_of(previous, request.now) if request.boundary is None else request.boundary
    work = Interrupted(request, boundary, list(previous.entries) if previous else [])
    pending = work.freeze()
    over = work.go_on(pending)
    for wish in _due(request.wishes, work, pending):
        if wish.id not in over:
            work.play(wish, promised=wish.id in pending)
    work.fill_to_the_end()
    entries = tuple(e for e in work.entries if e.end > request.keep_from)
    rundown = Rundown(
        channel=request.channel,
        name=request.name,
        zone=request.zone,
        version=previous.version + 1 if previous else 1,
        written=request.now,
        entries=entries,
        slate=request.slate.publication,
        must_carry=carried(entries, request.cut_ins),
    )
    return Plan(rundown, tuple(work.cautions), boundary)


def _due(wishes: Sequence[Wish], work: Work, pending: Collection[str]) -> list[Wish]:
    """Return the wishes still to play, in order: to come, or late but promised before."""
    done = {entry.id for entry in work.entries}
    due = {
        wish.id: wish
        for wish in wishes
        if wish.id not in done
        and wish.start < work.request.until
        and (wish.start >= work.boundary or wish.id in pending)
    }
    return sorted(due.values(), key=lambda wish: wish.start)

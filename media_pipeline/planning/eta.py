"""How far a title is and how long it will take: the one place that says so. Pure.

Values go in and come out, so that they can be kept in a row of a database as
well as in a process, and be continued by another worker after a restart.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import msgspec

from media_pipeline.model.work import Task

_SHORTEST = timedelta(seconds=2)
_WINDOW = timedelta(seconds=60)
"""Less than this says nothing yet; the pace is judged over this, or half the time if that is more.

Half, since the machine may have got other work meanwhile; not less, since
titles are not equally hard everywhere.
"""

_SILENCE = timedelta(seconds=2)
"""Tools tell how far they are twice a second: so long nothing is heard of work that goes on."""

_LATE = 0.5
"""A title is slower than expected when its end is later than that by this part of the whole time."""

_LONGEST = timedelta(days=3650)
"""More is no forecast: dates end somewhere."""

_MOST = 40
"""Moments that are remembered, evenly apart: as many as tell a pace, and no more than a row holds."""


class Standing(msgspec.Struct, frozen=True, array_like=True):
    """What is shown of a title's work, and what the next is judged by.

    `fraction` of the whole work never falls, even where a killed worker's task
    begins again; `eta_seconds` is None until there is something to judge by.
    `seen` holds the moments at which it had got further, with how far. `expected` is the
    earliest end that was judged over a minute or more; `slower` says that it goes on so much
    more slowly than then that people should be told: the machine has got other work, mostly.
    """

    fraction: float = 0.0
    eta_seconds: float | None = None
    seen: tuple[tuple[datetime, float], ...] = ()
    expected: datetime | None = None
    slower: bool = False


def fraction_done(tasks: Iterable[Task], done: Mapping[str, float]) -> float:
    """Return how much of the work is done, 0 to 1; `done` says it of each task begun."""
    parts = (task.weight * min(1.0, max(0.0, done.get(task.name, 0.0))) for task in tasks)
    return min(1.0, sum(parts))


def later(standing: Standing, fraction: float, now: datetime) -> Standing:
    """Return how the work stands at `now`, when `fraction` of it is done, after `standing`.

    A `now` before the last one (a clock that was set back) begins the judging anew.
    """
    if standing.seen and standing.seen[-1][0] > now:
        standing = Standing(standing.fraction)
    seen = standing.seen
    if not seen or seen[-1][1] != fraction:
        seen = _thinned((*seen, (now, fraction)))
    left = _seconds_left(seen, now)
    expected, slower = standing.expected, False
    if left is not None and now - seen[0][0] >= _WINDOW:
        end = now + timedelta(seconds=left)
        expected = min(expected or end, end)
        slower = left > 0 and _is_late(
            expected - seen[0][0], end - expected, already=standing.slower
        )
    return Standing(max(standing.fraction, fraction), left, seen, expected, slower)


def _is_late(whole: timedelta, late: timedelta, *, already: bool) -> bool:
    """Return whether an end that is `late` is worth a word; one that was told stays for a while."""
    return late > max(whole * (_LATE / 2 if already else _LATE), _WINDOW)


def _seconds_left(seen: tuple[tuple[datetime, float], ...], now: datetime) -> float | None:
    """Return the seconds until 1 at the pace of late, less those of the silence since."""
    last, fraction = seen[-1]
    if fraction >= 1:
        return 0.0
    window = max(_WINDOW, (last - seen[0][0]) / 2)
    before = [moment for moment in seen if last - moment[0] >= window]
    since, at = before[-1] if before else seen[0]
    silence = min(now - last, _SILENCE)
    took = now - silence - since
    if took < _SHORTEST or fraction <= at:
        return None
    left = (1 - fraction) * took.total_seconds() / (fraction - at)
    return min(max(0.0, left - silence.total_seconds()), _LONGEST.total_seconds())


def _thinned(seen: tuple[tuple[datetime, float], ...]) -> tuple[tuple[datetime, float], ...]:
    """Return `seen` with its ends and, between them, moments that stand evenly apart."""
    apart = (seen[-1][0] - seen[0][0]) / _MOST
    kept = list(seen[:1])
    for moment in seen[1:-1]:
        if moment[0] - kept[-1][0] >= apart:
            kept.append(moment)
    return (*kept, *seen[-1:]) if len(seen) > 1 else seen

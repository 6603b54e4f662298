"""Plans of days as they are kept in JSON: (video, start as ISO text, note). Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from cms.channels.planning.differences import Wanted


def rows_of(plan: Iterable[Wanted]) -> list[list[Any]]:
    """Return `plan` as it is kept."""
    return [[one.video, one.start.isoformat(), one.note] for one in plan]


def plan_in(rows: Iterable[Sequence[Any]]) -> list[Wanted]:
    """Return the plan that was kept as `rows`."""
    return [Wanted(video, datetime.fromisoformat(at), note) for video, at, note in rows]

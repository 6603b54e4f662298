"""A rundown in force names the days of a week, though planning looks at two of them."""

import msgspec

from media_pipeline.model.stored.index import DayRef, Index


def with_past(index: Index, before: Index | None, since: int) -> Index:
    """Return `index` with the days of `before` that it no longer has and that end after `since`.

    Of its first day it may have the end alone: the file of the whole day stays in its place.
    Days that do not lead to those of `index` are left out.
    """
    first = index.days[0]
    old = [d for d in before.days if d.start < first.start and d.end > since] if before else []
    if not old:
        return index
    rest = index.days[1:] if _is_end_of(first, old[-1]) else index.days
    if rest and not _leads(old[-1], rest[0]):
        return index
    return msgspec.structs.replace(index, days=(*old, *rest))


def recent(index: Index, since: int) -> Index:
    """Return `index` with those days alone that begin at `since` or later; the last in any case."""
    kept = tuple(day for day in index.days if day.start >= since) or index.days[-1:]
    return msgspec.structs.replace(index, days=kept)


def _is_end_of(part: DayRef, whole: DayRef) -> bool:
    ends = (part.end, part.dsn + part.entries)
    return ends == (whole.end, whole.dsn + whole.entries)


def _leads(one: DayRef, two: DayRef) -> bool:
    return (one.end, one.dsn + one.entries) == (two.start, two.dsn)

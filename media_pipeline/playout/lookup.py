"""What a rundown has at a moment: now, next, the day. Ticks since 1970."""

from bisect import bisect_right

from media_pipeline.model.rundown import Entry, Rundown


def on_air(rundown: Rundown, now: int) -> Entry | None:
    """The entry that contains `now`; None before the first and after the last."""
    place = _place(rundown, now)
    if place < 0 or now >= rundown.entries[place].end:
        return None
    return rundown.entries[place]


def following(rundown: Rundown, now: int, count: int) -> tuple[Entry, ...]:
    """The next `count` entries that start after `now`, fewer at the end."""
    place = _place(rundown, now) + 1
    return rundown.entries[place : place + count]


def between(rundown: Rundown, start: int, end: int) -> tuple[Entry, ...]:
    """The entries that play at any time in [start, end)."""
    first = max(_place(rundown, start), 0)
    return tuple(e for e in rundown.entries[first:] if e.start < end and e.end > start)


def _place(rundown: Rundown, tick: int) -> int:
    return bisect_right(rundown.entries, tick, key=lambda entry: entry.start) - 1

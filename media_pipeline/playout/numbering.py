"""Building and editing a rundown, so that every number that was served stays what it was.

Each function returns another rundown and leaves `version` and `written` to who
writes it. An edit is: cut at `Timeline.first_editable(now)`, append, check, write.
"""

from collections.abc import Iterable, Sequence

import msgspec

from media_pipeline.model.rundown import Card, Entry, EntryKind, Rundown
from media_pipeline.playout.reel import Reel, Reels, reel_of
from media_pipeline.playout.timeline import WINDOW, Timeline


class Item(msgspec.Struct, frozen=True):
    """Something to be put on a rundown: `count` segments of `reel` from `first`; None for all.

    `id` must be the entry's own; `fill` makes one for each turn of a filler.
    """

    id: str
    reel: Reel
    kind: EntryKind
    title: str
    first: int = 0
    count: int | None = None
    note: str = ""
    rating: str = "SU"
    programme: str = ""
    cards: tuple[Card, ...] = ()

    @property
    def segments(self) -> int:
        """How many segments it plays."""
        return self.reel.count - self.first if self.count is None else self.count

    @property
    def duration(self) -> int:
        """How many ticks it plays."""
        return self.reel.length(self.first, self.segments)


def append(rundown: Rundown, *items: Item, start: int | None = None) -> Rundown:
    """Put `items` after the last entry, end to end.

    `start`, in ticks since 1970, is for the first entry of all and no other.
    """
    entries = list(rundown.entries)
    for item in items:
        last = entries[-1] if entries else None
        if last is None and start is None:
            raise ValueError("the first entry of a rundown needs a start")
        entries.append(
            Entry(
                id=item.id,
                start=last.end if last else start or 0,
                duration=item.duration,
                publication=item.reel.publication,
                first=item.first,
                count=item.segments,
                msn=last.msn + last.count if last else 0,
                dsn=last.dsn + 1 if last else 0,
                kind=item.kind,
                title=item.title,
                note=item.note,
                rating=item.rating,
                programme=item.programme,
                cards=item.cards,
            )
        )
    return msgspec.structs.replace(rundown, entries=tuple(entries))


def fill(rundown: Rundown, until: int, fillers: Sequence[Item]) -> Rundown:
    """Append `fillers` in turn up to `until` or less than a segment before it.

    A filler that does not fit whole is cut after its last segment that does. The
    rest, shorter than every filler's first segment, moves the next start.
    """
    if not rundown.entries:
        raise ValueError("a rundown without entries has no gap to fill")
    turn, idle = 0, 0
    while idle < len(fillers):
        last = rundown.entries[-1]
        piece = _fitting(fillers[turn % len(fillers)], until - last.end)
        turn, idle = turn + 1, idle + 1
        if piece is not None:
            idle = 0
            numbered = f"{piece.id}-{last.msn + last.count}"
            rundown = append(rundown, msgspec.structs.replace(piece, id=numbered))
    return rundown


def _fitting(item: Item, room: int) -> Item | None:
    """As many segments of `item` as `room` ticks hold, or None for none."""
    count = item.segments
    while count and item.reel.length(item.first, count) > room:
        count -= 1
    return msgspec.structs.replace(item, count=count) if count else None


def with_slate(rundown: Rundown, reels: Reels, until: int) -> Rundown:
    """Write down the slate that every origin shows after the last entry, as far as `until`.

    Whole turns, so it may end later. To be called before a rundown that has run
    out is extended: what was shown since becomes part of it.
    """
    timeline = Timeline(rundown, reels)
    place = len(rundown.entries)
    added = []
    while timeline.entry(place - 1).end < until:
        added.append(timeline.entry(place))
        place += 1
    return msgspec.structs.replace(rundown, entries=(*rundown.entries, *added))


def cut(rundown: Rundown, reels: Reels, msn: int) -> Rundown:
    """Take away every segment numbered `msn` or above; slate below it is written down."""
    timeline = Timeline(rundown, reels)
    place = timeline.place_of(msn)
    entries = [timeline.entry(n) for n in range(place)]
    if place >= 0:
        last = timeline.entry(place)
        if last.msn < msn:
            entries.append(_shortened(last, reels, min(msn - last.msn, last.count)))
    return msgspec.structs.replace(rundown, entries=tuple(entries))


def _shortened(entry: Entry, reels: Reels, count: int) -> Entry:
    if count == entry.count:
        return entry
    duration = reel_of(entry, reels).length(entry.first, count)
    return msgspec.structs.replace(entry, count=count, duration=duration)


def forget(rundown: Rundown, before: int) -> Rundown:
    """Drop the entries that left the window of every player that lags behind `before` (ticks).

    Numbers go on; the last entry always stays, since numbers are counted from it.
    """
    kept = [e for e in rundown.entries if e.end + WINDOW > before] or list(rundown.entries[-1:])
    return msgspec.structs.replace(rundown, entries=tuple(kept))


def publications_of(rundowns: Iterable[Rundown]) -> frozenset[str]:
    """The publications that `rundowns` name, slates included: these must not be removed."""
    named = {e.publication for r in rundowns for e in r.entries} | {r.slate for r in rundowns}
    return frozenset(named - {""})

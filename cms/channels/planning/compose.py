"""Composing a rundown: what is frozen stays, then wishes in order of start, gaps filled.

Planning again with the same wishes gives the same entries from any later moment,
because each choice depends only on the entries before it.
"""

from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from msgspec.structs import replace as replace_entry

from cms.channels.planning.gaps import fill, nearest_border
from cms.channels.planning.values import Caution, Item, Plan, Wish
from media_pipeline.model.rundown import Entry, Rundown
from media_pipeline.model.ticks import TIMESCALE, ticks_of

MARGIN = 12 * TIMESCALE
"""A segment that begins within this of now stands: it was served, or is about to be."""
LATEST = 2 * 3600 * TIMESCALE
"""A wish that would start later than this after its time is dropped."""
LEAD = 64 * TIMESCALE
"""A new channel begins this much before now, so that its first window is full at once."""
NOTICEABLE = 4 * TIMESCALE
"""Less than a segment is how soft starts work; more is worth a word."""
LONG_GAP = 60 * TIMESCALE
"""Gaps shorter than this are nobody's concern."""
LONG_SLATE = 20 * TIMESCALE
"""So much still card means that fillers are missing."""


@dataclass(frozen=True)
class Request:
    """What a rundown is made of.

    `wishes` stand in order of start. `barred` are publications that may no longer
    play: withdrawn or taken down. The plan reaches at least to `until` (ticks) and
    keeps entries that ended after `keep_from`. `durations` are the segment lengths of
    publications that the previous rundown uses and that may have to be cut.
    """

    channel: str
    name: str
    zone: str
    wishes: Sequence[Wish]
    fillers: Sequence[Item]
    slate: Item
    now: datetime
    until: int
    keep_from: int = 0
    barred: Collection[str] = frozenset()
    durations: Mapping[str, Sequence[int]] = field(default_factory=dict)


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
    boundary = boundary_of(previous, request.now)
    work = _Work(request, boundary, list(previous.entries) if previous else [])
    pending = work.freeze()
    for wish in _due(request.wishes, work, pending):
        work.play(wish)
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
    )
    return Plan(rundown, tuple(work.cautions), boundary)


def _due(wishes: Sequence[Wish], work: "_Work", pending: Collection[str]) -> list[Wish]:
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


@dataclass
class _Work:
    """Entries so far, and where the next one goes."""

    request: Request
    boundary: int
    entries: list[Entry]
    cautions: list[Caution] = field(default_factory=list)
    last_filler: str = ""

    @property
    def cursor(self) -> int:
        """Where the next entry starts."""
        return self.entries[-1].end if self.entries else self.boundary

    def freeze(self) -> set[str]:
        """Drop what begins after the boundary; return the ids of what was dropped."""
        kept = [e for e in self.entries if e.start < self.boundary]
        dropped = {e.id for e in self.entries[len(kept) :]}
        self.entries = kept
        self.last_filler = next((e.publication for e in reversed(kept) if e.kind == "filler"), "")
        if kept and kept[-1].publication in self.request.barred:
            self._cut_last(self.boundary)
        return dropped

    def play(self, wish: Wish) -> None:
        """Fill up to the wish and put it on."""
        if wish.item is None:
            self.cautions.append(Caution("not_ready", wish.start, 0, wish.id, wish.title))
            return
        self._fill_gap(wish.start, wish.item.publication)
        late = self.cursor - wish.start
        if late > LATEST:
            self.cautions.append(Caution("dropped", wish.start, late, wish.id, wish.title))
            return
        if late >= NOTICEABLE:
            self.cautions.append(Caution("overlap", wish.start, late, wish.id, wish.title))
        self._append(wish.item, len(wish.item.durations), wish.id, wish.note)

    def fill_to_the_end(self) -> None:
        """Fill with whole items until the rundown reaches `until`."""
        missing = self.request.until - self.cursor
        self._fill(None, "", lambda filled: filled >= missing)

    def _fill_gap(self, start: int, after: str) -> None:
        if self.entries and self.entries[-1].kind in ("filler", "slate"):
            self._cut_last(start)
        self._fill(start - self.cursor, after, lambda _: False)

    def _fill(self, length: int | None, after: str, enough: Callable[[int], bool]) -> None:
        begin, slates = self.cursor, 0
        request = self.request
        choices = fill(
            length,
            request.fillers,
            request.slate,
            last_filler=self.last_filler,
            before=self.entries[-1].publication if self.entries else "",
            after=after,
            enough=enough,
        )
        for item, count in choices:
            self._append(item, count)
            slates += item.borders[count] if item is request.slate else 0
        if slates >= LONG_SLATE:
            self.cautions.append(Caution("slate", begin, slates))
        elif self.cursor - begin >= LONG_GAP and length is not None:
            self.cautions.append(Caution("gap", begin, self.cursor - begin))

    def _cut_last(self, until: int) -> None:
        """End the last entry at the border nearest to `until`, keeping what is frozen."""
        last = self.entries[-1]
        known = self.request.durations.get(last.publication)
        if known is None or until >= last.end:
            return
        item = Item(last.publication, tuple(known[last.first : last.first + last.count]))
        frozen = bisect_left(item.borders, self.boundary - last.start)
        count = max(frozen, nearest_border(item, until - last.start))
        if 0 < count < last.count:
            self.entries[-1] = replace_entry(last, count=count, duration=item.borders[count])

    def _append(self, item: Item, count: int, identity: str = "", note: str = "") -> None:
        last = self.entries[-1] if self.entries else None
        msn = last.msn + last.count if last else 0
        self.entries.append(
            Entry(
                id=identity or f"{item.kind}-{msn}",
                start=self.cursor,
                duration=item.borders[count],
                publication=item.publication,
                count=count,
                msn=msn,
                dsn=last.dsn + 1 if last else 0,
                kind=item.kind,
                title=item.title,
                note=note,
                rating=item.rating,
                programme=item.programme,
                cards=item.cards,
            )
        )
        if item.kind == "filler":
            self.last_filler = item.publication

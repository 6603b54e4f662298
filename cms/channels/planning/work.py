"""A rundown in the making: what is on it so far, and how the next thing is put on.

Calls to prayer (locks) come at their moment. What plays then is cut at the last segment
before it, so a call is never late, and early by less than a segment. What is left of an
interrupted programme is a second entry of the same publication.
"""

from bisect import bisect_left
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace as replace_entry

from cms.channels.planning.gaps import fill, last_border, nearest_border, turns
from cms.channels.planning.values import Caution, CautionKind, Item, Lock, Request, Wish
from media_pipeline.model.entry_ids import part_id, whole_of
from media_pipeline.model.rundown import Entry
from media_pipeline.model.ticks import TIMESCALE

LATEST = 2 * 3600 * TIMESCALE
"""A wish that would start later than this after its time is dropped."""
NOTICEABLE = 4 * TIMESCALE
"""Less than a segment is how soft starts work; more is worth a word."""
LONG_GAP = 60 * TIMESCALE
"""Gaps shorter than this are nobody's concern."""
LONG_SLATE = 20 * TIMESCALE
"""So much still card means that fillers are missing."""
SHORTEST_PIECE = 60 * TIMESCALE
"""Of a programme that a call interrupts, less than this before it looks like a fault."""
LONGEST_WAIT = 1800 * TIMESCALE
"""A programme does not wait longer than this for a call to be over: it is split instead."""
LATEST_CALL = 60 * TIMESCALE
"""A call that would be later than this, behind what cannot be cut, is left out."""


def next_segment(item: Item, parts: Sequence[Entry]) -> int:
    """Return which segment of `item` follows its `parts`, also if they are of another encode."""
    if not parts:
        return 0
    last = parts[-1]
    if last.publication == item.publication:
        return last.first + last.count
    return nearest_border(item, sum(e.duration for e in parts))


def _is_wished(entry: Entry) -> bool:
    return entry.kind in ("programme", "promotion")


def _only_fills(entry: Entry) -> bool:
    """Return whether nobody asked for it: what a break plays has the id of a wish."""
    return entry.id.startswith(("filler-", "slate-"))


@dataclass
class Work:
    """Entries so far, and where the next one goes."""

    request: Request
    boundary: int
    entries: list[Entry]
    cautions: list[Caution] = field(default_factory=list)
    last_filler: str = ""
    locks: list[Lock] = field(default_factory=list)
    """Those still to come, the next one first."""

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
        done = {whole_of(e.id) for e in kept}
        self.locks = [
            lock
            for lock in self.request.locks
            if lock.start >= self.boundary and lock.id not in done
        ]
        if kept and kept[-1].publication in self.request.barred:
            self._cut_last(self.boundary)
        return dropped

    def resume(self, pending: Collection[str], before: int | None = None) -> None:
        """Go on with a call that has begun, and with what one has interrupted or interrupts now.

        `before` is where a call comes that is not among the locks.
        """
        self._go_on_calling(before)
        goes_on = {whole_of(identity) for identity in pending if "+" in identity}
        last = self.entries[-1] if self.entries else None
        if last and self.locks and last.end > self.locks[0].start and _is_wished(last):
            self._cut_last(self.locks[0].start, last_border)
            if self.request.interrupts != "shortened" and self.entries[-1] != last:
                goes_on.add(whole_of(last.id))
        for wish in self.request.wishes:
            if wish.id in goes_on and wish.item is not None:
                parts = [e for e in self.entries if whole_of(e.id) == wish.id]
                if parts:
                    self._across(wish, wish.item, next_segment(wish.item, parts), len(parts))

    def play(self, wish: Wish, *, promised: bool) -> None:
        """Fill up to the wish and put it on; `promised` if the rundown before had it."""
        if wish.item is None:
            self._warn("not_ready", wish)
            return
        while self.locks and self.locks[0].start <= wish.start:
            self._call(self.locks[0])
        self._fill_gap(wish.start, wish.item.publication, promised=promised)
        late = self.cursor - wish.start
        if late > LATEST:
            self._warn("dropped", wish, late)
            return
        if late >= NOTICEABLE:
            last = self.entries[-1] if self.entries else None
            called = last is None or last.kind == "azan" or last.id != whole_of(last.id)
            self._warn("azan_late" if called else "overlap", wish, late)
        self._across(wish, wish.item)

    def fill_to_the_end(self) -> None:
        """Fill with whole items until the rundown reaches `until`, calls included."""
        while self.locks and self.locks[0].start < self.request.until:
            self._call(self.locks[0])
        missing = self.request.until - self.cursor
        self._fill(None, "", lambda filled: filled >= missing)

    def end_at(self, moment: int) -> list[Entry]:
        """End at the last border up to `moment`; return what is dropped for that.

        What is frozen stays, and a call that has begun is shown whole.
        """
        dropped: list[Entry] = []
        while self.entries and self.cursor > moment:
            last = self.entries[-1]
            begun = self._begin_of(last) < max(moment, self.boundary)
            if begun and last.kind == "azan":
                break
            if last.start >= self.boundary and self._count_until(last, moment) == 0:
                dropped.append(self.entries.pop())
                continue
            self._cut_last(moment, last_border)
            break
        return dropped[::-1]

    def _count_until(self, entry: Entry, moment: int) -> int:
        """Return how many of the segments of `entry` end up to `moment`."""
        known = self.request.durations.get(entry.publication)
        if known is None:
            return 0 if entry.start >= moment else entry.count
        item = Item(entry.publication, tuple(known[entry.first : entry.first + entry.count]))
        return max(0, last_border(item, moment - entry.start))

    def _across(self, wish: Wish, item: Item, first: int = 0, part: int = 0) -> None:
        """Put on what is left of a wish from segment `first`, and the calls within it."""
        whole, rule = len(item.durations), self.request.interrupts
        waits = first == 0 and (rule == "moves" or item.kind == "promotion")
        # Planned anew after a call that it waited for, it does not wait for the next one too.
        waits = waits and not self._has_waited(wish)
        while first < whole:
            lock = self.locks[0] if self.locks else None
            end = last_border(item, lock.start - self.cursor, first) if lock else whole
            if lock is None or end == whole:
                self._append(item, first, whole, part_id(wish.id, part), wish.note)
                return
            room = lock.start - self.cursor
            waits = waits and room <= LONGEST_WAIT
            if not waits and item.borders[max(end, first)] - item.borders[first] >= SHORTEST_PIECE:
                self._append(item, first, end, part_id(wish.id, part), wish.note)
                first, part = end, part + 1
            ends_here = rule == "shortened" and first > 0
            kind: CautionKind = "azan_split" if first else "azan_moved"
            left = item.duration - item.borders[first]
            self._warn("azan_cut" if ends_here else kind, wish, left, at=lock.start)
            self._call(lock)
            waits = False
            if ends_here:
                return

    def _has_waited(self, wish: Wish) -> bool:
        last = self.entries[-1] if self.entries else None
        if last is None or last.kind != "azan":
            return False
        called = (k.start for k in self.request.locks if k.id == whole_of(last.id))
        return any(start > wish.start for start in called)

    def _call(self, lock: Lock) -> None:
        """Fill up to the moment of a call, never past it, and put the call on."""
        self.locks.remove(lock)
        last = self.entries[-1] if self.entries else None
        if last is not None and last.end > lock.start:
            self._cut_last(lock.start, last_border)
        self._fill(lock.start - self.cursor, lock.item.publication, lambda _: False, last_border)
        if self.cursor - lock.start <= LATEST_CALL:
            self._show(lock, 0, lock.length)

    def _show(self, lock: Lock, turn: int, left: int) -> None:
        """Put on what is `left` of a call: its item, in turns where that is shorter."""
        left = min([left, *(k.start - self.cursor for k in self.locks[:1])])
        for number, count in enumerate(turns(lock.item, left), turn):
            self._append(lock.item, 0, count, part_id(lock.id, number))

    def _go_on_calling(self, before: int | None) -> None:
        """Put on the turns that are left of the call that is on, as it is meant now."""
        last = self.entries[-1] if self.entries else None
        if last is None or last.kind != "azan":
            return
        shown = [e for e in self.entries if whole_of(e.id) == whole_of(last.id)]
        for lock in self.request.locks:
            if lock.id == whole_of(last.id) and lock.item.duration < lock.length:
                left = lock.length - sum(e.duration for e in shown)
                room = left if before is None else before - self.cursor
                self._show(lock, len(shown), min(left, room))

    def _begin_of(self, entry: Entry) -> int:
        """Return where `entry` begins; of a call where its first turn does."""
        if entry.kind != "azan":
            return entry.start
        return next(e.start for e in self.entries if whole_of(e.id) == whole_of(entry.id))

    def _warn(self, kind: CautionKind, wish: Wish, ticks: int = 0, at: int | None = None) -> None:
        moment = wish.start if at is None else at
        self.cautions.append(Caution(kind, moment, ticks, wish.id, wish.title))

    def _fill_gap(self, start: int, after: str, *, promised: bool) -> None:
        # Fillers before a wish that was promised are those that its call made it wait for.
        if not promised and self.entries and _only_fills(self.entries[-1]):
            self._cut_last(start)
        self._fill(start - self.cursor, after, lambda _: False)

    def _fill(
        self,
        length: int | None,
        after: str,
        enough: Callable[[int], bool],
        border: Callable[[Item, int], int] = nearest_border,
    ) -> None:
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
            border=border,
        )
        for item, count in choices:
            self._append(item, 0, count)
            slates += item.borders[count] if item is request.slate else 0
        if slates >= LONG_SLATE:
            self.cautions.append(Caution("slate", begin, slates))
        elif self.cursor - begin >= LONG_GAP and length is not None:
            self.cautions.append(Caution("gap", begin, self.cursor - begin))

    def _cut_last(self, until: int, border: Callable[[Item, int], int] = nearest_border) -> None:
        """End the last entry at the `border` of `until`, keeping what is frozen."""
        last = self.entries[-1]
        known = self.request.durations.get(last.publication)
        if known is None or until >= last.end:
            return
        item = Item(last.publication, tuple(known[last.first : last.first + last.count]))
        frozen = bisect_left(item.borders, self.boundary - last.start)
        count = max(frozen, border(item, until - last.start))
        if 0 < count < last.count:
            self.entries[-1] = replace_entry(last, count=count, duration=item.borders[count])

    def _append(self, item: Item, first: int, end: int, identity: str = "", note: str = "") -> None:
        """Put on the segments [first, end) of `item`."""
        last = self.entries[-1] if self.entries else None
        msn = last.msn + last.count if last else 0
        self.entries.append(
            entry_of(
                item,
                (first, end),
                identity=identity or f"{item.kind}-{msn}",
                start=self.cursor,
                msn=msn,
                dsn=last.dsn + 1 if last else 0,
                note=note,
            )
        )
        if item.kind == "filler":
            self.last_filler = item.publication


def entry_of(
    item: Item,
    part: tuple[int, int],
    *,
    identity: str,
    start: int,
    msn: int,
    dsn: int,
    note: str = "",
) -> Entry:
    """Return the entry that plays the segments [first, end) of `item`, its `part`, from `start`."""
    first, end = part
    return Entry(
        id=identity,
        start=start,
        duration=item.borders[end] - item.borders[first],
        publication=item.publication,
        first=first,
        count=end - first,
        msn=msn,
        dsn=dsn,
        kind=item.kind,
        title=item.title,
        note=note,
        rating=item.rating,
        programme=item.programme,
        cards=item.cards,
    )

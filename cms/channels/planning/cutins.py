"""Breaking cut-ins: what an editor puts over the plan at once, and how the plan goes on after it.

    programme ──┤ cut-in ├── programme     rejoins: at the segment that would be on now
                                           resumes: at the segment where it was cut
                                           restarts: at its first segment

A call to prayer wins: the cut-in stops before it and goes on after it. All is computed
from the entries before and from the plan, so planning again at any moment says the same.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cms.channels.planning.gaps import last_border, nearest_border
from cms.channels.planning.values import CutIn, Item, Wish
from cms.channels.planning.work import LATEST, Work, next_segment
from media_pipeline.model.entry_ids import is_cut_in, part_id, whole_of
from media_pipeline.model.rundown import Entry


def carried(entries: Iterable[Entry], cut_ins: Iterable[CutIn]) -> tuple[tuple[int, int], ...]:
    """Return the segments [first, last) of `entries` that all who inherit must carry."""
    ids = {cut.id for cut in cut_ins if cut.must_carry}
    return tuple((e.msn, e.msn + e.count) for e in entries if whole_of(e.id) in ids)


def interrupted(entries: Sequence[Entry], tick: int) -> str:
    """Return the id of what the last cut-in before `tick` has interrupted; "" for none."""
    before = [e for e in entries if e.start < tick]
    place = _core(before)
    if place < 0 or not is_cut_in(before[place].id):
        return ""
    found = _before_cut_in(before, place)
    return whole_of(before[found].id) if found >= 0 else ""


def _core(entries: Sequence[Entry]) -> int:
    """Return the place of the last entry that is no call and fills no gap; -1 for none."""
    place = len(entries) - 1
    while place >= 0 and entries[place].kind in ("azan", "filler", "slate"):
        place -= 1
    return place


def _before_cut_in(entries: Sequence[Entry], place: int) -> int:
    """Return the place of what stands before the cut-ins, and calls among them, up to `place`."""
    while place >= 0 and (is_cut_in(entries[place].id) or entries[place].kind == "azan"):
        place -= 1
    return place


class _Held(NamedTuple):
    """What was interrupted: its wish, its next segment, and how many parts of it there are."""

    wish: Wish
    item: Item
    first: int
    parts: int


@dataclass
class Interrupted(Work):
    """A rundown in the making, with cut-ins."""

    last: CutIn | None = None
    """The cut-in that ends last of those that are on air or due."""

    def go_on(self, pending: Collection[str]) -> set[str]:
        """Go on with what was interrupted; return the ids of wishes that a cut-in has covered."""
        if self.cut_in():
            return self.rejoin(pending)
        self.resume(pending)
        return set()

    def cut_in(self, before: int | None = None) -> bool:
        """Put on what is left of the cut-in that is on air or due; return whether there is one.

        `before` is where a call comes that is not among the locks.
        """
        running = self._running()
        chain = ([running] if running else []) + [c for c in self.request.cut_ins if self._due(c)]
        if chain:
            self._go_on_calling(before)
        ends = [following.at for following in chain[1:]]
        for cut, end in zip(chain, [*ends, chain[-1].end if chain else None], strict=False):
            self._put_on(cut, end)
        self.last = chain[-1] if chain else None
        return bool(chain)

    def rejoin(self, pending: Collection[str]) -> set[str]:
        """Go on with the plan after the cut-in; return the ids of wishes that it has covered."""
        assert self.last is not None
        place = _before_cut_in(self.entries, _core(self.entries))
        held = self._held(place)
        if held is None:
            self.resume(pending)
        if self.last.returns == "rejoins":
            return self._join(place, held, pending)
        if held is not None and held.first < len(held.item.durations):
            first = held.first if self.last.returns == "resumes" else 0
            self._across(held.wish, held.item, first, held.parts)
        return set()

    def _running(self) -> CutIn | None:
        place = _core(self.entries)
        identity = whole_of(self.entries[place].id) if place >= 0 else ""
        return next((cut for cut in self.request.cut_ins if cut.id == identity), None)

    def _due(self, cut: CutIn) -> bool:
        """Return whether `cut` is to begin: at its moment, or after a call that was on then."""
        if cut.item is None or cut.end is not None:
            return False
        if any(whole_of(e.id) == cut.id for e in self.entries):
            return False
        after = [e for e in self.entries if e.end > cut.at]
        return cut.at >= self.boundary or (bool(after) and all(e.kind == "azan" for e in after))

    def _put_on(self, cut: CutIn, end: int | None) -> None:
        """Put on what is left of `cut`; nothing more of one that an editor has ended at `end`."""
        parts = [e for e in self.entries if whole_of(e.id) == cut.id]
        last = self.entries[-1] if self.entries else None
        # Before it begins, what is on ends; once it has begun, only it can.
        until = cut.at if not parts else end if last is parts[-1] else None
        if last is not None and until is not None and last.kind != "azan" and last.end > until:
            self._cut_last(until)
        if end is None and cut.item is not None:
            self._around_calls(cut, cut.item, next_segment(cut.item, parts), len(parts))

    def _around_calls(self, cut: CutIn, item: Item, first: int, part: int) -> None:
        """Put on the segments of `item` from `first`, and the calls within them: none waits."""
        whole = len(item.durations)
        while first < whole:
            lock = self.locks[0] if self.locks else None
            stop = last_border(item, lock.start - self.cursor, first) if lock else whole
            if stop > first:
                self._append(item, first, stop, part_id(cut.id, part), cut.note)
                first, part = stop, part + 1
            if lock is not None and first < whole:
                self._call(lock)

    def _held(self, place: int) -> _Held | None:
        """Return what the entry at `place` is a part of, if it is a wish that goes on."""
        identity = whole_of(self.entries[place].id) if place >= 0 else ""
        wish = next((w for w in self.request.wishes if w.id == identity), None)
        if wish is None or wish.item is None:
            return None
        called = self.entries[place + 1].kind == "azan"
        if called and self.request.interrupts == "shortened":
            return None
        parts = [e for e in self.entries if whole_of(e.id) == identity]
        return _Held(wish, wish.item, next_segment(wish.item, parts), len(parts))

    def _join(self, place: int, held: _Held | None, pending: Collection[str]) -> set[str]:
        """Go on as if the plan had run on under the cut-in; return what is over by then."""
        clock, cut_at = self._clock(place), self.entries[place + 1].start
        now = clock(self.entries[_core(self.entries)].end)
        calls = [e for e in self.entries[place + 1 :] if e.kind == "azan"]
        # What such a call interrupts ends there.
        floor = clock(calls[-1].start) if calls and self.request.interrupts == "shortened" else 0
        ends, over = clock(cut_at), set[str]()
        if held is not None:
            at = held.item.borders[held.first] + now - ends
            if not floor and self._goes_on(held.wish, held.item, at, held.parts):
                return over
            ends += held.item.duration - held.item.borders[held.first]
        for wish in self._later(held.wish.start if held else self._gap(place), pending):
            begin = max(clock(wish.start), ends)
            if wish.item is None or begin - wish.start > LATEST:
                continue
            if begin >= now or nearest_border(wish.item, now - begin) == 0:
                break
            if begin >= floor and self._goes_on(wish, wish.item, now - begin, 0):
                break
            over.add(wish.id)
            ends = begin + wish.item.duration
        return over

    def _goes_on(self, wish: Wish, item: Item, at: int, part: int) -> bool:
        """Put on what is left of a wish `at` ticks from its begin; return whether there is any."""
        first = nearest_border(item, at)
        if first < len(item.durations):
            self._across(wish, item, first, part)
            return True
        return False

    def _gap(self, place: int) -> int:
        """Return where the fillers begin that end with the entry at `place`, or the entry itself."""
        begin = self.entries[max(place, 0)].start
        while place >= 0 and self.entries[place].kind in ("filler", "slate"):
            begin = self.entries[place].start
            place -= 1
        return begin

    def _later(self, since: int, pending: Collection[str]) -> list[Wish]:
        """Return what has not begun: also what was late when the cut-in came, and was covered."""
        done = {e.id for e in self.entries}
        later = [w for w in self.request.wishes if w.start >= since or w.id in pending]
        return [w for w in later if w.id not in done and w.start < self.request.until]

    def _clock(self, place: int) -> Callable[[int], int]:
        """Return a clock that stands still during the calls after `place`."""
        calls = [(e.start, e.end) for e in self.entries[place + 1 :] if e.kind == "azan"]
        return lambda tick: (
            tick - sum(min(tick, end) - start for start, end in calls if start < tick)
        )

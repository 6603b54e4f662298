"""Own entries of a channel that inherits: runs of wishes in its windows, and its calls to prayer.

A run has numbers of its own. When it is on air the origin joins it at the first border of
what plays then; the parent is shown wherever there is none.
"""

from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from msgspec.structs import replace as replace_entry

from cms.channels.planning.cutins import Interrupted
from cms.channels.planning.gaps import turns
from cms.channels.planning.values import Caution, Lock, Request, Wish
from cms.channels.planning.work import entry_of
from media_pipeline.model.entry_ids import is_cut_in, part_id, whole_of
from media_pipeline.model.rundown import Entry
from media_pipeline.model.spans import span_at
from media_pipeline.model.ticks import TIMESCALE

RETURN = 120 * TIMESCALE
"""Where nothing is planned for so long, the parent is shown meanwhile."""

EARLY = 404_999
"""A call is planned so much before its moment: the parent is left at a border up to a segment
later, and a call is never late."""

type Run = tuple[Entry, ...]


@dataclass
class Blocks:
    """The runs, in order, and what an editor should know of them."""

    runs: list[Run]
    cautions: list[Caution] = field(default_factory=list)


def compose_blocks(
    request: Request,
    windows: Sequence[tuple[int, int]],
    previous: Sequence[Run],
    boundary: int,
) -> Blocks:
    """Return the runs that follow `previous`, of which nothing changes before `boundary`."""
    making = _Making(request, windows, boundary, Blocks([]))
    pending = {e.id for run in previous for e in run if e.start >= boundary}
    making.keep([run for run in previous if run[0].start < boundary])
    making.go_on(pending)
    for event in making.events(pending):
        if isinstance(event, Wish):
            making.play(event, pending)
        else:
            making.call(event)
    making.close()
    return making.found


@dataclass
class _Making:
    """The runs so far, and the one that is being made."""

    request: Request
    windows: Sequence[tuple[int, int]]
    boundary: int
    found: Blocks
    work: Interrupted | None = None
    window: tuple[int, int] = (0, 0)
    done: set[str] = field(default_factory=set)
    """What is on air or over, or was covered by a cut-in."""

    @property
    def cursor(self) -> int:
        """Where the next run may begin."""
        if self.work is not None:
            return self.work.cursor
        ends = [run[-1].end for run in self.found.runs[-1:]]
        return max([self.boundary, *ends])

    def keep(self, runs: list[Run]) -> None:
        """Keep what has begun; what it holds after the boundary is planned anew."""
        self.done = {whole_of(e.id) for run in runs for e in run if e.start < self.boundary}
        if runs and runs[-1][-1].end > self.boundary:
            running = runs.pop()
            self.window = self._window(running[0].start) or (running[0].start, self.boundary)
            self.work = Interrupted(self.request, self.boundary, list(running))
            self.work.freeze()
            self.work.locks = self._locks(self.boundary)
        self.found.runs = runs

    def go_on(self, pending: Collection[str]) -> None:
        """Go on with what was on air, or begin a run with a cut-in over the parent."""
        due = [c for c in self.request.cut_ins if c.at >= self.boundary and c.end is None]
        if self.work is None and due:
            start = max(due[0].at, self.cursor)
            self.work = Interrupted(self.request, start, [])
        if self.work is None:
            return
        work, inside = self.work, self.window
        # A cut-in is shown whole: it may begin outside of a window, and end after one.
        self.window = (inside[0], self.request.until)
        work.locks = self._locks(self.boundary)
        if not work.cut_in(self._next_call()):
            self.window = inside
            work.locks = self._locks(self.boundary)
            work.resume(pending, self._next_call())
            return
        self.done |= {whole_of(e.id) for e in work.entries}
        self.window = self._window(work.cursor) or (work.entries[0].start, work.cursor)
        work.locks = self._locks(work.cursor)
        first, last = self.window
        within = [wish for wish in self.request.wishes if first <= wish.start < last]
        work.request = replace(self.request, wishes=within)
        if work.cursor < last:
            self.done |= work.rejoin(pending)
            self.done |= {whole_of(e.id) for e in work.entries}

    def events(self, pending: Collection[str]) -> list[Wish | Lock]:
        """What is still to come in order: wishes in windows, and calls."""
        due = [
            wish
            for wish in self.request.wishes
            if wish.id not in self.done
            and wish.start < self.request.until
            and (wish.start >= self.boundary or wish.id in pending)
        ]
        wishes = [wish for wish in due if self._window(wish.start) is not None]
        self.found.cautions += [
            Caution("outside", wish.start, 0, wish.id, wish.title)
            for wish in due
            if self._window(wish.start) is None
        ]
        locks = [
            lock
            for lock in self.request.locks
            if lock.id not in self.done and (lock.start >= self.boundary or lock.id in pending)
        ]
        return sorted([*wishes, *locks], key=_begin)

    def play(self, wish: Wish, pending: Collection[str]) -> None:
        """Put a wish on the run it belongs to, or begin another."""
        window = self._window(wish.start) or self.window
        if self.work is not None and (
            wish.start - self.cursor >= RETURN or window[0] != self.window[0]
        ):
            self.close()
        if self.work is None:
            start = max(wish.start, self.cursor)
            self.window = window
            self.work = Interrupted(self.request, start, [])
            self.work.locks = self._locks(start)
        self.work.play(wish, promised=wish.id in pending)

    def call(self, lock: Lock) -> None:
        """Put on a call that no run has within it."""
        inside = self.work is not None and _begin(lock) < self.window[1]
        if inside and self.work and lock.id not in {held.id for held in self.work.locks}:
            return
        self.close()
        self._call_alone(lock)

    def _call_alone(self, lock: Lock) -> None:
        """Put on a call as a run of its own, up to the moment of the next one."""
        self.done.add(lock.id)
        start = max(lock.start - EARLY, self.cursor)
        room = min([lock.length, *(k.start - EARLY - start for k in self._after(lock))])
        if start - lock.start < RETURN and (run := _turns(lock, room, start)):
            self.found.runs.append(run)

    def close(self) -> None:
        """End the run that is being made, at the end of its window at the latest."""
        work, self.work = self.work, None
        if work is None:
            return
        cut_ins = [entry.end for entry in work.entries if is_cut_in(entry.id)]
        dropped = work.end_at(max([self.window[1], *cut_ins]))
        self.found.cautions += [*_kept(work, dropped, self.window[1]), *self._unseen(dropped)]
        if work.entries:
            self.found.runs.append(_numbered(work.entries))
        called = {entry.id for entry in dropped if entry.kind == "azan"}
        for lock in self.request.locks:
            if lock.id in called:
                self._call_alone(lock)

    def _unseen(self, dropped: Sequence[Entry]) -> list[Caution]:
        """What to say of the wishes that the end of the window leaves no time for."""
        starts = {entry.id: entry.start for entry in dropped}
        return [
            Caution("dropped", w.start, max(0, starts[w.id] - w.start), w.id, w.title)
            for w in self.request.wishes
            if w.id in starts
        ]

    def _locks(self, since: int) -> list[Lock]:
        """The calls of the window from `since` on, as early as a call alone is planned."""
        return [
            replace(lock, start=_begin(lock))
            for lock in self.request.locks
            if since <= lock.start and _begin(lock) < self.window[1] and lock.id not in self.done
        ]

    def _after(self, lock: Lock) -> list[Lock]:
        """The call that follows `lock`, if there is one."""
        place = bisect_right(self.request.locks, lock.start, key=lambda held: held.start)
        return list(self.request.locks[place : place + 1])

    def _next_call(self) -> int | None:
        coming = (_begin(k) for k in self.request.locks if k.start >= self.boundary)
        return next(coming, None)

    def _window(self, tick: int) -> tuple[int, int] | None:
        return span_at(self.windows, tick)


def _turns(lock: Lock, room: int, start: int) -> Run:
    """The entries of a call alone, from `start` on and for `room` ticks."""
    run: list[Entry] = []
    for turn, count in enumerate(turns(lock.item, room)):
        run.append(
            entry_of(
                lock.item,
                (0, count),
                identity=part_id(lock.id, turn),
                start=run[-1].end if run else start,
                msn=run[-1].msn + run[-1].count if run else start // TIMESCALE,
                dsn=turn,
            )
        )
    return tuple(run)


def _begin(event: Wish | Lock) -> int:
    """When something is to begin at the earliest."""
    return event.start - EARLY if isinstance(event, Lock) else event.start


def _kept(work: Interrupted, dropped: Sequence[Entry], end: int) -> list[Caution]:
    """What is to be said of a run without what was dropped from it."""
    gone = {entry.id for entry in dropped}
    return [c for c in work.cautions if c.wish not in gone and c.at < end]


def _numbered(entries: Sequence[Entry]) -> Run:
    """The same run with numbers that no other run of the channel has."""
    if entries[0].msn:
        return tuple(entries)
    base = entries[0].start // TIMESCALE
    return tuple(
        replace_entry(
            e,
            msn=e.msn + base,
            id=f"{e.kind}-{e.msn + base}" if e.id == f"{e.kind}-{e.msn}" else e.id,
        )
        for e in entries
    )

"""A day's programmes as rows: what loops is folded, what stands out is not; cells of the grid.

Players that show guides agree on two things: what only fills is not listed, and a
programme is never left out because it is short (Kodi drew none under its block of five
minutes until people missed them). A channel of short films needs a third: a row that
stands for many, and says so.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from cms.channels.guide import Programme

QUARTER = timedelta(minutes=15)
ROOM = 32
"""Rows that a page of one channel has room for: 15 kB, and a few thumb strokes."""
STANDING = 12
"""More that stand out than this do not stand out."""


@dataclass(frozen=True)
class Row:
    """One programme, or several short ones of the same quarter hour; `lead` are named first."""

    programmes: tuple[Programme, ...]
    lead: tuple[Programme, ...] = ()

    @property
    def start(self) -> datetime:
        return self._told[0].start

    @property
    def end(self) -> datetime:
        return self._told[-1].end

    @property
    def _told(self) -> Sequence[Programme]:
        """What it stands for, without fillers beside it."""
        return [p for p in self.programmes if p.kind != "filler"] or self.programmes

    @property
    def folded(self) -> bool:
        return self.count > 1

    @property
    def single(self) -> Programme:
        """The programme of a row that is not folded; fillers beside it are not shown."""
        return self._told[0]

    @property
    def count(self) -> int:
        """How many programmes it stands for, without fillers."""
        return sum(p.kind != "filler" for p in self.programmes)

    def titles(self) -> list[str]:
        """Return each title once: what leads with its note, then the order of airing."""
        led = [f"{p.title} – {p.note}" if p.note else p.title for p in self.lead]
        rest = (p for p in self.programmes if p.kind != "filler" and p not in self.lead)
        return list(dict.fromkeys([*led, *(p.title for p in rest)]))


@dataclass(frozen=True)
class Cell:
    """A row in a window of quarter hours: `span` columns, from 1."""

    row: Row
    span: int


def listed(programmes: Sequence[Programme]) -> list[Row]:
    """Return the rows of a list: all there are if they have room, else the loops folded."""
    shown = [p for p in programmes if p.kind != "filler" or p.end - p.start >= QUARTER]
    if len(shown) <= ROOM:
        return [Row((p,)) for p in shown]
    return fold(programmes, standing_out(programmes))


def standing_out(programmes: Sequence[Programme]) -> frozenset[Programme]:
    """Return what an editor gave a note, and what plays once where others loop."""
    often = Counter(p.title for p in programmes)
    short = [p for p in programmes if p.kind != "filler" and p.end - p.start < QUARTER]
    noted = {p for p in short if p.note}
    once = {p for p in short if often[p.title] == 1}
    return next((frozenset(s) for s in (noted | once, noted) if len(s) <= STANDING), frozenset())


def fold(programmes: Iterable[Programme], alone: Collection[Programme] = ()) -> list[Row]:
    """Fold neighbours that are shorter than a quarter hour and begin in the same one.

    A channel of short films has a thousand programmes a day; a phone cannot show
    them in 15 kB, and nobody would read them. Those in `alone` keep rows of their own.
    """

    def key(programme: Programme) -> tuple[bool, datetime]:
        single = programme.end - programme.start >= QUARTER or programme in alone
        return single, programme.start if single else _quarter_of(programme)

    rows = [Row(tuple(group)) for _, group in groupby(programmes, key=key)]
    return [row for row in rows if row.titles() or row.end - row.start >= QUARTER]


def folded_for_grid(programmes: Sequence[Programme]) -> list[Row]:
    """Fold by quarter hours, each one column wide; what stands out is named first in its own."""
    leading = standing_out(programmes)
    return [
        Row(row.programmes, tuple(p for p in row.programmes if p in leading)) if row.folded else row
        for row in fold(programmes)
    ]


def _quarter_of(programme: Programme) -> datetime:
    start = programme.start
    return start.replace(minute=start.minute // 15 * 15, second=0, microsecond=0)


def within(programmes: Iterable[Programme], start: datetime, end: datetime) -> list[Programme]:
    """Return the programmes that play between two moments."""
    return [p for p in programmes if p.end > start and p.start < end]


def cells(rows: Sequence[Row], start: datetime, quarters: int) -> list[Cell]:
    """Place rows in a grid of `quarters` columns; each gets one column at least.

    What is pushed over the right edge by its neighbours is left to the next window.
    """
    placed: list[Cell] = []
    edge = 0
    for row in rows:
        column = max(edge, (row.start - start) // QUARTER)
        if column >= quarters:
            break
        stop = min(quarters, max(column + 1, round((row.end - start) / QUARTER)))
        # A hole before a row belongs to what came before it, at the left edge to the row.
        if placed and column > edge:
            placed[-1] = Cell(placed[-1].row, placed[-1].span + column - edge)
        begin = column if placed else 0
        placed.append(Cell(row, stop - begin))
        edge = stop
    return placed

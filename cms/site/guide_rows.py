"""A day's programmes as rows: short ones folded together, quarter hours for the wide grid."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from cms.channels.guide import Programme

QUARTER = timedelta(minutes=15)


@dataclass(frozen=True)
class Row:
    """One programme, or several short ones of the same quarter hour."""

    programmes: tuple[Programme, ...]

    @property
    def start(self) -> datetime:
        return self.programmes[0].start

    @property
    def end(self) -> datetime:
        return self.programmes[-1].end

    @property
    def folded(self) -> bool:
        return len(self.programmes) > 1

    def titles(self) -> list[str]:
        """Return each title once, in the order of airing; fillers have none."""
        return list(dict.fromkeys(p.title for p in self.programmes if p.kind != "filler"))


@dataclass(frozen=True)
class Cell:
    """A row in a window of quarter hours: `span` columns, from 1."""

    row: Row
    span: int


def fold(programmes: Iterable[Programme]) -> list[Row]:
    """Fold neighbours that are shorter than a quarter hour and begin in the same one.

    A channel of short films has a thousand programmes a day; a phone cannot show
    them in 15 kB, and nobody would read them.
    """
    rows: list[Row] = []
    for _, group in groupby(programmes, key=_quarter_of_short):
        rows.append(Row(tuple(group)))
    return [row for row in rows if row.titles() or row.end - row.start >= QUARTER]


def _quarter_of_short(programme: Programme) -> tuple[str, datetime]:
    if programme.end - programme.start >= QUARTER:
        return "long", programme.start
    start = programme.start
    quarter = start.replace(minute=start.minute // 15 * 15, second=0, microsecond=0)
    return "short", quarter


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

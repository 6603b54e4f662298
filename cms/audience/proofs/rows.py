"""The table of a proof: a row an airing, or a row a day or month where one page must hold more."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Literal
from zoneinfo import ZoneInfo

from cms.audience.proofs.document import Document, Line, Sums, sums_of

Unit = Literal["airing", "day", "month"]
UNITS: tuple[Unit, ...] = ("airing", "day", "month")
"""The finest first."""


@dataclass(frozen=True)
class Row:
    """What a row tells: the airings of a unit of time, the earliest first. Never without one."""

    day: date
    lines: tuple[Line, ...]

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels that they were on, each once."""
        return tuple(dict.fromkeys(line.channel for line in self.lines))

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why some were cut or missed, each once."""
        return tuple(dict.fromkeys(line.reason for line in self.lines if line.reason))

    @property
    def sums(self) -> Sums:
        """What became of them."""
        return sums_of(self.lines)

    @property
    def seconds(self) -> int:
        """How long they were on air, replacements among them."""
        return sum(line.aired for line in self.lines)


def rows_of(document: Document, unit: Unit) -> tuple[Row, ...]:
    """Return the rows by time; days and months are those of the document's own zone."""
    return tuple(_rows(document, unit))


def _rows(document: Document, unit: Unit) -> Iterator[Row]:
    local = ZoneInfo(document.zone)
    dated = [(line.start.astimezone(local).date(), line) for line in sorted_lines(document)]
    if unit == "airing":
        yield from (Row(day, (line,)) for day, line in dated)
        return
    for day, group in groupby(dated, key=lambda pair: _begin(pair[0], unit)):
        yield Row(day, tuple(line for _, line in group))


def sorted_lines(document: Document) -> list[Line]:
    """Return the airings by time."""
    return sorted(document.lines, key=lambda line: (line.start, line.channel))


def replaced_by(document: Document) -> dict[tuple[str, str], Line]:
    """Return which airing each replacement stands for, by its start (ISO) and channel."""
    return {
        (line.made_good.isoformat(), line.channel): line
        for line in document.lines
        if line.made_good is not None
    }


def _begin(day: date, unit: Unit) -> date:
    return day.replace(day=1) if unit == "month" else day

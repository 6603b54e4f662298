"""What `rundown.json` holds: which day files make up the rundown in force.

Day files are named by what is in them and never change. So replacing the index is
all that an edit does, readers see the rundown before or after it, and a day that
an edit does not touch keeps its file.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from hashlib import blake2b
from itertools import groupby, pairwise

import msgspec

from media_pipeline.model.reading import decoded
from media_pipeline.model.rundown import Rundown, decode_rundown
from media_pipeline.model.stored.day import BrokenDay, Day, pack_day
from media_pipeline.model.stored.days import Days
from media_pipeline.model.ticks import TIMESCALE, moment_of

FORMAT = 2
DAY = 86_400 * TIMESCALE
"""A day is one of UTC: another zone for a channel moves no entry into another file."""


class DayRef(msgspec.Struct, frozen=True):
    """A day file: its name, its bytes, and what its first and last entry say."""

    name: str
    size: int
    entries: int
    start: int
    end: int
    msn: int
    dsn: int


class Index(msgspec.Struct, frozen=True):
    """A rundown without its entries. `days` follow each other; a day may be missing between."""

    channel: str
    name: str
    zone: str
    version: int
    written: datetime
    slate: str
    days: tuple[DayRef, ...]
    format: int = FORMAT


class StoredRundown:
    """A rundown whose entries stay in their day files."""

    __slots__ = ("entries", "index")

    def __init__(self, index: Index, entries: Days) -> None:
        self.index = index
        self.entries = entries

    @property
    def channel(self) -> str:
        """Its slug."""
        return self.index.channel

    @property
    def name(self) -> str:
        """What the channel is called."""
        return self.index.name

    @property
    def version(self) -> int:
        """It grows by one with each write."""
        return self.index.version

    @property
    def slate(self) -> str:
        """The publication that follows the last entry."""
        return self.index.slate

    def whole(self) -> Rundown:
        """The same with all its entries as values."""
        i = self.index
        return Rundown(i.channel, i.name, i.zone, i.version, i.written, (*self.entries,), i.slate)


class _Format(msgspec.Struct):
    format: int = 1


def decode_stored(data: bytes) -> Rundown | Index:
    """Return what a `rundown.json` holds: an index, or as in format 1 a whole rundown.

    Raises msgspec.DecodeError for what is neither.
    """
    found = decoded(data, _Format).format
    if found == 1:
        return decode_rundown(data)
    if found != FORMAT:
        raise msgspec.ValidationError(f"its format is {found}, and this Siar knows 1 and 2")
    return decoded(data, Index)


def encode_index(index: Index) -> bytes:
    """Return `index` as the bytes of `rundown.json`."""
    return msgspec.json.encode(index)


def split(rundown: Rundown) -> tuple[Index, dict[str, bytes]]:
    """Return the index of `rundown`, and its day files by name.

    Raises ValueError for entries with a gap, an overlap or a jump of numbers.
    """
    files: dict[str, bytes] = {}
    refs = []
    for number, group in groupby(rundown.entries, key=lambda e: e.start // DAY):
        entries = tuple(group)
        data = pack_day(entries)
        stamp = moment_of(number * DAY).strftime("%Y%m%d")
        name = f"{stamp}-{blake2b(data, digest_size=8).hexdigest()}"
        files[name] = data
        first = entries[0]
        numbers = (first.start, entries[-1].end, first.msn, first.dsn)
        refs.append(DayRef(name, len(data), len(entries), *numbers))
    index = Index(
        channel=rundown.channel,
        name=rundown.name,
        zone=rundown.zone,
        version=rundown.version,
        written=rundown.written,
        slate=rundown.slate,
        days=tuple(refs),
    )
    return index, files


def joined(index: Index, day_of: Callable[[DayRef], Day]) -> StoredRundown:
    """Return the rundown of `index`, whose days `day_of` finds.

    Raises BrokenDay, with the name of the file, for one that is not what the index
    says, and for days that do not stand end to end; what `day_of` raises passes.
    """
    days = []
    for ref in index.days:
        try:
            day = day_of(ref)
        except BrokenDay as wrong:
            raise BrokenDay(f"The day file {ref.name} cannot be used: {wrong}.") from wrong
        if (ref.entries, ref.start, ref.end, ref.msn, ref.dsn) != (
            *(day.count, day.start, day.end),
            *(day.msn, day.dsn),
        ):
            raise BrokenDay(f"The day file {ref.name} is not the one that the index means.")
        days.append(day)
    for fault in _breaks(days):
        raise BrokenDay(fault)
    return StoredRundown(index, Days(days))


def _breaks(days: list[Day]) -> Iterator[str]:
    for one, two in pairwise(days):
        if (two.start, two.msn, two.dsn) != (one.end, one.msn_end, one.dsn + one.count):
            yield f"The day that starts at tick {two.start} does not go on where the last one ends."

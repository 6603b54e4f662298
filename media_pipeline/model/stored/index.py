"""What `rundown.json` holds: which day files make up the rundown in force.

Day files are named by what is in them and never change. So replacing the index is
all that an edit does, readers see the rundown before or after it, and a day that
an edit does not touch keeps its file.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from hashlib import blake2b
from itertools import groupby, pairwise

import msgspec

from media_pipeline.model.joint import Joint
from media_pipeline.model.reading import decoded
from media_pipeline.model.rundown import Entry, Rundown, decode_rundown
from media_pipeline.model.stored.day import BrokenDay, Day, pack_day
from media_pipeline.model.stored.days import Days
from media_pipeline.model.ticks import TIMESCALE, moment_of

FORMAT = 2
INHERITS = 3
"""The format of an index with a parent: a Siar that knows none must not play it."""
DAY = 86_400 * TIMESCALE
"""A day is one of UTC: another zone for a channel moves no entry into another file."""


class DayRef(msgspec.Struct, frozen=True, omit_defaults=True):
    """A day file: its name, its bytes, and what its first and last entry say.

    `msn_end` is the number after its last segment, 0 where the next day says it.
    """

    name: str
    size: int
    entries: int
    start: int
    end: int
    msn: int
    dsn: int
    msn_end: int = 0


class Index(msgspec.Struct, frozen=True):
    """A rundown without its entries. `days` follow each other; a day may be missing between.

    With a `parent` (its slug) `days` are runs of own entries, each in a file, with gaps
    between them, and `joints` say what plays from when on as far as that is frozen.
    """

    channel: str
    name: str
    zone: str
    version: int
    written: datetime
    slate: str
    days: tuple[DayRef, ...]
    format: int = FORMAT
    must_carry: tuple[tuple[int, int], ...] = ()
    parent: str = ""
    joints: tuple[Joint, ...] = ()


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

    @property
    def must_carry(self) -> tuple[tuple[int, int], ...]:
        """The segments [first, last) that go through all who inherit from it."""
        return self.index.must_carry

    def whole(self) -> Rundown:
        """The same with all its entries as values."""
        i = self.index
        said = (i.channel, i.name, i.zone, i.version, i.written)
        return Rundown(*said, (*self.entries,), i.slate, must_carry=i.must_carry)


class _Format(msgspec.Struct):
    format: int = 1


def decode_stored(data: bytes) -> Rundown | Index:
    """Return what a `rundown.json` holds: an index, or as in format 1 a whole rundown.

    Raises msgspec.DecodeError for what is neither.
    """
    found = decoded(data, _Format).format
    if found == 1:
        return decode_rundown(data)
    if found not in (FORMAT, INHERITS):
        raise msgspec.ValidationError(f"its format is {found}, and this Siar knows 1 to 3")
    index = decoded(data, Index)
    if (found == INHERITS) != bool(index.parent and index.joints):
        raise msgspec.ValidationError("it says only half of what it inherits")
    return index


def encode_index(index: Index) -> bytes:
    """Return `index` as the bytes of `rundown.json`."""
    return msgspec.json.encode(index)


def split(rundown: Rundown) -> tuple[Index, dict[str, bytes]]:
    """Return the index of `rundown`, and its day files by name.

    Raises ValueError for entries with a gap, an overlap or a jump of numbers.
    """
    files: dict[str, bytes] = {}
    refs = []
    for _, group in groupby(rundown.entries, key=lambda e: e.start // DAY):
        ref, data = pack_entries(tuple(group))
        files[ref.name] = data
        refs.append(ref)
    index = Index(
        channel=rundown.channel,
        name=rundown.name,
        zone=rundown.zone,
        version=rundown.version,
        written=rundown.written,
        slate=rundown.slate,
        days=tuple(refs),
        must_carry=rundown.must_carry,
    )
    return index, files


def pack_entries(entries: Sequence[Entry]) -> tuple[DayRef, bytes]:
    """Return `entries`, which stand end to end, as a day file, and what refers to it."""
    data = pack_day(entries)
    first = entries[0]
    stamp = moment_of(first.start // DAY * DAY).strftime("%Y%m%d")
    name = f"{stamp}-{blake2b(data, digest_size=8).hexdigest()}"
    numbers = (first.start, entries[-1].end, first.msn, first.dsn)
    return DayRef(name, len(data), len(entries), *numbers), data


def joined(index: Index, day_of: Callable[[DayRef], Day]) -> StoredRundown:
    """Return the rundown of `index`, whose days `day_of` finds.

    Raises BrokenDay, with the name of the file, for one that is not what the index
    says, and for days that do not stand end to end; what `day_of` raises passes.
    """
    days = [found_day(ref, day_of) for ref in index.days]
    for fault in _breaks(days):
        raise BrokenDay(fault)
    return StoredRundown(index, Days(days))


def blocks_of(index: Index, day_of: Callable[[DayRef], Day]) -> tuple[Days, ...]:
    """Return the own entries of an `index` with a parent, run by run.

    Raises BrokenDay as `joined` does, and for runs that overlap.
    """
    for one, two in pairwise(index.days):
        if two.start < one.end:
            raise BrokenDay(f"The own entries at tick {two.start} begin before the last ones end.")
    return tuple(Days((found_day(ref, day_of),)) for ref in index.days)


def found_day(ref: DayRef, day_of: Callable[[DayRef], Day]) -> Day:
    """Return the day `ref` that `day_of` finds; raises BrokenDay as `joined` does."""
    try:
        day = day_of(ref)
    except BrokenDay as wrong:
        sentence = f"The day file {ref.name} cannot be used: {wrong}."
        raise BrokenDay(sentence, ref.name) from wrong
    check_meant(ref, day)
    return day


def check_meant(ref: DayRef, day: Day) -> None:
    """Raise BrokenDay unless `day` is what the index says of `ref`."""
    said = (ref.entries, ref.start, ref.end, ref.msn, ref.dsn)
    if said != (day.count, day.start, day.end, day.msn, day.dsn):
        sentence = f"The day file {ref.name} is not the one that the index means."
        raise BrokenDay(sentence, ref.name)


def _breaks(days: list[Day]) -> Iterator[str]:
    for one, two in pairwise(days):
        if (two.start, two.msn, two.dsn) != (one.end, one.msn_end, one.dsn + one.count):
            yield f"The day that starts at tick {two.start} does not go on where the last one ends."

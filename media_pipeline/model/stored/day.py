"""The entries of one day in columns, as bytes that can be mapped into memory.

    magic u64 · crc32 of all that follows u32 · entries u32 · texts u32 · their bytes u32
    end i64 · number after the last segment i64 · first discontinuity i64
    start i64 × n · msn i64 × n
    publication, first, id, title, note, rating, kind, programme, cards: u32 × n each
    where each text ends, u32 × texts · the texts, UTF-8

Durations, counts and discontinuities are not written: they are differences of
neighbours, so that a gap, an overlap or a jump of numbers cannot be written down.
Each text stands once, and columns refer to it by its number; cards are JSON.
"""

import struct
import sys
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter
from typing import cast
from zlib import crc32

import msgspec

from media_pipeline.model.rundown import Card, Entry, EntryKind

MAGIC = int.from_bytes(b"SIARDAY1", "little")
"""In native order, as all numbers are: a machine of the other order reads another magic."""

_HEAD = struct.Struct("=QIIIIqqq")
_CHECKED_FROM = 12
_COLUMNS = (
    *("publication", "first", "id", "title", "note"),
    *("rating", "kind", "programme", "cards"),
)
_FIRST = _COLUMNS.index("first")
_WIDTH = 2 * 8 + 4 * len(_COLUMNS)
_I64 = struct.Struct("=q")


class BrokenDay(ValueError):
    """The bytes are no day file, or not all of one. `name` is the file's, "" where none is named."""

    def __init__(self, sentence: str, name: str = "") -> None:
        super().__init__(sentence)
        self.name = name


def pack_day(entries: Sequence[Entry]) -> bytes:
    """Return `entries`, which stand end to end, as a day file; the same for the same entries.

    Raises ValueError for entries with a gap, an overlap or a jump of numbers.
    """
    _check_chain(entries)
    texts = _Texts()
    columns = [array("I", texts.column(name, entries)) for name in _COLUMNS]
    blob = b"".join(texts.packed)
    last = entries[-1]
    body = b"".join(
        (
            array("q", (e.start for e in entries)).tobytes(),
            array("q", (e.msn for e in entries)).tobytes(),
            *(column.tobytes() for column in columns),
            array("I", texts.ends()).tobytes(),
            blob,
        )
    )
    counts = (len(entries), len(texts.packed), len(blob))
    numbers = (last.end, last.msn + last.count, entries[0].dsn)
    head = _HEAD.pack(MAGIC, 0, *counts, *numbers)
    checked = crc32(body, crc32(head[_CHECKED_FROM:]))
    return _HEAD.pack(MAGIC, checked, *counts, *numbers) + body


def _check_chain(entries: Sequence[Entry]) -> None:
    if not entries:
        raise ValueError("a day without entries has no file")
    if any(e.count < 1 or e.duration < 1 for e in entries):
        raise ValueError("an entry without segments cannot be written")
    for one, two in pairwise(entries):
        if (two.start, two.msn, two.dsn) != (one.end, one.msn + one.count, one.dsn + 1):
            raise ValueError(f"entry {two.id} does not go on where {one.id} ends")


class _Texts:
    """Each text once, numbered as it comes up."""

    def __init__(self) -> None:
        self.packed: list[bytes] = []
        self._numbers: dict[str | tuple[Card, ...], int] = {}

    def column(self, name: str, entries: Sequence[Entry]) -> list[int]:
        """Return what stands for the attribute `name` of each entry."""
        values = list(map(attrgetter(name), entries))
        if name == "first":
            return values
        for value in dict.fromkeys(values):
            self._take(value)
        return [self._numbers[value] for value in values]

    def ends(self) -> list[int]:
        """Return where each text ends."""
        length, found = 0, []
        for text in self.packed:
            length += len(text)
            found.append(length)
        return found

    def _take(self, value: str | tuple[Card, ...]) -> None:
        if value in self._numbers:
            return
        self._numbers[value] = len(self.packed)
        # JSON of no cards would be as long as an identity.
        self.packed.append(value.encode() if isinstance(value, str) else _cards_to_text(value))


def _cards_to_text(cards: tuple[Card, ...]) -> bytes:
    return msgspec.json.encode(cards) if cards else b""


def _cards_of(text: str) -> tuple[Card, ...]:
    return msgspec.json.decode(text, type=tuple[Card, ...]) if text else ()


class Day:
    """A day file's bytes, and the entries in them: made into values when asked for.

    `data` may be bound anew to the same bytes elsewhere, while others read.
    """

    __slots__ = ("__weakref__", "count", "data", "dsn", "end", "msn", "msn_end", "start")

    def __init__(self, data: bytes | memoryview) -> None:
        """Take over `data`; raise BrokenDay unless all of it is there and in order."""
        self.data = memoryview(data)
        self.count, self.end, self.msn_end, self.dsn = _checked(self.data)
        self.start, self.msn = self.starts[0], self.msns[0]
        if not (_ascend(self.starts, self.end) and _ascend(self.msns, self.msn_end)):
            raise BrokenDay("its entries are not in order")

    @property
    def starts(self) -> memoryview:
        """The tick at which each entry starts."""
        return self.data[_HEAD.size : _HEAD.size + 8 * self.count].cast("q")

    @property
    def msns(self) -> memoryview:
        """The number of each entry's first segment."""
        begin = _HEAD.size + 8 * self.count
        return self.data[begin : begin + 8 * self.count].cast("q")

    def entry(self, place: int) -> Entry:
        """The entry at `place`, from 0."""
        data, last = self.data, place == self.count - 1
        start = _I64.unpack_from(data, at := _HEAD.size + 8 * place)[0]
        end = self.end if last else _I64.unpack_from(data, at + 8)[0]
        msn = _I64.unpack_from(data, at := at + 8 * self.count)[0]
        after = self.msn_end if last else _I64.unpack_from(data, at + 8)[0]
        numbers = data[self._column(0) : self._column(len(_COLUMNS))].cast("I")
        row = numbers[place :: self.count].tolist()
        first = row.pop(_FIRST)
        publication, identity, title, note, rating, kind, programme, cards = self._texts(data, row)
        return Entry(
            id=identity,
            start=start,
            duration=end - start,
            publication=publication,
            count=after - msn,
            msn=msn,
            dsn=self.dsn + place,
            kind=cast("EntryKind", kind),
            title=title,
            first=first,
            note=note,
            rating=rating,
            programme=programme,
            cards=_cards_of(cards),
        )

    def entries(self) -> Iterator[Entry]:
        """All entries in order. Each text is decoded once: five times as fast as one by one."""
        columns = [self.data[self._column(n) : self._column(n + 1)] for n in range(len(_COLUMNS))]
        starts = pairwise([*self.starts.tolist(), self.end])
        msns = pairwise([*self.msns.tolist(), self.msn_end])
        texts = self._texts(self.data, range(_HEAD.unpack_from(self.data)[3]))
        shown = {number: _cards_of(texts[number]) for number in set(columns[-1].cast("I"))}
        rows = zip(*(column.cast("I").tolist() for column in columns), strict=True)
        for place, ((start, end), (msn, after), row) in enumerate(
            zip(starts, msns, rows, strict=True)
        ):
            publication, first, identity, title, note, rating, kind, programme, cards = row
            yield Entry(
                id=texts[identity],
                start=start,
                duration=end - start,
                publication=texts[publication],
                count=after - msn,
                msn=msn,
                dsn=self.dsn + place,
                kind=cast("EntryKind", texts[kind]),
                title=texts[title],
                first=first,
                note=texts[note],
                rating=texts[rating],
                programme=texts[programme],
                cards=shown[cards],
            )

    def publications(self, first: int, last: int) -> set[str]:
        """Which publications the entries [first, last) play."""
        data, begin = self.data, self._column(0)
        wanted = set(data[begin + 4 * first : begin + 4 * last].cast("I").tolist())
        return set(self._texts(data, wanted))

    def places_of_kind(self, kind: EntryKind) -> list[int]:
        """The places of the entries of `kind`, ascending."""
        data, number = self.data, _COLUMNS.index("kind")
        column = data[self._column(number) : self._column(number + 1)].cast("I").tolist()
        known = [*set(column)]
        texts = zip(known, self._texts(data, known), strict=True)
        wanted = {number for number, text in texts if text == kind}
        return [place for place, text in enumerate(column) if text in wanted] if wanted else []

    def _column(self, number: int) -> int:
        return _HEAD.size + (16 + 4 * number) * self.count

    def _texts(self, data: memoryview, numbers: Iterable[int]) -> list[str]:
        """The texts with `numbers`, in their order."""
        at = _HEAD.size + _WIDTH * self.count
        blob = at + 4 * _HEAD.unpack_from(data)[3]
        ends, texts = data[at:blob].cast("I"), data[blob:]
        return [str(texts[ends[n - 1] if n else 0 : ends[n]], "utf-8") for n in numbers]


def _checked(data: memoryview) -> tuple[int, int, int, int]:
    """Return entries, end, the number after the last and the first discontinuity."""
    if len(data) < _HEAD.size:
        raise BrokenDay("it is cut short")
    magic, checked, entries, texts, blob, end, msn_end, dsn = _HEAD.unpack_from(data)
    if magic != MAGIC:
        raise BrokenDay("it is no day file")
    if len(data) != _HEAD.size + _WIDTH * entries + 4 * texts + blob or not entries:
        raise BrokenDay("it is cut short, or longer than it says")
    if crc32(data[_CHECKED_FROM:]) != checked:
        raise BrokenDay("its bytes are not what was written")
    return entries, end, msn_end, dsn


def _ascend(column: memoryview, end: int) -> bool:
    """Whether each value of `column` (i64) is above the one before it, and `end` above the last.

    All at once: as one number of lanes of 64 bits, of which the highest is set before those
    before are subtracted, and stays set in each lane alone whose value is above.
    """
    lanes = len(column)
    first_is_lowest = column if sys.byteorder == "little" else column[::-1]
    values = int.from_bytes(first_is_lowest.tobytes(), sys.byteorder)
    highest, ones = _lanes(lanes)
    if values & highest or not 0 <= end < 1 << 63:
        return False
    after = values >> 64 | end << 64 * (lanes - 1)
    return ((after | highest) - values - ones) & highest == highest


@lru_cache(maxsize=512)
def _lanes(count: int) -> tuple[int, int]:
    """`count` lanes with their highest bit set, and with their lowest."""
    ones = int.from_bytes((b"\1" + bytes(7)) * count, "little")
    return ones << 63, ones


def place_in(column: memoryview, value: int) -> int:
    """The last place in an ascending `column` whose value is not above `value`; -1 for none."""
    return bisect_right(cast("Sequence[int]", column), value) - 1

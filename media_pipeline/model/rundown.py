"""A channel's rundown: what plays when, with the numbers that players see.

Entries stand end to end: each starts at the tick where the one before it ended.
Whoever writes a rundown keeps every number that may have been served (`playout` has
the functions for that). `model.stored` is how it lies in the published store.
"""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import Literal, NamedTuple, Protocol, overload

import msgspec

from media_pipeline.model.reading import decoded

FORMAT = 1

EntryKind = Literal["programme", "promotion", "filler", "slate", "azan"]


class Card(msgspec.Struct, frozen=True, omit_defaults=True):
    """A product card in time with a programme (EXT-X-DATERANGE of class `id.siar.card`).

    `offset` and `duration` are 90 kHz ticks from the start of the *publication*.
    `price` is formatted text ("Rp18.500"), `link` the address whose tap is counted.
    """

    id: str
    offset: int
    duration: int
    name: str
    price: str
    unit: str
    stall: str
    place: str
    link: str
    image: str = ""
    label: str = "Promosi"


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One item of a rundown: segments [first, first + count) of a publication.

    `start` is in ticks since 1970, `duration` in ticks and equal to the sum of
    its segments; `msn` numbers its first segment, in all renditions alike
    (EXT-X-MEDIA-SEQUENCE); `dsn` is its discontinuity sequence. `programme` is
    the key of the video on the site, "" where there is none.
    """

    id: str
    start: int
    duration: int
    publication: str
    count: int
    msn: int
    dsn: int
    kind: EntryKind
    title: str
    first: int = 0
    note: str = ""
    rating: str = "SU"
    programme: str = ""
    cards: tuple[Card, ...] = ()

    @property
    def end(self) -> int:
        """The tick at which the next entry starts."""
        return self.start + self.duration


class Rundown(msgspec.Struct, frozen=True, omit_defaults=True):
    """A channel's entries and what it is called.

    `channel` is its slug, `zone` an IANA name, `version` grows by one with each
    write. `slate` is the publication that is appended when the entries run out.
    `must_carry` are segments [first, last) that go through all who inherit from it.
    """

    channel: str
    name: str
    zone: str
    version: int
    written: datetime
    entries: tuple[Entry, ...]
    slate: str
    format: int = FORMAT
    must_carry: tuple[tuple[int, int], ...] = ()


class Head(NamedTuple):
    """Where a sequence of entries begins: tick, number, discontinuity."""

    start: int
    msn: int
    dsn: int


class OrderedEntries(Sequence[Entry]):
    """Entries end to end that are found without making the others into values."""

    __slots__ = ()

    @overload
    def __getitem__(self, place: int) -> Entry: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Entry, ...]: ...

    def __getitem__(self, place: int | slice) -> Entry | tuple[Entry, ...]:
        """One entry, or those of a slice as values."""
        if isinstance(place, slice):
            return tuple(self[n] for n in range(*place.indices(len(self))))
        if place < 0:
            place += len(self)
        if not 0 <= place < len(self):
            raise IndexError(place)
        return self.entry(place)

    @abstractmethod
    def entry(self, place: int) -> Entry:
        """The entry at `place`, from 0 to the length."""

    @property
    @abstractmethod
    def head(self) -> Head:
        """The numbers of the first entry, without making it."""

    @abstractmethod
    def place_at(self, tick: int) -> int:
        """The place of the last entry that starts at `tick` or before; -1 for none."""

    @abstractmethod
    def place_of(self, msn: int) -> int:
        """The place of the last entry whose first segment has a number up to `msn`; -1 for none."""

    @abstractmethod
    def publications(self, first: int, last: int) -> set[str]:
        """Which publications the entries [first, last) play."""

    @abstractmethod
    def places_of_kind(self, kind: EntryKind, since: int) -> list[int]:
        """The places of the entries of `kind` that end after the tick `since`, ascending."""


class Lineup(Protocol):
    """What playout asks of a rundown, whether its entries are values or lie in day files."""

    @property
    def channel(self) -> str:
        """The channel's slug."""

    @property
    def name(self) -> str:
        """What the channel is called."""

    @property
    def version(self) -> int:
        """It grows by one with each write."""

    @property
    def slate(self) -> str:
        """The publication that follows the last entry."""

    @property
    def must_carry(self) -> tuple[tuple[int, int], ...]:
        """The segments [first, last) that go through all who inherit from it."""

    @property
    def entries(self) -> Sequence[Entry]:
        """What plays, end to end."""


class Caption(msgspec.Struct, frozen=True):
    """A WebVTT track; `uri` is a key in the published store."""

    language: str
    label: str
    uri: str


class Chapter(msgspec.Struct, frozen=True):
    """`start` is in 90 kHz ticks from the start of the publication."""

    start: int
    title: str


class Presentation(msgspec.Struct, frozen=True, omit_defaults=True):
    """What may change about a publication on demand while its bytes do not."""

    publication: str
    title: str = ""
    cards: tuple[Card, ...] = ()
    captions: tuple[Caption, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    format: int = FORMAT


def decode_rundown(data: bytes) -> Rundown:
    """Return the rundown in `data`; raise msgspec.ValidationError if it is none."""
    return decoded(data, Rundown)


def decode_presentation(data: bytes) -> Presentation:
    """Return the presentation in `data`; raise msgspec.ValidationError if it is none."""
    return decoded(data, Presentation)


def encode_value(value: Rundown | Presentation) -> bytes:
    """Return a rundown or presentation as the bytes of its file."""
    return msgspec.json.encode(value)


_NAMED = 3
"""Titles by which a run of fillers is called; the others are left out."""


def title_of_run(run: Sequence[Entry]) -> str:
    """Return what viewers see in a `run` of fillers and slate: the titles of its fillers, each once.

    Slate alone has the title of its channel.
    """
    titles = dict.fromkeys(entry.title for entry in run if entry.kind == "filler" and entry.title)
    return " · ".join(islice(titles, _NAMED)) or run[0].title

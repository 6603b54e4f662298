"""A channel's rundown: what plays when, with the numbers that players see.

Entries stand end to end: each starts at the tick where the one before it ended.
Whoever writes a rundown keeps every number that may have been served (`playout` has
the functions for that). `model.stored` is how it lies in the published store.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol

import msgspec

from media_pipeline.model.reading import decoded

FORMAT = 1

EntryKind = Literal["programme", "promotion", "filler", "slate"]


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
    """

    channel: str
    name: str
    zone: str
    version: int
    written: datetime
    entries: tuple[Entry, ...]
    slate: str
    format: int = FORMAT


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

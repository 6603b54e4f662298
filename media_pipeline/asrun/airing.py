"""What became of what was promised, and why."""

from typing import Literal

import msgspec

from media_pipeline.asrun.spans import Spans
from media_pipeline.model.rundown import EntryKind
from media_pipeline.model.ticks import TIMESCALE

Status = Literal["aired", "cut", "missed"]

AiringKind = EntryKind | Literal["relay"]

Why = Literal[
    "",
    "azan",
    "cut_in",
    "carried",
    "taken_down",
    "withdrawn",
    "edited",
    "unreadable",
    "other",
    "off_air",
]
"""Why something was cut or missed.

azan        a call to prayer took its place
cut_in      a breaking cut-in took its place
carried     the parent obliged all to carry something at that time
taken_down  its segments were taken down
withdrawn   its video was withdrawn, or is published no more
edited      an editor took it away, moved it or made it shorter after it was promised
unreadable  its publication was not in the store, or not whole
other       an origin played an older rundown at that time
off_air     no origin says that it had the channel on air
"""


CardWhy = Why | Literal["card"]
"""As of entries; and "card": the entry stood without it."""


class CardAiring(msgspec.Struct, frozen=True):
    """A product card that was promised, and what of it was on air.

    Ticks: to begin at `start`, `promised` long, `shown` of that on air.
    """

    card: str
    start: int
    promised: int
    shown: int
    why: CardWhy = ""

    @property
    def status(self) -> Status:
        """Aired but for less than a second, cut, or missed."""
        return status_of(self.promised, self.shown)


class Airing(msgspec.Struct, frozen=True):
    """An entry that was promised, and what of it was on air.

    Ticks: promised from `start` to `end`, `promised` long without what interrupts it, `shown`
    of that on air in `pieces`. `count` entries that only fill are one, as is a stretch of a
    parent's programme (kind "relay"). `cards` are those it had last, `carried` all promised ones.
    """

    entry: str
    kind: AiringKind
    start: int
    end: int
    promised: int
    shown: int
    pieces: Spans
    why: Why = ""
    title: str = ""
    publication: str = ""
    programme: str = ""
    cards: tuple[str, ...] = ()
    count: int = 1
    carried: tuple[CardAiring, ...] = ()

    @property
    def status(self) -> Status:
        """Aired but for less than a second, cut, or missed."""
        return status_of(self.promised, self.shown)


def status_of(promised: int, shown: int) -> Status:
    """Return what became of `promised` ticks of which `shown` were on air."""
    if shown == 0:
        return "missed"
    return "aired" if promised - shown < TIMESCALE else "cut"

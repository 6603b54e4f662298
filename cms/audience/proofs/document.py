"""What a Bukti Tayang says, as values: no database, no clock, no words of a language."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Literal

import msgspec

Status = Literal["aired", "cut", "missed"]

TAKEN_BACK = "taken_back"
"""The cause where the trader withdrew the segment; the others are those of as-run."""


@dataclass(frozen=True)
class Line:
    """An airing: `start` in UTC, seconds, and the cause (as-run's word) of what was lacking.

    Causes are kept, not sentences: an upgrade may word them otherwise than the paper did.
    `made_good` is the start of its replacement. One that `makes_good` was promised to nobody.
    """

    start: datetime
    channel: str
    zone: str
    promised: int
    aired: int
    status: Status
    reason: str = ""
    made_good: datetime | None = None
    makes_good: bool = False


@dataclass(frozen=True)
class Names:
    """What may tell who the trader is. It can be forgotten while all else stays."""

    stall: str
    place: str
    product: str


@dataclass(frozen=True)
class Document:
    """One featured segment from `first` to `last`, days by the clock of `zone`.

    `until` (UTC) is up to when the record was read. Reach is in viewer-days, an estimate that
    may be off by `margin`; a document from before margins has none. `outliers` are days whose
    reach is far above that of the others.
    """

    cooperative: str
    market: str
    segment: str
    seconds: int
    zone: str
    first: date
    last: date
    until: datetime
    lines: tuple[Line, ...] = ()
    impressions: int = 0
    taps: int = 0
    reach: int = 0
    margin: int = 0
    outliers: tuple[date, ...] = ()


@dataclass(frozen=True)
class Sums:
    """Airings by what became of them: promised = aired + cut + missed.

    `made_good` of the cut and missed have a replacement; `replacements` are the airings
    that are one themselves. Seconds are those of what was promised.
    """

    aired: int
    cut: int
    missed: int
    made_good: int
    replacements: int
    promised_seconds: int
    aired_seconds: int

    @property
    def promised(self) -> int:
        """All that were promised."""
        return self.aired + self.cut + self.missed


def sums_of(lines: Iterable[Line]) -> Sums:
    """Return the sums of `lines`; what makes good is not itself promised."""
    lines = list(lines)
    promised = [line for line in lines if not line.makes_good]
    return Sums(
        aired=sum(line.status == "aired" for line in promised),
        cut=sum(line.status == "cut" for line in promised),
        missed=sum(line.status == "missed" for line in promised),
        made_good=sum(line.made_good is not None for line in promised),
        replacements=len(lines) - len(promised),
        promised_seconds=sum(line.promised for line in promised),
        aired_seconds=sum(line.aired for line in promised),
    )


def plain(value: Document | Names) -> dict[str, Any]:
    """Return `value` as JSON knows it."""
    built: dict[str, Any] = msgspec.to_builtins(value)
    return built


def document_from(facts: dict[str, Any]) -> Document:
    """Return the document that `plain` made `facts` of; raises msgspec.ValidationError."""
    return msgspec.convert(facts, Document)


def names_from(names: dict[str, Any] | None) -> Names | None:
    """Return the names in `names`; None where they were forgotten."""
    return msgspec.convert(names, Names) if names else None


def canonical(value: Any) -> bytes:
    """Return the one way in which `value` is written: databases change the order of keys."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def same_record(one: Document, other: Document) -> bool:
    """Return whether both say the same, whenever they were read and whatever names have changed.

    Names of channels are among those; impressions are said nowhere.
    """
    return _figures(one) == _figures(other)


@dataclass(frozen=True)
class Differences:
    """How many airings a later reading adds, has replaced since, tells otherwise, or lacks."""

    added: int = 0
    replaced: int = 0
    changed: int = 0
    gone: int = 0

    @property
    def only_more(self) -> bool:
        """Whether all that was said before still holds."""
        return not (self.changed or self.gone)


def differences(before: Document, after: Document) -> Differences:
    """Return how the airings of `after` differ from those of `before`; names are none."""
    then, today = (Counter(map(_became, document.lines)) for document in (before, after))
    lacking, new = then - today, today - then
    owed = Counter(replace(line, made_good=None) for line in new.elements() if line.made_good)
    replaced = lacking & owed
    # Of what is left, one of the same moment is the same airing.
    old, other = (
        Counter(line.start for line in lines.elements()) for lines in (lacking - replaced, new)
    )
    other -= Counter(line.start for line in replaced.elements())
    return Differences(
        added=(other - old).total(),
        replaced=replaced.total(),
        changed=(other & old).total(),
        gone=(old - other).total(),
    )


def _figures(document: Document) -> tuple[Any, ...]:
    return Counter(map(_became, document.lines)), document.taps, document.reach


def _became(line: Line) -> Line:
    return replace(line, channel="", zone="")


def in_utc(moment: datetime) -> datetime:
    """Return `moment` in UTC to the second: what is kept and compared is written one way."""
    return moment.astimezone(UTC).replace(microsecond=0)

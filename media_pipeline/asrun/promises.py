"""What a channel promised: what its rundown held a day before air, or since it was added later."""

from collections.abc import Iterable, Iterator, Sequence
from typing import get_args

import msgspec

from media_pipeline.asrun.timeline import Reign, Written, reigns
from media_pipeline.model.entry_ids import whole_of
from media_pipeline.model.rundown import Card, Entry, EntryKind, OrderedEntries
from media_pipeline.model.ticks import ticks_in
from media_pipeline.playout.lookup import place_at

AHEAD = ticks_in(24 * 3600)
"""What the rundown holds that long before an entry's start is promised, whatever follows."""

GRACE = ticks_in(600)
"""What was added later and taken back within that time was a trial, and no promise."""

QUIET: tuple[EntryKind, ...] = ("filler", "slate")
"""They fill what is left, and are promised by nobody."""

_KINDS = tuple(kind for kind in get_args(EntryKind) if kind not in QUIET)


class Offered(msgspec.Struct, frozen=True):
    """A card as an entry was first to carry it, and how long the rundown had it so."""

    card: Card
    held: int = 0
    firm: bool = False

    @property
    def stands(self) -> bool:
        """Whether taking it back breaks a promise."""
        return self.firm or self.held >= GRACE


class Promise(msgspec.Struct, frozen=True):
    """An entry as it was promised, its parts as one. `length` in ticks, without what interrupts it.

    `held` is for how many ticks of the last day before its start the rundown had it; it is
    `firm` if it had it when that day began. `cards` are the ids of its product cards, as they
    were said last, `offered` all that it ever was to carry.
    """

    entry: str
    kind: EntryKind
    start: int
    end: int
    length: int
    title: str
    publication: str
    programme: str
    cards: tuple[str, ...]
    offered: tuple[Offered, ...] = ()
    held: int = 0
    firm: bool = False

    @property
    def stands(self) -> bool:
        """Whether taking it back breaks a promise."""
        return self.firm or self.held >= GRACE


def promise_of(parts: Sequence[Entry]) -> Promise:
    """Return the promise that the `parts` of one entry make."""
    first, last = parts[0], parts[-1]
    return Promise(
        entry=whole_of(first.id),
        kind=first.kind,
        start=first.start,
        end=last.end,
        length=sum(part.duration for part in parts),
        title=first.title,
        publication=first.publication,
        programme=first.programme,
        cards=tuple(card.id for card in first.cards),
        offered=tuple(Offered(card) for card in first.cards),
    )


def promises(versions: Iterable[Written], start: int, end: int) -> dict[str, Promise]:
    """Return what was promised to start around the ticks [start, end), by entry.

    The first version that held an entry within a day before its start says what was promised.
    """
    found: dict[str, Promise] = {}
    for reign in reigns(versions, end):
        if reign.end > start - 2 * AHEAD:
            for parts in _coming(reign, end):
                _hold(found, reign, parts)
    return found


def _hold(found: dict[str, Promise], reign: Reign, parts: Sequence[Entry]) -> None:
    begins = parts[0].start
    since, until = max(reign.start, begins - AHEAD), min(reign.end, begins)
    if since >= until:
        return
    entry = whole_of(parts[0].id)
    said = found.get(entry) or promise_of(parts)
    found[entry] = msgspec.structs.replace(
        said,
        held=said.held + until - since,
        firm=said.firm or since == begins - AHEAD,
        cards=tuple(card.id for card in parts[0].cards),
        offered=_offered(said.offered, parts[0].cards, until - since, since == begins - AHEAD),
    )


def _offered(
    before: tuple[Offered, ...], cards: Iterable[Card], held: int, firm: bool
) -> tuple[Offered, ...]:
    found = {each.card.id: each for each in before}
    for card in cards:
        known = found.get(card.id) or Offered(card)
        found[card.id] = Offered(known.card, known.held + held, known.firm or firm)
    return tuple(found.values())


def _coming(reign: Reign, end: int) -> Iterator[list[Entry]]:
    """What a version promised while it was in force, the parts of each entry together."""
    entries = reign.version.entries
    parts: dict[str, list[Entry]] = {}
    for place in _places(entries, reign.start, min(reign.end, end) + AHEAD):
        entry = entries[place]
        parts.setdefault(whole_of(entry.id), []).append(entry)
    # Of what was on air already the beginning is not among them.
    return (group for group in parts.values() if group[0].id == whole_of(group[0].id))


def _places(entries: Sequence[Entry], first: int, last: int) -> list[int]:
    """The places of what starts in the ticks [first, last) and does not only fill."""
    begin, end = place_at(entries, first - 1) + 1, place_at(entries, last - 1) + 1
    if isinstance(entries, OrderedEntries):
        found = sorted(n for kind in _KINDS for n in entries.places_of_kind(kind, first))
        return [place for place in found if begin <= place < end]
    return [place for place in range(begin, end) if entries[place].kind not in QUIET]

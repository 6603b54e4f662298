"""Of the product cards that an entry was to carry: which were on air, and for how long.

A card is promised as its entry is: what the rundown held a day before air, or since it was
added. One that came while its entry was on air is measured by what the rundown said in the end.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from media_pipeline.asrun.airing import CardAiring
from media_pipeline.asrun.promises import Promise
from media_pipeline.asrun.spans import Spans, common, length, union
from media_pipeline.asrun.timeline import Slot
from media_pipeline.model.rundown import Card, Entry


class Window(NamedTuple):
    """Where the rundown in the end had a card: a piece of a slot, with or without the card."""

    slot: Slot
    card: Card | None


def card_airings(
    promise: Promise, slots: Sequence[Slot], pieces: Spans
) -> list[tuple[CardAiring, list[Window]]]:
    """Return what became of each card of `promise`, and where it was to be; no reasons yet.

    `slots` are those of its entry in the end, `pieces` what of them was on air.
    """
    zeros = _zeros(slots)
    carried = {card.id: card for slot in slots if slot.entry for card in slot.entry.cards}
    standing = {
        each.card.id: each.card
        for each in promise.offered
        if each.stands or (each.held and each.card.id in carried)
    }
    found = []
    for key, card in {**carried, **standing}.items():
        windows = list(_windows(carried.get(key, card), slots, zeros))
        here = union((w.slot.start, w.slot.end) for w in windows if w.card)
        start, promised = promise.start + card.offset, _within(card, promise.length)
        if key not in standing:
            start, promised = (here[0][0], length(here)) if here else (start, 0)
            # An entry that grew after it was promised is owed what it was, and so are its cards.
            promised = min(promised, promise.length)
        if promised > 0:
            shown = min(promised, length(common(here, pieces)))
            found.append((CardAiring(key, start, promised, shown), windows))
    return found


def taken_off(windows: Iterable[Window]) -> int:
    """Return for how many ticks the entry stood without the card."""
    return sum(w.slot.end - w.slot.start for w in windows if not w.card)


def _within(card: Card, ticks: int) -> int:
    """How much of `card` lies in the first `ticks` of what it belongs to."""
    return max(0, min(card.offset + card.duration, ticks) - card.offset)


def _windows(card: Card, slots: Iterable[Slot], zeros: Mapping[str, int]) -> Iterable[Window]:
    for slot in slots:
        entry = slot.entry
        if entry is None:
            continue
        begin = entry.start + slot.shift - zeros[entry.id] + card.offset
        clipped = slot.clipped(begin, begin + card.duration)
        if clipped.start < clipped.end:
            yield Window(clipped, next((c for c in entry.cards if c.id == card.id), None))


def _zeros(slots: Iterable[Slot]) -> dict[str, int]:
    """How many ticks of what it belongs to each part of an entry has before it, by its id.

    A part goes on where the one before it stopped.
    """
    last: dict[str, Entry] = {slot.entry.id: slot.entry for slot in slots if slot.entry}
    found, passed = {}, 0
    for entry in sorted(last.values(), key=lambda entry: entry.first):
        found[entry.id] = passed
        passed += entry.duration
    return found

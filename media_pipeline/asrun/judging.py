"""As-run: from journals and the history of rundowns to what aired, was cut or was missed.

promised = aired + cut + missed, entry by entry. A journal that arrives late only ever
moves an entry from missed to cut to aired; what nobody can know yet is left out.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from media_pipeline.asrun.airing import Airing, CardAiring, CardWhy, Why
from media_pipeline.asrun.cards import card_airings, taken_off
from media_pipeline.asrun.coverage import RELAY, Coverage
from media_pipeline.asrun.lines import Lack
from media_pipeline.asrun.promises import QUIET, Promise, promise_of, promises
from media_pipeline.asrun.spans import Spans, common, length, union, without
from media_pipeline.asrun.timeline import Slot, Written, final
from media_pipeline.model.entry_ids import is_cut_in, part_of, whole_of
from media_pipeline.model.rundown import Entry, title_of_run
from media_pipeline.model.spans import united
from media_pipeline.model.ticks import ticks_in

HOLE = ticks_in(10)
"""What no journal says between two moments so near was on air too: an origin was started anew."""

LATE = ticks_in(3 * 3600)
"""What was promised may start so much later, behind what was longer than planned."""

LACKS: tuple[Lack, ...] = ("taken_down", "unreadable")

BLAMED: tuple[Why, ...] = (
    *("taken_down", "withdrawn", "cut_in", "azan", "carried"),
    *("edited", "unreadable", "other", "off_air"),
)
"""Of causes that took as much, the first is told."""

OF_CARDS: tuple[CardWhy, ...] = (*BLAMED[:2], "card", *BLAMED[2:])


class Evidence(msgspec.Struct, frozen=True):
    """What is known of a channel: the versions of its rundown and what its journals say.

    `relayed` is what a channel that inherits played (`timeline.followed`), `planned` how long
    (ticks) each own entry is in its newest rundown. `barred` says of programmes that may not
    play any more which of "taken_down" and "withdrawn" they are.
    """

    versions: Sequence[Written]
    coverage: Coverage
    relayed: Sequence[Slot] = ()
    planned: Mapping[str, int] = {}
    barred: Mapping[str, Why] = {}


class Record(NamedTuple):
    """What became of promises, ascending by start, and the tick at which the last is over."""

    airings: list[Airing]
    ends: int


def as_run(evidence: Evidence, start: int, end: int, complete: int) -> list[Airing]:
    """Return the airings of `record`."""
    return record(evidence, start, end, complete).airings


def record(evidence: Evidence, start: int, end: int, complete: int) -> Record:
    """Return what was promised to start in the ticks [start, end) and is over at `complete`.

    `complete` is the tick up to which journals are there. The record `ends` when all that was
    promised is over, also what is left out; not before `end`.
    """
    promised = promises(evidence.versions, start, end)
    last = max([end, *(each.end for each in promised.values())])
    slots = final(evidence.versions, evidence.relayed, start - LATE, last + LATE)
    seen = _Seen(evidence, slots)
    told, ends = [*_quiet(seen, start, end, complete)], end
    for promise, places in _wished(seen, promised):
        if start <= promise.start < end:
            over = max([promise.end, *(seen.slots[place].end for place in places)])
            ends = max(ends, over)
            told += [_judged(seen, promise, places)] if over <= complete else []
    return Record(sorted(told, key=lambda airing: (airing.start, airing.entry)), ends)


class _Seen:
    """The slots of the final rundown, and what of each was on air."""

    def __init__(self, evidence: Evidence, slots: Sequence[Slot]) -> None:
        self.evidence = evidence
        self.slots = slots
        self.wished: dict[str, list[int]] = defaultdict(list)
        """The places of the slots of each entry that does not only fill."""
        for place, slot in enumerate(slots):
            if slot.entry is not None and slot.entry.kind not in QUIET:
                self.wished[whole_of(slot.entry.id)].append(place)
        said = [self._said(slot) for slot in slots]
        self.any = union(*evidence.coverage.values())
        known = union(*said)
        # Of a moment that a journal does speak of, it says something else.
        near = union(known, without(united(known, HOLE), self.any))
        self.aired = [
            common(near, ((slot.start, slot.end),)) if spans else ()
            for slot, spans in zip(slots, said, strict=True)
        ]

    def _said(self, slot: Slot) -> Spans:
        entry = part_of(slot.entry.id) if slot.entry else RELAY
        return common(self.evidence.coverage.get((entry, ""), ()), ((slot.start, slot.end),))

    def unseen(self, slots: Iterable[tuple[Slot, Spans]]) -> Counter[Why]:
        """What of slots nobody saw but the pieces beside each: ticks by cause."""
        found: Counter[Why] = Counter()
        coverage = self.evidence.coverage
        for slot, pieces in slots:
            entry = part_of(slot.entry.id) if slot.entry else RELAY
            left = without(((slot.start, slot.end),), pieces)
            for why in LACKS:
                lacking = common(left, coverage.get((entry, why), ()))
                found[why] += length(lacking)
                left = without(left, lacking)
            other = common(left, self.any)
            found["other"] += length(other)
            found["off_air"] += length(left) - length(other)
        return found

    def parts(self, places: Iterable[int]) -> list[Entry]:
        """The entries at `places`, as the last version says each."""
        found = [e for place in places if (e := self.slots[place].entry) is not None]
        return list({entry.id: entry for entry in found}.values())

    def at(self, places: Iterable[int]) -> list[tuple[Slot, Spans]]:
        """The slots at `places`, and what of each was on air."""
        return [(self.slots[place], self.aired[place]) for place in places]


def _wished(
    seen: _Seen, promised: Mapping[str, Promise]
) -> Iterator[tuple[Promise, Sequence[int]]]:
    """What an editor, a trader or the call to prayer was promised, and the places of its slots."""
    for entry in {**promised, **seen.wished}:
        places = seen.wished.get(entry, [])
        parts = seen.parts(places)
        if parts and is_cut_in(entry):
            # What nobody knew a minute ago was promised to nobody: an editor may end it.
            promise = promise_of(parts)
        else:
            promise = promised.get(entry) or promise_of(parts)
        if places or (promise.stands and not is_cut_in(entry)):
            yield promise, places


def _judged(seen: _Seen, promise: Promise, places: Sequence[int]) -> Airing:
    pieces = union(*(seen.aired[place] for place in places))
    shown = min(promise.length, length(pieces))
    lost = seen.unseen(seen.at(places))
    planned = sum(seen.slots[place].end - seen.slots[place].start for place in places)
    if planned < promise.length:
        lost[_taken_by(seen, promise, places)] += promise.length - planned
    airing = _airing(promise, shown, pieces)
    airing = msgspec.structs.replace(airing, carried=tuple(_carried(seen, promise, places, pieces)))
    if airing.status == "aired":
        return airing
    return msgspec.structs.replace(airing, why=_blamed(lost, BLAMED))


def _carried(
    seen: _Seen, promise: Promise, places: Sequence[int], pieces: Spans
) -> Iterator[CardAiring]:
    slots = [seen.slots[place] for place in places]
    for card, windows in card_airings(promise, slots, pieces):
        lost = Counter[CardWhy](seen.unseen((w.slot, pieces) for w in windows if w.card))
        lost["card"] = taken_off(windows)
        planned = sum(w.slot.end - w.slot.start for w in windows)
        if planned < card.promised:
            lost[_taken_by(seen, promise, places)] += card.promised - planned
        if card.status != "aired":
            card = msgspec.structs.replace(card, why=_blamed(lost, OF_CARDS))
        yield card


def _taken_by(seen: _Seen, promise: Promise, places: Sequence[int]) -> Why:
    """What took from `promise` what the rundown does not hold of it in the end."""
    barred = seen.evidence.barred.get(promise.programme)
    if barred:
        return barred
    before = [seen.slots[place - 1] for place in places if place]
    after = [slot for place in places for slot in seen.slots[place + 1 : place + 2]]
    if not places:
        after = [s for s in seen.slots if s.start < promise.end and s.end > promise.start]
    if any(slot.entry and is_cut_in(slot.entry.id) for slot in (*before, *after)):
        return "cut_in"
    if places and any(slot.entry and slot.entry.kind == "azan" for slot in after):
        return "azan"
    relayed = any(slot.entry is None for slot in after)
    planned = seen.evidence.planned.get(promise.entry, 0)
    return "carried" if relayed and planned >= promise.length else "edited"


def _blamed[W: str](lost: Counter[W], order: Sequence[W]) -> W:
    """Return what took the most; of causes that took as much the first of `order`."""
    return max(order, key=lambda why: lost[why])


def _airing(promise: Promise, shown: int, pieces: Spans) -> Airing:
    return Airing(
        entry=promise.entry,
        kind=promise.kind,
        start=promise.start,
        end=promise.end,
        promised=promise.length,
        shown=shown,
        pieces=pieces,
        title=promise.title,
        publication=promise.publication,
        programme=promise.programme,
        cards=promise.cards,
    )


def _quiet(seen: _Seen, start: int, end: int, complete: int) -> Iterator[Airing]:
    """What nobody was promised: runs of fillers, and stretches of the parent's programme."""
    run: list[int] = []
    for place, slot in enumerate(seen.slots):
        relays = slot.entry is None
        if not relays and slot.entry and slot.entry.kind not in QUIET:
            yield from _run(seen, run)
            run = []
            continue
        inside = start <= slot.start < end or (relays and slot.start < end and slot.end > start)
        if not inside or (slot.end > complete and not relays):
            continue
        if run and not _goes_on(seen.slots[run[-1]], slot):
            yield from _run(seen, run)
            run = []
        if relays:
            yield from _relay(seen, place, start, min(end, complete))
        else:
            run.append(place)
    yield from _run(seen, run)


def _goes_on(before: Slot, slot: Slot) -> bool:
    """Whether two neighbours are one line: fillers without anything to sell."""
    if before.entry is None or slot.entry is None or before.end != slot.start:
        return False
    return not (before.entry.cards or slot.entry.cards)


def _run(seen: _Seen, places: Sequence[int]) -> Iterator[Airing]:
    parts = [e for place in places if (e := seen.slots[place].entry) is not None]
    if not parts:
        return
    slots = [seen.slots[place] for place in places]
    promised = slots[-1].end - slots[0].start
    pieces = union(*(seen.aired[place] for place in places))
    first = msgspec.structs.replace(promise_of(parts), start=slots[0].start, end=slots[-1].end)
    quiet = msgspec.structs.replace(first, entry=part_of(parts[0].id), length=promised)
    airing = _airing(quiet, length(pieces), pieces)
    why = "" if airing.status == "aired" else _blamed(seen.unseen(seen.at(places)), BLAMED)
    yield msgspec.structs.replace(airing, title=title_of_run(parts), why=why, count=len(parts))


def _relay(seen: _Seen, place: int, start: int, end: int) -> Iterator[Airing]:
    slot = seen.slots[place].clipped(start, end)
    if slot.start >= slot.end:
        return
    pieces = common(seen.aired[place], ((slot.start, slot.end),))
    airing = Airing(
        entry=f"relay-{slot.start}",
        kind="relay",
        start=slot.start,
        end=slot.end,
        promised=slot.end - slot.start,
        shown=length(pieces),
        pieces=pieces,
    )
    why = "" if airing.status == "aired" else _blamed(seen.unseen([(slot, pieces)]), BLAMED)
    yield msgspec.structs.replace(airing, why=why)

"""The channels as this origin knows them: from the store to memory, and from memory to text."""

import contextlib
from collections.abc import Callable, KeysView
from itertools import pairwise

import msgspec
import structlog

from media_pipeline.model.keys import generation_mark, publication_file
from media_pipeline.model.publication import decode_publication
from media_pipeline.model.rundown import Lineup, Rundown
from media_pipeline.model.stored import (
    BrokenDay,
    Day,
    DayRef,
    Index,
    StoredRundown,
    blocks_of,
    decode_stored,
    joined,
)
from media_pipeline.model.ticks import TIMESCALE, ticks_in
from media_pipeline.origin.ahead import ahead, in_turn
from media_pipeline.origin.attic import RECENT, OldDays
from media_pipeline.origin.captions import Languages
from media_pipeline.origin.channel import Channel, Wanted
from media_pipeline.origin.heirs import Heir, Heirs
from media_pipeline.origin.notices import Notices
from media_pipeline.origin.pace import Rest, no_rest
from media_pipeline.origin.shelf import Shelf
from media_pipeline.origin.standins import last_written, slate_alone, slate_of, whole_days
from media_pipeline.playout import (
    NotOnAir,
    Reel,
    check_rundown,
    check_successor,
)
from media_pipeline.playout.relay import Inheriting
from media_pipeline.stores import Store

log = structlog.get_logger("siar.origin")

MOST_AHEAD = 4_000
"""Publications in memory before those for later are left out; one takes about 11 KB."""

LATER_AT_ONCE = 100
"""So many of those for later are read in one look: a start with a full store takes 2 s, not 20."""

LIST_AT_LEAST = ticks_in(10)
"""Channels are listed that often although the generation is the same: somebody may have put
files there by hand, or taken them away."""

LONGEST_WAIT = ticks_in(30)
"""What is missing is asked for after 1 s, 2 s, 4 s … and then every so often."""

STAND_IN = ""
"""The mark of a channel that stands in for a rundown which cannot be aired: no bytes have it."""


type Found = Rundown | StoredRundown | Heir
"""What a `rundown.json` turned out to be."""


class _Missing(msgspec.Struct, frozen=True):
    """What could not be read at `asked`, and for how many ticks it is not asked for."""

    asked: int
    wait: int

    def waits(self, now: int) -> bool:
        """Whether it is too early to ask again; a clock that went back asks."""
        return 0 <= now - self.asked < self.wait

    @staticmethod
    def after(earlier: "_Missing | None", now: int) -> "_Missing":
        """The next one: each time it takes twice as long, up to LONGEST_WAIT."""
        return _Missing(now, min(2 * earlier.wait, LONGEST_WAIT) if earlier else TIMESCALE)


class _Refused(msgspec.Struct, frozen=True):
    """The bytes with this mark are not fit to air. `again` where a day of theirs may come yet."""

    mark: str
    again: _Missing | None


class _Listing(msgspec.Struct, frozen=True):
    """The key and the mark of each channel's rundown, as listed `at` under a generation.

    `notices` are the marks of what is told over the picture, by channel.
    """

    generation: str | None
    at: int
    marks: dict[str, tuple[str, str]]
    notices: dict[str, str]


class Channels:
    """All channels of a store. `refresh` talks to the store; the rest is memory."""

    def __init__(self, store: Store, media_url: str, languages: Languages) -> None:
        self._store = store
        self._languages = languages
        self._media_url = media_url
        self._shelf = Shelf(store)
        self._old = OldDays(store)
        self._reels: dict[str, Reel] = {}
        self._wanted = Wanted()
        self._slates: dict[str, Reel] = {}
        self._heirs = Heirs(
            lambda name: self._reels.get(name) or self._slates.get(name), self._reel_of_a_joint
        )
        self._missing: dict[str, _Missing] = {}
        self._orphans: dict[str, _Missing] = {}
        self._refused: dict[str, _Refused] = {}
        self._notices = Notices(store)
        self._listing = _Listing(None, 0, {}, {})
        self.known: dict[str, Channel] = {}
        self.gone: frozenset[str] = frozenset()
        self.needed: frozenset[str] = frozenset()
        self.refusals = 0

    def refresh(self, now: int, rest: Rest = no_rest) -> None:
        """Take over what changed in the store; raises StoreUnavailable.

        `rest` is called between pieces of work.

        Each name is bound anew in one step, so that a request in between sees
        the channels before or after and nothing half.
        """
        gone = frozenset(k.partition("/")[2] for k, _ in self._store.versions("takedowns"))
        marks = self._listed(now).marks
        known = {name: self.known[name] for name in marks if name in self.known}
        asked = [
            (name, key, mark)
            for name, (key, mark) in marks.items()
            if not (name in known and known[name].mark == mark)
            if not self._waits(name, mark, now) and not self._heirs.knows(name, mark)
        ]
        read = in_turn if self.known else ahead
        for (name, key, mark), found in read(lambda each: self._read(*each, now), asked):
            rest()
            taken = self._take(known.get(name), key, mark, now, found)
            if taken is not None:
                known[name] = taken
        self._inherit(known, now, rest)
        self._refused = {name: each for name, each in self._refused.items() if name in marks}
        self._load(known, gone, now, rest)
        self._slates = {}
        self._notices.tell(known, self._listing.notices)
        self.known, self.gone = known, gone

    def _listed(self, now: int) -> _Listing:
        """The channels in the store; listed anew unless the generation says they are the same."""
        # Asked for before listing: what is written meanwhile has another, and is found next time.
        generation = self._store.version(generation_mark())
        held = self._listing
        same = generation is not None and generation == held.generation
        if not (same and 0 <= now - held.at < LIST_AT_LEAST):
            found = [pair for pair in self._store.versions("channels") if pair[0].count("/") == 2]
            marks = {k.split("/")[1]: (k, m) for k, m in found if k.endswith("/rundown.json")}
            notices = {k.split("/")[1]: m for k, m in found if k.endswith("/notice.json")}
            self._listing = _Listing(generation, now, marks, notices)
        return self._listing

    def _waits(self, name: str, mark: str, now: int) -> bool:
        """Whether these bytes were refused, and asking again cannot help yet."""
        refused = self._refused.get(name)
        if refused is None or refused.mark != mark:
            return False
        return refused.again is None or refused.again.waits(now)

    def _take(
        self, held: Channel | None, key: str, mark: str, now: int, found: Callable[[], Found]
    ) -> Channel | None:
        """The channel of the rundown at `key`; the one that is held if it is not fit to air.

        Where none is held, as after a start, another stands in for it.
        """
        name, faults, again = key.split("/")[1], list[str](), False
        rundown: Found | None = None
        try:
            rundown = found()
            if isinstance(rundown, Heir):
                self._heirs.fresh[name] = rundown
                return held
            # Day files cannot hold a fault of numbers, and to look at all takes seconds.
            faults += check_rundown(rundown) if isinstance(rundown, Rundown) else _empty(rundown)
            if not faults and held is not None and _differ(rundown, held.rundown):
                faults += self._contradictions(held, rundown, now)
        except BrokenDay as wrong:
            faults, again = [str(wrong)], True
        except (msgspec.DecodeError, ValueError, RecursionError) as wrong:
            faults.append(f"It cannot be read: {wrong}.")
        if isinstance(rundown, Rundown | StoredRundown) and not faults:
            self._heirs.said.pop(name, None)
            self._refused.pop(name, None)
            taken = Channel(rundown, mark, self._languages)
            taken.served = held.served if held is not None else -1
            return taken
        last = held is None or _has_run_out(held, now)
        self._refuse(name, mark, now, again=again or last)
        log.error("rundown_refused", key=key, why=faults[0], kept=held is not None)
        return self._stand_in(name, held, now) if last else held

    def _stand_in(self, name: str, held: Channel | None, now: int) -> Channel | None:
        """What channel `name` shows instead of a rundown that is not fit to air; None for nothing.

        One that inherits is made with its parent, in `_inherit`. Raises StoreUnavailable.
        """
        written = last_written(self._store, name)
        if isinstance(written, Index):
            written = whole_days(written, lambda ref: self._shelf.day(name, ref), now)
        found: Found | None = None
        if written is not None:
            with contextlib.suppress(BrokenDay):
                found = self._found(name, STAND_IN, written, now)
        if isinstance(found, Heir):
            self._heirs.fresh[name] = found
            return held
        if found is None or (check_rundown(found) if isinstance(found, Rundown) else _empty(found)):
            return self._slate_alone(name, held)
        if held is not None and not _differ(found, held.rundown):
            return held
        return Channel(found, STAND_IN, self._languages)

    def _slate_alone(self, name: str, held: Channel | None) -> Channel | None:
        """Channel `name` with its slate alone, or with that of another; None where there is none."""
        written = last_written(self._store, name)
        slate = written.slate if written else ""
        reel = self._reel_of_a_joint(slate or slate_of(self._store, self._listing.marks))
        if reel is None:
            return held
        made = slate_alone(name, written.name if written else name, reel)
        if held is not None and held.rundown == made:
            return held
        return Channel(made, STAND_IN, self._languages)

    def _inherit(self, known: dict[str, Channel], now: int, rest: Rest) -> None:
        """Make what inherits where its words, its parent or what is known of a joint changed."""
        heirs = self._heirs
        heirs.keep(name for name in heirs.said if name in known)
        self._orphans = {n: each for n, each in self._orphans.items() if n in heirs.said}
        for name, heir in heirs.ordered():
            held, above = known.get(name), known.get(heir.parent)
            rest()
            if held and above and not heirs.is_due(name, above.rundown, now, held.rundown):
                continue
            if name not in heirs.fresh and self._is_orphan(name, above, now):
                continue
            made, fault = self._heir(name, heir, known, now)
            if made is not None:
                known[name], heirs.said[name] = made, heir
                if heir.mark != STAND_IN:
                    self._refused.pop(name, None)
            elif name in heirs.fresh:
                self._not_made(name, heir, known, now)
            if above is not None:
                heirs.tried(name, above.rundown, now)
            if fault:
                log.error("heir_refused", channel=name, why=fault, kept=held is not None)
        heirs.fresh = {}

    def _not_made(self, name: str, heir: Heir, known: dict[str, Channel], now: int) -> None:
        """Ask for `heir` again later; where it stands in for another and none is held, air slate."""
        if heir.mark != STAND_IN:
            self._refuse(name, heir.mark, now, again=True)
        elif name not in known and (slate := self._slate_alone(name, None)) is not None:
            known[name] = slate

    def _is_orphan(self, name: str, above: Channel | None, now: int) -> bool:
        """Whether `name` has no parent, and it is too early to say so again."""
        earlier = self._orphans.pop(name, None)
        if above is not None:
            return False
        waits = earlier is not None and earlier.waits(now)
        self._orphans[name] = earlier if earlier and waits else _Missing.after(earlier, now)
        return waits

    def _heir(
        self, name: str, heir: Heir, known: dict[str, Channel], now: int
    ) -> tuple[Channel | None, str]:
        """The channel of `heir`, or None and what is wrong with it."""
        held, above = known.get(name), known.get(heir.parent)
        if above is None:
            return None, f"Its parent {heir.parent} is not on air."
        self._hold_slate(above.rundown.slate)
        try:
            relay = self._heirs.make(name, heir, above.rundown, now)
            faults = [] if relay.entries else ["Nothing of its rundown is left."]
            if not faults and held is not None and name in self._heirs.fresh:
                faults += self._contradictions(held, relay, now)
        except (ValueError, NotOnAir) as wrong:
            return None, f"It cannot follow {heir.parent}: {wrong}."
        if faults:
            return None, faults[0]
        made = Channel(relay, heir.mark, self._languages, above)
        made.served = held.served if held is not None else -1
        return made, ""

    def _hold_slate(self, slate: str) -> None:
        """Read the slate of a parent for its heirs where reels are loaded after them: at the start."""
        if slate not in self._reels and slate not in self._slates:
            reel = self._reel_of_a_joint(slate)
            if reel is not None:
                self._slates[slate] = reel

    def _read(self, name: str, key: str, mark: str, now: int) -> Found:
        return self._found(name, mark, decode_stored(self._store.read(key) or b""), now)

    def _found(self, name: str, mark: str, found: Rundown | Index, now: int) -> Found:
        """What `found`, the bytes with this mark, turns out to be with its days; raises BrokenDay."""
        if isinstance(found, Rundown):
            return found
        after = {one.name: two.msn for one, two in pairwise(found.days)}
        if found.parent:
            after = {ref.name: ref.msn_end for ref in found.days if ref.msn_end}

        def day(ref: DayRef) -> Day:
            if ref.end < now - RECENT and ref.name in after:
                return self._old.day(name, ref, after[ref.name])
            return self._shelf.day(name, ref)

        if found.parent:
            words = (found.channel, found.name, found.version, found.slate)
            said = Inheriting(*words, found.joints, blocks_of(found, day), found.must_carry)
            return Heir(mark, found.parent, said)
        return joined(found, day)

    def _contradictions(self, held: Channel, rundown: Lineup, now: int) -> tuple[str, ...]:
        """How `rundown` contradicts what `held` served; nothing once that has run out, or stood in.

        Then a break in the numbers, which players survive by starting anew, is
        better than slate for ever.
        """
        if held.mark == STAND_IN or now >= held.rundown.entries[-1].end:
            return ()
        served = held.served
        if self._heirs.has_heirs(held.rundown.channel):
            with contextlib.suppress(NotOnAir):
                # Whoever watches a channel that inherits from it has seen it.
                served = max(served, held.edge(now).msn)
        return check_successor(held.rundown, rundown, served, held.timeline.reels, margin=0)

    def _refuse(self, name: str, mark: str, now: int, *, again: bool) -> None:
        earlier = self._refused.get(name)
        before = earlier.again if earlier is not None and earlier.mark == mark else None
        self.refusals += earlier is None or earlier.mark != mark
        self._refused[name] = _Refused(mark, _Missing.after(before, now) if again else None)

    def _load(self, known: dict[str, Channel], gone: frozenset[str], now: int, rest: Rest) -> None:
        """Hold the reels that `known` need around `now`, and have them used where they changed."""
        looked = set[str]()
        for name, channel in known.items():
            if channel.look(now):
                looked.add(name)
                rest()
        soon, later = self._wanted.by(known)
        self.needed = frozenset(soon | later)
        self._missing = {n: each for n, each in self._missing.items() if n in soon or n in later}
        reels = {n: reel for n, reel in self._reels.items() if n in soon or n in later}
        for name in self._to_read(soon, later, reels.keys(), now):
            rest()
            reel = self._reel(name, gone, now)
            if reel is not None:
                reels[name] = reel
        for name in [n for n, reel in reels.items() if reel.gone != (n in gone)]:
            reels[name] = msgspec.structs.replace(reels[name], gone=name in gone)
        changed = {n for n in reels.keys() | self._reels if reels.get(n) is not self._reels.get(n)}
        for name, channel in known.items():
            rest()
            fresh = channel is not self.known.get(name)
            if fresh or name in looked or channel.needs.names_one_of(changed):
                channel.use(reels)
            elif changed:
                channel.timeline.reels = reels
        self._reels = reels

    def _to_read(
        self, soon: KeysView[str], later: KeysView[str], held: KeysView[str], now: int
    ) -> list[str]:
        """What to read in this look: all that is needed soon, and some of what comes later."""
        room = max(0, min(LATER_AT_ONCE, MOST_AHEAD - len(soon | held)))
        waiting = {name for name, missing in self._missing.items() if missing.waits(now)}
        return [*sorted(soon - held - waiting), *sorted(later - soon - held - waiting)[:room]]

    def _reel_of_a_joint(self, name: str) -> Reel | None:
        """The reel of a publication that is not in memory; what was taken down has its joints."""
        with contextlib.suppress(msgspec.DecodeError, ValueError, RecursionError):
            data = self._store.read(publication_file(name))
            return Reel.of(decode_publication(data)) if data else None
        return None

    def _reel(self, name: str, gone: frozenset[str], now: int) -> Reel | None:
        """The reel of the publication `name`, read from the store; None while it is missing."""
        try:
            data = self._store.read(publication_file(name))
            if data is None:
                raise LookupError("it is not in the store")
            publication = decode_publication(data)
        except (msgspec.DecodeError, LookupError, ValueError, RecursionError) as wrong:
            log.error("publication_missing", publication=name, why=str(wrong))
            self._missing[name] = _Missing.after(self._missing.get(name), now)
            return None
        self._missing.pop(name, None)
        return Reel.of(publication, media_url=self._media_url, gone=name in gone)


def _has_run_out(held: Channel, now: int) -> bool:
    """Whether `held` stands in for another, and shows nothing but slate any more."""
    return held.mark == STAND_IN and now >= held.rundown.entries[-1].end


def _empty(rundown: StoredRundown) -> tuple[str, ...]:
    """What may be wrong with a rundown whose days are whole and stand end to end."""
    if not rundown.entries:
        return ("The rundown has no entries.",)
    if not rundown.slate:
        return ("The rundown names no slate for when its entries run out.",)
    return ()


def _differ(one: Lineup, other: Lineup) -> bool:
    """Whether they may say something else; day files are named by what is in them."""
    if isinstance(one, StoredRundown) and isinstance(other, StoredRundown):
        return one.index != other.index
    return one != other

"""Where a channel stands at a moment. All moments are ticks since 1970.

served now                        edge                  may change
… ─┬──────────┬──────────┬──────────┬──────────┬──────────┬─ …
   │          │          │ edge     │ +1       │ +2       │ first editable
                                    ↑ a segment is shown from its end on
"""

from bisect import bisect_right
from contextlib import suppress
from copy import copy
from typing import Self

import msgspec

from media_pipeline.model.rundown import Entry, Lineup
from media_pipeline.model.ticks import ticks_in
from media_pipeline.playout.lookup import place_at, place_of
from media_pipeline.playout.reel import Reels, reel_of

WINDOW = ticks_in(60)
"""How much a live playlist shows."""

HOLD_BACK = ticks_in(2)
"""An origin serves the moment that many ticks ago, so that origins whose clocks differ agree."""

MARGIN = 2
"""Segments after the edge that an edit leaves alone; with fewer, served ones were rewritten."""

MARGIN_TICKS = ticks_in(4)
"""What begins sooner after the moment that is served stands too, however short segments are: to
write, to look once a second and clocks that differ have so long, whatever an heir has there."""


class NotOnAir(LookupError):
    """The channel has shown nothing yet at that moment."""


class Edge(msgspec.Struct, frozen=True):
    """The newest segment that is shown.

    `entry` is the place of its entry in the timeline, `index` its place in that
    entry; `end` is the tick at which it ended, `change` the one at which the next is shown.
    """

    entry: int
    index: int
    msn: int
    end: int
    change: int


class Timeline:
    """A rundown with slate after its last entry, for ever and the same for everyone."""

    def __init__(self, rundown: Lineup, reels: Reels) -> None:
        self.rundown = rundown
        self.reels = reels
        self._planned = len(rundown.entries)
        self._last = rundown.entries[-1] if self._planned else None
        self._made: tuple[int, Entry] | None = None

    def over(self, reels: Reels) -> Self:
        """The same rundown over other `reels`."""
        other = copy(self)
        other.reels = reels
        return other

    def entry(self, place: int) -> Entry:
        """The entry at `place`, counted from 0 on into the slate."""
        if place >= self._planned:
            return self._slate(place - self._planned)
        made = self._made
        if made is None or made[0] != place:
            # What is on air is asked for once a segment, and takes its making from columns.
            self._made = made = (place, self.rundown.entries[place])
        return made[1]

    def place_at(self, tick: int) -> int:
        """The place of the entry that contains `tick`; -1 before the first."""
        if self._last is None or tick < self._last.end:
            return place_at(self.rundown.entries, tick)
        return self._planned + (tick - self._last.end) // self._slate(0).duration

    def place_of(self, msn: int) -> int:
        """The place of the entry with segment `msn`; -1 before the first."""
        if self._last is None or msn < self._last.msn + self._last.count:
            return place_of(self.rundown.entries, msn)
        slate = self._slate(0)
        return self._planned + (msn - slate.msn) // slate.count

    def edge(self, now: int) -> Edge:
        """The newest segment that ended at `now` or before; raises NotOnAir if none did."""
        place = self.place_at(now)
        if place < 0:
            raise NotOnAir(self.rundown.channel)
        entry = self.entry(place)
        starts = reel_of(entry, self.reels).starts
        zero = entry.start - starts[entry.first]
        playing = bisect_right(starts, now - zero, entry.first, entry.first + entry.count) - 1
        shown, change = playing - entry.first, zero + starts[playing + 1]
        if shown > 0:
            return Edge(place, shown - 1, entry.msn + shown - 1, zero + starts[playing], change)
        if place == 0:
            raise NotOnAir(self.rundown.channel)
        before = self.entry(place - 1)
        return Edge(place - 1, before.count - 1, entry.msn - 1, entry.start, change)

    def last_before(self, tick: int) -> Edge:
        """The last segment that begins before `tick`, shown or not; raises NotOnAir for none."""
        place = self.place_at(tick - 1)
        if place < 0:
            raise NotOnAir(self.rundown.channel)
        entry = self.entry(place)
        starts = reel_of(entry, self.reels).starts
        zero = entry.start - starts[entry.first]
        last = bisect_right(starts, tick - 1 - zero, entry.first, entry.first + entry.count) - 1
        index, end = last - entry.first, zero + starts[last + 1]
        return Edge(place, index, entry.msn + index, end, end)

    def first_editable(self, now: int) -> int:
        """The number of the first segment that an edit may change while `now` is served.

        Of segments up to 4 s it begins within two of them: 8 s.
        """
        after, least = now + MARGIN_TICKS, 0
        with suppress(NotOnAir):
            least = self.edge(now).msn + MARGIN + 1
        place = self.place_at(after - 1)
        if place < 0:
            return max(least, self.entry(0).msn)
        entry = self.entry(place)
        starts = reel_of(entry, self.reels).starts
        inside = bisect_right(starts, after - 1 - entry.start + starts[entry.first]) - entry.first
        return max(least, entry.msn + min(inside, entry.count))

    def _slate(self, turn: int) -> Entry:
        """The slate's entry after `turn` others of its kind."""
        last = self._last
        reel = self.reels.get(self.rundown.slate)
        if last is None or reel is None or reel.count == 0:
            raise NotOnAir(f"{self.rundown.channel}: there is no slate")
        msn = last.msn + last.count + turn * reel.count
        return Entry(
            id=f"slate-{msn}",
            start=last.end + turn * reel.duration,
            duration=reel.duration,
            publication=reel.publication,
            count=reel.count,
            msn=msn,
            dsn=last.dsn + 1 + turn,
            kind="slate",
            title=self.rundown.name,
        )

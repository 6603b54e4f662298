"""The weekly template of a channel: what it gives on each date. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from cms.channels.planning.days import Dated
from cms.channels.planning.rotation import Block, Order, Turn
from media_pipeline.model.ticks import moment_of, ticks_in, ticks_of


@dataclass(frozen=True)
class Once:
    """What one date has instead of what the template says: nothing, another hour or video."""

    skips: bool = False
    clock: time | None = None
    video: int | None = None


@dataclass(frozen=True)
class Filling:
    """A block of `seconds` that takes its videos from the list `pool` in `order`."""

    seconds: float
    pool: int
    order: Order


@dataclass(frozen=True)
class Slot:
    """A row of the weekly template: on `weekdays` (0 is Monday) at `clock` of the channel.

    It holds from `first` to `last`, both included; None has no such bound. `video` is None
    where it is a block, which `filling` fills. `once` are dates that differ from the template.
    """

    row: int
    video: int | None
    weekdays: Collection[int]
    clock: time
    note: str = ""
    first: date | None = None
    last: date | None = None
    filling: Filling | None = None
    once: Mapping[date, Once] = field(default_factory=dict)

    def holds_on(self, day: date) -> bool:
        """Return whether the template has it on `day`, whatever that date has instead."""
        within = (self.first or day) <= day <= (self.last or day)
        return within and day.weekday() in self.weekdays

    def start_on(self, day: date, zone: tzinfo) -> datetime | None:
        """Return the moment (UTC) at which it begins on `day`; None if it does not."""
        once = self.once.get(day, Once())
        if not self.holds_on(day) or once.skips:
            return None
        return datetime.combine(day, once.clock or self.clock, zone).astimezone(UTC)


def weekly(slots: Iterable[Slot], first: date, last: date, zone: tzinfo) -> list[Dated]:
    """Return the videos that the template gives from `first` to `last`, both included."""
    found = []
    for slot, day, start in _starts(slots, first, last, zone):
        video = slot.once.get(day, Once()).video or slot.video
        if video is not None:
            found.append(Dated(slot.row, video, start, slot.note, repeated=False, weekly=True))
    return found


def blocks(slots: Iterable[Slot], first: date, last: date, zone: tzinfo) -> list[Block]:
    """Return the blocks that the template gives from `first` to `last`, both included."""
    found = []
    for slot, day, start in _starts(slots, first, last, zone):
        if slot.filling is not None and slot.once.get(day, Once()).video is None:
            length = ticks_in(slot.filling.seconds)
            block = Block(slot.row, ticks_of(start), length, slot.filling.pool, slot.filling.order)
            found.append(block)
    return found


def turns_as_dated(block: Block, turns: Iterable[Turn], note: str) -> list[Dated]:
    """Return the turns of a block as entries of the template."""
    begin, in_break = moment_of(block.start), block.order in ("break", "fair")
    return [
        Dated(
            block.row,
            turn.video,
            moment_of(turn.start),
            note,
            repeated=False,
            weekly=True,
            block=begin,
            in_break=in_break,
        )
        for turn in turns
    ]


def _starts(
    slots: Iterable[Slot], first: date, last: date, zone: tzinfo
) -> Sequence[tuple[Slot, date, datetime]]:
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    starts = [(slot, day, slot.start_on(day, zone)) for day in days for slot in slots]
    return [(slot, day, start) for slot, day, start in starts if start is not None]

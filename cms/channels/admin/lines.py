"""A day of a channel, line by line, as its editors see it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from cms.channels import catalogue, in_force
from cms.channels.actions import earliest_start
from cms.channels.models import Channel
from cms.channels.planning import Plan
from cms.channels.planning.days import Dated
from cms.channels.times import begin_of, end_of, local_date
from cms.videos.models import Video
from media_pipeline.model.entry_ids import whole_of
from media_pipeline.model.rundown import Entry
from media_pipeline.model.ticks import moment_of

State = Literal["aired", "on_air", "next", "planned", "waiting", "outside", "missed"]
NOTICEABLE = timedelta(seconds=4)
"""A soft start moves a programme by less than a segment; more is told."""


PART_HOURS = 3
MANY = 150
"""A day with more lines is shown in parts of three hours."""


@dataclass(frozen=True)
class Line:
    """One line of a day. `end` is None while nobody knows it: the video cannot play.

    `wish` names the planned entry, "" for what fills a gap; `asked` is the start
    that was asked for, None where it is the real one. Only a line with `can_change`
    may be edited: it is planned, and still to come. A `weekly` one is edited in the template;
    of a block `block` is its name. `slot` is what can be changed for its `slot_day`
    alone, 0 for none. `is_call` of azan, imsak and the countdown to magrib.
    """

    start: datetime
    end: datetime | None
    title: str
    state: State
    wish: str = ""
    asked: datetime | None = None
    note: str = ""
    rating: str = ""
    repeated: bool = False
    weekly: bool = False
    block: str = ""
    slot: int = 0
    slot_day: date | None = None
    can_change: bool = False
    is_call: bool = False

    @property
    def seconds(self) -> float:
        """How long it plays."""
        return (self.end - self.start).total_seconds() if self.end else 0.0

    @property
    def is_filler(self) -> bool:
        """Whether it only fills a gap."""
        return not self.wish


def lines_of(channel: Channel, day: date, plan: Plan | None, now: datetime) -> list[Line]:
    """Return what plays on `day`, neighbouring fillers as one line, and what cannot play."""
    begin, end = begin_of(channel, day), end_of(channel, day)
    earliest = earliest_start(channel, now)
    wishes = catalogue.dated_near(channel, day)
    entries = _entries(channel, plan)
    names = _block_names(channel, wishes.values())
    playing = list(
        _merged(_line(channel, e, wishes.get(e.id), earliest, now, names) for e in entries)
    )
    there = {entry.id for entry in entries}
    absent = [
        wish for wish in wishes.values() if begin <= wish.start < end and wish.id not in there
    ]
    titles = Video.objects.in_bulk([wish.video for wish in absent])
    outside = {c.wish for c in plan.cautions if c.kind == "outside"} if plan else set()
    waiting = [
        _absent(channel, wish, titles[wish.video].title, earliest, outside=wish.id in outside)
        for wish in absent
    ]
    today = [line for line in playing if line.end and line.end > begin and line.start < end]
    return sorted([*today, *waiting], key=lambda line: line.start)


def part_of(channel: Channel, moment: datetime) -> int:
    """Return in which part of its day `moment` is, counted from 0."""
    return moment.astimezone(channel.zone).hour // PART_HOURS


def in_part(channel: Channel, day: date, lines: list[Line], part: int) -> list[Line]:
    """Return the lines that play in a part of `day`."""
    begin = begin_of(channel, day) + timedelta(hours=part * PART_HOURS)
    end = begin + timedelta(hours=PART_HOURS)
    return [
        line for line in lines if line.start < end and (line.end or line.start + NOTICEABLE) > begin
    ]


def _entries(channel: Channel, plan: Plan | None) -> Sequence[Entry]:
    if plan is not None:
        return plan.rundown.entries
    found = in_force.read(channel.slug)
    return found.entries if found else ()


def _block_names(channel: Channel, wishes: Iterable[Dated]) -> dict[int, str]:
    """Return what the blocks among `wishes` are called, by slot."""
    rows = {wish.row for wish in wishes if wish.block}
    slots = channel.weekly.filter(pk__in=rows).select_related("playlist") if rows else ()
    return {slot.pk: slot.title for slot in slots}


def _line(
    channel: Channel,
    entry: Entry,
    wish: Dated | None,
    earliest: datetime,
    now: datetime,
    names: Mapping[int, str],
) -> Line:
    start, end = moment_of(entry.start), moment_of(entry.end)
    state: State = "planned"
    if end <= now:
        state = "aired"
    elif start <= now:
        state = "on_air"
    elif start < earliest:
        state = "next"
    if entry.kind in ("filler", "slate"):
        return Line(start, end, "", state)
    asked = wish.start if wish and abs(wish.start - start) >= NOTICEABLE else None
    return Line(
        start,
        end,
        entry.title,
        state,
        wish=entry.id,
        asked=asked,
        note=entry.note,
        rating="" if entry.kind == "azan" else entry.rating,
        repeated=bool(wish and wish.repeated),
        weekly=bool(wish and wish.weekly),
        block=names.get(wish.row, "") if wish and wish.block else "",
        slot=wish.row if wish and state == "planned" and _begins_slot(wish) else 0,
        slot_day=local_date(channel, wish.start) if wish else None,
        can_change=wish is not None and not wish.weekly and state == "planned",
        is_call=entry.kind == "azan",
    )


def _begins_slot(wish: Dated) -> bool:
    """Return whether it is of the template, and of a block the first."""
    return wish.weekly and wish.block in (None, wish.start)


def _absent(
    channel: Channel, wish: Dated, title: str, earliest: datetime, *, outside: bool
) -> Line:
    """A wish that no entry answers: no video, no window of its own, or its time has passed."""
    open_ = wish.start >= earliest
    state: State = "outside" if outside else "waiting"
    return Line(
        wish.start,
        None,
        title,
        state if open_ else "missed",
        wish=wish.id,
        note=wish.note,
        repeated=wish.repeated,
        weekly=wish.weekly,
        slot=wish.row if open_ and _begins_slot(wish) else 0,
        slot_day=local_date(channel, wish.start),
        can_change=open_ and not wish.weekly,
    )


def _merged(lines: Iterator[Line]) -> Iterator[Line]:
    """Neighbouring fillers as one line, and calls of a name; one on air says so for all."""
    held: Line | None = None
    for line in lines:
        if held is not None and _is_one(held, line):
            held = replace(held, end=line.end, state=_spanning(held.state, line.state))
            continue
        if held is not None:
            yield held
        held = line
    if held is not None:
        yield held


def _is_one(held: Line, line: Line) -> bool:
    """Return whether two neighbours are one line, as the minutes of a countdown are."""
    called = held.is_call and line.is_call and held.title == line.title
    return called or whole_of(held.wish) == whole_of(line.wish)


def _spanning(before: State, after: State) -> State:
    """The state of two fillers as one: what has begun and not ended is on air."""
    if before == after:
        return before
    return "on_air" if before in ("aired", "on_air") else before

"""A day of a channel, line by line, as its editors see it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from cms.channels import catalogue, in_force
from cms.channels.actions import earliest_start
from cms.channels.models import Channel
from cms.channels.planning import Plan
from cms.channels.planning.days import Dated
from cms.channels.times import begin_of, end_of
from cms.videos.models import Video
from media_pipeline.model.rundown import Entry
from media_pipeline.model.ticks import moment_of

State = Literal["aired", "on_air", "next", "planned", "waiting", "missed"]
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
    may be edited: it is planned, and still to come.
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
    can_change: bool = False

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
    near = (day - timedelta(days=1), day, day + timedelta(days=1))
    wishes = {wish.id: wish for when in near for wish in catalogue.dated_of(channel, when)}
    entries = _entries(channel, plan)
    playing = list(_merged(_line(e, wishes.get(e.id), earliest, now) for e in entries))
    there = {entry.id for entry in entries}
    absent = [
        wish for wish in wishes.values() if begin <= wish.start < end and wish.id not in there
    ]
    titles = Video.objects.in_bulk([wish.video for wish in absent])
    waiting = [_absent(wish, titles[wish.video].title, earliest) for wish in absent]
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


def _entries(channel: Channel, plan: Plan | None) -> tuple[Entry, ...]:
    if plan is not None:
        return plan.rundown.entries
    found = in_force.read(channel.slug)
    return found.entries if found else ()


def _line(entry: Entry, wish: Dated | None, earliest: datetime, now: datetime) -> Line:
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
        rating=entry.rating,
        repeated=bool(wish and wish.repeated),
        can_change=wish is not None and state == "planned",
    )


def _absent(wish: Dated, title: str, earliest: datetime) -> Line:
    """A wish that no entry answers: its video cannot play, or its time has passed."""
    open_ = wish.start >= earliest
    return Line(
        wish.start,
        None,
        title,
        "waiting" if open_ else "missed",
        wish=wish.id,
        note=wish.note,
        repeated=wish.repeated,
        can_change=open_,
    )


def _merged(lines: Iterator[Line]) -> Iterator[Line]:
    """Neighbouring fillers as one line; what is on air among them says so for all."""
    held: Line | None = None
    for line in lines:
        if held is not None and held.is_filler and line.is_filler:
            held = replace(held, end=line.end, state=_spanning(held.state, line.state))
            continue
        if held is not None:
            yield held
        held = line
    if held is not None:
        yield held


def _spanning(before: State, after: State) -> State:
    """The state of two fillers as one: what has begun and not ended is on air."""
    if before == after:
        return before
    return "on_air" if before in ("aired", "on_air") else before

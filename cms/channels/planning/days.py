"""Days of a channel: which entries hold on a date, and how a day repeats."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo


@dataclass(frozen=True)
class Planned:
    """One row of what editors planned: `video` at `start` (aware). `row` is its id, for them."""

    row: int
    video: int
    start: datetime
    note: str = ""


@dataclass(frozen=True)
class Dated:
    """A planned row on a date; `repeated` if it stands there because another day repeats.

    With `weekly` it comes from the weekly template, and `row` is its slot. Of a block `block`
    is the start, and in a break what is no promotion only fills.
    """

    row: int
    video: int
    start: datetime
    note: str
    repeated: bool
    weekly: bool = False
    block: datetime | None = None
    in_break: bool = False

    @property
    def id(self) -> str:
        """The same video at the same moment, whichever row asks for it."""
        return wish_id(self.video, self.start)


def wish_id(video: int, start: datetime) -> str:
    """Return the id of the entry that shows `video` from `start` (aware) on."""
    return f"{video}-{int(start.timestamp())}"


def source_day(dates: Iterable[date], when: date, *, repeats: bool) -> date | None:
    """Return the date whose plan holds on `when`: itself, or the last planned one before."""
    before = [d for d in dates if d <= when] if repeats else [d for d in dates if d == when]
    return max(before, default=None)


def wishes(
    planned: Sequence[Planned],
    first: date,
    last: date,
    zone: tzinfo,
    *,
    repeats: bool,
    own: Iterable[date] = (),
) -> list[Dated]:
    """Return what holds from `first` to `last`, both included, by the clock of `zone`.

    `own` are days that have a plan of their own although it may be empty.
    """
    days: dict[date, list[Planned]] = {when: [] for when in own} | by_day(planned, zone)
    found = list(_dated(days, first, last, zone, repeats=repeats))
    return sorted(found, key=lambda d: (d.start, d.row))


def together(planned: Iterable[Dated], template: Iterable[Dated]) -> list[Dated]:
    """Return both in order of time; what is in both is there once, as it was planned."""
    found = {one.id: one for one in template} | {one.id: one for one in planned}
    return sorted(found.values(), key=lambda one: (one.start, one.weekly, one.row))


def by_day(planned: Iterable[Planned], zone: tzinfo) -> dict[date, list[Planned]]:
    """Return the rows of each date by the clock of `zone`."""
    days: dict[date, list[Planned]] = defaultdict(list)
    for row in planned:
        days[row.start.astimezone(zone).date()].append(row)
    return dict(days)


def _dated(
    days: dict[date, list[Planned]], first: date, last: date, zone: tzinfo, *, repeats: bool
) -> Iterator[Dated]:
    when = first
    while when <= last:
        source = source_day(days, when, repeats=repeats)
        for row in days[source] if source else ():
            local = row.start.astimezone(zone)
            start = datetime.combine(when, local.timetz().replace(tzinfo=None), zone)
            yield Dated(row.row, row.video, start.astimezone(UTC), row.note, source != when)
        when += timedelta(days=1)

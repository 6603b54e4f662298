"""What a draft of the week changes on the days to come."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cms.channels.actions import earliest_start
from cms.channels.drafts.weeks import week_of
from cms.channels.models import Channel, WeeklySlot
from cms.channels.planned import planned_wishes
from cms.channels.planning import together, weekly
from cms.channels.planning.days import Dated
from cms.channels.planning.differences import Change, Wanted, differences
from cms.channels.planning.template import blocks
from cms.channels.template.runs import as_slot
from cms.channels.times import local_date
from media_pipeline.model.ticks import moment_of

DAYS = 7
"""A week, today included: each line of it is told once for each of its days."""


type Span = tuple[date, date]
type Kind = tuple[str, int | None, int | None]


@dataclass(frozen=True)
class Coming:
    """What changes, by date in order of time. In it a block is a "video" below zero: one like that in `blocks`."""

    days: dict[date, list[Change]]
    blocks: dict[int, WeeklySlot]


def coming_changes(channel: Channel, wanted: Sequence[WeeklySlot], now: datetime) -> Coming:
    """Return what is different on the next DAYS days once the week has the lines `wanted`.

    What has begun, or is about to, stands and is left out. Of a block that is on air the rest
    changes, since it takes its videos one by one.
    """
    first = local_date(channel, now)
    span = (first - timedelta(days=1), first + timedelta(days=DAYS - 1))
    held, earliest = week_of(channel), earliest_start(channel, now)
    planned = planned_wishes(channel, *span)
    alike = _alike([*held, *wanted])
    before, after = (
        _by_day(
            channel,
            _videos(channel, lines, planned, span, earliest)
            + _blocks(channel, lines, alike, span, earliest),
        )
        for lines in (held, wanted)
    )
    days: dict[date, list[Change]] = {}
    for day in sorted({*before, *after}):
        found = differences(before[day], after[day], lambda _one: False, earliest)
        if made := [one for one in found if one.before is not None or not one.too_late]:
            days.setdefault(max(first, day), []).extend(made)
    return Coming(days, dict(alike.values()))


def _by_day(channel: Channel, many: Iterable[Wanted]) -> dict[date, list[Wanted]]:
    days: dict[date, list[Wanted]] = defaultdict(list)
    for one in many:
        days[local_date(channel, one.start)].append(one)
    return days


def _videos(
    channel: Channel,
    lines: Iterable[WeeklySlot],
    planned: Iterable[Dated],
    span: Span,
    earliest: datetime,
) -> list[Wanted]:
    template = weekly([as_slot(line) for line in lines], *span, channel.zone)
    dated = together(planned, template)
    return [Wanted(one.video, one.start, one.note) for one in dated if one.start >= earliest]


def _blocks(
    channel: Channel,
    lines: Iterable[WeeklySlot],
    alike: Mapping[Kind, tuple[int, WeeklySlot]],
    span: Span,
    earliest: datetime,
) -> list[Wanted]:
    """Return the blocks that are not over by `earliest`."""
    rows = {line.pk: line for line in lines}
    found = blocks([as_slot(line) for line in rows.values()], *span, channel.zone)
    return [
        Wanted(alike[_kind(row)][0], moment_of(block.start), row.note)
        for block in found
        if moment_of(block.start + block.length) > earliest and (row := rows[block.row])
    ]


def _alike(lines: Iterable[WeeklySlot]) -> dict[Kind, tuple[int, WeeklySlot]]:
    """Return a number below zero for each kind of block among `lines`, with one of them."""
    found: dict[Kind, tuple[int, WeeklySlot]] = {}
    for line in lines:
        if line.content != WeeklySlot.Content.VIDEO:
            found.setdefault(_kind(line), (-len(found) - 1, line))
    return found


def _kind(line: WeeklySlot) -> Kind:
    return line.content, line.playlist_id, line.seconds

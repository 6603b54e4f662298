"""Filling the fair breaks of a channel, and keeping the ledger of whose turns they are.

Breaks that begin within a day were promised: turns there stand as long as their spots may
air, and only what is left of such a break is given away. All others are settled anew.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from django.db.models import Max, QuerySet

from cms.channels.asrun.debts import all_open_debts
from cms.channels.fair.spots import MILLISECOND, Known, known_spots
from cms.channels.models import Channel, RotationTurn
from cms.channels.planning.days import wish_id
from cms.channels.planning.fair import (
    NEVER,
    Break,
    FairTurn,
    Past,
    Settled,
    add_hours,
    fill_fairly,
)
from cms.channels.planning.rotation import Block, Turn
from cms.channels.regions.windows import windows_of
from cms.channels.times import end_of, local_date
from media_pipeline.model.ticks import moment_of, ticks_of

PROMISED = timedelta(hours=24)
"""What the rundown held so long before its moment was promised (`media_pipeline.asrun`)."""

KEEP = timedelta(days=400)
"""How long the ledger remembers, as as-run rows do."""

type Spans = Iterable[tuple[int, int]]
"""Promotions of others: (start, length) in ticks."""

type Runs = dict[tuple[int, int], list[Turn]]


def turns_to_come(channel: Channel, blocks: Sequence[Block], others: Spans) -> Runs:
    """Return the turns of `blocks`, which come after all that is settled. Writes nothing."""
    gaps = gaps_of(channel, blocks, _end_of_last(channel.fair_turns.all()))
    known = known_spots(channel, {gap.day for gap in gaps}) if gaps else {}
    turns = _filled(channel, gaps, known, others)
    return _runs(blocks, gaps, [(turn.start, known[turn.spot].video) for turn in turns])


def do_settle_turns(
    channel: Channel, blocks: Sequence[Block], others: Spans, since: datetime
) -> Runs:
    """Settle the turns of `blocks`, all that begin from `since` on, and write them down."""
    channel.fair_turns.filter(start__lt=since - KEEP).delete()
    pending = channel.fair_turns.filter(begins__gte=since)
    gaps = gaps_of(channel, blocks, _end_of_last(channel.fair_turns.filter(begins__lt=since)))
    known = known_spots(channel, {gap.day for gap in gaps}) if gaps else {}
    promised = pending.filter(begins__lt=since + PROMISED)
    standing = [row for row in promised if _stands(row, gaps, known)]
    pending.exclude(pk__in=[row.pk for row in standing]).delete()
    left = [_left(gap, standing) for gap in gaps]
    turns = _filled(channel, left, known, others)
    RotationTurn.objects.bulk_create(_row(channel, turn, known[turn.spot]) for turn in turns)
    played = [(ticks_of(row.start), known[row.segment_key.hex].video) for row in standing]
    played += [(turn.start, known[turn.spot].video) for turn in turns]
    return _runs(blocks, gaps, played)


def gaps_of(channel: Channel, blocks: Iterable[Block], free: int = 0) -> list[Break]:
    """Return what of `blocks` is to be filled, in order, from the tick `free` on.

    No moment twice, each within a day of the channel, and in its own hours where it inherits.
    """
    found: list[Break] = []
    blocks = sorted(blocks, key=lambda block: (block.start, block.row))
    own = _own_hours(channel, blocks)
    for block in blocks:
        start = max([block.start, free, *(gap.start + gap.length for gap in found[-1:])])
        for first, last in _within(own, start, block.start + block.length):
            found += _by_day(channel, block, first, last)
    return found


def _own_hours(channel: Channel, blocks: Sequence[Block]) -> list[tuple[int, int]]:
    """Return the hours around `blocks`, which are in order, that are the channel's own."""
    if not blocks:
        return []
    start, end = blocks[0].start, max(block.start + block.length for block in blocks)
    if channel.parent_id is None:
        return [(start, end)]
    return windows_of(channel, moment_of(start), moment_of(end))


def _within(spans: Iterable[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    cut = [(max(start, first), min(end, last)) for first, last in spans]
    return [(first, last) for first, last in cut if first < last]


def _by_day(channel: Channel, block: Block, start: int, end: int) -> Iterator[Break]:
    while start < end:
        day = local_date(channel, moment_of(start))
        until = min(end, ticks_of(end_of(channel, day)))
        yield Break(block.start, start, until - start, day, block.row)
        start = until


def _filled(
    channel: Channel, gaps: Sequence[Break], known: dict[str, Known], others: Spans
) -> tuple[FairTurn, ...]:
    """Return the turns of `gaps`; all that is in the ledger is settled."""
    empty = [gap for gap in gaps if gap.length > 0]
    if not empty or not known:
        return ()
    first = moment_of(empty[0].start)
    near = _near(channel, first)
    hours: dict[int, int] = {}
    for start, length in [*others, *((ticks_of(row.start), _length(row)) for row in near)]:
        add_hours(hours, start, length)
    debts = debts_of(channel, known)
    past = past_of(channel.fair_turns.filter(start__lt=first), known, near)
    spots = [one.spot for one in known.values()]
    return fill_fairly(empty, spots, past, debts, hours, channel.slug)


def past_of(
    before: QuerySet[RotationTurn], known: dict[str, Known], near: Iterable[RotationTurn] = ()
) -> Past:
    """Return what was settled: when the turns `before` last came, and the turns `near` one by one."""
    one_of = {key: one.spot.stall for one in known.values() for key in one.stalls}
    spots = before.order_by().values_list("segment_key").annotate(Max("start"))
    rows = before.order_by().exclude(stall_key=None).values_list("stall_key")
    stalls: dict[str, int] = {}
    for key, start in rows.annotate(Max("start")):
        stall = one_of.get(key.hex, key.hex)
        stalls[stall] = max(ticks_of(start), stalls.get(stall, NEVER))
    turns = [
        Settled(ticks_of(row.start), row.segment_key.hex, one_of.get(stall := _stall(row), stall))
        for row in near
    ]
    return Past({key.hex: ticks_of(start) for key, start in spots}, stalls, turns)


def _stall(row: RotationTurn) -> str:
    return row.stall_key.hex if row.stall_key else ""


def _length(row: RotationTurn) -> int:
    return row.milliseconds * MILLISECOND


def _near(channel: Channel, first: datetime) -> list[RotationTurn]:
    """Return what may be a neighbour of what is planned from `first` on, or in its hour."""
    last = channel.fair_turns.filter(start__lt=first).order_by("-start").first()
    since = min([first - timedelta(hours=1), *([last.start] if last else [])])
    return list(channel.fair_turns.filter(start__gte=since).order_by("start"))


def debts_of(channel: Channel, known: dict[str, Known]) -> dict[str, list[int]]:
    """Return the starts (ticks) of what the channel owes to each of the spots, by its key."""
    keys = {one.segment: key for key, one in known.items()}
    owed = all_open_debts(channel).items()
    return {keys[pk]: [ticks_of(start) for start in starts] for pk, starts in owed if pk in keys}


def _end_of_last(rows: QuerySet[RotationTurn]) -> int:
    """Return the tick at which the last of `rows` ends, 0 if there is none."""
    last = rows.order_by("start").last()
    return ticks_of(last.start) + _length(last) if last else 0


def _stands(row: RotationTurn, gaps: Iterable[Break], known: dict[str, Known]) -> bool:
    """Return whether its spot may still air, and its break still has room for it there."""
    one = known.get(row.segment_key.hex)
    gap = _gap_at(gaps, ticks_of(row.start))
    if one is None or gap is None or one.spot.kept_off(gap.day) is not None:
        return False
    return ticks_of(row.start) + one.spot.length <= gap.start + gap.length


def _left(gap: Break, standing: Iterable[RotationTurn]) -> Break:
    """Return what of `gap` is behind the last turn in it."""
    end = gap.start + gap.length
    ends = [
        ticks_of(row.start) + _length(row)
        for row in standing
        if gap.start <= ticks_of(row.start) < end
    ]
    start = max([gap.start, *ends])
    return Break(gap.begins, start, end - start, gap.day, gap.row)


def _gap_at(gaps: Iterable[Break], tick: int) -> Break | None:
    return next((gap for gap in gaps if gap.start <= tick < gap.start + gap.length), None)


def _runs(
    blocks: Iterable[Block], gaps: Sequence[Break], played: Iterable[tuple[int, int]]
) -> Runs:
    """Return by block the (start, video) of `played` that lie in its gaps."""
    runs: Runs = {block.key: [] for block in blocks}
    for start, video in sorted(played):
        gap = _gap_at(gaps, start)
        if gap is not None:
            runs[gap.row, gap.begins].append(Turn(video, start))
    return runs


def _row(channel: Channel, turn: FairTurn, known: Known) -> RotationTurn:
    start = moment_of(turn.start)
    return RotationTurn(
        channel=channel,
        segment_id=known.segment,
        segment_key=turn.spot,
        stall_key=known.stall,
        begins=moment_of(turn.begins),
        start=start,
        milliseconds=turn.length // MILLISECOND,
        entry=wish_id(known.video, start),
        reason=turn.reason,
        makes_good=turn.makes_good,
        details={
            "since": None if turn.since < 0 else moment_of(turn.since).isoformat(),
            "level": turn.level,
            "alike": turn.alike,
            "passed": [[one.why, one.count, one.first] for one in turn.passed],
        },
    )

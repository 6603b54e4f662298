"""The weekly template of a channel as planning's values, and what its blocks play."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, cast

from cms.channels.fair.spots import playing_spots
from cms.channels.fair.turns import do_settle_turns, turns_to_come
from cms.channels.models import BlockRun, Channel, PlaylistItem, WeeklySlot
from cms.channels.planned import planned_wishes
from cms.channels.planning.days import Dated
from cms.channels.planning.rotation import MEMORY, Block, Candidate, Order, Turn, fill_blocks
from cms.channels.planning.template import Filling, Once, Slot, blocks, turns_as_dated, weekly
from cms.channels.reels import reels
from cms.channels.times import begin_of, end_of, local_date
from cms.traders.models import FeaturedSegment
from cms.videos.models import Video
from media_pipeline.model.ticks import TIMESCALE, moment_of, ticks_in, ticks_of

FILLERS = 0
"""The list of a break that has none: the channel's fillers."""
REMEMBERED = timedelta(seconds=MEMORY / TIMESCALE)

type Runs = dict[tuple[int, int], list[Turn]]


def template_of(channel: Channel) -> list[Slot]:
    """Return the weekly template with the dates that differ from it."""
    return [as_slot(row) for row in channel.weekly.prefetch_related("changes")]


def as_slot(row: WeeklySlot) -> Slot:
    """Return a line of the template as planning's value."""
    filling = None
    if row.content != WeeklySlot.Content.VIDEO:
        order = cast("Order", row.content)
        filling = Filling(row.seconds or 0, row.playlist_id or FILLERS, order)
    changes = {c.date: Once(c.skips, c.clock, c.video_id) for c in row.changes.all()}
    said = (row.pk, row.video_id, row.weekdays, row.clock, row.note, row.first, row.last)
    return Slot(*said, filling, changes)


def template_wishes(channel: Channel, first: date, last: date) -> list[Dated]:
    """Return what the template gives from `first` to `last`, the turns of blocks included.

    Up to the last block that was settled they are as settled; those after it go on from there.
    """
    slots = template_of(channel)
    found = weekly(slots, first, last, channel.zone)
    filled = [slot for slot in slots if slot.filling is not None]
    if not filled:
        return found
    settled = channel.runs.order_by("begins").last()
    since = min(first, local_date(channel, settled.begins)) if settled else first
    wanted = blocks(filled, since - timedelta(days=1), last, channel.zone)
    until = ticks_of(settled.begins) if settled else 0
    runs = _filled(channel, wanted, until)
    open_ones = [block for block in _fair(wanted) if block.start > until]
    runs |= turns_to_come(channel, open_ones, _promotions(channel, slots, open_ones, runs))
    notes = {slot.row: slot.note for slot in filled}
    begin, end = ticks_of(begin_of(channel, first)), ticks_of(end_of(channel, last))
    played = [
        one
        for block in wanted
        if block.start < end and block.start + block.length > begin
        for one in turns_as_dated(block, runs[block.key], notes[block.row])
    ]
    fair = {block.row for block in _fair(wanted)}
    there = _there(one.video for one in played if one.row not in fair)
    spots = playing_spots(one.video for one in played if one.row in fair)
    return found + [one for one in played if one.video in (spots if one.row in fair else there)]


def has_blocks(channel: Channel) -> bool:
    """Return whether the template has a block, or had one."""
    blocks_of = channel.weekly.exclude(content=WeeklySlot.Content.VIDEO)
    return blocks_of.exists() or channel.runs.exists()


def do_settle_runs(channel: Channel, since: datetime, until: datetime) -> int:
    """Write down what the blocks that begin from `since` to `until` play; return how many.

    What began before stands. Nothing changes if neither template nor lists did.
    """
    channel.runs.filter(begins__gte=since).delete()
    channel.runs.filter(begins__lt=since - 2 * REMEMBERED).delete()
    slots = template_of(channel)
    filled = [slot for slot in slots if slot.filling is not None]
    days = local_date(channel, since), local_date(channel, until)
    wanted = [b for b in blocks(filled, *days, channel.zone) if moment_of(b.start) >= since]
    runs = _filled(channel, wanted, 0)
    fair = _fair(wanted)
    runs |= do_settle_turns(channel, fair, _promotions(channel, slots, fair, runs), since)
    BlockRun.objects.bulk_create(
        BlockRun(
            channel=channel,
            slot_id=block.row,
            playlist_id=block.pool or None,
            begins=moment_of(block.start),
            turns=[[turn.video, turn.start - block.start] for turn in runs[block.key]],
        )
        for block in wanted
    )
    return len(wanted)


def _fair(wanted: Iterable[Block]) -> list[Block]:
    return [block for block in wanted if block.order == "fair"]


def _there(videos: Iterable[int]) -> set[int]:
    """Return those that were not deleted since: they are in what was settled all the same."""
    return set(Video.objects.filter(pk__in=set(videos)).values_list("pk", flat=True))


def _promotions(
    channel: Channel, slots: Sequence[Slot], near: Sequence[Block], runs: Runs
) -> list[tuple[int, int]]:
    """Return (start, length) of the promotions of others than `near`, on the days of these."""
    if not near:
        return []
    first = local_date(channel, moment_of(min(block.start for block in near)))
    last = local_date(channel, moment_of(max(block.start + block.length for block in near)))
    dated = [*planned_wishes(channel, first, last), *weekly(slots, first, last, channel.zone)]
    starts = [(ticks_of(one.start), one.video) for one in dated]
    fair = {block.key for block in near}
    starts += [
        (turn.start, turn.video) for key, run in runs.items() if key not in fair for turn in run
    ]
    lengths = promotions_among({video for _, video in starts})
    return [(start, lengths[video]) for start, video in starts if video in lengths]


def _filled(channel: Channel, wanted: Sequence[Block], settled: int) -> Runs:
    """Return the turns of `wanted`; of those that begin up to the tick `settled`, as written.

    Fair ones that begin later are left out: they know what all the others play.
    """
    wanted = [block for block in wanted if block.order != "fair" or block.start <= settled]
    if not wanted:
        return {}
    first = min(block.start for block in wanted)
    pools = {block.pool for block in wanted if block.order != "fair"}
    past: dict[int, list[Turn]] = defaultdict(list)
    standing: Runs = {block.key: [] for block in wanted if block.start <= settled}
    rows = channel.runs.filter(begins__gte=moment_of(first) - REMEMBERED)
    for row in rows.values_list("slot", "slot__content", "playlist", "begins", "turns"):
        slot, content, pool, begins, turns = row
        start = ticks_of(begins)
        run = [Turn(video, start + offset) for video, offset in turns]
        if start >= first and (slot, start) in standing:
            standing[slot, start] = run
        elif start < first and content != "fair" and (pool or FILLERS) in pools:
            past[pool or FILLERS] += run
    return fill_blocks(wanted, _candidates(channel, pools), past, standing)


def _candidates(channel: Channel, pools: Iterable[int]) -> dict[int, list[Candidate]]:
    """Return what may play of each list, in its order."""
    listed: dict[int, list[int]] = defaultdict(list)
    lists = [pool for pool in pools if pool != FILLERS]
    for pool, video in PlaylistItem.objects.filter(playlist__in=lists).values_list(
        "playlist_id", "video_id"
    ):
        listed[pool].append(video)
    if FILLERS in pools:
        listed[FILLERS] = list(channel.fillers.values_list("video_id", flat=True))
    lengths = lengths_of({video for videos in listed.values() for video in videos})
    return {
        pool: [Candidate(video, lengths[video]) for video in videos if video in lengths]
        for pool, videos in listed.items()
    }


def lengths_of(videos: Iterable[int]) -> dict[int, int]:
    """Return the length in ticks of what can play of `videos` (their ids)."""
    rows: Any = Video.objects.airable().filter(pk__in=set(videos))
    made = ((pk, reels.get(name)) for pk, name in rows.values_list("pk", "media__publication"))
    return {pk: reel.duration for pk, reel in made if reel is not None}


def promotions_among(videos: Iterable[int]) -> dict[int, int]:
    """Return the length in ticks of those of `videos` that show cards for more than their half."""
    shown: dict[int, int] = defaultdict(int)
    rows = FeaturedSegment.objects.showing().filter(video__in=set(videos))
    for video, begin, end in rows.values_list("video_id", "begin", "end"):
        shown[video] += ticks_in(float(end - begin))
    lengths = lengths_of(shown)
    return {video: length for video, length in lengths.items() if shown[video] * 2 > length}

"""When featured segments were on air, and when they will be."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db.models import Q, QuerySet

from cms.channels import in_force
from cms.channels.asrun.journals import complete_until
from cms.channels.asrun.promoted import STATUSES, PlannedMakegood, SegmentAiring
from cms.channels.asrun.reasons import reason_of
from cms.channels.models import Channel
from cms.cooperatives.models import Cooperative, paths_up
from cms.traders.models import FeaturedSegment
from media_pipeline import playout
from media_pipeline.model.entry_ids import whole_of
from media_pipeline.model.rundown import Card, Entry
from media_pipeline.model.ticks import TIMESCALE, moment_of, ticks_of

Status = Literal["aired", "cut", "missed", "coming"]


@dataclass(frozen=True)
class Airing:
    """A featured segment on the channel that owns the entry it was in; relays are not counted.

    `start` is aware UTC, `promised` and `aired` are whole seconds, `reason` is a sentence for
    the trader in the language of the moment, "" where nothing is lacking. `made_good_by` is the
    start of the replacement. One that `makes_good` was promised to nobody. `owed` says that
    the channel has yet to make it good, `written_off` why it will not, None if nobody said so.
    "coming" is what journals do not reach yet.
    """

    segment_key: UUID
    channel: Channel
    start: datetime
    promised: int
    aired: int
    status: Status
    reason: str = ""
    made_good_by: datetime | None = None
    makes_good: bool = False
    owed: bool = False
    written_off: str | None = None
    entry: str = ""


def airings_of(
    segments: Iterable[FeaturedSegment], since: datetime, until: datetime
) -> list[Airing]:
    """Return the airings of `segments` that start in [since, until), ascending by start.

    What is judged comes from the rows, what is to come from the rundowns in force.
    Raises StoreUnavailable.
    """
    segments = list(segments)
    keys = [segment.key for segment in segments]
    rows = rows_of(keys).filter(start__gte=since, start__lt=until)
    told = [airing_of(row) for row in rows]
    judged = {(airing.channel.pk, airing.entry, airing.segment_key) for airing in told}
    complete = complete_until()
    begin = max(since, complete) if complete else since
    coming = (
        airing
        for channel in channels_over(segments)
        for airing in _coming(channel, {key.hex: key for key in keys}, begin, until)
        if (airing.channel.pk, airing.entry, airing.segment_key) not in judged
    )
    return sorted([*told, *coming], key=lambda airing: (airing.start, airing.entry))


def rows_of(keys: Iterable[UUID]) -> QuerySet[SegmentAiring]:
    """Return the judged airings of the segments with `keys`, as `airing_of` wants them."""
    return SegmentAiring.objects.filter(segment_key__in=list(keys)).select_related(
        "channel__cooperative", "replaced_by__replacement"
    )


def airing_of(row: SegmentAiring) -> Airing:
    """Return what `row` says."""
    link = getattr(row, "replaced_by", None)
    lacks = row.status != SegmentAiring.Status.AIRED
    made = link.replacement if link and lacks else None
    return Airing(
        segment_key=row.segment_key,
        channel=row.channel,
        start=row.start,
        promised=row.promised_seconds,
        aired=row.shown_seconds,
        status=STATUSES[row.status],
        reason=reason_of(row.why, taken_back=row.taken_back) if lacks else "",
        # What aired after all needs no replacement: that one was extra.
        made_good_by=made.start if made else None,
        makes_good=row.makes_good,
        owed=lacks and link is None and not (row.makes_good or row.taken_back),
        written_off=link.reason if link and lacks and made is None else None,
        entry=row.entry,
    )


def channels_over(segments: Iterable[FeaturedSegment]) -> list[Channel]:
    """Return the channels on which `segments` may be: of their co-operatives and those above."""
    own = {segment.product.stall.cooperative_id for segment in segments}
    paths = Cooperative.objects.filter(pk__in=own).values_list("path", flat=True)
    above = {path for own_path in paths for path in paths_up(own_path)}
    return list(Channel.objects.filter(cooperative__path__in=above).select_related("cooperative"))


def _coming(
    channel: Channel, wanted: Mapping[str, UUID], since: datetime, until: datetime
) -> Iterator[Airing]:
    first, last = ticks_of(since), ticks_of(until)
    near, keys = Q(start__gte=since, start__lt=until), wanted.values()
    turns = channel.fair_turns.filter(near, makes_good=True, segment_key__in=keys)
    chosen = PlannedMakegood.objects.filter(near, channel=channel, card_key__in=keys)
    good = {*turns.values_list("entry", "segment_key"), *chosen.values_list("entry", "card_key")}
    for entry, card in cards_between(channel, first, last):
        if card.id in wanted:
            key = wanted[card.id]
            yield _to_come(channel, entry, card, key, makes_good=(entry.id, key) in good)


def cards_between(channel: Channel, first: int, last: int) -> Iterator[tuple[Entry, Card]]:
    """Yield the cards that begin in the ticks [first, last) of what is the channel's own.

    With the entries that are to carry them; those of fillers are promised to nobody. Nothing
    while the rundown cannot be read.
    """
    for entry in _own(channel, first, last):
        if entry.kind in ("filler", "slate") or entry.id != whole_of(entry.id):
            continue
        for card in entry.cards:
            if card.offset < entry.duration and first <= entry.start + card.offset < last:
                yield entry, card


def _own(channel: Channel, first: int, last: int) -> Iterator[Entry]:
    """Yield what of the ticks [first, last) is the channel's own, also what began before."""
    found = in_force.shown(channel.slug)
    if found is None:
        return
    if found.index is None or not found.index.parent:
        yield from playout.between(found.lineup, first, last)
        return
    for block in found.blocks:
        if block[0].start < last and block[-1].end > first:
            yield from (entry for entry in block if entry.start < last and entry.end > first)


def _to_come(channel: Channel, entry: Entry, card: Card, key: UUID, *, makes_good: bool) -> Airing:
    length = min(card.duration, entry.duration - card.offset)
    return Airing(
        segment_key=key,
        channel=channel,
        start=moment_of(entry.start + card.offset),
        promised=round(length / TIMESCALE),
        aired=0,
        status="coming",
        makes_good=makes_good,
        entry=entry.id,
    )

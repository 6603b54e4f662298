"""Keeping the airings of featured segments as the as-run of a day says, and settling debts.

Both may be done again, and by two workers at once: rows have keys of their own, and the
database links each debt and each replacement once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from cms.channels.asrun.models import QUIET, AsRunDay
from cms.channels.asrun.promoted import (
    LACKING,
    STATUSES,
    Makegood,
    PlannedMakegood,
    SegmentAiring,
)
from cms.channels.fair.models import RotationTurn
from cms.channels.models import Channel
from cms.channels.times import local_date
from cms.traders.models import FeaturedSegment
from media_pipeline.asrun import Airing, CardAiring, Told, settled
from media_pipeline.model.entry_ids import whole_of
from media_pipeline.model.ticks import milliseconds_in, moment_of, ticks_of

TAKEN = ("edited", "card", "withdrawn", "taken_down")
"""Causes behind which may be that the trader took the segment back."""

NEAR = timedelta(hours=28)
"""What is promised on a day took its turn, and starts in the end, so near to it."""

_FIELDS = ["start", "promised_ms", "shown_ms", "status", "why", "makes_good", "taken_back"]


class _Key(NamedTuple):
    entry: str
    segment: UUID


def do_keep_airings(day: AsRunDay, airings: Iterable[Airing]) -> int:
    """Write what became of the segments in `airings`, all of `day`; return how many rows were
    written or went: 0 where the day never had any, as most of those who only inherit.

    Call it in the transaction that writes the as-run rows.
    """
    wanted = dict(_carried(airings))
    held = SegmentAiring.objects.filter(channel=day.channel, day=day.day)
    before = {_Key(row.entry, row.segment_key): row for row in held}
    if not (wanted or before):
        return 0
    good = _turns_of_debts(day)
    rows = [_row(day, key, card, before.get(key), good) for key, card in wanted.items()]
    _say_what_was_taken_back(day.channel, rows, before)
    SegmentAiring.objects.filter(
        pk__in=[row.pk for key, row in before.items() if key not in wanted]
    ).delete()
    SegmentAiring.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["channel", "day", "entry", "segment_key"],
        update_fields=_FIELDS,
        batch_size=200,
    )
    return len({*wanted, *before})


def do_settle(channel: Channel, now: datetime) -> int:
    """Link open debts of `channel` to what made good for them; return how many links are new.

    A link whose replacement is not whole any more goes, and its debt is open again.
    """
    rows = SegmentAiring.objects.filter(channel=channel)
    linked = Makegood.objects.filter(replacement__channel=channel)
    linked.exclude(replacement__status=SegmentAiring.Status.AIRED).delete()
    spare = rows.replacements().filter(replaces=None)
    if not spare:
        return 0
    chosen = _chosen_for(channel, {row.segment_key for row in spare})
    made = [_told(row, chosen.get(_Key(row.entry, row.segment_key))) for row in spare]
    owed = rows.owed().filter(segment_key__in={UUID(told.segment) for told in made})
    return _link(settled([*map(_told, owed), *made], {}), now)


def do_forget_airings(channel: Channel, before: datetime) -> int:
    """Delete airings from before `before`, but for debts that a later one makes good for.

    What made good for a debt that is gone would close another.
    """
    PlannedMakegood.objects.filter(channel=channel, start__lt=before).delete()
    old = SegmentAiring.objects.filter(channel=channel, start__lt=before)
    return old.exclude(replaced_by__replacement__start__gte=before).delete()[0]


def _link(links: Mapping[int, int], now: datetime) -> int:
    made = [Makegood(debt_id=d, replacement_id=r, linked=now) for d, r in links.items()]
    # Another worker may have linked either of them meanwhile: its link stands.
    Makegood.objects.bulk_create(made, ignore_conflicts=True)
    return Makegood.objects.filter(debt__in=links, linked=now).exclude(replacement=None).count()


def _chosen_for(channel: Channel, cards: Iterable[UUID]) -> dict[_Key, UUID]:
    """Return to which segment the airings of `cards` are owed that editors chose."""
    chosen = PlannedMakegood.objects.filter(channel=channel, card_key__in=cards)
    return {
        _Key(entry, card): owed
        for entry, card, owed in chosen.values_list("entry", "card_key", "owed_key")
    }


def _carried(airings: Iterable[Airing]) -> Iterator[tuple[_Key, CardAiring]]:
    for airing in airings:
        if airing.kind not in QUIET:
            for card in airing.carried:
                if (segment := _segment_of(card.card)) is not None:
                    yield _Key(airing.entry[:120], segment), card


def _segment_of(card: str) -> UUID | None:
    try:
        return UUID(hex=card)
    except ValueError:
        return None


def _turns_of_debts(day: AsRunDay) -> set[_Key]:
    """Return which entries about `day` took their turn because of a debt, or were chosen for one."""
    begin = datetime.combine(day.day, time(), tzinfo=UTC)
    near = Q(
        channel=day.channel,
        start__gte=begin - NEAR,
        start__lt=begin + timedelta(days=1) + NEAR,
    )
    turns = RotationTurn.objects.filter(near, makes_good=True)
    chosen = PlannedMakegood.objects.filter(near)
    said = [
        *turns.values_list("entry", "segment_key"),
        *chosen.values_list("entry", "card_key"),
    ]
    return {_Key(whole_of(entry)[:120], segment) for entry, segment in said}


def _row(
    day: AsRunDay, key: _Key, card: CardAiring, before: SegmentAiring | None, good: set[_Key]
) -> SegmentAiring:
    return SegmentAiring(
        channel=day.channel,
        day=day.day,
        entry=key.entry,
        segment_key=key.segment,
        start=moment_of(card.start),
        promised_ms=milliseconds_in(card.promised),
        shown_ms=milliseconds_in(card.shown),
        status=card.status,
        why=card.why,
        # Turns are forgotten sooner than airings are.
        makes_good=key in good or (before is not None and before.makes_good),
    )


def _say_what_was_taken_back(
    channel: Channel, rows: Sequence[SegmentAiring], before: Mapping[_Key, SegmentAiring]
) -> None:
    """Note of rows that lack something whether their trader took the segment back.

    What was said when a row first had its cause stays: the segment may be another by now.
    """
    asked = []
    for row in rows:
        if row.status not in LACKING or row.why not in TAKEN:
            continue
        known = before.get(_Key(row.entry, row.segment_key))
        if known is not None and known.status in LACKING and known.why == row.why:
            row.taken_back = known.taken_back
        else:
            asked.append(row)
    days: dict[date, list[SegmentAiring]] = {}
    for row in asked:
        days.setdefault(local_date(channel, row.start), []).append(row)
    for day, there in days.items():
        stands = _stands({row.segment_key for row in there}, day)
        for row in there:
            row.taken_back = row.segment_key not in stands


def _stands(keys: set[UUID], day: date) -> set[UUID]:
    """Return which segments their traders let air on `day`.

    Also those that the co-operative turned down, or whose stall it hid.
    """
    state, segments = FeaturedSegment.State, FeaturedSegment.objects.filter(key__in=keys)
    stopped = segments.filter(
        Q(state__in=(state.REFUSED, state.DECLINED))
        | Q(product__stall__active=False, product__stall__taken_down_at=None)
    )
    may_air = segments.may_air_on(day)
    return {*stopped.values_list("key", flat=True), *may_air.values_list("key", flat=True)}


def _told(row: SegmentAiring, owed: UUID | None = None) -> Told:
    """Return what `row` says; `owed` is the segment that it was chosen for, if it is another."""
    return Told(
        key=row.pk,
        segment=(owed or row.segment_key).hex,
        start=ticks_of(row.start),
        status=STATUSES[row.status],
        makes_good=row.makes_good,
        taken_back=row.taken_back,
    )

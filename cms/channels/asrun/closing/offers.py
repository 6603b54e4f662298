"""Airings to come that an editor may choose to make good for a card."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from cms.channels.asrun.airings import cards_between
from cms.channels.asrun.debts import open_rows
from cms.channels.asrun.promoted import PlannedMakegood, SegmentAiring
from cms.traders.models import FeaturedSegment
from media_pipeline.asrun.promises import AHEAD
from media_pipeline.model.rundown import Card, Entry
from media_pipeline.model.ticks import milliseconds_in, moment_of, ticks_of

FARTHEST = timedelta(days=14)
"""Farther than any rundown reaches (`Channel.horizon_hours`): all that one holds is looked at."""


@dataclass(frozen=True)
class Offer:
    """The card `card` (key of its segment) in `entry`, on air from `start` on for `seconds`."""

    entry: str
    card: UUID
    start: datetime
    seconds: int
    title: str

    @property
    def name(self) -> str:
        """Names it among all of a channel."""
        return f"{self.entry}:{self.card.hex}"


def offers_for(debt: SegmentAiring, now: datetime) -> list[Offer]:
    """Return what may make good for the oldest open debt to the segment of `debt`, in order.

    Cards of the same product on the same channel, as long as what is owed, whole, and in
    entries that begin more than a day from now: what begins sooner was promised for itself.
    Raises StoreUnavailable.
    """
    owed = open_rows(debt.channel, debt.segment_key)
    taken = PlannedMakegood.objects.filter(channel=debt.channel, start__gte=now)
    chosen = set(taken.values_list("entry", "card_key"))
    return [offer for offer in _cards(debt, owed, now) if (offer.entry, offer.card) not in chosen]


def _cards(debt: SegmentAiring, owed: list[SegmentAiring], now: datetime) -> Iterator[Offer]:
    segments = FeaturedSegment.objects.filter(
        product__segments__key=debt.segment_key, kind=FeaturedSegment.Kind.CARD
    )
    keys = {key.hex: key for key in segments.values_list("key", flat=True)}
    if not (owed and keys):
        return
    free, length = ticks_of(now) + AHEAD, max(row.promised_ms for row in owed)
    for entry, card in cards_between(debt.channel, free, ticks_of(now + FARTHEST)):
        if card.id in keys and entry.start >= free and _whole(entry, card, length):
            start = moment_of(entry.start + card.offset)
            seconds = round(milliseconds_in(card.duration) / 1000)
            yield Offer(entry.id, keys[card.id], start, seconds, entry.title)


def _whole(entry: Entry, card: Card, milliseconds: int) -> bool:
    ends_within = card.offset + card.duration <= entry.duration
    return ends_within and milliseconds_in(card.duration) >= milliseconds

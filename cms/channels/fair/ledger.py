"""The ledger of a channel's fair turns: who had them, who comes next, and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cms.channels.asrun.promoted import SegmentAiring
from cms.channels.fair.spots import Known, known_spots
from cms.channels.fair.turns import debts_of, last_turns
from cms.channels.fair.wording import kept_off, notes_of, why_in_line, why_of
from cms.channels.models import Channel, RotationTurn
from cms.channels.planning.fair import Place, plain_order
from cms.channels.times import begin_of, end_of, local_date
from cms.traders.models import FeaturedSegment


@dataclass(frozen=True)
class Shown:
    """A turn as people read it. `stall` is the id of the stall, None once the segment is gone."""

    start: datetime
    stall: int | None
    stall_name: str
    product: str
    why: str
    notes: tuple[str, ...]
    status: str = ""


@dataclass(frozen=True)
class Waits:
    """A spot in line, the `number`-th; `kept` says why it cannot air today, "" if it can."""

    number: int
    stall: int
    stall_name: str
    product: str
    why: str
    kept: str
    key: str
    lot: str


class Queue:
    """Who waits for a turn on a channel after those that are settled, as of `now`."""

    def __init__(self, channel: Channel, now: datetime) -> None:
        self.channel, self.now = channel, now
        self.day = local_date(channel, now)

    @cached_property
    def known(self) -> dict[str, Known]:
        """What may take turns, by key."""
        return known_spots(self.channel, [self.day])

    @cached_property
    def order(self) -> list[Place]:
        """Those of the channel's own co-operatives, and whom it owes, in plain order."""
        found = plain_order(
            (one.spot for one in self.known.values()),
            last_turns(self.channel.fair_turns.all()),
            debts_of(self.channel, self.known),
            self.channel.slug,
            self.day,
        )
        return [place for level, place in found if level == 0]

    @cached_property
    def stalls(self) -> list[int]:
        """The stalls of the channel's own co-operatives in the order of their next turn."""
        coming = self.channel.fair_turns.filter(start__gt=self.now).order_by("start")
        keys = [key.hex for key in coming.values_list("segment_key", flat=True)]
        keys += [place.spot for place in self.order if self._may_air(place.spot)]
        own = (self.known[key].spot for key in keys if key in self.known)
        return list(dict.fromkeys(spot.stall for spot in own if spot.level == 0))

    def first(self, count: int) -> list[Waits]:
        """The first `count` in line."""
        named = _segments(self.known[place.spot].segment for place in self.order[:count])
        return [self._waits(n, place, named) for n, place in enumerate(self.order[:count], 1)]

    def of(self, stalls: Iterable[int]) -> list[Waits]:
        """Those of `stalls` (their ids), wherever in line they are."""
        mine = set(stalls)
        found = [
            (n, place)
            for n, place in enumerate(self.order, 1)
            if self.known[place.spot].spot.stall in mine
        ]
        named = _segments(self.known[place.spot].segment for _, place in found)
        return [self._waits(n, place, named) for n, place in found]

    def _may_air(self, key: str) -> bool:
        return self.known[key].spot.kept_off(self.day) is None

    def _waits(self, number: int, place: Place, named: dict[int, FeaturedSegment]) -> Waits:
        known = self.known[place.spot]
        product = named[known.segment].product
        return Waits(
            *(number, product.stall_id, product.stall.name, product.name),
            why_in_line(self.channel, place),
            kept_off(known.spot.kept_off(self.day)),
            *(place.spot, place.lot),
        )


def coming(channel: Channel, now: datetime, count: int) -> list[Shown]:
    """Return the next `count` turns that are settled."""
    rows = channel.fair_turns.filter(start__gt=now).order_by("start")[:count]
    return shown(channel, list(rows))


def had_on(channel: Channel, day: date, now: datetime) -> QuerySet[RotationTurn]:
    """Return the turns of `day` by the channel's clock that have begun, for `shown`."""
    begun = channel.fair_turns.filter(start__lte=now).order_by("start", "pk")
    return begun.filter(start__gte=begin_of(channel, day), start__lt=end_of(channel, day))


def shown(channel: Channel, rows: Sequence[RotationTurn]) -> list[Shown]:
    """Return `rows` as people read them, with what became of them."""
    named = _segments(row.segment_id for row in rows if row.segment_id)
    first = {key for row in rows for _why, _count, key in row.details.get("passed", ())}
    stalls = _stall_names(first)
    judged = SegmentAiring.objects.filter(channel=channel, entry__in=[row.entry for row in rows])
    became = {airing.entry: airing.get_status_display() for airing in judged}
    found = []
    for row in rows:
        segment = named.get(row.segment_id or 0)
        found.append(
            Shown(
                row.start,
                segment.product.stall_id if segment else None,
                segment.product.stall.name if segment else _("Segmen yang sudah dihapus"),
                segment.product.name if segment else "",
                why_of(channel, row),
                notes_of(row, stalls),
                became.get(row.entry, ""),
            )
        )
    return found


def _segments(keys: Iterable[int]) -> dict[int, FeaturedSegment]:
    return FeaturedSegment.objects.select_related("product__stall").in_bulk(list(keys))


def _stall_names(keys: Iterable[str]) -> dict[str, str]:
    rows = FeaturedSegment.objects.filter(key__in=list(keys))
    return {key.hex: name for key, name in rows.values_list("key", "product__stall__name")}

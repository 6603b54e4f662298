"""The ledger of a channel's fair turns: who had them, who comes next, and why."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from cms.channels.asrun.promoted import SegmentAiring
from cms.channels.fair.spots import Known, known_spots
from cms.channels.fair.turns import debts_of, past_of
from cms.channels.fair.wording import kept_off, notes_of, why_in_line, why_of
from cms.channels.models import Channel, RotationTurn
from cms.channels.planning.fair import Place, plain_order
from cms.channels.times import begin_of, end_of, local_date
from cms.traders.models import FeaturedSegment, Stall


@dataclass(frozen=True)
class Shown:
    """A turn as people read it. `stall` is the id of the stall, None once that is gone too."""

    start: datetime
    stall: int | None
    stall_name: str
    product: str
    why: str
    notes: tuple[str, ...]
    status: str = ""


@dataclass(frozen=True)
class Waits:
    """A stall in line, the `number`-th, with the clip that comes next of its `clips`.

    `kept` says why none of them can air today, "" if one can. `times` is how often it aired this
    week.
    """

    number: int
    stall: int
    stall_name: str
    product: str
    clips: int
    why: str
    kept: str
    times: int
    key: str
    lot: str


class Queue:
    """Which stalls wait for a turn on a channel after those that are settled, as of `now`.

    A stall is known by the key for which its clips take turns (`Spot.stall`).
    """

    def __init__(self, channel: Channel, now: datetime) -> None:
        self.channel, self.now = channel, now
        self.day = local_date(channel, now)

    @cached_property
    def known(self) -> dict[str, Known]:
        """What may take turns, by key."""
        return known_spots(self.channel, [self.day])

    @cached_property
    def order(self) -> list[list[Place]]:
        """The clips of each stall of the channel's own co-operatives, and what it owes to others.

        Stalls and the clips of each stall are in plain order.
        """
        found = plain_order(
            [one.spot for one in self.known.values()],
            past_of(self.channel.fair_turns.all(), self.known),
            debts_of(self.channel, self.known),
            self.channel.slug,
            self.day,
        )
        stalls: dict[str, list[Place]] = {}
        for level, place in found:
            if level == 0:
                stalls.setdefault(place.stall, []).append(place)
        return list(stalls.values())

    @cached_property
    def stalls(self) -> list[str]:
        """The stalls of the channel's own co-operatives in the order of their next turn."""
        coming = self.channel.fair_turns.filter(start__gt=self.now).order_by("start")
        keys = [key.hex for key in coming.values_list("segment_key", flat=True)]
        keys += [place.spot for clips in self.order for place in clips if self._may_air(place)]
        own = (self.known[key].spot for key in keys if key in self.known)
        return list(dict.fromkeys(spot.stall for spot in own if spot.level == 0))

    @cached_property
    def week(self) -> Counter[str]:
        """How often each stall aired this week, from Monday on."""
        monday = self.day - timedelta(days=self.day.weekday())
        since = begin_of(self.channel, monday)
        begun = self.channel.fair_turns.filter(start__gte=since, start__lte=self.now)
        missed = SegmentAiring.objects.filter(
            channel=self.channel, status=SegmentAiring.Status.MISSED, start__gte=since
        )
        aired = begun.exclude(entry__in=missed.values("entry")).order_by()
        one_of = {key: one.spot.stall for one in self.known.values() for key in one.stalls}
        found: Counter[str] = Counter()
        for key, times in (
            aired.exclude(stall_key=None).values_list("stall_key").annotate(Count("pk"))
        ):
            found[one_of.get(key.hex, key.hex)] += times
        return found

    @property
    def average(self) -> float:
        """How often a stall of the channel's own co-operatives aired this week on average."""
        return sum(self.week[key] for key in self.stalls) / max(1, len(self.stalls))

    def one_of(self, stalls: Iterable[str]) -> set[str]:
        """Return the stalls in line for which those with these keys take turns."""
        mine = set(stalls)
        return {one.spot.stall for one in self.known.values() if one.stall in mine}

    def first(self, count: int) -> list[Waits]:
        """The first `count` in line."""
        return self._waits(list(enumerate(self.order, 1))[:count])

    def of(self, stalls: Iterable[str]) -> list[Waits]:
        """Those with the keys `stalls`, wherever in line they are."""
        mine = self.one_of(stalls)
        return self._waits(
            [(n, one) for n, one in enumerate(self.order, 1) if one[0].stall in mine]
        )

    def _may_air(self, place: Place) -> bool:
        return self.known[place.spot].spot.kept_off(self.day) is None

    def _waits(self, line: Sequence[tuple[int, list[Place]]]) -> list[Waits]:
        nearest = [next(filter(self._may_air, clips), clips[0]) for _, clips in line]
        named = _segments(self.known[place.spot].segment for place in nearest)
        found = []
        for (number, clips), place in zip(line, nearest, strict=True):
            known = self.known[place.spot]
            product = named[known.segment].product
            found.append(
                Waits(
                    *(number, product.stall_id, product.stall.name, product.name, len(clips)),
                    why_in_line(self.channel, place),
                    kept_off(known.spot.kept_off(self.day)),
                    *(self.week[place.stall], place.stall, place.lot),
                )
            )
        return found


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
    gone = _stalls(row.stall_key for row in rows if row.segment_id is None and row.stall_key)
    first = {key for row in rows for _why, _count, key in row.details.get("passed", ())}
    stalls = _stall_names(first)
    judged = SegmentAiring.objects.filter(channel=channel, entry__in=[row.entry for row in rows])
    became = {airing.entry: airing.get_status_display() for airing in judged}
    found = []
    for row in rows:
        segment = named.get(row.segment_id or 0)
        stall = segment.product.stall if segment else gone.get(row.stall_key)
        deleted = "" if segment else _("Segmen yang sudah dihapus")
        found.append(
            Shown(
                row.start,
                stall.pk if stall else None,
                stall.name if stall else deleted,
                segment.product.name if segment else deleted if stall else "",
                why_of(channel, row),
                notes_of(row, stalls),
                became.get(row.entry, ""),
            )
        )
    return found


def _segments(keys: Iterable[int]) -> dict[int, FeaturedSegment]:
    return FeaturedSegment.objects.select_related("product__stall").in_bulk(list(keys))


def _stalls(keys: Iterable[UUID]) -> dict[UUID | None, Stall]:
    return {stall.key: stall for stall in Stall.objects.filter(key__in=list(keys))}


def _stall_names(keys: Iterable[str]) -> dict[str, str]:
    rows = FeaturedSegment.objects.filter(key__in=list(keys))
    return {key.hex: name for key, name in rows.values_list("key", "product__stall__name")}

"""Which channels relayed what another one aired. It is listed, and counted once: on the owner."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta

from cms.channels.asrun.airings import Airing
from cms.channels.asrun.models import AiredEntry
from cms.channels.models import DEEPEST, Channel

MOST = 100
"""So many heirs of a channel are looked at, the nearest first: more names nobody reads."""

LONGEST = timedelta(hours=24)
"""A stretch of relaying is judged day by day: none is longer."""

ENOUGH = 1000
"""Milliseconds of it that make a relay."""

_Pieces = list[list[int]]


def carriage_of(airings: Sequence[Airing]) -> list[list[Channel]]:
    """Return for each of `airings` the channels that relayed it, by name.

    As long as rows of relays are kept: 35 days. Of a channel with very many heirs it names some.
    """
    heirs = {channel: _heirs(channel) for channel in {a.channel for a in airings if a.aired}}
    relayed = _relayed([c for found in heirs.values() for c in found], airings)
    return [_carriers(airing, heirs.get(airing.channel, []), relayed) for airing in airings]


def _heirs(channel: Channel) -> list[Channel]:
    """The channels that follow `channel`, and those that follow these, the nearest first."""
    found: list[Channel] = []
    row = [channel.pk]
    for _ in range(DEEPEST):
        below = Channel.objects.filter(parent__in=row).select_related("cooperative")
        level = list(below.order_by("name")[: MOST - len(found)])
        found += level
        row = [each.pk for each in level]
        if not row:
            break
    return found


def _relayed(heirs: Iterable[Channel], airings: Sequence[Airing]) -> dict[int, _Pieces]:
    keys = {heir.pk for heir in heirs}
    if not keys:
        return {}
    first = min(airing.start for airing in airings) - LONGEST
    last = max(airing.start for airing in airings) + LONGEST
    rows = AiredEntry.objects.filter(
        channel__in=keys, kind=AiredEntry.Kind.RELAY, start__gte=first, start__lt=last
    )
    found: dict[int, _Pieces] = defaultdict(list)
    for channel, pieces in rows.values_list("channel", "pieces"):
        found[channel] += pieces
    return found


def _carriers(
    airing: Airing, heirs: Sequence[Channel], relayed: dict[int, _Pieces]
) -> list[Channel]:
    begin = int(airing.start.timestamp() * 1000)
    end = begin + airing.promised * 1000
    showing = {airing.channel.pk}
    for heir in heirs:
        shown = (min(b, end) - max(a, begin) for a, b in relayed.get(heir.pk, ()))
        if heir.parent_id in showing and sum(part for part in shown if part > 0) >= ENOUGH:
            showing.add(heir.pk)
    return sorted((heir for heir in heirs if heir.pk in showing), key=lambda each: each.name)

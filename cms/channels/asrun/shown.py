"""Which cards of featured segments were on air: what a viewer on a channel can have seen.

From the rows of as-run; for the last hours, which are judged every ten minutes, from what
journals say and the rundown in force.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from cms.channels import past
from cms.channels.asrun.models import AirHour
from cms.channels.asrun.promoted import SegmentAiring
from cms.channels.models import Channel
from media_pipeline.asrun import Coverage, decode_coverage, together
from media_pipeline.asrun.spans import Spans, common
from media_pipeline.model.entry_ids import part_of, whole_of
from media_pipeline.model.rundown import Card, Entry
from media_pipeline.model.ticks import moment_of, ticks_of

CATCH_UP = timedelta(days=7)
"""How long after its airing a card can be seen in catch-up (`media_pipeline.origin.addresses`)."""

LATELY = timedelta(hours=6)
"""What is younger may not be judged yet."""


class Shown(NamedTuple):
    """The card `key` was on air on `channel` (its slug) from `start` on, in `entry`."""

    channel: str
    entry: str
    key: UUID
    start: datetime


def cards_shown(
    keys: Collection[UUID], slugs: Collection[str], since: datetime, until: datetime
) -> set[Shown]:
    """Return when cards with `keys` were on air on the channels `slugs` in [since, until).

    A card that was promised and not shown is not among them. Raises StoreUnavailable.
    """
    rows = SegmentAiring.objects.filter(
        segment_key__in=keys, channel__slug__in=slugs, start__gte=since, start__lt=until
    )
    told = rows.filter(shown_ms__gt=0).values_list("channel__slug", "entry", "segment_key", "start")
    found = {Shown(*row) for row in told}
    begin = max(since, until - LATELY)
    for channel in Channel.objects.filter(slug__in=slugs):
        found.update(_lately(channel, keys, begin, until))
    return found


def _lately(
    channel: Channel, keys: Collection[UUID], since: datetime, until: datetime
) -> Iterator[Shown]:
    hour = since.replace(minute=0, second=0, microsecond=0)
    rows = AirHour.objects.filter(channel=channel, hour__gte=hour, hour__lt=until)
    coverage = together(*(decode_coverage(bytes(row.coverage)) for row in rows))
    if not coverage:
        return
    wanted = {key.hex: key for key in keys}
    for entry in past.entries_between(channel.slug, ticks_of(since), ticks_of(until)):
        for card, spans in _cards_on_air(entry, coverage):
            if card.id in wanted:
                name = whole_of(entry.id)
                yield Shown(channel.slug, name, wanted[card.id], moment_of(spans[0][0]))


def _cards_on_air(entry: Entry, coverage: Coverage) -> Iterable[tuple[Card, Spans]]:
    on_air = coverage.get((part_of(entry.id), ""), ())
    for card in entry.cards:
        spans: Spans = common(on_air, ((entry.start, entry.end),))
        if entry.first == 0:
            # Where an entry begins later in its publication, only the reel knows when its card came.
            begin = entry.start + card.offset
            spans = common(spans, ((begin, begin + card.duration),))
        if spans:
            yield card, spans

"""What is known of a day of a channel: its rundowns from the store, journals from the rows."""

import gzip
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

import msgspec
from django.db.models import Q

from cms.channels import in_force
from cms.channels.asrun.models import AirHour
from cms.channels.models import Channel
from cms.core import published
from cms.videos.models import Video
from media_pipeline.asrun import Coverage, Slot, Why, Written, decode_coverage, followed, together
from media_pipeline.asrun.judging import LATE, Evidence
from media_pipeline.model.entry_ids import whole_of
from media_pipeline.model.joint import Joint
from media_pipeline.model.keys import rundown_history_file
from media_pipeline.model.rundown import Entry, Rundown
from media_pipeline.model.stored import BrokenDay, Day, DayRef, Days, Index, decode_stored
from media_pipeline.model.ticks import ticks_of

EARLIER = timedelta(hours=28)
"""Promises of a day are made that long before it begins, and what it shows may be of then."""

LATER = timedelta(hours=30)
"""What is promised to start on a day is over that long after it ended, but for the longest."""


def evidence_of(
    channel: Channel, start: datetime, end: datetime, barred: Mapping[str, Why]
) -> Evidence:
    """Return what is known of what `channel` promised to show from `start` to `end`.

    Raises StoreUnavailable.
    """
    found = in_force.read(channel.slug)
    versions = _versions(channel, found, start - EARLIER, end)
    own = found.own if found else []
    planned = Counter[str]()
    for entry in own:
        planned[whole_of(entry.id)] += entry.duration
    span = (ticks_of(start) - LATE, ticks_of(end + LATER))
    return Evidence(
        versions=versions,
        coverage=_coverage(channel, start - timedelta(hours=4), end + LATER),
        relayed=_relayed(found, span) if found else (),
        planned=planned,
        barred=barred,
    )


def barred_programmes() -> dict[str, Why]:
    """Return which programmes (keys of videos) may not play any more, and why."""
    rows = Video.objects.filter(
        Q(media__taken_down_at__isnull=False)
        | Q(media__withdrawn_at__isnull=False)
        | Q(live=False, first_published_at__isnull=False)
    ).values_list("key", "media__taken_down_at")
    return {str(key): "taken_down" if down else "withdrawn" for key, down in rows}


def _coverage(channel: Channel, start: datetime, end: datetime) -> Coverage:
    rows = AirHour.objects.filter(channel=channel, hour__gte=start, hour__lt=end)
    return together(*(decode_coverage(bytes(row.coverage)) for row in rows))


def _versions(
    channel: Channel, found: in_force.InForce | None, start: datetime, end: datetime
) -> list[Written]:
    """Return the versions in force from `start` to `end`, and the newest: it knows what is over."""
    before = channel.rundowns.filter(written__lte=start).order_by("-version")
    first = before.values_list("version", flat=True).first() or 0
    records = channel.rundowns.filter(version__gte=first, written__lt=end)
    wanted = list(records.order_by("version").values_list("version", flat=True))
    days: dict[str, Day | None] = {}
    versions = [_written(channel.slug, version, days) for version in wanted]
    if found is not None and found.lineup.version not in wanted:
        versions.append(_newest(channel.slug, found, days))
    return [each for each in versions if each is not None]


def _written(slug: str, version: int, days: dict[str, Day | None]) -> Written | None:
    stored = _stored(slug, version)
    if stored is None:
        return None
    return _of_index(slug, stored, days) if isinstance(stored, Index) else _of_rundown(stored)


def _newest(slug: str, found: in_force.InForce, days: dict[str, Day | None]) -> Written:
    if found.index is not None:
        return _of_index(slug, found.index, days)
    return _of_rundown(found.rundown)


def _of_rundown(rundown: Rundown) -> Written:
    return Written(rundown.version, ticks_of(rundown.written), rundown.entries)


def _of_index(slug: str, index: Index, days: dict[str, Day | None]) -> Written:
    for ref in index.days:
        if ref.name not in days:
            days[ref.name] = _day(slug, ref)
    there = [day for ref in index.days if (day := days[ref.name]) is not None]
    entries = Days(there)
    return Written(index.version, ticks_of(index.written), entries, bool(index.parent))


def _day(slug: str, ref: DayRef) -> Day | None:
    try:
        return in_force.read_day(slug, ref)
    except BrokenDay:
        return None


@lru_cache(maxsize=512)
def _stored(slug: str, version: int) -> Index | Rundown | None:
    """What a version of the history says: it never changes once it is there.

    So many are kept as the days of a channel share, which are judged one after the other.
    """
    data = published.store().read(rundown_history_file(slug, version))
    try:
        return decode_stored(gzip.decompress(data)) if data else None
    except (OSError, EOFError, msgspec.DecodeError):
        return None


def _relayed(found: in_force.InForce, span: tuple[int, int]) -> list[Slot]:
    """What a channel that inherits played in the ticks of `span`."""
    joints: Sequence[Joint] = getattr(found.lineup, "joints", ())
    runs: dict[int, Sequence[Entry]] = {block[0].start: block for block in found.blocks}
    return followed(joints, runs, *span)


def forget() -> None:
    """Drop what was kept of the history; for tests, where one store follows another."""
    _stored.cache_clear()

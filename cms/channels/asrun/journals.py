"""Taking in the origins' journals: each object once, or again when it has grown.

What all of them say of an hour of a channel is one union, so a journal that is read twice,
arrives late or repeats another changes nothing that is right.
"""

import logging
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from datetime import UTC, date, datetime, time, timedelta
from itertools import batched
from typing import NamedTuple

from django.db import transaction
from django.db.models import F, Max

from cms.channels.asrun.models import AirHour, AsRunDay, JournalObject, JournalState
from cms.channels.models import Channel
from media_pipeline.asrun import (
    Coverage,
    Line,
    Minute,
    coverage_of,
    decode_coverage,
    decode_minute,
    encode_coverage,
    together,
    within,
)
from media_pipeline.model.keys import journal_folder
from media_pipeline.model.ticks import ticks_in, ticks_of
from media_pipeline.stores import Store

KEEP = timedelta(days=9)
"""How far back a day can be judged again: as far as the history of rundowns reaches."""

WAIT = timedelta(minutes=10)
"""An origin that has said nothing for so long has stopped: nobody waits for it any more."""

SETTLES = timedelta(seconds=20)
"""What was on air so long before an object was written is in it."""

AHEAD = timedelta(seconds=90)
"""An object of a minute so far ahead is of an origin whose clock is wrong."""

AT_ONCE = 60
"""Objects that are taken in together, in one transaction."""

_KEY = re.compile(r"journal/\d{8}/(?P<origin>[^/]{1,120})/(?P<minute>\d{8}T\d{4})Z\.jsonl\.gz\Z")
_HOUR = ticks_in(3600)
_EARLY = 6
"""In the hours of a day before it most channels show what began on the day before."""

logger = logging.getLogger(__name__)


class _Found(NamedTuple):
    """An object in the store that was not read yet, or has changed since."""

    key: str
    mark: str
    origin: str
    minute: datetime


def do_read_journals(
    store: Store,
    days: Iterable[date],
    now: datetime,
    goes_on: Callable[[], bool] = lambda: True,
) -> int:
    """Take in what is new in the journals of `days` (UTC); return how many objects were.

    It stops where `goes_on()` does not hold; what is left comes with the next call. `complete`
    moves only over days that were read to their end. Raises StoreUnavailable; what was taken
    in by then stays.
    """
    read, whole = 0, set[date]()
    for day in days:
        for found in batched(_new(store, day), AT_ONCE):
            if not goes_on():
                _move_complete(whole, now)
                return read
            _take_in(store, found, now)
            read += len(found)
        whole.add(day)
    _move_complete(whole, now)
    return read


def days_to_read(now: datetime) -> list[date]:
    """Return the days (UTC) that are not read to their end: of which all is complete, and on.

    Of the last hour before that too, since an object grows until its minute is over; of a
    first look, and after longer than can be judged again, the last that can.
    """
    complete = min(complete_until() or now - timedelta(days=1), now)
    first = max((complete - timedelta(hours=1)).date(), earliest(now))
    return days_between(first, now.date())


def days_between(first: date, last: date) -> list[date]:
    """Return the days from `first` to `last`, both among them."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def earliest(now: datetime) -> date:
    """Return the first day (UTC) that can be judged again."""
    return (now - KEEP).date() + timedelta(days=1)


def _move_complete(whole: Set[date], now: datetime) -> None:
    """Note up to when all is there, now that the days `whole` were read to their end."""
    reached = _complete(now)
    with transaction.atomic():
        state = _locked()
        before = state.complete or reached
        day = max(before.date(), earliest(now))
        while day in whole:
            day += timedelta(days=1)
        reached = min(reached, datetime.combine(day, time(), UTC))
        if reached > before or (state.complete is None and before.date() in whole):
            state.complete = reached
            state.save()


def complete_until() -> datetime | None:
    """Return the moment up to which journals are there; None before the first look."""
    return JournalState.objects.values_list("complete", flat=True).first()


def _new(store: Store, day: date) -> list[_Found]:
    """Return what is to be read of a day, the earliest minutes first."""
    folder = journal_folder(f"{day:%Y%m%d}")
    begin = datetime.combine(day, time(), UTC)
    read = JournalObject.objects.filter(minute__gte=begin, minute__lt=begin + timedelta(days=1))
    known = dict(read.values_list("key", "mark"))
    found = []
    for key, mark in store.versions(folder):
        named = _KEY.match(key)
        if named and known.get(key) != mark:
            minute = datetime.strptime(named["minute"], "%Y%m%dT%H%M").replace(tzinfo=UTC)
            found.append(_Found(key, mark, named["origin"], minute))
    return sorted(found, key=lambda each: each.minute)


def _take_in(store: Store, found: Sequence[_Found], now: datetime) -> None:
    read = [(each, _read(store, each, now)) for each in found]
    faulty = sum(minute.faulty for _, minute in read)
    if faulty:
        first = next(each.key for each, minute in read if minute.faulty)
        logger.warning(
            "%s lines of journals cannot be read, or speak of another time than their name says,"
            " and were passed over; the first in %s.",
            faulty,
            first,
        )
    lines: dict[str, list[Line]] = defaultdict(list)
    for _, minute in read:
        for line in minute.lines:
            lines[line.channel].append(line)
    with transaction.atomic():
        _locked()
        _add({slug: coverage_of(each) for slug, each in lines.items()})
        JournalObject.objects.bulk_create(
            [_row(each, minute) for each, minute in read],
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["mark", "lines", "faulty"],
        )


def _read(store: Store, found: _Found, now: datetime) -> Minute:
    data = store.read(found.key)
    if data is None or found.minute > now + AHEAD:
        return Minute((), int(data is not None))
    return decode_minute(data, ticks_of(found.minute))


def _row(found: _Found, minute: Minute) -> JournalObject:
    return JournalObject(
        key=found.key,
        mark=found.mark,
        origin=found.origin,
        minute=found.minute,
        lines=len(minute.lines),
        faulty=minute.faulty,
    )


def _add(said: dict[str, Coverage]) -> None:
    """Add what journals say of channels (by slug) to what is known of their hours."""
    channels = dict(Channel.objects.filter(slug__in=said).values_list("slug", "pk"))
    fresh = {
        (channels[slug], hour): coverage
        for slug, whole in said.items()
        if slug in channels
        for hour, coverage in _by_hour(whole)
    }
    hours = {hour for _, hour in fresh}
    held = {
        (row.channel_id, row.hour): row
        for row in AirHour.objects.filter(hour__in=hours, channel__in=channels.values())
    }
    rows = []
    for (channel, hour), coverage in fresh.items():
        before = held.get((channel, hour))
        data = encode_coverage(
            together(coverage, decode_coverage(bytes(before.coverage)) if before else {})
        )
        if before is None or bytes(before.coverage) != data:
            rows.append(AirHour(channel_id=channel, hour=hour, coverage=data))
    AirHour.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["channel", "hour"],
        update_fields=["coverage"],
        batch_size=500,
    )
    _touch({(row.channel_id, day) for row in rows for day in _days(row.hour)})
    _touch_long({(row.channel_id, row.hour) for row in rows})


def _touch(days: set[tuple[int, date]]) -> None:
    """Note that the rows of `days` (channel and day) do not know all any more."""
    AsRunDay.objects.bulk_create(
        [AsRunDay(channel_id=channel, day=day) for channel, day in days],
        ignore_conflicts=True,
        batch_size=500,
    )
    of_day: dict[date, list[int]] = defaultdict(list)
    for channel, day in days:
        of_day[day].append(channel)
    for day, channels in of_day.items():
        for some in batched(channels, 500):
            rows = AsRunDay.objects.filter(day=day, channel__in=some)
            rows.update(touched=F("touched") + 1)


def _touch_long(hours: Set[tuple[int, datetime]]) -> None:
    """Note it also of a day before whose programme runs on into an hour of the next."""
    of_hour: dict[datetime, list[int]] = defaultdict(list)
    for channel, hour in hours:
        if hour.hour >= _EARLY:
            of_hour[hour].append(channel)
    for hour, channels in of_hour.items():
        before = hour.date() - timedelta(days=1)
        for some in batched(channels, 500):
            rows = AsRunDay.objects.filter(day=before, ends__gt=hour, channel__in=some)
            rows.update(touched=F("touched") + 1)


def _by_hour(coverage: Coverage) -> Iterator[tuple[datetime, Coverage]]:
    edges = [edge for spans in coverage.values() for span in spans for edge in span]
    for hour in range(min(edges) // _HOUR, (max(edges) - 1) // _HOUR + 1):
        part = within(coverage, hour * _HOUR, (hour + 1) * _HOUR)
        if part:
            yield datetime.fromtimestamp(hour * 3600, UTC), part


def _days(hour: datetime) -> Iterator[date]:
    """The days whose entries may have been on air in `hour`, but for the longest."""
    yield hour.date()
    if hour.hour < _EARLY:
        yield hour.date() - timedelta(days=1)


def _complete(now: datetime) -> datetime:
    """Return the moment up to which every origin that still speaks has spoken."""
    newest = (
        JournalObject.objects.filter(minute__gt=now - WAIT, minute__lte=now)
        .values("origin")
        .annotate(last=Max("minute"))
        .values_list("last", flat=True)
    )
    ends = [min(last + timedelta(minutes=1), now) - SETTLES for last in newest]
    return max(min(ends, default=now - WAIT), now - WAIT)


def _locked() -> JournalState:
    JournalState.objects.get_or_create(pk=1)
    return JournalState.objects.select_for_update().get(pk=1)

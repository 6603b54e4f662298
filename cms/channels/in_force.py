"""The rundown in force: what the origin reads, read for the guide and the planner.

It lives in the published store, not in the database, so that guide and playlist
cannot differ. One decoded copy a channel is kept while the store says it is the same.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property

from cms.channels.models import Channel
from cms.core import published
from media_pipeline.model.keys import day_file, rundown_file
from media_pipeline.model.rundown import Entry, Rundown
from media_pipeline.model.stored import BrokenDay, Day, DayRef, Index, decode_stored, joined
from media_pipeline.playout import publications_of

_MOST = 150_000
"""Entries to keep decoded, of all rundowns: about 100 MB. Days of a hundred busy channels."""


@dataclass(frozen=True)
class InForce:
    """A decoded rundown and the store's mark of the bytes it came from.

    `index` names its day files; None for one that was written whole, before there were any.
    """

    mark: str
    rundown: Rundown
    index: Index | None

    @cached_property
    def starts(self) -> list[int]:
        """Start tick of each entry, ascending."""
        return [entry.start for entry in self.rundown.entries]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries, ascending by start."""
        return self.rundown.entries


_kept: OrderedDict[str, InForce] = OrderedDict()
"""The one that was asked for last stands last."""
_lock = threading.Lock()


def read(slug: str) -> InForce | None:
    """Return the rundown that channel `slug` is playing from, None before its first."""
    store = published.store()
    key = rundown_file(slug)
    mark = store.version(key)
    if mark is None:
        return None
    held = _kept.get(slug)
    if held is not None and held.mark == mark:
        with _lock:
            if slug in _kept:
                _kept.move_to_end(slug)
        return held
    data = store.read(key)
    if data is None:
        return None
    fresh = _decoded(slug, mark, data)
    _keep(slug, fresh)
    return fresh


def days_of(slug: str) -> set[str]:
    """Return the names of the day files in force, without reading them."""
    data = published.store().read(rundown_file(slug))
    found = decode_stored(data) if data else None
    return {day.name for day in found.days} if isinstance(found, Index) else set()


def _decoded(slug: str, mark: str, data: bytes) -> InForce:
    found = decode_stored(data)
    if isinstance(found, Rundown):
        return InForce(mark, found, None)
    return InForce(mark, joined(found, lambda ref: _day(slug, ref)).whole(), found)


def _day(slug: str, ref: DayRef) -> Day:
    data = published.store().read(day_file(slug, ref.name))
    if data is None:
        raise BrokenDay("it is not in the store")
    return Day(data)


def _keep(slug: str, found: InForce) -> None:
    with _lock:
        _kept[slug] = found
        _kept.move_to_end(slug)
        entries = sum(len(each.entries) for each in _kept.values())
        while entries > _MOST and len(_kept) > 1:
            entries -= len(_kept.popitem(last=False)[1].entries)


def forget() -> None:
    """Drop every decoded copy; for tests, where one store follows another."""
    with _lock:
        _kept.clear()


def publications_in_use(ids: set[str]) -> set[str]:
    """Return which of the publications `ids` a rundown in force names."""
    slugs = Channel.objects.values_list("slug", flat=True)
    found = (read(slug) for slug in slugs)
    return ids & publications_of(each.rundown for each in found if each is not None)


def channels_showing(programme: str) -> list[Channel]:
    """Return the channels whose rundown in force names the video with key `programme`."""
    held = ((channel, read(channel.slug)) for channel in Channel.objects.all())
    return [
        channel
        for channel, found in held
        if found is not None and any(e.programme == programme for e in found.entries)
    ]

"""What a channel showed on any day that is kept, also where it follows another one.

`in_force` decodes the newest days, of a channel that inherits through its parent. Older days
are read when somebody asks for them, up the whole line of parents.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from functools import lru_cache

import msgspec

from cms.channels import in_force
from cms.channels.models import DEEPEST
from media_pipeline import playout
from media_pipeline.model.rundown import Entry, Lineup
from media_pipeline.model.stored import BrokenDay, DayRef, Index, joined

_MOST = 64
"""Rundowns with all their days to keep; those of regions that are asked for again."""

_kept: OrderedDict[tuple[str, str], Lineup] = OrderedDict()
_lock = threading.Lock()


def entries_between(slug: str, start: int, end: int) -> Sequence[Entry]:
    """Return what channel `slug` plays in the ticks [start, end).

    Nothing for days that cannot be read: they fail alone.
    """
    found = in_force.shown(slug)
    if found is None:
        return ()
    try:
        if found.index is None or not found.entries or start >= found.start:
            return in_force.between(slug, start, end)
        if not _is_heir(found):
            return _day_by_day(slug, found.index, start, end)
        return playout.between(_whole(slug, found, 0), start, end)
    except (BrokenDay, playout.NotOnAir):
        return ()


def _day_by_day(slug: str, index: Index, start: int, end: int) -> Sequence[Entry]:
    """Return what the days of `index` that can be read say of the ticks [start, end)."""
    entries: list[Entry] = []
    for ref in index.days:
        if ref.end <= start or ref.start >= end:
            continue
        one = msgspec.structs.replace(index, days=(ref,))
        try:
            day = joined(one, lambda ref: _day(slug, ref))
        except BrokenDay:
            continue
        entries += playout.between(day, start, end)
    return entries


def _is_heir(found: in_force.InForce) -> bool:
    return found.index is not None and bool(found.index.parent)


def _whole(slug: str, found: in_force.InForce, depth: int) -> Lineup:
    """Return the rundown with every day that its files name, its parents' likewise."""
    key = slug, found.mark
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    made = _made(slug, found, depth)
    with _lock:
        _kept[key] = made
        while len(_kept) > _MOST:
            _kept.popitem(last=False)
    return made


def _made(slug: str, found: in_force.InForce, depth: int) -> Lineup:
    index = found.index
    if index is None or depth > DEEPEST:
        return found.lineup
    if not index.parent:
        return joined(_readable(slug, index), lambda ref: _day(slug, ref))
    above = in_force.read(index.parent)
    if above is None:
        return found.lineup
    return in_force.follow(index, found.blocks, _whole(index.parent, above, depth + 1))


def _readable(slug: str, index: Index) -> Index:
    """Return `index` from after the last day on that is lost or broken."""
    days: list[DayRef] = []
    for ref in reversed(index.days):
        try:
            _day(slug, ref)
        except BrokenDay:
            break
        days.insert(0, ref)
    return msgspec.structs.replace(index, days=tuple(days) or index.days[-1:])


_day = lru_cache(maxsize=64)(in_force.read_day)


def forget() -> None:
    """Drop what is kept; for tests, where one store follows another."""
    with _lock:
        _kept.clear()
    _day.cache_clear()

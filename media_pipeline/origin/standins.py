"""What a channel shows whose files are broken while an origin holds nothing good of it: after a start.

rundown.json is broken     the newest version of the history
a day file is broken       the days around it that are whole, and slate after them
neither is of use          slate alone, since 1970: all origins number it alike
"""

import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime

import msgspec

from media_pipeline.model.keys import rundown_file, rundown_history_file
from media_pipeline.model.rundown import Entry, Rundown
from media_pipeline.model.stored import BrokenDay, Day, DayRef, Index, decode_stored, found_day
from media_pipeline.playout import Reel
from media_pipeline.stores import Store

NEWEST = 3
"""So many versions of the history are tried: an older one may contradict what others serve."""

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def last_written(store: Store, name: str) -> Rundown | Index | None:
    """Return the rundown of channel `name` that was written last and can be read.

    Raises StoreUnavailable.
    """
    for data in _versions(store, name):
        try:
            return decode_stored(data)
        except (msgspec.DecodeError, ValueError, RecursionError):
            continue
    return None


def _versions(store: Store, name: str) -> Iterator[bytes]:
    yield store.read(rundown_file(name)) or b""
    folder = rundown_history_file(name, 0).rpartition("/")[0]
    for key in sorted(store.keys(folder), reverse=True)[:NEWEST]:
        try:
            yield gzip.decompress(store.read(key) or b"")
        except (OSError, EOFError, zlib.error):
            continue


def whole_days(index: Index, day_of: Callable[[DayRef], Day], now: int) -> Index | None:
    """Return `index` with those days alone that are whole; None if none of them is of use at `now`.

    They stand end to end and begin before `now`. Of a channel that inherits all are of use: gaps
    between them are its parent's.
    """
    if index.parent:
        return msgspec.structs.replace(
            index, days=tuple(ref for ref in index.days if _is_whole(ref, day_of))
        )
    runs: list[list[DayRef]] = [[]]
    for ref in index.days:
        if not _is_whole(ref, day_of):
            runs.append([])
        elif runs[-1] and (ref.start, ref.dsn) != (runs[-1][-1].end, _after(runs[-1][-1])):
            runs.append([ref])
        else:
            runs[-1].append(ref)
    begun = [run for run in runs if run and run[0].start <= now]
    return msgspec.structs.replace(index, days=tuple(begun[-1])) if begun else None


def _after(day: DayRef) -> int:
    """The discontinuity after the last of `day`."""
    return day.dsn + day.entries


def _is_whole(ref: DayRef, day_of: Callable[[DayRef], Day]) -> bool:
    try:
        found_day(ref, day_of)
    except BrokenDay:
        return False
    return True


def slate_of(store: Store, names: Iterable[str]) -> str:
    """Return the slate of the first of the channels `names` that has one; "" if none has."""
    found = (last_written(store, name) for name in names)
    return next((each.slate for each in found if each is not None and each.slate), "")


def slate_alone(channel: str, name: str, slate: Reel) -> Rundown:
    """Return a rundown that shows `slate` at any moment."""
    entry = Entry(
        id="slate-0",
        start=0,
        duration=slate.duration,
        publication=slate.publication,
        count=slate.count,
        msn=0,
        dsn=0,
        kind="slate",
        title=name,
    )
    return Rundown(channel, name, "UTC", 0, _NEVER, (entry,), slate.publication)

"""What a whole publication has beside its qualities, read from the store once in a process."""

import threading
from collections import OrderedDict

import msgspec

from cms.core import published
from media_pipeline.errors import StoreUnavailable
from media_pipeline.model import keys
from media_pipeline.model.publication import Download, Storyboard
from media_pipeline.model.report import Finding

MOST = 5_000
"""Publications that are kept in memory: the least asked for goes first."""


class Contents(msgspec.Struct, frozen=True):
    """The fields of publication.json that pages want: the others may be large."""

    state: str = ""
    report: tuple[Finding, ...] = ()
    storyboard: Storyboard | None = None
    download: Download | None = None


_kept: OrderedDict[str, Contents] = OrderedDict()
_lock = threading.Lock()


def contents_of(publication: str) -> Contents | None:
    """Return what the whole `publication` has; None while it cannot be read, or is not whole.

    A whole one never changes, so it is read once.
    """
    with _lock:
        if publication in _kept:
            _kept.move_to_end(publication)
            return _kept[publication]
    found = _read(publication) if publication else None
    if found is None or found.state != "whole":
        return None
    with _lock:
        _kept[publication] = found
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return found


def forget() -> None:
    """Drop what is kept; for tests, where one store follows another."""
    with _lock:
        _kept.clear()


def _read(publication: str) -> Contents | None:
    try:
        data = published.store().read(keys.publication_file(publication))
        return msgspec.json.decode(data, type=Contents) if data else None
    # The page is shown without it; a later version may write what this one cannot read.
    except (StoreUnavailable, msgspec.DecodeError):
        return None

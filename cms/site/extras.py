"""What a publication has beside its qualities, for the page that plays it."""

import threading
from collections import OrderedDict
from dataclasses import dataclass

from cms.core import published
from media_pipeline.errors import StoreUnavailable
from media_pipeline.model.keys import publication_file, publication_folder
from media_pipeline.model.publication import decode_publication

_MOST = 5_000


@dataclass(frozen=True)
class Extras:
    """`storyboard` is the address of the WebVTT of pictures for scrubbing, "" without one.

    `download` is the address of a plain MP4 to keep, of `download_size` bytes. `sound_only` is whether a still picture stands for one that is not there: a podcast.
    """

    storyboard: str = ""
    sound_only: bool = False
    download: str = ""
    download_size: int = 0


_kept: OrderedDict[str, Extras] = OrderedDict()
_lock = threading.Lock()


def extras_of(publication: str) -> Extras:
    """Return what `publication` has; nothing while it cannot be read. Whole ones are kept."""
    with _lock:
        if publication in _kept:
            _kept.move_to_end(publication)
            return _kept[publication]
    try:
        data = published.store().read(publication_file(publication)) if publication else None
    except StoreUnavailable:
        return Extras()  # the page plays, without them
    found = decode_publication(data) if data else None
    if found is None or found.state != "whole":
        return Extras()
    folder = publication_folder(publication)
    board = found.storyboard
    made = Extras(
        storyboard=published.url(f"{folder}/{board.vtt}") if board else "",
        sound_only=any(finding.code == "sound_only" for finding in found.report),
        download=published.url(f"{folder}/{found.download.uri}") if found.download else "",
        download_size=found.download.size if found.download else 0,
    )
    with _lock:
        _kept[publication] = made
        while len(_kept) > _MOST:
            _kept.popitem(last=False)
    return made


def forget() -> None:
    """Drop what is kept; for tests, where one store follows another."""
    with _lock:
        _kept.clear()

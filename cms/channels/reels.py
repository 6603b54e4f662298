"""Publications as playout needs them, read from the store and kept: they never change."""

import threading
from collections import OrderedDict
from itertools import pairwise

from cms.core import published
from media_pipeline.model.keys import publication_file
from media_pipeline.model.publication import decode_publication
from media_pipeline.playout import Reel

_MOST = 2_000
"""Reels to keep; one takes about 10 KB."""


class StoredReels:
    """Publication ids to reels, for whole publications only."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Reel] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, publication: str, /) -> Reel | None:
        """Return the reel of `publication`; None if the store has none that is whole."""
        with self._lock:
            if publication in self._kept:
                self._kept.move_to_end(publication)
                return self._kept[publication]
        data = published.store().read(publication_file(publication)) if publication else None
        found = decode_publication(data) if data else None
        if found is None or found.state != "whole":
            return None
        reel = Reel.of(found)
        with self._lock:
            self._kept[publication] = reel
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        return reel

    def clear(self) -> None:
        """Forget all; for tests, where one store follows another."""
        with self._lock:
            self._kept.clear()


reels = StoredReels()


def durations(reel: Reel) -> tuple[int, ...]:
    """Return the length of each segment in ticks."""
    return tuple(after - before for before, after in pairwise(reel.starts))

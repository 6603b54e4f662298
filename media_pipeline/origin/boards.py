"""The storyboards of publications, read when somebody scrubs through a window of a channel."""

from collections.abc import Iterable, Sequence
from time import monotonic

import msgspec
import structlog

from media_pipeline.manifests.webvtt import Cue, read_cues
from media_pipeline.model.keys import publication_folder
from media_pipeline.origin.recent import Recent
from media_pipeline.playout import Reel
from media_pipeline.stores import Store

log = structlog.get_logger("siar.origin")

HELD = 50_000
"""Tiles in memory; one takes some 300 bytes."""

AT_ONCE = 1.0
"""Seconds that one text reads for: two threads make the texts of all windows."""


class Found(msgspec.Struct, frozen=True):
    """The tiles of each publication; `complete` unless some are to be had later."""

    tiles: dict[str, Sequence[Cue]]
    complete: bool


class Boards:
    """The storyboards that were asked for last. Each is read once: it never changes."""

    def __init__(self, store: Store, media_url: str) -> None:
        self._store = store
        self._media_url = media_url
        self._held: Recent[str, tuple[Cue, ...]] = Recent(HELD)

    def of(self, reels: Iterable[Reel]) -> Found:
        """The tiles of `reels`, as many as can be read in AT_ONCE; raises StoreUnavailable."""
        until = monotonic() + AT_ONCE
        named = {reel.publication: reel.storyboard for reel in reels if reel.storyboard}
        held = {name: tiles for name in named if (tiles := self._held.get(name)) is not None}
        found: dict[str, Sequence[Cue]] = dict(held)
        for publication in named.keys() - held.keys():
            if monotonic() >= until:
                break
            tiles = self._read(f"{publication_folder(publication)}/", named[publication])
            if tiles is not None:
                found[publication] = tiles
                self._held.keep(publication, tiles, len(tiles) + 1)
        return Found(found, complete=found.keys() == named.keys())

    def _read(self, folder: str, name: str) -> tuple[Cue, ...] | None:
        """The tiles in a file, none of one that cannot be read; None if it is missing."""
        data = self._store.read(folder + name)
        if data is None:
            log.error("storyboard_missing", key=folder + name)
            return None
        base = self._media_url + folder
        try:
            return tuple(cue._replace(text=base + cue.text) for cue in read_cues(data))
        except ValueError as wrong:
            log.error("storyboard_unreadable", key=folder + name, why=str(wrong))
            return ()

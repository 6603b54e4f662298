"""What captions are cut by: where the segments of programmes begin, and their files of captions."""

from array import array
from collections.abc import Mapping, Sequence

import msgspec
import structlog

from media_pipeline.errors import StoreUnavailable
from media_pipeline.model.keys import presentation_file, publication_file
from media_pipeline.model.languages import tag_of
from media_pipeline.model.publication import decode_publication
from media_pipeline.model.rundown import Presentation
from media_pipeline.model.ticks import ticks_in
from media_pipeline.origin.presentations import presentation_of
from media_pipeline.origin.recent import Recent
from media_pipeline.stores import Store

log = structlog.get_logger("siar.origin")

AGAIN = ticks_in(10)
"""For how long a programme is not asked about again."""

HELD, _PLACE, _START = 8 << 20, 1_000, 8
"""Bytes of all in memory, of one's place there, and of each of its segments."""

STRANGERS = 1_000
"""Names without a programme that are remembered, apart: they put out none."""


class Outline(msgspec.Struct, frozen=True):
    """The ticks at which the segments of a programme begin, with its end as last value.

    `files` are the keys of its captions by language, without country and script. `marks` tell
    which bytes this was read from, at `asked`.
    """

    marks: tuple[str | None, str | None]
    asked: int
    starts: Sequence[int] = (0,)
    files: Mapping[str, str] = {}


class Outlines:
    """Those that were asked for last. `load` talks to the store, `fresh` does not.

    Whole publications are for who watches on demand: of a channel this is all that is needed.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._held: Recent[str, Outline] = Recent(HELD)
        self._absent: Recent[str, Outline] = Recent(STRANGERS)

    def fresh(self, publication: str, now: int) -> Outline | None:
        """What is held of `publication`, if it was compared with the store lately."""
        held = self._known(publication)
        return held if held is not None and 0 <= now - held.asked < AGAIN else None

    def load(self, publication: str, now: int) -> Outline:
        """Compare with the store and read what changed.

        What cannot be read, or reached, leaves what is held; raises StoreUnavailable if
        nothing is. A programme that grows has no captions yet.
        """
        held = self._known(publication)
        try:
            found = self._asked(publication, held, now)
        except StoreUnavailable as wrong:
            if held is None:
                raise
            log.error("store_unavailable", publication=publication, why=str(wrong))
            found = msgspec.structs.replace(held, asked=now)
        if found.marks[0] is None:
            self._held.drop(publication)
            self._absent.keep(publication, found, 1)
        else:
            self._held.keep(publication, found, _PLACE + _START * len(found.starts))
        return found

    def _known(self, publication: str) -> Outline | None:
        return self._held.get(publication) or self._absent.get(publication)

    def _asked(self, publication: str, held: Outline | None, now: int) -> Outline:
        keys = (publication_file(publication), presentation_file(publication))
        marks = (self._store.version(keys[0]), self._store.version(keys[1]))
        if marks[0] is None:
            return Outline(marks, now)
        if held is not None and held.marks == marks:
            return msgspec.structs.replace(held, asked=now)
        try:
            made = decode_publication(self._store.read(keys[0]) or b"")
            shown = presentation_of(self._store, publication)
        except (msgspec.DecodeError, ValueError, RecursionError) as wrong:
            log.error("publication_unreadable", publication=publication, why=str(wrong))
            return msgspec.structs.replace(held or Outline(marks, now), asked=now)
        starts = array("q", made.ends)
        return Outline(marks, now, starts, _files(shown) if made.state == "whole" else {})


def _files(shown: Presentation) -> dict[str, str]:
    """The first file of each language."""
    return {tag_of(each.language): each.uri for each in reversed(shown.captions)}

"""Segments of captions, cut from whole files; and in which languages programmes have any.

    /vod/<publication>/captions-<language>-<place>.vtt

A segment that cannot be had is an empty one: players stop at captions that fail, and the
picture is worth more.
"""

import asyncio
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterable
from time import monotonic
from typing import Any, cast

import msgspec
import structlog

from media_pipeline.errors import StoreUnavailable
from media_pipeline.manifests.webvtt import EMPTY, Cues, read_cues
from media_pipeline.model.keys import presentation_file
from media_pipeline.model.languages import name_of, tag_of
from media_pipeline.model.rundown import Presentation
from media_pipeline.model.ticks import ticks_in
from media_pipeline.origin import replies
from media_pipeline.origin.addresses import names_publication
from media_pipeline.origin.once import Once
from media_pipeline.origin.outlines import Outlines
from media_pipeline.origin.presentations import presentation_of
from media_pipeline.origin.recent import Recent
from media_pipeline.origin.replies import CAPTIONS, Asks, Reply, Text
from media_pipeline.stores import Store

log = structlog.get_logger("siar.origin")

HELD = 64 << 20
"""Bytes of whole files in memory, as they lie there: an hour of speech takes some 400,000."""

CUT = 8 << 20
"""Bytes of segments in memory; one takes some 800."""

_PLACE = 500
"""Bytes of the place of either."""

AGE, SOON = 50, 1
"""Seconds that caches keep a segment, since captions are mended: a minute with what outlines
wait; and one that could not be had."""

AGAIN = ticks_in(60)
"""For how long a programme is not asked again in which languages it has captions, and a file
that is not there."""

KNOWN = 8_000
"""Programmes whose languages are remembered."""

AT_ONCE = 0.2
"""Seconds of one look: rundowns wait as long."""

_SEGMENT = re.compile(r"captions-([a-z]{2,3})-(\d{1,5})\.vtt\Z")
_NOTHING = Text.of(EMPTY)


class _Read(msgspec.Struct, frozen=True):
    """The cues of a file, empty ones if it is not there or cannot be read; asked for at `asked`."""

    cues: Cues
    asked: int
    missing: bool = False

    def holds(self, now: int) -> bool:
        """Whether it is what would be read again: a file's name changes with its text."""
        return not self.missing or 0 <= now - self.asked < AGAIN


class Captions:
    """The files of captions that were asked for last, and the segments cut from them.

    They are read and cut in threads, once for all who wait: the event loop has live to answer.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._outlines = Outlines(store)
        self._files: Recent[str, _Read] = Recent(HELD)
        self._segments: Recent[tuple[str, str, int], Text] = Recent(CUT)
        self._making: Once[Hashable, Any] = Once()

    async def answer(
        self, publication: str, file: str, gone: Collection[str], now: int, scope: dict[str, Any]
    ) -> Reply:
        """Answer one request for the segment `file` of `publication`."""
        asked = _SEGMENT.match(file)
        if asked is None or not names_publication(publication) or not name_of(asked[1]):
            return replies.plain(404, "There are no such captions.", max_age=10)
        text, age = _NOTHING, AGE
        if publication not in gone:
            try:
                text = await self._text(publication, asked[1], int(asked[2]), now)
            except StoreUnavailable as wrong:
                log.error("store_unavailable", publication=publication, why=str(wrong))
                age = SOON
        return replies.playlist(Asks.of(scope["headers"]), text, age, name=CAPTIONS)

    async def _text(self, publication: str, language: str, place: int, now: int) -> Text:
        """The segment; raises StoreUnavailable."""
        outline = self._outlines.fresh(publication, now)
        if outline is None:
            outline = await self._once(publication, self._outlines.load, publication, now)
        uri = outline.files.get(language, "")
        if not uri or place + 1 >= len(outline.starts):
            return _NOTHING
        key = (publication, uri, place)
        text = self._segments.get(key)
        if text is None:
            read = self._files.get(uri)
            if read is None or not read.holds(now):
                read = await self._once(uri, self._read, uri, now)
            if read.missing:
                return _NOTHING
            bounds = outline.starts[place], outline.starts[place + 1]
            text = await self._once(key, self._cut, key, read.cues, bounds)
        return text

    async def _once[T](self, key: Hashable, make: Callable[..., T], *given: Any) -> T:
        """Have `make` called in a thread, once for all who wait for `key`."""
        return cast(T, await self._making.made(key, lambda: asyncio.to_thread(make, *given)))

    def _read(self, uri: str, now: int) -> _Read:
        """The cues in the file `uri`; raises StoreUnavailable."""
        data = self._store.read(uri)
        cues = Cues(())
        if data is None:
            log.error("captions_missing", key=uri)
        else:
            try:
                cues = Cues(read_cues(data))
            except ValueError as wrong:
                log.error("captions_unreadable", key=uri, why=str(wrong))
        found = _Read(cues, now, missing=data is None)
        self._files.keep(uri, found, _PLACE + cues.weight)
        return found

    def _cut(self, key: tuple[str, str, int], cues: Cues, bounds: tuple[int, int]) -> Text:
        text = Text.of(cues.segment(*bounds))
        self._segments.keep(key, text, _PLACE + len(text.body) + len(text.packed or b""))
        return text


class _Spoken(msgspec.Struct, frozen=True):
    mark: str | None
    asked: int
    languages: frozenset[str]


class Languages:
    """In which languages programmes have captions, as their presentations say."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._held: OrderedDict[str, _Spoken] = OrderedDict()
        self._lock = threading.Lock()
        self.turn = 0
        """It grows whenever something else is known."""

    def known(self, names: Iterable[str]) -> frozenset[str]:
        """The languages of those of `names` that were looked at."""
        held = (self._held.get(name) for name in names)
        return frozenset().union(*(each.languages for each in held if each is not None))

    def look(self, names: Collection[str], now: int, seconds: float = AT_ONCE) -> None:
        """Ask the store about those of `names` that were not looked at lately.

        It ends after `seconds`, or where the store cannot be reached: others come next time.
        """
        until = monotonic() + seconds
        stale = [name for name in names if not self._is_fresh(name, now)]
        # What waited longest comes first, or the first ones were always asked again.
        for name in sorted(stale, key=self._asked_at):
            if monotonic() >= until:
                break
            try:
                found = self._asked(name, now)
            except StoreUnavailable:
                break
            with self._lock:
                before = self._held.get(name)
                self._held[name] = found
                self._held.move_to_end(name)
                self.turn += before is None or before.languages != found.languages
                while len(self._held) > KNOWN:
                    self._held.popitem(last=False)

    def _is_fresh(self, name: str, now: int) -> bool:
        held = self._held.get(name)
        return held is not None and 0 <= now - held.asked < AGAIN

    def _asked_at(self, name: str) -> int:
        held = self._held.get(name)
        return held.asked if held is not None else -1

    def _asked(self, name: str, now: int) -> _Spoken:
        held, key = self._held.get(name), presentation_file(name)
        try:
            mark = self._store.version(key)
            if held is not None and held.mark == mark:
                return msgspec.structs.replace(held, asked=now)
            shown = presentation_of(self._store, name) if mark is not None else Presentation(name)
        except (msgspec.DecodeError, ValueError, RecursionError) as wrong:
            log.error("presentation_unreadable", publication=name, why=str(wrong))
            if held is not None:
                return msgspec.structs.replace(held, asked=now)
            return _Spoken(None, now, frozenset())
        return _Spoken(mark, now, languages_of(shown))


def languages_of(shown: Presentation) -> frozenset[str]:
    """The languages of its captions, without countries and scripts."""
    return frozenset(tag_of(caption.language) for caption in shown.captions)

"""Programmes on demand: a publication that may still grow, with cards, captions and chapters."""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
import structlog

from media_pipeline.errors import StoreUnavailable
from media_pipeline.manifests import dash, hls, iframes
from media_pipeline.manifests import hls_tags as tag
from media_pipeline.model.keys import (
    presentation_file,
    publication_file,
    publication_folder,
)
from media_pipeline.model.publication import Publication, decode_publication
from media_pipeline.model.rundown import Caption, Presentation
from media_pipeline.model.ticks import moment_of, ticks_in, ticks_of
from media_pipeline.origin.growing import Growing, look
from media_pipeline.origin.presentations import presentation_of
from media_pipeline.origin.replies import DASH, Text
from media_pipeline.playout import dateranges
from media_pipeline.stores import Store

log = structlog.get_logger("siar.origin")

FRESH = ticks_in(1)
"""For how long a publication is not asked about again."""

FRESH_GROWING = ticks_in(0.1)
"""The same for one that grows: its viewers wait for the next segment, or the first. And for
one that is not there: whoever uploads a video waits for it to begin."""

GROWING_AGE, WHOLE_AGE = 1, 10
"""Seconds that caches may keep a playlist; a whole one changes with its cards alone."""


class Programme:
    """One publication on demand and the texts made of it.

    `length` is how many ticks it will have, where it grows and that is known.
    """

    def __init__(
        self,
        publication: Publication,
        presentation: Presentation,
        media_url: str,
        length: int | None = None,
    ) -> None:
        self.publication = publication
        self._length = publication.duration if publication.state == "whole" else length
        self.presentation = presentation
        self._media_url = media_url
        self._texts: dict[str, Text] = {}

    @property
    def max_age(self) -> int:
        """For how many seconds a cache may keep the texts."""
        return WHOLE_AGE if self.publication.state == "whole" else GROWING_AGE

    def waits(self, name: str) -> bool:
        """Whether the playlist `name` will have segments, but has none yet."""
        rendition = self.publication.rendition(name)
        growing = self.publication.state == "growing"
        return growing and rendition is not None and not rendition.segments

    @property
    def _captions(self) -> tuple[Caption, ...]:
        # A playlist of captions has one segment as long as the programme: known at its end.
        return self.presentation.captions if self.publication.state == "whole" else ()

    def playlist(self, name: str) -> Text | None:
        """The text of `master`, `v360`, `a48`, `captions-0`, `manifest` (DASH) …, or None."""
        if name not in self._texts:
            text = self._render(name)
            # Only names that exist are kept, or strangers could fill the memory.
            if text is None:
                return None
            self._texts[name] = Text.of(text)
        return self._texts[name]

    def _render(self, name: str) -> str | None:
        if name == "master":
            return hls.master(self.publication, captions=self._captions)
        if name.startswith("captions-"):
            for number, caption in enumerate(self._captions):
                if name == f"captions-{number}":
                    return hls.caption_playlist(self.publication, self._media_url + caption.uri)
        base = f"{self._media_url}{publication_folder(self.publication.id)}/"
        if name == DASH:
            return self._mpd(base) if self.publication.state == "whole" else None
        for video in iframes.videos(self.publication):
            if name == iframes.name_of(video.name):
                return iframes.playlist(video, base=base)
        rendition = self.publication.rendition(name)
        if rendition is None:
            return None
        return hls.media_playlist(
            self.publication,
            rendition,
            base=base,
            starts=self.publication.created,
            dateranges=self._dateranges(),
        )

    def _mpd(self, base: str) -> str:
        captions = (
            msgspec.structs.replace(caption, uri=self._media_url + caption.uri)
            for caption in self._captions
        )
        return dash.mpd(
            self.publication,
            base=base,
            captions=tuple(captions),
            chapters=self.presentation.chapters,
        )

    def _dateranges(self) -> Iterator[str]:
        """Cards and chapters, counted from the moment that stands at the first segment."""
        zero = ticks_of(self.publication.created)
        # The planned end from the start: a range may not change once it is told (RFC 8216, 6.2.1).
        length = ticks_in(86_400) if self._length is None else self._length
        yield from dateranges.cards(self.presentation.cards, zero, (zero, zero + length))
        for number, chapter in enumerate(self.presentation.chapters):
            if chapter.start >= length:
                continue
            yield tag.daterange(
                {
                    "ID": f"chapter-{number}",
                    "CLASS": dash.CHAPTER,
                    "START-DATE": tag.instant(moment_of(zero + chapter.start)),
                    "X-TITLE": chapter.title,
                }
            )


class _Held(msgspec.Struct):
    marks: tuple[str | None, str | None]
    checked: int
    programme: Programme | None
    growing: Growing | None = None

    @property
    def fresh_for(self) -> int:
        """For how many ticks the store is not asked again."""
        whole = self.programme is not None and self.programme.publication.state == "whole"
        return FRESH if whole else FRESH_GROWING


class _Turn:
    """A publication's lock, and how many threads have it or wait for it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.threads = 0


class OnDemand:
    """The publications that were asked for last. `load` talks to the store, `fresh` does not.

    What strangers ask for in vain is remembered apart, so that it never puts out a programme.
    """

    def __init__(self, store: Store, media_url: str, capacity: int = 1000) -> None:
        self._store = store
        self._media_url = media_url
        self._capacity = capacity
        self._held: OrderedDict[str, _Held] = OrderedDict()
        self._absent: OrderedDict[str, _Held] = OrderedDict()
        self._lock = threading.Lock()
        self._turns: dict[str, _Turn] = {}

    def __len__(self) -> int:
        return len(self._held)

    def fresh(self, publication: str, now: int) -> _Held | None:
        """What is held of `publication`, if it was compared with the store just now."""
        held = self._known(publication)
        return held if held is not None and 0 <= now - held.checked < held.fresh_for else None

    def load(self, publication: str, now: int) -> _Held:
        """Compare with the store and read what changed.

        A new version that cannot be read leaves the last good one, and so does a store
        that cannot be reached; raises StoreUnavailable if nothing is held. Only who
        asks for the same publication waits for one another.
        """
        with self._turn(publication):
            held = self.fresh(publication, now) or self._compare(publication, now)
            with self._lock:
                self._keep(publication, held)
            return held

    @contextmanager
    def _turn(self, publication: str) -> Iterator[None]:
        """Let one thread at a time ask the store about `publication`."""
        with self._lock:
            turn = self._turns.setdefault(publication, _Turn())
            turn.threads += 1
        try:
            with turn.lock:
                yield
        finally:
            with self._lock:
                turn.threads -= 1
                if not turn.threads:
                    del self._turns[publication]

    def _known(self, publication: str) -> _Held | None:
        return self._held.get(publication) or self._absent.get(publication)

    def _keep(self, publication: str, held: _Held) -> None:
        there, elsewhere = self._held, self._absent
        if held.programme is None:
            there, elsewhere = elsewhere, there
        there[publication] = held
        there.move_to_end(publication)
        elsewhere.pop(publication, None)
        while len(there) > self._capacity:
            there.popitem(last=False)

    def _compare(self, publication: str, now: int) -> _Held:
        held = self._known(publication)
        try:
            return self._asked(publication, held, now)
        except StoreUnavailable as wrong:
            if held is None or held.programme is None:
                raise
            log.error("store_unavailable", publication=publication, why=str(wrong))
            return msgspec.structs.replace(held, checked=now)

    def _asked(self, publication: str, held: _Held | None, now: int) -> _Held:
        keys = (publication_file(publication), presentation_file(publication))
        marks = (self._store.version(keys[0]), self._store.version(keys[1]))
        if marks[0] is None:
            return self._grown(publication, held, marks, now)
        if held is not None and held.marks == marks:
            return msgspec.structs.replace(held, checked=now)
        kept = held.programme if held is not None else None
        return _Held(marks, now, self._read(publication, keys) or kept)

    def _grown(
        self, publication: str, held: _Held | None, marks: tuple[str | None, str | None], now: int
    ) -> _Held:
        """Put together what there is of a title without publication.json: it is being made."""
        before = held.growing if held is not None else None
        try:
            found = look(self._store, publication, before)
            # The last task may have ended between the two looks, and taken parts away.
            changed = found is None or found is not before
            if changed and self._store.version(publication_file(publication)) is not None:
                return self._asked(publication, held, now)
            if found is None:
                return _Held(marks, now, None)
            if held is not None and found is before and held.marks == marks:
                return msgspec.structs.replace(held, checked=now)
            shown = presentation_of(self._store, publication)
        except (msgspec.DecodeError, ValueError, RecursionError) as wrong:
            log.error("publication_unreadable", publication=publication, why=str(wrong))
            kept = held.programme if held is not None else None
            return _Held(marks, now, kept, before)
        plan = found.job.plan
        made = Programme(
            found.publication, shown, self._media_url, length=plan.frames * plan.frame_ticks
        )
        return _Held(marks, now, made, found)

    def _read(self, publication: str, keys: tuple[str, str]) -> Programme | None:
        try:
            found = decode_publication(self._store.read(keys[0]) or b"")
            shown = presentation_of(self._store, publication)
        except (msgspec.DecodeError, ValueError, RecursionError) as wrong:
            log.error("publication_unreadable", publication=publication, why=str(wrong))
            return None
        return Programme(found, shown, self._media_url)

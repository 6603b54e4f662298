"""Start-over, catch-up and four hours of live: texts that are made for who asks.

They are made in threads of their own, few at a time, and kept: a catch-up for ever, the
others until the next segment. Live playlists never wait for any of it.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import msgspec

from media_pipeline.manifests.hls import playlist_name
from media_pipeline.model.rundown import Lineup
from media_pipeline.model.ticks import TIMESCALE, ticks_in
from media_pipeline.origin.addresses import Stretch
from media_pipeline.origin.attic import OldReels
from media_pipeline.origin.boards import Boards
from media_pipeline.origin.captions import Languages
from media_pipeline.origin.channel import Channel
from media_pipeline.origin.once import Once
from media_pipeline.origin.recent import Recent
from media_pipeline.origin.replies import DASH, STORYBOARD, Text
from media_pipeline.playout import (
    DVR,
    HOLD_BACK,
    Edge,
    Excerpt,
    NotOnAir,
    Skip,
    Timeline,
    behind,
    channel_master,
    manifest,
    nearest,
    offered,
    playlist,
    publications_between,
    storyboard,
    stretch,
)
from media_pipeline.stores import Store

MAKERS = 2
"""Texts that are made at once; more would only take turns on the processor that live needs."""

WAITING = 64
"""Who comes when so many wait is sent away for two seconds."""

TEXTS_HELD = 48 << 20
"""Bytes of texts in memory, with what is kept to know whether they still hold."""

_ENTRY, _NAME = 1_000, 150
"""Bytes of a text's place in memory, and of each publication's name in a set."""

DAY, SOON = 86_400, 10
"""Seconds that caches keep what never changes; a list of qualities, and what has a hole."""

_AGAIN = ticks_in(10)


class Busy(Exception):
    """Too many windows wait to be made."""


class Asked(msgspec.Struct, frozen=True):
    """One text: a file of a channel's window; `stretch` is None for the last four hours.

    `inside` says that it lies in the window's folder; else a master names that folder.
    """

    channel: str
    stretch: Stretch | None
    name: str
    skip: Skip = ""
    inside: bool = True


class Answer(msgspec.Struct, frozen=True):
    """A text and for how many seconds caches may keep it; `lasting` if it never changes."""

    text: Text
    max_age: int
    lasting: bool


class _Seen(msgspec.Struct, frozen=True):
    """A channel at the moment of a request, with what was taken down."""

    channel: Channel
    live: Timeline
    edge: Edge
    gone: frozenset[str]
    now: int


class _Held(msgspec.Struct, frozen=True):
    """A text and what tells whether it still holds.

    It was made at `now` up to the segment `msn` of `rundown`, or has `ended` for ever;
    `complete` if every publication of it was found. `gone` were taken down.
    """

    text: Text
    now: int
    msn: int
    # Nothing more of the channel: kept for days, it would hold all that was in memory then.
    rundown: Lineup | None
    complete: bool
    publications: frozenset[str]
    gone: frozenset[str]

    @property
    def ended(self) -> bool:
        """Whether nothing follows."""
        return self.rundown is None

    def holds(self, seen: _Seen) -> bool:
        """Whether it is what would be made again."""
        if self.gone != seen.gone & self.publications:
            return False
        if not self.complete and not 0 <= seen.now - self.now < _AGAIN:
            return False
        return self.ended or (self.rundown is seen.live.rundown and self.msn == seen.edge.msn)


class Windows:
    """The texts that were asked for last, and what makes them."""

    def __init__(self, store: Store, media_url: str, languages: Languages) -> None:
        self.reels = OldReels(store, media_url)
        self._languages = languages
        self._boards = Boards(store, media_url)
        self._pool = ThreadPoolExecutor(MAKERS, thread_name_prefix="siar-window")
        self._held: Recent[Asked, _Held] = Recent(TEXTS_HELD)
        self._making: Once[tuple[Asked, int], _Held] = Once()

    async def answer(
        self, channel: Channel, gone: frozenset[str], asked: Asked, now: int
    ) -> Answer:
        """The text of `asked`; raises NotOnAir, Busy, BrokenDay, StoreUnavailable."""
        seen = _Seen(channel, channel.timeline, channel.edge(now), gone, now)
        channel.served = max(channel.served, seen.edge.msn)
        held = self._held.get(asked)
        if held is None or not held.holds(seen):
            held = await self._made(asked, seen)
        return Answer(held.text, _age(held, asked, seen), lasting=_lasts(held))

    async def _made(self, asked: Asked, seen: _Seen) -> _Held:
        """Have the text made once for all who wait for it."""
        key, loop = (asked, seen.edge.msn), asyncio.get_running_loop()
        if self._making.is_full(key, WAITING):
            raise Busy
        return await self._making.made(
            key, lambda: loop.run_in_executor(self._pool, self._make, asked, seen)
        )

    def _make(self, asked: Asked, seen: _Seen) -> _Held:
        live = seen.live
        needed = frozenset(_needed(live, seen.edge, asked))
        known = {name: reel for name in needed if (reel := live.reels.get(name)) is not None}
        reels = known | self.reels.of(needed - known.keys(), seen.gone, seen.now)
        excerpt = _excerpt(live.over(reels), seen.edge, asked)
        asked = _of_a_rung(asked, excerpt)
        held = self._held.get(asked)
        if held is not None and held.holds(seen):
            return held
        text, lasting = self._written(excerpt, asked, seen)
        held = _Held(
            text=Text.of(text),
            now=seen.now,
            msn=seen.edge.msn,
            rundown=None if excerpt.kind == "vod" else live.rundown,
            complete=needed <= reels.keys() and lasting,
            publications=needed,
            gone=seen.gone & needed,
        )
        self._held.keep(asked, held, _size(held))
        return held

    def _written(self, excerpt: Excerpt, asked: Asked, seen: _Seen) -> tuple[str, bool]:
        """The text, and whether nothing that may be found later belongs in it."""
        if asked.name == STORYBOARD:
            found = self._boards.of(part.reel for part in excerpt.parts)
            return storyboard(excerpt, found.tiles), found.complete
        text = _text(excerpt, asked, seen, self._spoken(excerpt, asked, seen))
        # Captions in another language may come later: what lists languages names them then.
        return text, asked.name not in ("master", DASH)

    def _spoken(self, excerpt: Excerpt, asked: Asked, seen: _Seen) -> tuple[str, ...]:
        """The languages in which a list of qualities, or a manifest, offers captions."""
        if asked.name not in ("master", DASH):
            return ()
        names = {part.entry.publication for part in excerpt.parts}
        if excerpt.kind != "vod":
            names |= seen.channel.needs.all
        self._languages.look(names, seen.now)
        return offered(self._languages.known(names))

    def close(self) -> None:
        """Let the threads go."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self.reels.close()


def _needed(timeline: Timeline, edge: Edge, asked: Asked) -> set[str]:
    """The publications that the window shows."""
    start, end = edge.end - DVR - ticks_in(120), edge.end
    if asked.stretch is not None:
        start, end = asked.stretch.start, min(asked.stretch.end, edge.end)
    return publications_between(timeline.rundown, start, end) | {timeline.rundown.slate}


def _excerpt(timeline: Timeline, edge: Edge, asked: Asked) -> Excerpt:
    if asked.stretch is None:
        return behind(timeline, edge, DVR)
    if asked.stretch.start >= edge.end:
        raise NotOnAir(timeline.rundown.channel)
    return stretch(timeline, edge, asked.stretch.start, asked.stretch.end)


def _of_a_rung(asked: Asked, excerpt: Excerpt) -> Asked:
    """The same text under the name of a rung that there is: no more are made and kept."""
    if asked.name in ("master", DASH, STORYBOARD):
        return asked
    return msgspec.structs.replace(asked, name=nearest(asked.name, excerpt.rungs))


def _text(excerpt: Excerpt, asked: Asked, seen: _Seen, languages: Sequence[str]) -> str:
    if asked.name == DASH:
        return manifest(excerpt, languages)
    if asked.name != "master":
        return playlist(excerpt, asked.name, asked.skip)
    reels = {part.reel.publication: part.reel for part in excerpt.parts}
    airtime: Counter[str] = Counter()
    for part in excerpt.parts:
        airtime[part.reel.publication] += part.end - part.start
    if excerpt.kind != "vod":
        # It goes on into what comes: each rung of that as well.
        for name in sorted(seen.channel.needs.all - reels.keys()):
            reel = seen.live.reels.get(name)
            if reel is not None:
                reels[name] = reel
                airtime[name] = reel.duration
    folder = "" if asked.inside or asked.stretch is None else f"{asked.stretch.folder}/"
    shown = [reels[name] for name in sorted(reels)]
    return channel_master(
        shown, lambda name: folder + playlist_name(name), airtime=airtime, languages=languages
    )


def _lasts(held: _Held) -> bool:
    return held.ended and held.complete and not held.gone


def _age(held: _Held, asked: Asked, seen: _Seen) -> int:
    if held.ended:
        return DAY if _lasts(held) else SOON
    if asked.name == "master":
        return SOON
    return max(1, (seen.edge.change + HOLD_BACK - seen.now) // TIMESCALE)


def _size(held: _Held) -> int:
    text = len(held.text.body) + len(held.text.packed or b"")
    return text + _ENTRY + _NAME * len(held.publications)

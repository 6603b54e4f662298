"""The origin: playlists of channels and programmes from a store, and no database.

/live/<channel>/master.m3u8, /live/<channel>/<rendition>.m3u8, /live/<channel>/manifest.mpd
/live/<channel>/<window>/master.m3u8, …/storyboard.vtt, … (`addresses` has the windows)
/vod/<publication>/master.m3u8, …/<rendition>.m3u8, …/<rendition>-iframes.m3u8,
    …/captions-<n>.m3u8, …/captions-<language>-<place>.vtt, …/ts-<place>.ts, …/manifest.mpd
/media/<key>   /healthz   /metrics   /live/clock.txt (what time it is, for DASH)
"""

import asyncio
import re
import secrets
import socket
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

from media_pipeline.errors import StoreUnavailable
from media_pipeline.model.languages import name_of
from media_pipeline.model.stored import BrokenDay
from media_pipeline.model.ticks import TIMESCALE, ticks_of
from media_pipeline.origin import metrics, replies
from media_pipeline.origin.addresses import (
    DVR_FOLDER,
    Refused,
    names_publication,
    skip_of,
    stretch_asked,
    stretch_of,
)
from media_pipeline.origin.ahead import uncollected
from media_pipeline.origin.captions import Captions, Languages
from media_pipeline.origin.channel import Channel
from media_pipeline.origin.channels import Channels
from media_pipeline.origin.journal import Journal
from media_pipeline.origin.live import Live, playlist_of
from media_pipeline.origin.media import PublishedFiles
from media_pipeline.origin.ondemand import OnDemand, Programme
from media_pipeline.origin.pace import Pace, Rest, no_rest
from media_pipeline.origin.replies import DASH, STORYBOARD, Asks, Reply
from media_pipeline.origin.transport import Transport
from media_pipeline.origin.windows import Asked, Busy, Windows
from media_pipeline.playout import CLOCK, TRANSPORT, NotOnAir, language_of
from media_pipeline.stores import LocalStore, Store

log = structlog.get_logger("siar.origin")

REFRESH_SECONDS = 1.0
"""Between two looks at the store: a change is on air within twice that."""

HOLDS = (0.1,) * 25 + (0.5,) * 11
"""Seconds between the looks at a playlist without a segment before its player is sent away: 8
together, less than the 10 that players wait for the first byte. Who waits longer waits for a turn."""

STALE = 30 * TIMESCALE
"""Without a look at the store for so long, the origin says that it is not well."""

_RENDITION = re.compile(rf"(master|[va][1-9]\d{{0,3}}|captions-[a-z]{{2,3}}|{TRANSPORT})\.m3u8\Z")
_ON_DEMAND = re.compile(r"(master|[a-z]\d{1,4}(?:-[a-z0-9-]{1,24})?|captions-\d{1,3})\.m3u8\Z")
_MANIFEST = re.compile(rf"({DASH})\.mpd\Z")
_STORYBOARD = re.compile(rf"({STORYBOARD})\.vtt\Z")


class Origin:
    """An ASGI app. It keeps itself up to date from its first request or `start` on."""

    def __init__(
        self, store: Store, *, media_url: str, clock: Callable[[], datetime], name: str
    ) -> None:
        self.languages = Languages(store)
        self.channels = Channels(store, media_url, self.languages)
        self.live = Live(self.channels)
        self.windows = Windows(store, media_url, self.languages)
        self.ondemand = OnDemand(store, media_url)
        self.captions = Captions(store)
        self.transport = Transport(store, self.ondemand)
        self.journal = Journal(store, name)
        self.metrics = metrics.Metrics()
        self._clock = clock
        self._files = PublishedFiles(Path(store.folder)) if isinstance(store, LocalStore) else None
        self._refreshed: int | None = None
        self._stop = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Answer one ASGI request, or the server's start and stop."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        if scope["type"] != "http":
            return
        if self._thread is None:
            await asyncio.to_thread(self.start)
        if self._files is not None and scope["path"].startswith("/media/"):
            await self._files(scope, receive, self._counting("media", send))
            return
        reply = await self.answer(scope)
        await reply.send(scope, send)

    def ready(self, target: bytes, asks: Asks) -> bytes | None:
        """All that HTTP/1.1 sends to a GET of `target` if that is a live playlist; else None."""
        answer = self.live.answer(target, self._now())
        if answer is None:
            return None
        status, sent = answer.wire(asks)
        self.metrics.count("live", status)
        return sent

    async def answer(self, scope: dict[str, Any]) -> Reply:
        """The reply to an ASGI request for anything but a file of the store."""
        # OPTIONS may ask about "*", a path without a slash.
        room = scope["path"].partition("/")[2].partition("/")[0]
        reply = await self._answer(room, scope)
        self.metrics.count(room if room in ("live", "vod") else "other", reply.status)
        return reply

    def _counting(self, room: str, send: Any) -> Any:
        async def counted(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                self.metrics.count(room, message["status"])
            await send(message)

        return counted

    def start(self) -> None:
        """Look at the store once, then go on in a thread of its own."""
        with self._starting:
            if self._thread is not None:
                return
            with uncollected():
                self._refresh_or_log()
            thread = threading.Thread(target=self._run, name="siar-origin", daemon=True)
            thread.start()
            self._thread = thread

    def stop(self) -> None:
        """Write the journal to its end. The origin may not be used after that."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=10)
        self.windows.close()
        self.transport.close()
        self.journal.close()

    def refresh(self, rest: Rest = no_rest) -> None:
        """Take over what changed in the store and note what is on air.

        What cannot be reached now is asked for again; what is held plays on. `rest` is
        called between pieces of work.
        """
        now = self._now()
        try:
            self.channels.refresh(now, rest)
            self._refreshed = now
        except StoreUnavailable as wrong:
            log.error("store_unavailable", why=str(wrong))
        for channel in list(self.channels.known.values()):
            rest()
            try:
                self.journal.record(channel.timeline, channel.edge(now), now)
            except NotOnAir:
                continue
        self.journal.write(now)
        self.languages.look(self.channels.needed, now)

    def _run(self) -> None:
        pace = Pace()
        while not self._stop.wait(REFRESH_SECONDS):
            self._refresh_or_log(pace.rest)

    def _refresh_or_log(self, rest: Rest = no_rest) -> None:
        try:
            self.refresh(rest)
        except Exception:
            # The channels must stay on air whatever one file holds; the next look may do.
            log.exception("refresh_failed")

    def _now(self) -> int:
        return ticks_of(self._clock())

    async def _answer(self, room: str, scope: dict[str, Any]) -> Reply:
        if scope["method"] == "OPTIONS":
            return replies.preflight()
        if scope["method"] not in ("GET", "HEAD"):
            return replies.plain(405, "Only GET and HEAD are answered here.")
        parts = scope["path"].split("/")
        if room == "live" and len(parts) in (4, 5):
            return await self._channel(parts[2], parts[3:], scope)
        if room == "vod" and len(parts) == 4 and parts[3].endswith(".vtt"):
            gone, now = self.channels.gone, self._now()
            return await self.captions.answer(parts[2], parts[3], gone, now, scope)
        if room == "vod" and len(parts) == 4 and parts[3].endswith(".ts"):
            gone, now = self.channels.gone, self._now()
            return await self.transport.answer(parts[2], parts[3], gone, now)
        if room == "vod" and len(parts) == 4:
            return await self._vod(parts[2], parts[3], scope)
        if scope["path"] == CLOCK:
            return replies.moment(self._clock())
        if scope["path"] == "/healthz":
            return self._health()
        if scope["path"] == "/metrics":
            return self._metrics()
        return replies.plain(404, "There is nothing here.")

    async def _channel(self, name: str, path: list[str], scope: dict[str, Any]) -> Reply:
        """A file of a channel, or of one of its windows."""
        channel = self.channels.known.get(name)
        file = path[-1]
        found = _RENDITION.match(file) or _MANIFEST.match(file) or _STORYBOARD.match(file)
        if channel is None and found is not None and self._refreshed is None:
            return replies.plain(503, "The channels cannot be reached yet.", retry_after=2)
        if channel is None or found is None or not _is_known(found[1]):
            return replies.plain(404, "There is no such channel.", max_age=1)
        query, now = scope["query_string"], self._now()
        try:
            if len(path) == 2 and path[0] == DVR_FOLDER:
                return await self._window(
                    channel, Asked(name, None, found[1], skip_of(query)), scope
                )
            asked = stretch_of(path[0], now) if len(path) == 2 else stretch_asked(query, now)
        except Refused as no:
            return replies.plain(no.status, no.sentence, max_age=10)
        if asked is not None:
            inside = len(path) == 2
            return await self._window(
                channel, Asked(name, asked, found[1], skip_of(query), inside), scope
            )
        if len(path) == 2:
            return replies.plain(404, "There is no such window.", max_age=10)
        return self._live(channel, found[1], scope)

    def _live(self, channel: Channel, name: str, scope: dict[str, Any]) -> Reply:
        if name == STORYBOARD:
            return replies.plain(404, "There are pictures of what begins at a start.", max_age=10)
        try:
            text, max_age, _ = playlist_of(channel, name, self._now())
        except NotOnAir:
            return replies.plain(404, "This channel is not on air yet.", max_age=1)
        return replies.playlist(Asks.of(scope["headers"]), text, max_age, name=name)

    async def _window(self, channel: Channel, asked: Asked, scope: dict[str, Any]) -> Reply:
        if asked.name == STORYBOARD and asked.stretch is None:
            return self._live(channel, STORYBOARD, scope)
        try:
            found = await self.windows.answer(channel, self.channels.gone, asked, self._now())
        except NotOnAir:
            return replies.plain(404, "Nothing of this has been on air.", max_age=1)
        except Busy:
            return replies.plain(503, "Too many ask for the past now.", retry_after=2)
        except (BrokenDay, StoreUnavailable) as wrong:
            log.error("past_unavailable", channel=asked.channel, why=str(wrong))
            return replies.plain(503, "The past cannot be reached now.", retry_after=10)
        asks = Asks.of(scope["headers"])
        return replies.playlist(
            asks, found.text, found.max_age, name=asked.name, lasting=found.lasting
        )

    async def _vod(self, publication: str, file: str, scope: dict[str, Any]) -> Reply:
        if publication in self.channels.gone:
            return replies.plain(410, "This programme was taken down.", max_age=10)
        found = _ON_DEMAND.match(file) or _MANIFEST.match(file)
        if found is None or not names_publication(publication):
            return replies.plain(404, "There is no such programme.", max_age=1)
        try:
            programme = await self._programme(publication, found[1])
        except StoreUnavailable as wrong:
            log.error("store_unavailable", why=str(wrong))
            return replies.plain(503, "The programmes cannot be reached now.")
        if programme is not None and programme.waits(found[1]):
            return replies.plain(503, "This quality is still being made.", retry_after=2)
        text = programme.playlist(found[1]) if programme is not None else None
        if programme is None or text is None:
            return replies.plain(404, "There is no such programme.", max_age=1)
        asks = Asks.of(scope["headers"])
        return replies.playlist(asks, text, programme.max_age, name=found[1])

    async def _programme(self, publication: str, name: str) -> Programme | None:
        """Return a programme. A player whose playlist `name` has no segment yet is held.

        So it starts, or goes up, the moment there is something to play: it has read
        the list of qualities once, and does not ask for it again.
        """
        held = await self._held(publication)
        for pause in HOLDS:
            if held is None or not held.waits(name):
                break
            await asyncio.sleep(pause)
            held = await self._held(publication)
        return held

    async def _held(self, publication: str) -> Programme | None:
        now = self._now()
        held = self.ondemand.fresh(publication, now)
        if held is None:
            held = await asyncio.to_thread(self.ondemand.load, publication, now)
        return held.programme

    def _health(self) -> Reply:
        if self._refreshed is None or self._now() - self._refreshed > STALE:
            return replies.plain(503, "The published store cannot be reached.")
        return replies.plain(200, f"On air: {len(self.channels.known)} channels.")

    def _metrics(self) -> Reply:
        self.metrics.channels.set(len(self.channels.known))
        self.metrics.programmes.set(len(self.ondemand))
        self.metrics.refused.set(self.channels.refusals)
        self.metrics.refreshed.set((self._refreshed or 0) / TIMESCALE)
        return Reply(200, [(b"content-type", metrics.CONTENT_TYPE)], self.metrics.text())

    async def _lifespan(self, receive: Any, send: Any) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await asyncio.to_thread(self.start)
                await send({"type": "lifespan.startup.complete"})
            else:
                await asyncio.to_thread(self.stop)
                await send({"type": "lifespan.shutdown.complete"})
                return


def _is_known(name: str) -> bool:
    """Whether it is no captions, or those of a language that there is: no others are made."""
    language = language_of(name)
    return not language or bool(name_of(language))


def create_origin(
    store: Store, *, media_url: str, clock: Callable[[], datetime], name: str = ""
) -> Origin:
    """The origin of `store` as an ASGI app.

    `media_url` is where viewers fetch the store's keys, with a slash at its end;
    `clock` gives aware moments; `name` is this origin's in the journal, and must
    be another at each start: left out, it is made of the machine's and chance.
    """
    if not media_url.endswith("/"):
        raise ValueError(f"the address of the media must end with a slash, not like {media_url!r}")
    made = f"{socket.gethostname().split('.')[0].lstrip('.')}-{secrets.token_hex(4)}"
    return Origin(store, media_url=media_url, clock=clock, name=name or made)

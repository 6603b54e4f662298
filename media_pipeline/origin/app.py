"""The origin: playlists of channels and programmes from a store, and no database.

/live/<channel>/master.m3u8, /live/<channel>/<rendition>.m3u8
/vod/<publication>/master.m3u8, …/<rendition>.m3u8, …/<rendition>-iframes.m3u8,
    …/captions-<n>.m3u8, …/manifest.mpd
/media/<key>   /healthz   /metrics
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
from media_pipeline.model.ticks import TIMESCALE, ticks_of
from media_pipeline.origin import metrics, replies
from media_pipeline.origin.channels import Channels
from media_pipeline.origin.journal import Journal
from media_pipeline.origin.media import PublishedFiles
from media_pipeline.origin.ondemand import DASH, OnDemand, Programme
from media_pipeline.origin.replies import Reply
from media_pipeline.playout import NotOnAir
from media_pipeline.stores import LocalStore, Store

log = structlog.get_logger("siar.origin")

REFRESH_SECONDS = 1.0
"""Between two looks at the store: a change is on air within twice that."""

HOLDS, HOLD_SECONDS = 32, 0.25
"""Looks at a playlist without a segment before its player is sent away, and seconds between:
8 s together, less than the 10 that players wait for the first byte."""

STALE = 30 * TIMESCALE
"""Without a look at the store for so long, the origin says that it is not well."""

_RENDITION = re.compile(r"(master|[va]\d{1,4})\.m3u8\Z")
_ON_DEMAND = re.compile(r"(master|[a-z]\d{1,4}(?:-[a-z0-9-]{1,24})?|captions-\d{1,3})\.m3u8\Z")
_MANIFEST = re.compile(rf"({DASH})\.mpd\Z")
_PUBLICATION = re.compile(r"[0-9a-f]{32}\Z")


class Origin:
    """An ASGI app. It keeps itself up to date from its first request or `start` on."""

    def __init__(
        self, store: Store, *, media_url: str, clock: Callable[[], datetime], name: str
    ) -> None:
        self.channels = Channels(store, media_url)
        self.ondemand = OnDemand(store, media_url)
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
        # OPTIONS may ask about "*", a path without a slash.
        room = scope["path"].partition("/")[2].partition("/")[0]
        if room == "media" and self._files is not None:
            await self._files(scope, receive, self._counting(room, send))
            return
        reply = await self._answer(room, scope)
        self.metrics.count(room if room in ("live", "vod") else "other", reply.status)
        await reply.send(scope, send)

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
            self._refresh_or_log()
            thread = threading.Thread(target=self._run, name="siar-origin", daemon=True)
            thread.start()
            self._thread = thread

    def stop(self) -> None:
        """Write the journal to its end. The origin may not be used after that."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=10)
        self.journal.close()

    def refresh(self) -> None:
        """Take over what changed in the store and note what is on air.

        What cannot be reached now is asked for again; what is held plays on.
        """
        now = self._now()
        try:
            self.channels.refresh(now)
            self._refreshed = now
        except StoreUnavailable as wrong:
            log.error("store_unavailable", why=str(wrong))
        for channel in list(self.channels.known.values()):
            try:
                self.journal.record(channel.timeline, channel.edge(now), now)
            except NotOnAir:
                continue
        self.journal.write(now)

    def _run(self) -> None:
        while not self._stop.wait(REFRESH_SECONDS):
            self._refresh_or_log()

    def _refresh_or_log(self) -> None:
        try:
            self.refresh()
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
        if room == "live" and len(parts) == 4:
            return self._live(parts[2], parts[3], scope)
        if room == "vod" and len(parts) == 4:
            return await self._vod(parts[2], parts[3], scope)
        if scope["path"] == "/healthz":
            return self._health()
        if scope["path"] == "/metrics":
            return self._metrics()
        return replies.plain(404, "There is nothing here.")

    def _live(self, name: str, file: str, scope: dict[str, Any]) -> Reply:
        channel = self.channels.known.get(name)
        found = _RENDITION.match(file)
        if channel is None or found is None:
            return replies.plain(404, "There is no such channel.", max_age=1)
        if found[1] == "master":
            return replies.playlist(scope, channel.master, 10)
        try:
            text, max_age = channel.playlist(found[1], self._now())
        except NotOnAir:
            return replies.plain(404, "This channel is not on air yet.", max_age=1)
        return replies.playlist(scope, text, max_age)

    async def _vod(self, publication: str, file: str, scope: dict[str, Any]) -> Reply:
        if publication in self.channels.gone:
            return replies.plain(410, "This programme was taken down.", max_age=10)
        found = _ON_DEMAND.match(file) or _MANIFEST.match(file)
        if found is None or not _PUBLICATION.match(publication):
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
        kind = replies.DASH if found[1] == DASH else replies.PLAYLIST
        return replies.playlist(scope, text, programme.max_age, kind=kind)

    async def _programme(self, publication: str, name: str) -> Programme | None:
        """Return a programme. A player whose playlist `name` has no segment yet is held.

        So it starts, or goes up, the moment there is something to play: it has read
        the list of qualities once, and does not ask for it again.
        """
        held = await self._held(publication)
        for _ in range(HOLDS):
            if held is None or not held.waits(name):
                break
            await asyncio.sleep(HOLD_SECONDS)
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

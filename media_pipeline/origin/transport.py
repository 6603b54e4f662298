"""Segments as MPEG-TS, put together of those of the publication when somebody asks for one.

    /vod/<publication>/ts-<place>.ts

They are made in threads of their own at a low priority, few at a time, and kept; a cache in
front keeps them for good. Playlists never wait for any of it.
"""

import asyncio
import re
import struct
import tempfile
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import structlog

from media_pipeline import tools
from media_pipeline.errors import PipelineError, StepFailed
from media_pipeline.model.keys import publication_folder
from media_pipeline.model.publication import Publication, Rendition
from media_pipeline.model.ticks import TIMESCALE
from media_pipeline.origin import replies
from media_pipeline.origin.addresses import names_publication
from media_pipeline.origin.once import Once
from media_pipeline.origin.ondemand import OnDemand
from media_pipeline.origin.recent import Recent
from media_pipeline.origin.replies import Reply
from media_pipeline.planning.supplements.transport import transport_argv
from media_pipeline.steps.fmp4 import find
from media_pipeline.stores import Store

log = structlog.get_logger("siar.origin")

LINES = 240
"""The highest rung that is taken: what a box of ten years ago plays over a weak line."""

MAKERS, WAITING = 2, 32
"""Segments that are made at once; who comes when so many wait is sent away for two seconds."""

HELD = 48 << 20
"""Bytes of segments in memory; one of four seconds has some 150,000."""

_LIMITS = tools.Limits(memory=2 << 30, cpu_seconds=5, wall_seconds=10, file_bytes=32 << 20)
_SEGMENT = re.compile(r"ts-(\d{1,5})\.ts\Z")

type Key = tuple[str, int]


class Transport:
    """The segments that were asked for last, and what makes them."""

    def __init__(self, store: Store, ondemand: OnDemand) -> None:
        self._store = store
        self._ondemand = ondemand
        self._pool = ThreadPoolExecutor(MAKERS, thread_name_prefix="siar-ts")
        self._held: Recent[Key, bytes] = Recent(HELD)
        self._making: Once[Key, bytes | None] = Once()

    async def answer(self, publication: str, file: str, gone: Collection[str], now: int) -> Reply:
        """Answer one request for the segment `file` of `publication`."""
        asked = _SEGMENT.match(file)
        if asked is None or not names_publication(publication):
            return replies.plain(404, "There is no such segment.", max_age=10)
        if publication in gone:
            return replies.plain(410, "This programme was taken down.", max_age=10)
        key = (publication, int(asked[1]))
        data = self._held.get(key)
        if data is None:
            if self._making.is_full(key, WAITING):
                return replies.plain(503, "Too many segments wait to be made.", retry_after=2)
            try:
                data = await self._made(key, now)
            except PipelineError as wrong:
                log.error("transport_failed", publication=publication, why=str(wrong))
                return replies.plain(503, "This segment cannot be made now.", retry_after=2)
        if data is None:
            return replies.plain(404, "There is no such segment.", max_age=10)
        return replies.segment(data)

    async def _made(self, key: Key, now: int) -> bytes | None:
        """Have the segment made once for all who wait for it; None if there is none."""
        loop = asyncio.get_running_loop()
        return await self._making.made(
            key, lambda: loop.run_in_executor(self._pool, self._make, key, now)
        )

    def _make(self, key: Key, now: int) -> bytes | None:
        name, place = key
        held = self._ondemand.fresh(name, now) or self._ondemand.load(name, now)
        publication = held.programme.publication if held.programme else None
        if publication is None or publication.state != "whole" or publication.audio is None:
            return None
        rung, audio = rung_of(publication), publication.audio
        if rung is None or place >= min(len(rung.segments), len(audio.segments)):
            return None
        picture = self._part(publication, rung, place)
        sound = self._part(publication, audio, place) if picture is not None else None
        if picture is None or sound is None:
            return None
        made = _joined(picture, sound)
        self._held.keep(key, made, len(made))
        return made

    def _part(self, publication: Publication, track: Rendition, place: int) -> bytes | None:
        """Init and segment of `track` in one, None if one of them is not in the store."""
        found = b""
        for piece in (track.init, track.segments[place]):
            data = self._store.read(f"{publication_folder(publication.id)}/{piece.uri}")
            if data is None:
                return None
            found += data[piece.offset : piece.offset + piece.length]
        return found

    def close(self) -> None:
        """Let the threads go."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def rung_of(publication: Publication) -> Rendition | None:
    """The rung that is shown: the highest up to LINES, else the lowest."""
    low = [rung for rung in publication.videos if min(rung.width, rung.height) <= LINES]
    return next(iter([*low[-1:], *publication.videos]), None)


def late_of(film: bytes) -> int:
    """The most negative composition offset of a segment, in ticks of its track, as a length.

    ffmpeg takes it off decoding times by adding it to what is shown (mov.c, dts_shift).
    """
    run = find(film, b"moof", b"traf", b"trun")
    if run is None:
        return 0
    flags, count = struct.unpack_from(">II", film, run.body)
    at = run.body + 8 + 4 * bool(flags & 0x1) + 4 * bool(flags & 0x4)
    fields = [bit for bit in (0x100, 0x200, 0x400, 0x800) if flags & bit]
    if 0x800 not in fields or at + 4 * count * len(fields) > run.end:
        return 0
    values = struct.unpack_from(f">{count * len(fields)}i", film, at)
    return max(0, -min(values[fields.index(0x800) :: len(fields)], default=0))


def _joined(picture: bytes, sound: bytes) -> bytes:
    """The two as MPEG-TS; raises PipelineError."""
    with tempfile.TemporaryDirectory(prefix="siar-ts-") as folder:
        scratch = Path(folder)
        shown, heard, made = (scratch / name for name in ("picture.mp4", "sound.mp4", "made.ts"))
        shown.write_bytes(picture)
        heard.write_bytes(sound)
        late = late_of(picture) / TIMESCALE
        argv = transport_argv(tools.ffmpeg(), str(shown), str(heard), str(made), late=late)
        ended = tools.run(argv, limits=_LIMITS, scratch=scratch, name="ts")
        if ended.code != 0 or not made.is_file() or not made.stat().st_size:
            raise StepFailed(f"MPEG-TS could not be made. {ended.last_words}")
        return made.read_bytes()

"""A publication's folder in the store while it grows, and when it is whole."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import Literal

import msgspec

from media_pipeline.errors import StepFailed
from media_pipeline.manifests import dash, hls
from media_pipeline.model import keys
from media_pipeline.model.plan import AUDIO_RATE, EncodePlan, Rung
from media_pipeline.model.publication import (
    Poster,
    Publication,
    Rendition,
    Segment,
    Span,
    Storyboard,
    decode_publication,
    encode_publication,
)
from media_pipeline.model.ticks import TIMESCALE
from media_pipeline.planning.rates import average_rate, peak_rate
from media_pipeline.steps import fmp4
from media_pipeline.steps.picture import ChunkFile
from media_pipeline.steps.sound import AudioSegment
from media_pipeline.stores import Store

_WRITERS = 4
"""Writes under way at once: a distant store answers in tens of milliseconds."""


class _Track:
    """A rendition as far as it stands in the store."""

    def __init__(self) -> None:
        self.init = b""
        self.segments: list[Segment] = []


class Shelf:
    """Writes segments first and publication.json after them, so that no reader misses one."""

    def __init__(
        self,
        store: Store,
        plan: EncodePlan,
        publication_id: str,
        *,
        created: datetime,
        check: Callable[[], None],
    ) -> None:
        """`check` is called between writes, and may raise Cancelled."""
        self.plan = plan
        self._store, self._check = store, check
        self.publication_id = publication_id
        self._created = created
        self._names = (*(rung.name for rung in plan.rungs), plan.audio.name)
        self._tracks = {name: _Track() for name in self._names}
        self.loudness: float | None = None

    @property
    def inits(self) -> dict[str, bytes]:
        """The initialisation of each rendition that has one."""
        return {name: track.init for name, track in self._tracks.items() if track.init}

    def resume(self) -> int:
        """Take over what an interrupted run of the same plan left; return whole chunks found.

        What does not fit the plan is removed.
        """
        found = _read(self._store, self.publication_id)
        whole = self._whole_chunks(found) if found is not None else 0
        if found is None or not whole:
            remove(self._store, self.publication_id)
            return 0
        self._created = found.created
        segments = -(-self.plan.chunks[whole - 1].end // self.plan.group)
        if whole == len(self.plan.chunks):
            segments = len(self.plan.segments)
        for rendition in found.renditions:
            track = self._tracks[rendition.name]
            track.init = self._store.read(self._key(rendition.init.uri)) or b""
            track.segments = list(rendition.segments[:segments])
        return whole

    def _whole_chunks(self, found: Publication) -> int:
        """Return how many chunks of the plan `found` holds; 0 if it is of another plan."""
        if {r.name for r in found.renditions} != set(self._names):
            return 0
        sizes = {r.name: (r.width, r.height) for r in found.videos}
        expected = {r.name: (r.width, r.height) for r in self.plan.rungs}
        if found.frame_rate != self.plan.frame_rate or sizes != expected:
            return 0
        ticks = sum(s.duration for s in found.videos[0].segments)
        ends = [chunk.end * self.plan.frame_ticks for chunk in self.plan.chunks]
        return sum(end <= ticks for end in ends)

    def add_picture(self, files: tuple[ChunkFile, ...]) -> None:
        """Write the segments of one chunk, of every rung."""
        with ThreadPoolExecutor(_WRITERS, thread_name_prefix="shelf") as pool:
            for file in files:
                self._begin(file.rung.name, file.init)
                first = len(self._tracks[file.rung.name].segments) + 1
                written = pool.map(partial(self._write, file, first), range(len(file.segments)))
                self._tracks[file.rung.name].segments += written
                self._check()

    def _write(self, file: ChunkFile, first: int, which: int) -> Segment:
        """Write segment `which` of `file`, whose first is number `first` of the title."""
        number = first + which
        data = file.segment_bytes(which, number)
        uri = _segment_uri(file.rung.name, number)
        self._store.write(self._key(uri), data)
        duration = sum(sum(fragment.durations) for fragment in file.segments[which])
        return Segment(uri, 0, len(data), duration)

    def add_sound(self, init: bytes, segments: list[AudioSegment]) -> None:
        """Write `segments` of the sound, which follow those that are there."""
        name = self.plan.audio.name
        self._begin(name, init)
        track = self._tracks[name]
        for segment in segments:
            uri = _segment_uri(name, len(track.segments) + 1)
            self.put(uri, segment.data)
            track.segments.append(Segment(uri, 0, len(segment.data), segment.duration))

    @property
    def sound_segments(self) -> int:
        """How many segments of sound are in the store."""
        return len(self._tracks[self.plan.audio.name].segments)

    @property
    def picture_segments(self) -> int:
        """How many segments of the picture are in the store."""
        return len(self._tracks[self.plan.rungs[0].name].segments)

    def segment(self, name: str, which: int) -> bytes:
        """Return the bytes of segment `which` of the rendition `name`, from the store."""
        key = self._key(self._tracks[name].segments[which].uri)
        data = self._store.read(key)
        if data is None:
            raise StepFailed(f"{key} has gone from the published store: encode again.")
        return data

    def put(self, name: str, data: bytes) -> None:
        """Write a file of the folder."""
        self._check()
        self._store.write(self._key(name), data)

    def grow(self) -> Publication:
        """Write publication.json of what is there, and return it."""
        return self._save(self._publication("growing"))

    def finish(self, posters: tuple[Poster, ...], storyboard: Storyboard) -> Publication:
        """Write the playlists, then publication.json as whole, and return it."""
        whole = self._publication("whole")
        whole = msgspec.structs.replace(whole, posters=posters, storyboard=storyboard)
        for rendition in whole.renditions:
            playlist = hls.media_playlist(whole, rendition)
            self.put(hls.playlist_name(rendition.name), playlist.encode())
        self.put("master.m3u8", hls.master(whole).encode())
        self.put("manifest.mpd", dash.mpd(whole).encode())
        return self._save(whole)

    def _begin(self, name: str, init: bytes) -> None:
        track = self._tracks[name]
        if init and not track.init:
            self.put(f"{name}/init.mp4", init)
            track.init = init

    def _save(self, publication: Publication) -> Publication:
        self._store.write(
            keys.publication_file(self.publication_id), encode_publication(publication)
        )
        return publication

    def _key(self, name: str) -> str:
        return f"{keys.publication_folder(self.publication_id)}/{name}"

    def _publication(self, state: Literal["growing", "whole"]) -> Publication:
        """Return the publication of the segments that all renditions have."""
        plan, top = self.plan, self.plan.rungs[-1]
        count = min(len(track.segments) for track in self._tracks.values())
        return Publication(
            id=self.publication_id,
            state=state,
            created=self._created,
            frame_rate=plan.frame_rate,
            width=top.width,
            height=top.height,
            renditions=(*(self._video(r, count) for r in plan.rungs), self._audio(count)),
            loudness=self.loudness,
        )

    def _video(self, rung: Rung, count: int) -> Rendition:
        plain = self._rendition(rung.name, "video", TIMESCALE, count)
        return msgspec.structs.replace(
            plain,
            width=rung.width,
            height=rung.height,
            frame_rate=self.plan.frame_rate // rung.step if rung.step > 1 else 0,
        )

    def _audio(self, count: int) -> Rendition:
        track = self.plan.audio.track
        plain = self._rendition(self.plan.audio.name, "audio", AUDIO_RATE, count)
        language = track.language if track else "und"
        return msgspec.structs.replace(plain, language=language, channels=2)

    def _rendition(
        self, name: str, kind: Literal["video", "audio"], timescale: int, count: int
    ) -> Rendition:
        track = self._tracks[name]
        segments = tuple(track.segments[:count])
        return Rendition(
            name=name,
            kind=kind,
            codec=fmp4.codec_of(track.init),
            timescale=timescale,
            init=Span(f"{name}/init.mp4", 0, len(track.init)),
            segments=segments,
            bandwidth=peak_rate(segments, timescale),
            average_bandwidth=average_rate(segments, timescale),
        )


def _segment_uri(name: str, number: int) -> str:
    return f"{name}/{number:05d}.m4s"


def remove(store: Store, publication_id: str) -> None:
    """Remove the publication's folder and all that is in it."""
    store.delete_folder(keys.publication_folder(publication_id))


def found_whole(store: Store, publication_id: str) -> Publication | None:
    """Return the publication under this id if it is whole already, or None."""
    found = _read(store, publication_id)
    return found if found is not None and found.state == "whole" else None


def _read(store: Store, publication_id: str) -> Publication | None:
    """Return the publication that is in the store, or None."""
    data = store.read(keys.publication_file(publication_id))
    if data is None:
        return None
    try:
        return decode_publication(data)
    except msgspec.DecodeError:
        return None

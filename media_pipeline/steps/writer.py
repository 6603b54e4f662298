"""A publication's folder in the store: its job and parts while it is made, then what it is."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import batched
from pathlib import Path

import msgspec

from media_pipeline.errors import StepFailed
from media_pipeline.manifests import dash, hls, iframes
from media_pipeline.model import growth, keys, work
from media_pipeline.model.publication import (
    Download,
    Poster,
    Publication,
    Rendition,
    Segment,
    Storyboard,
    encode_publication,
)
from media_pipeline.model.rates import average_rate, peak_rate
from media_pipeline.model.report import Finding, Heard
from media_pipeline.model.work import Job, Made, Part
from media_pipeline.planning.sound import gain_for
from media_pipeline.steps import fmp4
from media_pipeline.steps.jobs import clear_work, found_job, found_whole, read_parts
from media_pipeline.steps.picture import ChunkFile
from media_pipeline.steps.sound import AudioSegment
from media_pipeline.stores import Store

_WRITERS = 4
"""Writes under way at once: a distant store answers in tens of milliseconds."""

_COPIES = 64
"""Segments that are copied between two looks at whether the work is to stop."""

_GONE = "The pictures have gone from the published store: encode the title as a whole."

_OVERTAKEN = "Another worker has begun this title anew or has ended it."


class PublicationWriter:
    """Writes segments first and the part that names them after, so that no reader misses one."""

    def __init__(
        self,
        store: Store,
        job: Job,
        *,
        check: Callable[[], None],
        on_part: Callable[[Part], None] = lambda _part: None,
    ) -> None:
        """`check` is called between writes, and may raise Cancelled."""
        self.job, self.plan = job, job.plan
        self._store, self._check, self._on_part = store, check, on_part
        self._in_force: str | None = None
        self._parts: tuple[Part, ...] = ()
        self._tracks: dict[str, Made] = {}

    @property
    def inits(self) -> dict[str, bytes]:
        """The initialisation of each rendition of the parts that were taken."""
        return {name: made.init for name, made in self._tracks.items() if made.init}

    def begun(self, names: Iterable[str]) -> dict[str, bytes]:
        """Return the initialisation of each of the renditions `names` that some task began."""
        mark = self.job.mark
        found = {name: self._store.read(self._key(keys.init_uri(mark, name))) for name in names}
        return {name: init for name, init in found.items() if init is not None}

    def put_chunk(self, files: tuple[ChunkFile, ...], first: int) -> dict[str, Made]:
        """Write the segments of one chunk, whose first is number `first` of the title, from 0."""
        made: dict[str, Made] = {}
        with ThreadPoolExecutor(_WRITERS, thread_name_prefix="writes") as pool:
            for file in files:
                self._begin(file.rung.name, file.init)
                write = partial(self._put_segment, file, first)
                segments = tuple(pool.map(write, range(len(file.segments))))
                codec = fmp4.codec_of(file.init)
                made[file.rung.name] = Made(codec, file.init, first, segments)
                self._check()
        return made

    def copy_pictures(self, tell: Callable[[float], None]) -> dict[str, Made]:
        """Copy the pictures of the job's earlier publication and return them by rendition name.

        `tell` is called with the fraction done. Raises StepFailed where one is missing.
        """
        earlier = found_whole(self._store, self.job.pictures)
        if earlier is None:
            raise StepFailed(_GONE)
        pictures = (*earlier.videos, *earlier.av1_videos)
        made: dict[str, Made] = {}
        with ThreadPoolExecutor(_WRITERS, thread_name_prefix="copies") as pool:
            for number, picture in enumerate(pictures):
                init = self._store.read(self._key_of(earlier, picture.init.uri))
                if init is None:
                    raise StepFailed(_GONE)
                self._begin(picture.name, init)
                copied: list[Segment] = []
                for several in batched(enumerate(picture.segments, 1), _COPIES):
                    copied += pool.map(partial(self._copy_segment, earlier, picture.name), several)
                    self._check()
                    done = len(copied) / len(picture.segments)
                    tell((number + done) / len(pictures))
                made[picture.name] = Made(picture.codec, init, 0, tuple(copied))
        return made

    def _copy_segment(
        self, earlier: Publication, name: str, numbered: tuple[int, Segment]
    ) -> Segment:
        number, segment = numbered
        uri = keys.segment_uri(self.job.mark, name, number)
        if not self._store.copy(self._key_of(earlier, segment.uri), self._key(uri)):
            raise StepFailed(_GONE)
        return msgspec.structs.replace(segment, uri=uri)

    def _put_segment(self, file: ChunkFile, first: int, which: int) -> Segment:
        number = first + which + 1
        data = file.segment_bytes(which, number)
        uri = keys.segment_uri(self.job.mark, file.rung.name, number)
        self._store.write(self._key(uri), data)
        fragments = file.segments[which]
        duration = sum(sum(fragment.durations) for fragment in fragments)
        return Segment(uri, 0, len(data), duration, fragments[0].key)

    def put_sound(
        self, name: str, init: bytes, first: int, segments: Iterable[AudioSegment]
    ) -> Made:
        """Write `segments` of the sound `name`, of which the first is number `first`, from 0."""
        self._begin(name, init)
        written = []
        for number, segment in enumerate(segments, first + 1):
            uri = keys.segment_uri(self.job.mark, name, number)
            self._check()
            self._store.write(self._key(uri), segment.data)
            written.append(Segment(uri, 0, len(segment.data), segment.duration))
        return Made(fmp4.codec_of(init), init, first, tuple(written))

    def add(self, part: Part) -> None:
        """Write a part, after the segments that it names."""
        self._check()
        key = keys.part_file(self.job.publication, self.job.mark, part.task)
        self._store.write(key, work.encode_work(part))
        self._on_part(part)

    def take(self) -> None:
        """Read what all tasks made; raise StepFailed unless that is the whole title."""
        self._in_force = self._store.version(keys.job_file(self.job.publication))
        found = found_job(self._store, self.job.publication)
        if found is None or found.mark != self.job.mark:
            raise StepFailed(_OVERTAKEN)
        self._parts = read_parts(self._store, self.job)
        self._tracks = growth.tracks(self.job, self._parts)
        for name, made in self._tracks.items():
            if len(made.segments) != len(self.plan.segments):
                raise StepFailed(f"{name} has holes: encode again.")
            if any(part.tracks[name].init != made.init for part in self._with(name)):
                raise StepFailed(f"{name} was begun in two ways: encode again.")

    def _with(self, name: str) -> Iterable[Part]:
        return (part for part in self._parts if name in part.tracks)

    def segment(self, name: str, which: int) -> bytes:
        """Return the bytes of segment `which` of the rendition `name`, from the store."""
        key = self._key(self._tracks[name].segments[which].uri)
        data = self._store.read(key)
        if data is None:
            raise StepFailed(f"{key} has gone from the published store: encode again.")
        return data

    def join(self, name: str, into: Path) -> None:
        """Write the whole rendition `name` from the store into one file."""
        with into.open("wb") as file:
            file.write(self.inits[name])
            for which in range(len(self.plan.segments)):
                file.write(self.segment(name, which))

    def put(self, name: str, data: bytes) -> None:
        """Write a file that every job of the publication would call so."""
        self._check_in_force()
        self._store.write(self._key(name), data)

    def _check_in_force(self) -> None:
        """Raise StepFailed if another job has taken the place of the one that was there at `take`."""
        self._check()
        if self._store.version(keys.job_file(self.job.publication)) != self._in_force:
            raise StepFailed(_OVERTAKEN)

    def sounds_heard(self) -> tuple[Heard, ...]:
        """Return what the task of the sound heard of each sound, once that is done."""
        parts = read_parts(self._store, self.job)
        found = next((part.heard for part in parts if part.task == work.SOUND), None)
        if not found:
            raise StepFailed("The sound was not measured: encode again.")
        return found

    @property
    def heard(self) -> Heard:
        """What was heard of the first sound."""
        known = next(
            (part.heard[0] for part in self._parts if part.heard and part.task == work.SOUND), None
        )
        loudness = growth.loudness(self._parts)
        return known or Heard(loudness, gain=gain_for(loudness))

    def put_file(self, name: str, path: Path) -> None:
        """Put the file at `path` into the folder as `name`, as `put` does."""
        self._check_in_force()
        self._store.put_file(self._key(name), path)

    def finish(
        self,
        posters: tuple[Poster, ...],
        storyboard: Storyboard,
        report: tuple[Finding, ...],
        download: Download | None = None,
    ) -> Publication:
        """Write the playlists, then publication.json as whole, and return it.

        In this order the title can be played at every moment: the whole
        publication goes before the growing one, which job and parts are.
        """
        grown = growth.grown(self.job, self._parts)
        late = growth.late_renditions(self.job, self._parts)
        whole = msgspec.structs.replace(
            grown,
            state="whole",
            renditions=tuple(_measured(r) for r in (*grown.renditions, *late)),
            posters=posters,
            storyboard=storyboard,
            report=report,
            download=download,
        )
        for rendition in whole.renditions:
            playlist = hls.media_playlist(whole, rendition)
            self.put(hls.playlist_name(rendition.name), playlist.encode())
        for video in iframes.videos(whole):
            keyed = hls.playlist_name(iframes.name_of(video.name))
            self.put(keyed, iframes.playlist(video).encode())
        self.put("master.m3u8", hls.master(whole).encode())
        self.put("manifest.mpd", dash.mpd(whole).encode())
        self._end(whole)
        return whole

    def _end(self, whole: Publication) -> None:
        """Write publication.json if it is still as it was seen, then remove what is not of it."""
        key = keys.publication_file(whole.id)
        before = self._store.version(key)
        self._check_in_force()
        if not self._store.write_if_unchanged(key, encode_publication(whole), before):
            raise StepFailed(_OVERTAKEN)
        clear_work(self._store, whole)

    def _begin(self, name: str, init: bytes) -> None:
        """Write the initialisation, the same whichever task comes first."""
        key = self._key(keys.init_uri(self.job.mark, name))
        if self._store.version(key) is None:
            self._store.write(key, init)

    def _key(self, name: str) -> str:
        return f"{keys.publication_folder(self.job.publication)}/{name}"

    @staticmethod
    def _key_of(publication: Publication, uri: str) -> str:
        return f"{keys.publication_folder(publication.id)}/{uri}"


def _measured(rendition: Rendition) -> Rendition:
    """Return `rendition` with its true bandwidths in place of what was promised at most."""
    segments, timescale = rendition.segments, rendition.timescale
    return msgspec.structs.replace(
        rendition,
        bandwidth=peak_rate(segments, timescale),
        average_bandwidth=average_rate(segments, timescale),
    )

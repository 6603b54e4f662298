"""Files of which only what was asked for is here, and zeros for the rest."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from media_pipeline.errors import StepFailed, UnusableSource
from media_pipeline.model.analysis import Analysis
from media_pipeline.model.source import Extent, KeyframeOffsets, Source
from media_pipeline.model.spans import Span
from media_pipeline.model.work import Job, Task
from media_pipeline.planning import byte_ranges
from media_pipeline.planning.complaints import complains
from media_pipeline.planning.video.analysis import moments
from media_pipeline.steps import analysis, indexes, probing

Need = Callable[[Sequence[Span]], None]
"""Makes sure that these bytes of a file are here; returns when they are."""

_LOOK = 64 << 10
"""Bytes that a look for the index fetches at least: its request costs as much."""


class Seen(NamedTuple):
    """What `prepare` has to know of a file."""

    source: Source
    extent: Extent
    analysis: Analysis | None = None


class DistantFile:
    """The file at `path`, whose bytes `need` brings; `scratch` is for what its tools say."""

    def __init__(
        self, path: Path, need: Need, scratch: Path, cancelled: Callable[[], bool]
    ) -> None:
        self._path, self._need = path, need
        self._scratch, self._cancelled = scratch, cancelled

    def look(self) -> Seen | None:
        """Return what the file is, by its index and a few samples; None if that does not tell.

        The answer is that of the whole file, but for how closely its moments are known.
        """
        try:
            given = (self._read, self._path.stat().st_size)
            index = indexes.find_index(*given, self._cancelled)
            if index is None:
                return None
            self._need((*index.spans, (0, index.body + byte_ranges.HEAD)))
            if not indexes.has_tables(*given, index, self._cancelled):
                return None
            source = probing.probe(self._path, self._scratch, self._cancelled)
            if self._said("probe") or source.needs_copy or not byte_ranges.is_suited(source):
                return None
            return self._by_cues(source, index.cues) if index.cues else self._by_tables(source)
        except UnusableSource:
            return None  # zeros may be to blame: the whole file is judged
        except StepFailed as failed:
            if failed.from_outside:
                raise
            return None

    def task_spans(self, job: Job, task: Task) -> tuple[Span, ...] | None:
        """Return the bytes of the file that `task` reads; None for all of them.

        Only for tasks that read the file (`Task.reads_file`).
        """
        if job.keyframes is None:
            return None
        if task.kind == "picture":
            chunk = job.plan.chunks[task.chunk]
            return byte_ranges.chunk_spans(job.keyframes, job.source, job.plan, chunk)
        return self._sound_spans(job, job.keyframes)

    def _sound_spans(self, job: Job, keyframes: KeyframeOffsets) -> tuple[Span, ...] | None:
        tracks = {audio.track.index for audio in job.plan.sounds if audio.track is not None}
        if not tracks:
            return ()
        if "matroska" in job.source.container:
            return None  # its index tells nothing of sound
        ends = byte_ranges.ends(keyframes, job.source.size)
        self._need(ends)
        packets = probing.sound_packets(self._path, tracks, self._scratch, self._cancelled)
        if packets is None:
            return None
        return (*ends, *byte_ranges.sound_spans(packets, job.source.size))

    def _by_tables(self, source: Source) -> Seen | None:
        """Return what is seen of an MP4: its tables name every packet."""
        given = (self._path, source, self._scratch, self._cancelled)
        extent = probing.measure(*given, by_index=True)
        if extent.keyframes is None:
            return None
        keys, steps = probing.all_marks(self._scratch, source)
        return self._sampled(Seen(source, extent), keys, steps)

    def _by_cues(self, source: Source, cues: tuple[tuple[int, int], ...]) -> Seen | None:
        """Return what is seen of a Matroska file: cues for its moments, its end for its length."""
        keys = KeyframeOffsets(marks=cues)
        first = byte_ranges.first_frames(keys, source, probing.REORDERED)
        self._need((first, *byte_ranges.ends(keys, source.size)))
        last = cues[-1][0] * float(source.video.time_base)
        extent = probing.measure_ends(self._path, source, last, self._scratch, self._cancelled)
        apart = round(byte_ranges.APART / source.video.time_base)
        marks = byte_ranges.keyframe_offsets(((*cue, True) for cue in cues), apart)
        known = probing.spread_keys((time for time, _ in cues), source)
        extent = msgspec.structs.replace(extent, keyframes=marks, keys=known)
        return self._sampled(Seen(source, extent), keys, keys)

    def _sampled(self, seen: Seen, keys: KeyframeOffsets, steps: KeyframeOffsets) -> Seen | None:
        """Return `seen` with the quick look into the picture; None if that met a hole."""
        source, extent = seen.source, analysis.sampled(seen.source, seen.extent)
        seconds = float((extent.end - extent.start) * source.video.time_base)
        self._need(byte_ranges.sample_spans(keys, steps, source, moments(source, seconds)))
        found = analysis.analyse(self._path, source, extent, self._scratch, self._cancelled)
        if found is None or complains(self._said("analysis")):
            return None
        return seen._replace(analysis=found)

    def _said(self, step: str) -> str:
        """Return what the tool of `step` has said."""
        return (self._scratch / f"{step}.err").read_text("utf-8", "replace")

    def _read(self, first: int, end: int) -> bytes:
        self._need([(first, max(end, first + _LOOK))])
        with self._path.open("rb") as file:
            file.seek(first)
            return file.read(end - first)

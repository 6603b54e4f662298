"""The whole title's sounds in one process, cut by us at the picture's segment edges."""

import contextlib
import logging
import math
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import MappingProxyType

import msgspec

from media_pipeline import tools
from media_pipeline.errors import Cancelled, StepFailed
from media_pipeline.model.plan import AUDIO_RATE, Audio, EncodePlan
from media_pipeline.model.report import Heard
from media_pipeline.planning import sound
from media_pipeline.planning.chunks import audio_edges
from media_pipeline.planning.complaints import complains
from media_pipeline.steps import fmp4

logger = logging.getLogger(__name__)

_MEMORY = 2 << 30
_LATE = 0.1
"""Seconds by which a decoder may be late."""

_MOST_RESTARTS = 8
"""Each lowers a ceiling by half a decibel at least: no coder was seen to need more."""

_INCOMPLETE = "The sound needs bytes of the file that are not here."


def _limits(plan: EncodePlan) -> tools.Limits:
    seconds = round(300 + plan.seconds) * len(plan.sounds)
    return tools.Limits(
        memory=_MEMORY,
        cpu_seconds=seconds,
        wall_seconds=seconds * 4,
        file_bytes=(8 << 20) + round(plan.seconds * plan.audio.bitrate),
        nice=tools.URGENT,  # nothing plays before the first of it
    )


def hear(
    path: Path,
    plan: EncodePlan,
    scratch: Path,
    cancelled: Callable[[], bool],
    *,
    partial: bool = False,
) -> tuple[Heard, ...]:
    """Return what is heard of each sound of `plan`, measured in one pass over the file.

    A sound that cannot be measured has no loudness; it takes none of the others with it.
    Of a `partial` file, StepFailed is raised instead, and at any complaint.
    """
    if all(audio.track is None for audio in plan.sounds):
        return tuple(Heard() for _ in plan.sounds)
    ended = tools.run(
        sound.hearing_argv(tools.ffmpeg(), str(path.resolve()), plan),
        limits=_limits(plan),
        scratch=scratch,
        name="hearing",
        cancelled=cancelled,
    )
    said = ended.stderr.read_text("utf-8", "replace")
    if partial and (ended.code != 0 or complains(said)):
        raise StepFailed(_INCOMPLETE)
    if ended.code != 0 and len(plan.sounds) > 1:
        alone = (only(plan, audio) for audio in plan.sounds)
        return tuple(hear(path, one, scratch, cancelled)[0] for one in alone)
    # All of it: of several sounds the first summaries stand well before the end.
    return sound.heard(said, plan)


def encode_sounds(
    path: Path,
    plan: EncodePlan,
    outputs: Sequence[Path],
    heard: Sequence[Heard],
    *,
    scratch: Path,
    cancelled: Callable[[], bool],
    partial: bool = False,
) -> None:
    """Write each sound of the whole title to its growing file in `outputs`.

    One of which nothing can be decoded is replaced by silence: the picture is
    worth publishing without it, and so are the others. Of a `partial` file, StepFailed
    is raised instead, and at any complaint: the decoder may have met zeros.
    """
    ended = _encode(path, plan, outputs, heard, scratch, cancelled, partial=partial)
    if partial:
        return
    for audio, output, facts in zip(plan.sounds, outputs, heard, strict=True):
        if audio.track is None or any(fmp4.read_fragments(output)):
            continue
        if len(plan.sounds) > 1:
            # Another one may have ended the process before this began.
            encode_sounds(
                path, only(plan, audio), [output], [facts], scratch=scratch, cancelled=cancelled
            )
            continue
        silent = only(plan, msgspec.structs.replace(audio, track=None))
        ended = _encode(path, silent, [output], [Heard()], scratch, cancelled)
    if ended.code != 0 and len(plan.sounds) == 1:
        raise StepFailed(f"The sound could not be encoded: try again. {ended.last_words}".strip())


def only(plan: EncodePlan, audio: Audio) -> EncodePlan:
    """Return `plan` with no sound but `audio`."""
    return msgspec.structs.replace(plan, sounds=(audio,))


def _encode(
    path: Path,
    plan: EncodePlan,
    outputs: Sequence[Path],
    heard: Sequence[Heard],
    scratch: Path,
    cancelled: Callable[[], bool],
    *,
    partial: bool = False,
) -> tools.Finished:
    def incomplete() -> None:
        if partial:
            raise StepFailed(_INCOMPLETE)

    for output in outputs:
        output.touch()
    names = [str(output) for output in outputs]
    ended = tools.run(
        sound.sound_argv(tools.ffmpeg(), str(path.resolve()), plan, heard, names),
        limits=_limits(plan),
        scratch=scratch,
        name="sound",
        cancelled=cancelled,
        on_complaint=incomplete,
    )
    if ended.code != 0 or ended.complaint:
        incomplete()
    return ended


class AudioSegment(msgspec.Struct, frozen=True):
    """One segment's bytes, and its length in samples."""

    data: bytes
    duration: int


class SoundCutter:
    """Cuts a growing file of `audio` into the segments of `plan`.

    Segments start at the first frame at or after the picture's edge; the last
    ends with the last frame that is over before the picture is, so the sound is
    never longer and less than one frame shorter.
    """

    def __init__(self, path: Path, plan: EncodePlan, audio: Audio) -> None:
        self._path, self._peaks = path, path.with_suffix(".peaks")
        self._frame = audio.frame
        self._edges = audio_edges(plan.segments, plan.frame_rate, audio.frame)
        self._frames: list[bytes] = []
        self._at = self._skip = 0
        self._cut = 0
        self._measured: list[float] = []
        self._peaks_at = 0
        self.init = b""

    def ready(self, most: int) -> int:
        """Return how many segments have become whole that were not taken yet, up to `most`."""
        ends = self._edges[self._cut + 1 : self._cut + 1 + most]
        self._read_on(ends[-1] if ends else 0)
        there = self._edges[self._cut] + len(self._frames)
        return sum(end <= there for end in ends)

    def peak(self, most: int, *, over: bool) -> float | None:
        """Return the true peak of the next segments, up to `most`, in dBTP.

        None while some of them are not measured; `over` tells that no more will be.
        """
        edges = self._edges[self._cut : self._cut + 1 + most]
        first, last = (edge * self._frame / AUDIO_RATE for edge in (edges[0], edges[-1]))
        # Seconds on both sides count too: a decoder is some frames late.
        begin, end = int(max(0, first - _LATE)), int(last + _LATE) + 1
        self._measure_on()
        if over or len(self._measured) >= end:
            return max(self._measured[begin:end], default=-math.inf)
        return None

    def restart(self) -> None:
        """Go on with a new file of the same sound, after the segments that were taken."""
        self._frames, self._at = [], 0
        self._measured, self._peaks_at = [], 0
        self._skip = self._edges[self._cut]
        self._peaks.unlink(missing_ok=True)
        self._path.unlink(missing_ok=True)

    def take(self, count: int) -> list[AudioSegment]:
        """Return the next `count` segments, of as many as are ready."""
        return [self._next() for _ in range(count)]

    def _next(self) -> AudioSegment:
        first, end = self._edges[self._cut : self._cut + 2]
        frames, self._frames = self._frames[: end - first], self._frames[end - first :]
        self._cut += 1
        data = fmp4.audio_fragment(self._cut, first * self._frame, self._frame, frames)
        return AudioSegment(data, (end - first) * self._frame)

    def _measure_on(self) -> None:
        """Read the peaks that were written since the last look."""
        if not self._peaks.is_file():
            return
        with self._peaks.open("rb") as file:
            file.seek(self._peaks_at)
            written = file.read()
        # Whole lines only: the encoder may be in the middle of one.
        lines = written[: written.rfind(b"\n") + 1]
        self._measured += sound.read_peaks(lines.decode())
        self._peaks_at += len(lines)

    def _read_on(self, end: int) -> None:
        """Read the frames up to number `end` of the title, as far as they are there: no more,
        since an encoder may be hours ahead of a distant store."""
        if not self._path.is_file():
            return
        with self._path.open("rb") as file:
            for fragment in fmp4.read_fragments(self._path, self._at):
                if self._edges[self._cut] + len(self._frames) >= end:
                    return
                # Now, not before: a file without a fragment may still be written anew, and a
                # fragment is behind the initialisation that it belongs to.
                self.init = self.init or fmp4.without_pre_skip(fmp4.read_init(self._path))
                file.seek(fragment.data)
                frames = [file.read(size) for size in fragment.sizes]
                self._frames += frames[self._skip :]
                self._skip = max(0, self._skip - len(frames))
                self._at = fragment.offset + fragment.length


class SoundMaker:
    """Measures and encodes the sounds of a title in a thread of its own, and again where needed.

    A piece is ready when its true peaks are known and low enough. If they are not, all is
    encoded again with a lower ceiling, and what was taken stays: so the pieces are the same
    whoever makes them.
    """

    def __init__(
        self,
        path: Path,
        plan: EncodePlan,
        scratch: Path,
        *,
        heard: tuple[Heard, ...] = (),
        partial: bool = False,
    ) -> None:
        """Without what was `heard` of each sound, they are measured first."""
        self._path, self._plan, self._scratch = path, plan, scratch
        self._partial = partial
        self._outputs = [scratch / f"{audio.name}.mp4" for audio in plan.sounds]
        self._cutters = {
            audio.name: SoundCutter(output, plan, audio)
            for audio, output in zip(plan.sounds, self._outputs, strict=True)
        }
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="sound")
        self._leaving = threading.Event()
        self._restarts = 0
        self._heard = heard
        self._work: Future[tuple[Heard, ...]] = self._pool.submit(self._hear_and_encode)

    @property
    def cutters(self) -> Mapping[str, SoundCutter]:
        """What cuts each sound, by name."""
        return MappingProxyType(self._cutters)

    def ready(self, wanted: int) -> bool:
        """Whether the next `wanted` segments of every sound can be taken.

        Raises what the work raised, and StepFailed when no more will come.
        """
        # In this order: what is ready after the work was over is all that there will be.
        over = self._work.done()
        if any(cutter.ready(wanted) < wanted for cutter in self._cutters.values()):
            if over:
                self._work.result()
                raise StepFailed("The sound ends before the picture: try again.")
            return False
        peaks = [cutter.peak(wanted, over=over) for cutter in self._cutters.values()]
        known = [peak for peak in peaks if peak is not None]
        if len(known) < len(peaks):
            return False
        if not any(map(sound.too_high, known)) or self._restarts == _MOST_RESTARTS:
            return True
        self._restart(known)
        return False

    def wait(self, seconds: float) -> None:
        """Wait for the end of the work for up to so many seconds."""
        with contextlib.suppress(TimeoutError):
            self._work.result(timeout=seconds)

    def result(self) -> tuple[Heard, ...]:
        """Return what was heard of each sound, when the work is over."""
        return self._work.result()

    def close(self) -> None:
        """End the work."""
        self._leaving.set()
        self._pool.shutdown()

    def _hear_and_encode(self) -> tuple[Heard, ...]:
        leaving = self._leaving.is_set
        self._heard = self._heard or hear(
            self._path, self._plan, self._scratch, leaving, partial=self._partial
        )
        return self._encode(self._heard)

    def _encode(self, heard: tuple[Heard, ...]) -> tuple[Heard, ...]:
        encode_sounds(
            self._path,
            self._plan,
            self._outputs,
            heard,
            scratch=self._scratch,
            cancelled=self._leaving.is_set,
            partial=self._partial,
        )
        return heard

    def _restart(self, peaks: Sequence[float]) -> None:
        """Encode again what came out too high, with a lower ceiling."""
        self._leaving.set()
        with contextlib.suppress(Cancelled):
            self._work.result()
        self._restarts += 1
        self._heard = tuple(
            sound.lowered(facts, peak) if sound.too_high(peak) else facts
            for facts, peak in zip(self._heard, peaks, strict=True)
        )
        logger.info("sound came out at %s dBTP, and is encoded again", peaks)
        for cutter in self._cutters.values():
            cutter.restart()
        self._leaving = threading.Event()
        self._work = self._pool.submit(self._encode, self._heard)

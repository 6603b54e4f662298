"""The whole title's sound in one process, cut by us at the picture's segment edges."""

import re
from collections.abc import Callable
from pathlib import Path

import msgspec

from media_pipeline import tools
from media_pipeline.errors import StepFailed
from media_pipeline.model.plan import AUDIO_FRAME, EncodePlan
from media_pipeline.planning import sound
from media_pipeline.planning.chunks import audio_edges
from media_pipeline.planning.plan import silenced
from media_pipeline.steps import fmp4

_MEMORY = 2 << 30
_INTEGRATED = re.compile(r"^\s+I:\s+(-?[\d.]+|-?inf|nan) LUFS", re.MULTILINE)


def _limits(plan: EncodePlan) -> tools.Limits:
    seconds = round(300 + plan.seconds)
    return tools.Limits(
        memory=_MEMORY,
        cpu_seconds=seconds,
        wall_seconds=seconds * 4,
        file_bytes=(8 << 20) + round(plan.seconds * plan.audio.bitrate),
    )


def measure_loudness(
    path: Path, plan: EncodePlan, scratch: Path, cancelled: Callable[[], bool]
) -> float | None:
    """Return the integrated loudness of the downmix in LUFS; None where it cannot be told."""
    if plan.audio.track is None:
        return None
    ended = tools.run(
        sound.loudness_argv(tools.ffmpeg(), str(path.resolve()), plan),
        limits=_limits(plan),
        scratch=scratch,
        name="loudness",
        cancelled=cancelled,
    )
    found = _INTEGRATED.findall(ended.complaint)
    loudness = float(found[-1]) if found else float("-inf")
    return loudness if loudness > -70 else None  # −70 is the gate: silence, EBU R 128


def encode_sound(
    path: Path,
    plan: EncodePlan,
    output: Path,
    *,
    loudness: float | None,
    scratch: Path,
    cancelled: Callable[[], bool],
) -> None:
    """Write the sound of the whole title to the growing file `output`.

    A track of which nothing can be decoded is replaced by silence: the picture
    is worth publishing without it.
    """
    gain = sound.gain_for(loudness)
    ended = _encode(path, plan, output, gain, scratch, cancelled)
    if plan.audio.track is not None and not any(fmp4.read_fragments(output)):
        ended = _encode(path, silenced(plan), output, 0, scratch, cancelled)
    if ended.code != 0:
        raise StepFailed(f"The sound could not be encoded: try again. {ended.last_words}".strip())


def _encode(
    path: Path,
    plan: EncodePlan,
    output: Path,
    gain: float,
    scratch: Path,
    cancelled: Callable[[], bool],
) -> tools.Finished:
    output.touch()
    return tools.run(
        sound.audio_argv(tools.ffmpeg(), str(path.resolve()), plan, gain, str(output)),
        limits=_limits(plan),
        scratch=scratch,
        name="sound",
        cancelled=cancelled,
    )


class AudioSegment(msgspec.Struct, frozen=True):
    """One segment's bytes, and its length in samples."""

    data: bytes
    duration: int


class SoundCutter:
    """Cuts a growing file of AAC frames into the segments of `plan`.

    Segments start at the first frame at or after the picture's edge; the last
    ends with the last frame that is over before the picture is, so the sound is
    never longer and less than one frame shorter.
    """

    def __init__(self, path: Path, plan: EncodePlan) -> None:
        self._path = path
        self._edges = audio_edges(plan.segments, plan.frame_rate)
        self._frames: list[bytes] = []
        self._at = 0
        self._cut = 0
        self.init = b""

    def new_segments(self, *, at_least: int, over: bool) -> list[AudioSegment]:
        """Return the segments that have become whole since the last call, in order.

        None before there are `at_least` so many, unless that is all, or the encoder's
        work is `over`.
        """
        self._read_on()
        ends = self._edges[self._cut + 1 :]
        there = self._edges[self._cut] + len(self._frames)
        count = sum(end <= there for end in ends)
        if count < min(at_least, len(ends)) and not over:
            return []
        return [self._next() for _ in range(count)]

    def _next(self) -> AudioSegment:
        first, end = self._edges[self._cut : self._cut + 2]
        frames, self._frames = self._frames[: end - first], self._frames[end - first :]
        self._cut += 1
        data = fmp4.audio_fragment(self._cut, first * AUDIO_FRAME, AUDIO_FRAME, frames)
        return AudioSegment(data, (end - first) * AUDIO_FRAME)

    def _read_on(self) -> None:
        if not self._path.is_file():
            return
        self.init = self.init or fmp4.read_init(self._path)
        with self._path.open("rb") as file:
            for fragment in fmp4.read_fragments(self._path, self._at):
                file.seek(fragment.data)
                self._frames += [file.read(size) for size in fragment.sizes]
                self._at = fragment.offset + fragment.length

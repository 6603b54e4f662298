"""What will be encoded and how: values between the probe and the commands."""

from fractions import Fraction
from typing import Any, Literal

import msgspec

from media_pipeline.model.source import AudioStream, VideoStream
from media_pipeline.model.ticks import TIMESCALE

SEGMENT_SECONDS = 4
"""Length of every segment but the last."""

AUDIO_RATE = 48_000
"""Samples a second."""

_FRAMES = {"aac": 1_024, "opus": 960}
_PRIMINGS = {"aac": 1_024, "opus": 120}
"""Samples in one frame, and how many an encoder puts in front of the first that it is given."""

HIGH_LINES = 480
"""The short side of the pictures from which on the better sound is played."""

_HIGH_NAME, _HIGH_BITRATE, _HIGH_CUTOFF = "a112", 112_000, 16_000
_OPUS_NAME, _OPUS_BITRATE = "o28", 28_000
_OPUS_HIGH_NAME, _OPUS_HIGH_BITRATE = "o64", 64_000


class Rung(msgspec.Struct, frozen=True):
    """One video rendition. `maxrate` and `bufsize` are bits per second and bits.

    `step` is how many frames of the house rate one frame of this rung stands
    for: 1, or 2 on low rungs of 50 and 60 frames a second. `tuning` is what the
    encoder is told beyond its preset, in its own words; `reason` says in one
    sentence why the rung is as it is.
    """

    name: str
    width: int
    height: int
    preset: str
    crf: int
    maxrate: int
    bufsize: int
    step: int = 1
    codec: Literal["h264", "av1"] = "h264"
    tuning: str = ""
    reason: str = ""


class Chunk(msgspec.Struct, frozen=True):
    """Output frames [first, end) of the title, made by one process. Whole segments but the last."""

    index: int
    first: int
    end: int


class Audio(msgspec.Struct, frozen=True):
    """One audio rendition, `samples` long at 48 kHz; `track` is None for a silent one.

    `language` is a BCP 47 tag; `label` is what a menu of sounds shows. `cutoff` is in Hz: without
    it, ffmpeg's AAC encoder stops at 5 kHz at a low bit rate. Of one channel (`channels`), both
    are in it, and players give it to both ears.
    """

    name: str
    bitrate: int
    samples: int
    track: AudioStream | None
    language: str = "und"
    label: str = ""
    cutoff: int = 11_000
    codec: Literal["aac", "opus"] = "aac"
    channels: Literal[1, 2] = 2

    @property
    def frame(self) -> int:
        """Samples in one frame."""
        return _FRAMES[self.codec]

    @property
    def priming(self) -> int:
        """Samples that its encoder puts in front of the first that it is given."""
        return _PRIMINGS[self.codec]


class EncodePlan(msgspec.Struct, frozen=True):
    """Everything that the commands are made from.

    `frame_rate` is the house rate F; `frames` the title's length at F. `zero`
    is the moment of the file's clock, in ticks of the picture's time base, at
    which the publication starts; `file_start` is where the container says that
    its clock starts, in seconds. `segments` holds each segment's length in
    frames at F. `sounds` has at least one; the first is what plays by itself.
    `av1_rungs` are rungs in AV1, made after all others; `rungs` are what every phone plays.
    `opus` is whether the sounds are made once more in Opus.
    """

    video: VideoStream
    frame_rate: int
    frames: int
    zero: int
    file_start: float
    rungs: tuple[Rung, ...]
    chunks: tuple[Chunk, ...]
    segments: tuple[int, ...]
    sounds: tuple[Audio, ...]
    av1_rungs: tuple[Rung, ...] = ()
    opus: bool = False

    @property
    def audio(self) -> Audio:
        """The sound that plays unless a viewer chooses another."""
        return self.sounds[0]

    @property
    def high_sounds(self) -> tuple[Audio, ...]:
        """The sounds once more, for large pictures; none where no rung is large, or none is heard."""
        if not self._has_large:
            return ()
        return self._again(_HIGH_NAME, bitrate=_HIGH_BITRATE, cutoff=_HIGH_CUTOFF)

    @property
    def opus_sounds(self) -> tuple[Audio, ...]:
        """The sounds once more in Opus, mono; none where none is asked for or heard."""
        if not self.opus:
            return ()
        return self._again(_OPUS_NAME, bitrate=_OPUS_BITRATE, codec="opus", channels=1)

    @property
    def opus_high_sounds(self) -> tuple[Audio, ...]:
        """The sounds once more in Opus, stereo, for large pictures."""
        if not self.opus or not self._has_large:
            return ()
        return self._again(_OPUS_HIGH_NAME, bitrate=_OPUS_HIGH_BITRATE, codec="opus")

    @property
    def late_sounds(self) -> tuple[Audio, ...]:
        """All of `sounds` that is made once more, after what viewers wait for."""
        return (*self.high_sounds, *self.opus_sounds, *self.opus_high_sounds)

    @property
    def _has_large(self) -> bool:
        return any(min(rung.width, rung.height) >= HIGH_LINES for rung in self.rungs)

    def _again(self, name: str, **changes: Any) -> tuple[Audio, ...]:
        """Return the sounds with `changes`, called `name` in place of the first one's name."""
        main = self.audio
        if main.track is None:
            return ()
        return tuple(
            msgspec.structs.replace(sound, name=sound.name.replace(main.name, name, 1), **changes)
            for sound in self.sounds
        )

    @property
    def zero_seconds(self) -> Fraction:
        """The publication's start on the file's clock, in seconds."""
        return self.zero * self.video.time_base

    @property
    def group(self) -> int:
        """Frames at F between key frames: one segment."""
        return SEGMENT_SECONDS * self.frame_rate

    @property
    def frame_ticks(self) -> int:
        """90 kHz ticks of one frame at F; whole for every house rate."""
        return TIMESCALE // self.frame_rate

    @property
    def seconds(self) -> float:
        """Length of the publication."""
        return self.frames / self.frame_rate

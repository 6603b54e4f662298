"""What will be encoded and how: values between the probe and the commands."""

from fractions import Fraction
from typing import Literal

import msgspec

from media_pipeline.model.source import AudioStream, VideoStream
from media_pipeline.model.ticks import TIMESCALE

SEGMENT_SECONDS = 4
"""Length of every segment but the last."""

AUDIO_RATE = 48_000
AUDIO_FRAME = 1_024
"""Samples a second, and in one AAC frame."""


HIGH_LINES = 480
"""The short side of the pictures from which on the better sound is played."""

_HIGH_NAME, _HIGH_BITRATE, _HIGH_CUTOFF = "a112", 112_000, 16_000


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
    it, ffmpeg's encoder stops at 5 kHz at a low bit rate.
    """

    name: str
    bitrate: int
    samples: int
    track: AudioStream | None
    language: str = "und"
    label: str = ""
    cutoff: int = 11_000


class EncodePlan(msgspec.Struct, frozen=True):
    """Everything that the commands are made from.

    `frame_rate` is the house rate F; `frames` the title's length at F. `zero`
    is the moment of the file's clock, in ticks of the picture's time base, at
    which the publication starts; `file_start` is where the container says that
    its clock starts, in seconds. `segments` holds each segment's length in
    frames at F. `sounds` has at least one; the first is what plays by itself.
    `av1_rungs` are rungs in AV1, made after all others; `rungs` are what every phone plays.
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

    @property
    def audio(self) -> Audio:
        """The sound that plays unless a viewer chooses another."""
        return self.sounds[0]

    @property
    def high_sounds(self) -> tuple[Audio, ...]:
        """The sounds once more, for large pictures; none where no rung is large, or none is heard."""
        large = any(min(rung.width, rung.height) >= HIGH_LINES for rung in self.rungs)
        if not large or self.audio.track is None:
            return ()
        return tuple(
            msgspec.structs.replace(
                sound,
                name=sound.name.replace(self.audio.name, _HIGH_NAME, 1),
                bitrate=_HIGH_BITRATE,
                cutoff=_HIGH_CUTOFF,
            )
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

"""What ingest found out about a title, for the people who publish it. Values only."""

from typing import Literal, get_args

import msgspec

FindingCode = Literal[
    # The picture
    "portrait",  # taller than wide: set upright, if it was turned
    "low_resolution",  # `lines`: the short side
    "low_frame_rate",  # `rate`: pictures a second
    "variable_rate",  # `rate`: what it was made to, pictures a second
    "interlaced",  # woven half pictures, taken apart
    "high_dynamic_range",  # `kind`: HDR10 or HLG, brought to SDR
    "dolby_vision",  # colours that only Dolby's players know, and that come out wrong
    "black_bars",  # `percent` of the picture
    "dark",  # `percent`: mean brightness
    "black_start",  # `seconds`
    "black_end",  # `seconds`
    "black_parts",  # `count`; `at` and `seconds` of the longest
    "frozen",  # `count`; `at` and `seconds` of the longest
    "other_pictures",  # `count` of video streams that are not published
    "truncated",  # `until` where there is a picture, of `claimed` seconds
    "sound_only",  # a still picture stands for the missing one
    # The sound
    "no_sound",  # silence was put in
    "raised",  # `decibels`
    "lowered",  # `decibels`
    "very_quiet",  # `loudness` in LUFS: raised by `decibels`, and still below the target
    "near_silence",  # nothing that could be raised
    "silent_parts",  # `count`; `at` and `seconds` of the longest
    "clipped",  # `peak` in dBFS
    "languages",  # `languages`: BCP 47 or ISO 639-2 codes of the audio tracks
]
"""What can be found; the CMS makes sentences by these names."""

FINDING_CODES: tuple[FindingCode, ...] = get_args(FindingCode)

Value = int | float | str | tuple[str, ...]


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that an editor may want to know. Times are seconds from the title's start."""

    code: str
    values: dict[str, Value] = {}


class Stretch(msgspec.Struct, frozen=True):
    """A stretch of the title, in seconds."""

    start: float
    end: float

    @property
    def seconds(self) -> float:
        """Its length."""
        return self.end - self.start


class Look(msgspec.Struct, frozen=True):
    """One picture of the title's grid: when, how bright, how sharp.

    `luma` is the mean and `contrast` the distance between the dark and the
    bright tenth, both in 8-bit codes; `edges` is the mean of a Laplacian.
    """

    at: float
    luma: float
    contrast: float
    edges: float


class Watched(msgspec.Struct, frozen=True):
    """What one pass over the whole of the lowest rung saw."""

    black: tuple[Stretch, ...] = ()
    frozen: tuple[Stretch, ...] = ()
    looks: tuple[Look, ...] = ()


CEILING = -3.7
"""Samples before coding, in dBFS: coding adds up to 2 dB to ordinary sound, and 1 dB may stand
between two samples."""


class Heard(msgspec.Struct, frozen=True):
    """What the loudness pass heard: LUFS, the sample peak in dBFS, dB of gain, and silent stretches.

    `flatness` is the mean spectral flatness: near 0 for tones, 0.7 for pink noise. `loudness`
    and it are None where nothing could be measured. `ceiling` is where the sound is limited
    before it is coded, in dBFS.
    """

    loudness: float | None = None
    peak: float | None = None
    gain: float = 0.0
    silences: tuple[Stretch, ...] = ()
    flatness: float | None = None
    ceiling: float = CEILING

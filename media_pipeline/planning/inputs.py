"""What every input of ffmpeg and ffprobe is guarded with. Uploads are hostile."""

import re
from collections.abc import Sequence
from itertools import pairwise

from media_pipeline.errors import UnusableSource
from media_pipeline.model.source import Source

MAX_PIXELS = 8192 * 4320
"""Largest frame that is decoded: a claimed 30,000 × 30,000 took 1.28 GB without it, 93 MB with."""

MAX_SECONDS = 6 * 3600
"""Longest title that is encoded: a full members' meeting fits."""

MAX_STREAMS = 64
"""Tracks of one file: a film with many languages and subtitles has 40."""

MIN_LINES = 32
"""Shortest side that a rung can be made of."""

FORMATS = (
    *("mov", "matroska", "mpegts", "mpeg", "avi", "flv", "asf", "mxf", "ogg"),
    # Sound alone is published with a still picture.
    *("mp3", "aac", "wav", "flac"),
)
"""Demuxers that read one self-contained file and never follow a name in it."""

GUARDS: dict[str, str] = {
    # Only local files: without it a file could make us fetch an address.
    "protocol_whitelist": "file",
    # Without it a .mp4 that is really HLS, DASH, ffconcat, SVG or SDP is followed or drawn.
    "format_whitelist": ",".join(FORMATS),
}

_REFERENCES = (b"#EXTM3U", b"ffconcat", b"<svg", b"<MPD", b"<?xml", b"v=0", b"#!", b"[playlist]")


def address(path: str) -> str:
    """Return `path` as ffmpeg takes it: a name like `concat:x` or `-i` stays a name."""
    return f"file:{path}"


_OPENING_FILTERS = re.compile(
    # Filters that open a file which their options name.
    r"(?:^|[;,\[\]])\s*(?:a?movie|subtitles|ass|a?sendcmd|lut3d|haldclut|frei0r|arnndn)\b"
)
_GRAPHS = re.compile(r"-(?:filter_complex|lavfi|vf|af|filter(?::.*)?)")


def unguarded(argv: Sequence[str]) -> str | None:
    """Return why the ffmpeg or ffprobe command `argv` must not be run; None if it may.

    Every input is opened by a demuxer and a protocol that are named, unless it is
    a generator (lavfi), and no filter opens a file.
    """
    options: list[str] = []
    inputs = 0
    for before, part in pairwise(argv):
        generated = options[-3:-1] == ["-f", "lavfi"]
        if (_GRAPHS.fullmatch(before) or (before == "-i" and generated)) and (
            _OPENING_FILTERS.search(part)
        ):
            return f"a filter opens a file: {part}"
        if before == "-i":
            lacking = [f"-{name}" for name in GUARDS if f"-{name}" not in options]
            if lacking and not generated:
                return f"the input {part} has no {' and no '.join(lacking)}"
            inputs, options = inputs + 1, []
        else:
            options.append(part)
    return None if inputs else "it names no input"


def refuse_by_head(head: bytes) -> UnusableSource | None:
    """Return why a file that starts with `head` is refused before any demuxer sees it."""
    if not head:
        return UnusableSource("empty", "The file is empty: send it again.")
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if any(start.lower().startswith(mark.lower()) for mark in _REFERENCES):
        return UnusableSource(
            "reference",
            "The file is a list or drawing that points to other files, not a video: "
            "send the video itself.",
        )
    return None


def refuse_unread(head: bytes) -> UnusableSource:
    """Return why a file that starts with `head` is refused, now that no demuxer could read it."""
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide") or head[:4] in (b"RIFF", b"\x1aE\xdf\xa3"):
        return UnusableSource(
            "incomplete",
            "The file starts like a video but a part of it is missing: send it again, whole.",
        )
    return UnusableSource(
        "not_media",
        "The file is not a video that can be read: send an MP4, MOV, MKV, WebM or AVI file.",
    )


def refuse_by_facts(source: Source) -> UnusableSource | None:
    """Return why a file with these facts is refused before a frame is decoded."""
    video = source.video
    if video.width * video.height > MAX_PIXELS:
        return UnusableSource(
            "too_large",
            f"The picture is {video.width} × {video.height} pixels, more than can be handled: "
            "export it at 4K or less.",
        )
    if min(video.width, video.height) < MIN_LINES:
        return UnusableSource(
            "too_small",
            f"The picture is only {video.width} × {video.height} pixels: "
            f"send one of at least {MIN_LINES} lines.",
        )
    return refuse_by_length(source.duration)


def refuse_by_streams(count: int) -> UnusableSource | None:
    """Return the refusal of a file of `count` tracks, if they are too many."""
    if count <= MAX_STREAMS:
        return None
    return UnusableSource(
        "too_many_tracks",
        f"The file has {count} tracks, more than {MAX_STREAMS}: export it with one picture "
        "and its sound.",
    )


def refuse_by_length(seconds: float) -> UnusableSource | None:
    """Return the refusal of a title of `seconds`, if it is too long."""
    if seconds <= MAX_SECONDS:
        return None
    return UnusableSource(
        "too_long",
        f"The video lasts {seconds / 3600:.1f} hours, more than {MAX_SECONDS // 3600}: "
        "cut it into parts.",
    )

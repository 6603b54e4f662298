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


FILTERS = frozenset(
    (
        # The picture on its grid, whole, in the colours and sizes of the rungs.
        *("setpts", "bwdif", "fps", "tpad", "trim", "split", "framestep", "scale", "setsar"),
        *("format", "setparams", "zscale", "tonemap"),
        # Looking at fields, light and edges, at borders and cuts, and at what stands still.
        *("concat", "cropdetect", "idet", "metadata", "scdet", "signalstats"),
        *("blackdetect", "convolution", "freezedetect", "select", "tile"),
        # The sound, measured, levelled and cut.
        *("asetnsamples", "asetpts", "aresample", "ebur128", "silencedetect", "volume", "alimiter"),
        *("aselect", "asplit", "apad", "atrim", "anullsrc", "aevalsrc"),
        *("aspectralstats", "astats", "ametadata"),
        # A still picture for sound that has none.
        *("gblur", "eq", "overlay", "loop", "aformat", "showwavespic", "color"),
        # Still pictures that move, one fading into the next.
        *("crop", "null", "xfade"),
        # A film to measure machines with.
        *("mandelbrot", "anoisesrc"),
    )
)
"""All filters that a command of ours may name. None opens a file but `metadata` and
`ametadata`, to write what they measured: the sandbox keeps that in the scratch folder."""

_GRAPHS = re.compile(r"-(?:filter_complex|lavfi|vf|af|filter(?::.*)?)")
_FROM_FILES = re.compile(r"-(?:/.*|filter_(?:complex_)?script(?::.*)?)")
"""Options whose value ffmpeg takes from a file: what is in it cannot be looked at here."""

_PIECES = re.compile(r"\\.|'[^']*'|[^\\';,]|[\\']", re.DOTALL)
_LABEL = re.compile(r"\s*\[[^\]]*\]")
_OWN_VALUE = re.compile(r"[=:]\s*/[^=:]*=")
"""An option of a filter whose value is taken from a file."""


def filters(graph: str) -> list[str]:
    """Return the filters of `graph`, each as it stands there with its options.

    Filters are parted by commas and semicolons that are neither quoted nor escaped.
    """
    found = [""]
    at = 0
    while at < len(graph):
        piece = _PIECES.match(graph, at)
        text = piece[0] if piece else graph[at]
        if text in (",", ";"):
            found.append("")
        else:
            found[-1] += text
        at += len(text)
    return [_without_labels(each) for each in found if each.strip()]


def _without_labels(text: str) -> str:
    while label := _LABEL.match(text):
        text = text[label.end() :]
    return text.strip()


def filter_name(text: str) -> str:
    """Return the name of a filter that is given with its options, as `filters` does."""
    return re.split(r"[=@\[\s]", text, maxsplit=1)[0]


def unguarded(argv: Sequence[str]) -> str | None:
    """Return why the ffmpeg or ffprobe command `argv` must not be run; None if it may.

    Every input is opened by a demuxer and a protocol that are named, unless it is
    a generator (lavfi); every filter is one of FILTERS.
    """
    options: list[str] = []
    inputs = 0
    for before, part in pairwise(argv):
        if _FROM_FILES.fullmatch(part):
            return f"{part} takes its value from a file"
        generated = options[-3:-1] == ["-f", "lavfi"]
        if _GRAPHS.fullmatch(before) or (before == "-i" and generated):
            foreign = _foreign(part)
            if foreign is not None:
                return f"a filter that is none of ours: {foreign}"
        if before == "-i":
            lacking = [f"-{name}" for name in GUARDS if f"-{name}" not in options]
            if lacking and not generated:
                return f"the input {part} has no {' and no '.join(lacking)}"
            inputs, options = inputs + 1, []
        else:
            options.append(part)
    return None if inputs else "it names no input"


def _foreign(graph: str) -> str | None:
    """Return a filter of `graph` that is not to be run."""
    return next(
        (
            each
            for each in filters(graph)
            if filter_name(each) not in FILTERS or _OWN_VALUE.search(each)
        ),
        None,
    )


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

"""SubRip (.srt) as WebVTT, line by line: what `check_webvtt` says of a line holds for the file.

The format has no specification; this takes what subtitle editors write. Each pattern reads a
line once, so a hostile file costs no more than its length.
"""

import re

HEADER = "WEBVTT\n\n"
_TIME = r"(\d{1,3}):(\d{1,2}):(\d{1,2})[,.](\d{1,3})"
_CUE = re.compile(rf"[ \t]*{_TIME}[ \t]*-->[ \t]*{_TIME}(?=[ \t]|$)", re.ASCII)
"""What follows the times are pixel coordinates of old players, which WebVTT does not know."""
_TAG = re.compile(r"<[^<>]*>|\{\\[^{}]*\}")
_KEPT = re.compile(r"</?[biu]>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|nbsp|lrm|rlm);)")


def is_subrip(text: str) -> bool:
    """Return whether `text` begins as SubRip does: a number, then times."""
    lines = [line.strip() for line in text.lstrip().split("\n", 2)[:2]]
    return bool(
        lines and (_CUE.match(lines[0]) or (lines[0].isdecimal() and _CUE.match(lines[-1])))
    )


def to_webvtt(text: str) -> str:
    """Return `text` as WebVTT: HEADER, and then one line for each of its lines."""
    return HEADER + "\n".join(_line(line) for line in text.split("\n"))


def _line(line: str) -> str:
    if times := _CUE.match(line):
        return f"{_time(*times.groups()[:4])} --> {_time(*times.groups()[4:])}"
    if "-->" in line:
        return line  # a time that is written otherwise: the check names the line
    return _TAG.sub(lambda tag: tag[0].lower() if _KEPT.fullmatch(tag[0]) else "", _plain(line))


def _time(hours: str, minutes: str, seconds: str, fraction: str) -> str:
    return f"{hours:0>2}:{minutes:0>2}:{seconds:0>2}.{fraction:0<3}"


def _plain(line: str) -> str:
    """Return `line` with what WebVTT would take for a tag or a reference written out."""
    line = _ENTITY.sub("&amp;", line)
    return re.sub(r"<(?![^<>]*>)", "&lt;", line)

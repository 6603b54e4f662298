"""WebVTT (W3C), as far as captions and storyboards are written in it."""

import re
from collections.abc import Iterator
from fractions import Fraction

import msgspec

from media_pipeline.verify.findings import Damaged

_HEADER = re.compile(r"WEBVTT(?:[ \t].*)?")
_MOMENT = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d\.\d{3})"
_TIMING = re.compile(rf"{_MOMENT}[ \t]+-->[ \t]+{_MOMENT}(?:[ \t].*)?")


class Cue(msgspec.Struct, frozen=True):
    """`text` from `start` to `end` (seconds); `line` is that of its times."""

    start: Fraction
    end: Fraction
    text: str
    line: int


def read_cues(data: bytes) -> tuple[Cue, ...]:
    """Return the cues of a file in their order; raise Damaged with the line (4.1)."""
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise Damaged("captions are UTF-8 text") from None
    if not lines or not _HEADER.fullmatch(lines[0]):
        raise Damaged("it does not start with WEBVTT", "line 1")
    return tuple(_cues(lines))


def _cues(lines: list[str]) -> Iterator[Cue]:
    for number, line in enumerate(lines):
        if "-->" not in line or _is_note(lines, number):
            continue
        found = _TIMING.fullmatch(line.strip())
        if found is None:
            raise Damaged("the times of a cue cannot be read", f"line {number + 1}")
        parts = [Fraction(part or 0) for part in found.groups()]
        start, end = (h * 3600 + m * 60 + s for h, m, s in (parts[:3], parts[3:]))
        yield Cue(start, end, "\n".join(_block(lines, number + 1)), number + 1)


def _block(lines: list[str], first: int) -> Iterator[str]:
    """Yield the lines from `first` to the next empty one."""
    for line in lines[first:]:
        if not line.strip():
            return
        yield line


def _is_note(lines: list[str], number: int) -> bool:
    """Say whether the line stands in a comment: a block that begins with NOTE."""
    while number and lines[number - 1].strip():
        number -= 1
    return lines[number].startswith("NOTE")

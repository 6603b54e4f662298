"""WebVTT (W3C), as far as captions and storyboards are written in it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import groupby, pairwise

import msgspec

from media_pipeline.verify.findings import Damaged

_HEADER = re.compile(r"WEBVTT(?:[ \t].*)?")
_MOMENT = r"(?:(\d{2,9}):)?([0-5]\d):([0-5]\d\.\d{3})"
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
    return tuple(cues(lines))


def cues(lines: Iterable[str]) -> Iterator[Cue]:
    """Yield the cues in `lines`, each of which is looked at once; raise Damaged with the line."""
    numbered = enumerate(lines, 1)
    for filled, block in groupby(numbered, key=lambda pair: bool(pair[1].strip())):
        if filled:
            yield from _in_block(tuple(block))


def _in_block(block: Sequence[tuple[int, str]]) -> Iterator[Cue]:
    """Yield the cues between two empty lines: times, and the text up to the next times."""
    if block[0][1].startswith("NOTE"):
        return
    times = [place for place, (_, line) in enumerate(block) if "-->" in line]
    for place, next_place in pairwise([*times, len(block)]):
        number, line = block[place]
        found = _TIMING.fullmatch(line.strip())
        if found is None:
            raise Damaged("the times of a cue cannot be read", f"line {number}")
        parts = [Fraction(part or 0) for part in found.groups()]
        start, end = (h * 3600 + m * 60 + s for h, m, s in (parts[:3], parts[3:]))
        text = "\n".join(line for _, line in block[place + 1 : next_place])
        yield Cue(start, end, text, number)

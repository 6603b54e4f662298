"""Captions in WebVTT (W3C): read as whole files, written as the segments that a channel shows.

The times in a segment are those of its publication, whichever channel plays it and when.
In HLS its X-TIMESTAMP-MAP leads to the clock of the media (RFC 8216, 3.5), in DASH the period.
"""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, islice
from sys import getsizeof
from typing import NamedTuple

from media_pipeline.model.ticks import TIMESCALE

_HEAD = "WEBVTT\n"
# hls.js takes a map that comes out as nought for none at all, and then the begin of the first
# segment that it was given for the begin of the film: no segment begins at 1.001 s.
_MAP = "X-TIMESTAMP-MAP=MPEGTS:90090,LOCAL:00:00:01.001\n"

MOST = 100
"""Cues of one segment; nobody reads more in four seconds."""

MOST_SAID = 20_000
"""Characters of a segment: what would be more is left out."""

_CUE = 250
"""Bytes of a cue besides its text."""

_MOMENT = r"(?:(\d{2,9}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_TIMES = re.compile(rf"{_MOMENT}[ \t]+-->[ \t]+{_MOMENT}(?:[ \t]+(.*))?")


class Cue(NamedTuple):
    """`text` from `start` to `end`, in milliseconds; `settings` say where it stands."""

    start: int
    end: int
    settings: str
    text: str


def read_cues(data: bytes) -> Iterator[Cue]:
    """Yield the cues of a file; what cannot be read is left out. Raises ValueError if it is none.

    Styles, regions, notes and names of cues are left out: a segment has no room for them.
    """
    lines = re.split(r"\r\n|\n|\r", data.decode("utf-8-sig"))
    if not re.match(r"WEBVTT(?:[ \t]|\Z)", lines[0]):
        raise ValueError("captions do not start with WEBVTT")
    times: re.Match[str] | None = None
    said: list[str] = []
    for line in [*lines[1:], ""]:
        if line and "-->" not in line:
            said.append(line)
            continue
        if times is not None and said:
            yield _cue(times, said)
        # The line above the times is a name: it is said of no cue.
        times, said = _TIMES.fullmatch(line.strip()), []


def _cue(times: re.Match[str], said: list[str]) -> Cue:
    parts = [int(part or 0) for part in times.groups()[:8]]
    start, end = (((h * 60 + m) * 60 + s) * 1000 + ms for h, m, s, ms in (parts[:4], parts[4:]))
    return Cue(start, end, times[9] or "", "\n".join(said))


class Cues:
    """The cues of a file, found by time."""

    def __init__(self, cues: Iterable[Cue]) -> None:
        self._cues: Sequence[Cue] = sorted(cues, key=lambda cue: cue.start)
        self._latest = array("q", accumulate((cue.end for cue in self._cues), max))

    def segment(self, start: int, end: int) -> str:
        """The WebVTT of the ticks [start, end) of the publication.

        A cue that crosses a border is cut there: each moment of it is in one segment and no
        other, so that it is never shown twice, nor after what it belongs to. What is more than
        MOST and MOST_SAID is left out: every viewer would be sent it each four seconds.
        """
        bounds = (start * 1000 // TIMESCALE, end * 1000 // TIMESCALE)
        return _HEAD + _MAP + "".join(_bounded(map(_text, self._between(*bounds))))

    @property
    def weight(self) -> int:
        """About how many bytes they take in memory."""
        return sum(_CUE + getsizeof(cue.text) + len(cue.settings) for cue in self._cues)

    def _between(self, start: int, end: int) -> Iterator[Cue]:
        first = bisect_right(self._latest, start)
        last = bisect_left(self._cues, end, key=lambda cue: cue.start)
        for cue in self._cues[first:last]:
            begin, finish = max(cue.start, start), min(cue.end, end)
            if begin < finish:
                yield cue._replace(start=begin, end=finish)


def _bounded(told: Iterable[str]) -> Iterator[str]:
    said = 0
    for text in islice(told, MOST):
        if said + len(text) <= MOST_SAID:
            said += len(text)
            yield text


def document(cues: Iterable[Cue]) -> str:
    """A file of `cues` whose times are its own."""
    return _HEAD + "".join(map(_text, cues))


def _text(cue: Cue) -> str:
    times = f"{_clock(cue.start)} --> {_clock(cue.end)}"
    return f"\n{times}{' ' * bool(cue.settings)}{cue.settings}\n{cue.text}\n"


def _clock(millis: int) -> str:
    seconds, millis = divmod(millis, 1000)
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}.{millis:03}"


EMPTY = Cues(()).segment(0, 0)
"""A segment in which nothing is said."""

"""Which window an address asks for.

    /live/<channel>/<file>                  live: the last minute
    /live/<channel>/dvr/<file>              pause and seek back: the last four hours
    /live/<channel>/<start>-/<file>         start-over: from `start` (seconds since 1970) on
    /live/<channel>/<start>-<end>/<file>    catch-up

The window is a folder, so that addresses inside a playlist stay relative and a cache in
front needs to know nothing of queries. `?start=…&end=…` asks for the same.
"""

import re
from datetime import datetime
from urllib.parse import parse_qs

import msgspec

from media_pipeline.model.ticks import TIMESCALE, ticks_in, ticks_of
from media_pipeline.playout import Skip

KEPT = ticks_in(7 * 86_400)
"""How far back catch-up goes."""

LONGEST = ticks_in(12 * 3600)
"""How much one playlist holds: 10,800 segments, some 60 kB packed."""

DVR_FOLDER = "dvr"

_FOLDER = re.compile(r"([1-9]\d{0,10})-([1-9]\d{0,10})?\Z")
_SECONDS = re.compile(r"[1-9]\d{0,10}(\.\d{1,6})?\Z")
_PUBLICATION = re.compile(r"[0-9a-f]{32}\Z")
_LEEWAY = ticks_in(60)


def names_publication(name: str) -> bool:
    """Whether `name`, which strangers sent, may be that of a publication."""
    return _PUBLICATION.match(name) is not None


class Refused(Exception):
    """An address that asks for nothing that there is; `status` and one sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


class Stretch(msgspec.Struct, frozen=True):
    """What begins in [start, end), in ticks since 1970; `folder` is its name in addresses."""

    start: int
    end: int
    folder: str


def stretch_of(folder: str, now: int) -> Stretch | None:
    """The stretch that `folder` names, None if it is no such name; raises Refused."""
    found = _FOLDER.match(folder)
    if found is None:
        return None
    start = int(found[1]) * TIMESCALE
    return _stretch(start, int(found[2]) * TIMESCALE if found[2] else None, now)


def stretch_asked(query: bytes, now: int) -> Stretch | None:
    """The stretch of `?start=…&end=…`, None if nothing of it is asked for; raises Refused."""
    if b"start=" not in query and b"end=" not in query:
        # Nearly all who watch live, who need nothing parsed.
        return None
    asked = parse_qs(query.decode("ascii", "replace"), keep_blank_values=True)
    if "start" not in asked and "end" not in asked:
        return None
    start, end = asked.get("start", [""])[0], asked.get("end", [""])[0]
    return _stretch(_moment(start), _moment(end) if end else None, now)


def skip_of(query: bytes) -> Skip:
    """Which delta update is asked for by `_HLS_skip` (RFC 8216bis, 6.2.5)."""
    if b"_HLS_skip=v2" in query:
        return "v2"
    return "YES" if b"_HLS_skip=YES" in query else ""


def _moment(text: str) -> int:
    if _SECONDS.match(text):
        return ticks_in(float(text))
    try:
        # A plus sign in a query is a blank.
        moment = datetime.fromisoformat(text.replace(" ", "+"))
        if moment.tzinfo is not None:
            return ticks_of(moment)
    except (ValueError, OverflowError):
        pass
    raise Refused(400, "start and end are seconds since 1970, or like 2026-11-24T05:00:00Z.")


def _stretch(start: int, end: int | None, now: int) -> Stretch:
    if end is not None and end <= start:
        raise Refused(400, "The end must come after the start.")
    # An address has whole seconds: what was asked for lies inside of them.
    start, end = start // TIMESCALE * TIMESCALE, end and -(-end // TIMESCALE) * TIMESCALE
    if end is not None and end - start > LONGEST + TIMESCALE:
        raise Refused(400, "At most 12 hours fit in one playlist: ask for less.")
    if start < now - KEPT - _LEEWAY:
        raise Refused(404, "What was on air is kept for 7 days: ask for a later start.")
    if start > now:
        raise Refused(404, "This has not been on air yet.")
    folder = f"{start // TIMESCALE}-{'' if end is None else end // TIMESCALE}"
    return Stretch(start, start + LONGEST if end is None else end, folder)

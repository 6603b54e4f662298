"""The channel's unit of time: ticks of 1/90,000 second.

One frame of each house frame rate (24, 25, 30, 50, 60) is a whole number of
ticks, so durations add up without rounding for years (CMAF, ISO/IEC 23000-19).
"""

from datetime import UTC, datetime, timedelta

TIMESCALE = 90_000
"""Ticks in a second."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECONDS = 1_000_000


def ticks_of(moment: datetime) -> int:
    """Return the ticks from 1970-01-01T00:00Z to an aware `moment`, rounded down."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    since = moment - _EPOCH
    whole = (since.days * 86_400 + since.seconds) * TIMESCALE
    return whole + since.microseconds * TIMESCALE // _MICROSECONDS


def moment_of(ticks: int) -> datetime:
    """Return the UTC moment of `ticks` since 1970, rounded up to the microsecond.

    So `ticks_of` gives the same ticks back: what may begin at a tick may begin at its moment.
    """
    return _EPOCH + timedelta(microseconds=-(-ticks * _MICROSECONDS // TIMESCALE))


def seconds_of(ticks: int) -> float:
    """Return `ticks` as seconds."""
    return ticks / TIMESCALE


def milliseconds_in(ticks: int) -> int:
    """Return the whole milliseconds in `ticks`."""
    return ticks * 1000 // TIMESCALE


def ticks_in(seconds: float) -> int:
    """Return `seconds` as the nearest whole number of ticks."""
    return round(seconds * TIMESCALE)

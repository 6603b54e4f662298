"""Bandwidths as RFC 8216 means them."""

from collections.abc import Sequence

from media_pipeline.model.plan import SEGMENT_SECONDS
from media_pipeline.model.publication import Segment


def peak_rate(segments: Sequence[Segment], timescale: int) -> int:
    """Return the peak bit rate, in bits per second, rounded up.

    The largest of any run of segments that lasts between 0.5 and 1.5 target
    durations (RFC 8216, 4.1), so a last segment of half a second, which is
    nearly all key frame, counts together with the one before.
    """
    peaks = (_peak_from(segments, first, timescale) for first in range(len(segments)))
    # A title shorter than half a target duration has no such run.
    return max(peaks, default=0) or average_rate(segments, timescale)


def average_rate(segments: Sequence[Segment], timescale: int) -> int:
    """Return the bit rate over all `segments`, in bits per second, rounded up."""
    length, duration = sum(s.length for s in segments), sum(s.duration for s in segments)
    return _rate(length, duration, timescale) if segments else 0


def _peak_from(segments: Sequence[Segment], first: int, timescale: int) -> int:
    """Return the peak over the runs that start at segment `first`; 0 if none is long enough."""
    target = timescale * SEGMENT_SECONDS
    peak = length = duration = 0
    for segment in segments[first:]:
        length, duration = length + segment.length, duration + segment.duration
        if duration > target * 1.5:
            break
        if duration >= target * 0.5:
            peak = max(peak, _rate(length, duration, timescale))
    return peak


def _rate(length: int, duration: int, timescale: int) -> int:
    return -(-length * 8 * timescale // max(1, duration))

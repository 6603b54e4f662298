"""Bandwidths as RFC 8216 means them: measured, or promised of what is still to be encoded."""

from collections.abc import Sequence
from fractions import Fraction

from media_pipeline.model.plan import (
    AUDIO_RATE,
    SEGMENT_SECONDS,
    Audio,
    EncodePlan,
    Rung,
)
from media_pipeline.model.publication import Segment

_TABLE_BITS = 16 * 8
"""What the tables of a fragment hold at most of one frame: its length, size, flags and offset."""

_LENGTH_BITS = 4 * 8
"""The same of a frame of sound: all but its length is that of the others."""

_HEAD_BITS = 512 * 8
"""Boxes around a segment, and the parameter sets in it, which no encoder counts."""

_CODER = Fraction(105, 100)
"""A cap is kept by foresight: the last frame of a burst may pass it."""

_SOUND_PEAK, _SOUND_AVERAGE = Fraction(135, 100), Fraction(125, 100)
"""How far AAC passes the rate that it is asked for, in a few seconds and over a title: clean
speech takes a fifth more, noise, bursts and tones a tenth at most."""


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


def promised_video(rung: Rung, plan: EncodePlan) -> tuple[int, int]:
    """Return peak and average bit rate that `rung` of `plan` may reach at most.

    An encoder with a cap may spend its whole buffer in any run of segments, on
    top of the cap (ITU-T H.264, C.1); the shorter the run, the more that is a second.
    """
    frame_rate = Fraction(plan.frame_rate, rung.step)
    shortest = _shortest_run(plan)
    boxes = _TABLE_BITS * frame_rate + _HEAD_BITS / shortest
    peak = (rung.maxrate + rung.bufsize / shortest) * _CODER + boxes
    # Over the title the buffer is spent once for each chunk, which fills it anew.
    fills = len(plan.chunks) * rung.bufsize / Fraction(plan.frames, plan.frame_rate)
    return -(-peak // 1), -(-min(peak, (rung.maxrate + fills) * _CODER + boxes) // 1)


def promised_sound(sound: Audio) -> tuple[int, int]:
    """Return peak and average bit rate that `sound` may reach at most."""
    frames = Fraction(AUDIO_RATE, sound.frame)
    boxes = round(_LENGTH_BITS * frames + Fraction(_HEAD_BITS, SEGMENT_SECONDS))
    return (
        int(sound.bitrate * _SOUND_PEAK) + boxes,
        int(sound.bitrate * _SOUND_AVERAGE) + boxes,
    )


def _shortest_run(plan: EncodePlan) -> Fraction:
    """Return the seconds of the shortest run of segments that counts for a peak (RFC 8216, 4.1)."""
    lengths = [Fraction(frames, plan.frame_rate) for frames in plan.segments]
    whole = Fraction(sum(plan.segments), plan.frame_rate)
    # All segments but the last are as long as the target.
    runs = [lengths[-1], sum(lengths[-2:], Fraction(0)), lengths[0]]
    counted = [run for run in runs if run * 2 >= SEGMENT_SECONDS]
    return min(counted, default=whole)


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

"""What a limiter takes from the loudness of a sound, and the gain that gives it back. Pure.

A sound is limited on trial at a few levels while it is measured; between them the loss is
interpolated (docs/decisions/019-sound.md).
"""

from itertools import pairwise
from typing import NamedTuple

LIMITS = (-3.0, -9.0, -15.0, -21.0)
"""Where sounds are limited on trial, in dBFS before any gain."""

_MOST = 6.0
"""dB: what is limited by more is heard to be."""

_STEP = 0.1
_WORTH = 1 / 3
"""Loudness that a dB has to give: below it the limiter takes more than it leaves."""


class Trial(NamedTuple):
    """How loud parts of a sound are, in LUFS: as they are, and limited at each of LIMITS."""

    free: float
    limited: tuple[float, ...]

    def loss(self, limit: float, peak: float) -> float:
        """Return the LU that a limiter at `limit` dBFS takes from a sound of this sample peak."""
        known = [(peak, 0.0)]
        for level, loudness in zip(LIMITS, self.limited, strict=True):
            if level < peak:
                known.append((level, max(known[-1][1], self.free - loudness)))
        if limit >= peak:
            return 0.0
        for (upper, less), (lower, more) in pairwise(known):
            if limit >= lower:
                return less + (more - less) * (upper - limit) / (upper - lower)
        return known[-1][1]


def made_up(
    gain: float, *, loudness: float, peak: float, trial: Trial, ceiling: float, target: float
) -> float:
    """Return `gain` and what more it takes, in dB, to come out at `target` LUFS.

    `loudness` and sample `peak` are those of the sound before any gain, `ceiling` is where the
    limiter stands behind it. At most 6 dB more, and none that would be limited away again.
    """

    def heard(more: float) -> float:
        return loudness + gain + more - trial.loss(ceiling - gain - more, peak)

    steps = 0
    while steps * _STEP < _MOST and heard(steps * _STEP) < target:
        gained = heard((steps + 1) * _STEP) - heard(steps * _STEP)
        if gained < _WORTH * _STEP:
            break
        steps += 1
    return gain + steps * _STEP

"""Which rungs a source gets, and the house frame rate."""

from typing import NamedTuple

from media_pipeline.model.analysis import Analysis, Content
from media_pipeline.model.plan import Rung
from media_pipeline.model.source import VideoStream

HOUSE_RATES = (24, 25, 30, 50, 60)
"""Integer rates only: at 29.97, video and audio segments drift apart by one an hour."""

_LOW_RATE = 30
"""Rungs up to 480 lines show at most this many frames a second: bytes are what counts there."""

_CAPPED = 1.15
"""A source this much taller than its highest full rung gets one more, at its own size."""


class _Step(NamedTuple):
    """One line of the ladder: short side, largest rate in kbit/s."""

    lines: int
    preset: str
    crf: int
    kbits: int


# Slow where pixels are few and viewers pay by the megabyte, fast where CPU goes: measured
# at 0.62 of the CPU of one `medium` process a rung.
_STEPS = (
    _Step(144, "slow", 23, 200),
    _Step(240, "slow", 23, 400),
    _Step(360, "slow", 23, 800),
    _Step(480, "medium", 23, 1_400),
    _Step(720, "fast", 23, 3_000),
    _Step(1080, "veryfast", 23, 5_500),
)


def house_rate(frame_rate: float) -> int:
    """Return the integer rate nearest to `frame_rate` (23.976 → 24, 29.97 → 30, 15 → 24)."""
    return min(HOUSE_RATES, key=lambda rate: (abs(rate - frame_rate), rate))


def ladder(video: VideoStream, rate: int, analysis: Analysis | None = None) -> tuple[Rung, ...]:
    """Return the rungs for `video` at the house `rate`, lowest first.

    By the short side, so that portrait stays portrait; never upscaled. The
    lowest rung is always there, at the source's own size if that is smaller.
    """
    lines = min(video.width, video.height)
    full = [step for step in _STEPS if step.lines <= lines]
    content = analysis.content if analysis else "ordinary"
    rungs = [_rung(step, step.lines, video, rate, content) for step in full]
    above = _STEPS[len(full) : len(full) + 1]
    if above and (not full or lines >= full[-1].lines * _CAPPED):
        rungs.append(_rung(above[0], lines, video, rate, content))
    return tuple(rungs)


def _rung(step: _Step, lines: int, video: VideoStream, rate: int, content: Content) -> Rung:
    width, height = _fit(video.width, video.height, lines)
    halved = rate > _LOW_RATE and step.lines <= 480
    # Twice the frames need about half as many bits again: they differ less.
    kbits = step.kbits * (3 if rate > _LOW_RATE and not halved else 2) // 2
    return Rung(
        name=f"v{step.lines}",
        width=width,
        height=height,
        preset=step.preset,
        crf=step.crf,
        maxrate=kbits * 1_000,
        bufsize=kbits * 1_500,
        step=2 if halved else 1,
        reason=f"{content} picture: quality {step.crf}, at most {kbits} kbit/s",
    )


def _fit(width: int, height: int, lines: int) -> tuple[int, int]:
    """Return the even size of the same shape whose short side is `lines` (4:2:0 needs even)."""
    short, long = min(width, height), max(width, height)
    small = max(2, lines // 2 * 2)
    large = max(2, round(long * small / short / 2) * 2)
    return (large, small) if width >= height else (small, large)

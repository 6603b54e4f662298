"""Which rungs a source gets, and the house frame rate."""

from typing import NamedTuple

import msgspec

from media_pipeline.model.analysis import Analysis, Content
from media_pipeline.model.plan import Rung
from media_pipeline.model.source import VideoStream

HOUSE_RATES = (24, 25, 30, 50, 60)
"""Integer rates only: at 29.97, video and audio segments drift apart by one an hour."""

_LOW_RATE = 30
"""Rungs up to 480 lines show at most this many frames a second: bytes are what counts there."""

_STILLS = 3
"""A film of fewer pictures a second is a row of stills: its house rate is the lowest."""

_CAPPED = 1.15
"""A source this much taller than its highest full rung gets one more, at its own size."""


class _Step(NamedTuple):
    """One line of the ladder: short side, encoder preset, largest rate in kbit/s, more tuning."""

    lines: int
    preset: str
    kbits: int
    tuning: str = ""


# Slow where pixels are few and viewers pay by the megabyte, fast where CPU goes (docs/ladder.md).
_STEPS = (
    _Step(144, "slow", 200),
    _Step(240, "slow", 400),
    _Step(360, "slow", 800),
    _Step(480, "slow", 1_400),
    # A third reference frame costs more at this size than it saves.
    _Step(720, "medium", 3_000, "ref=2:mixed-refs=0"),
    _Step(1080, "veryfast", 5_500),
)

_TUNING = "bframes=8:psy-rd=0.5,0"
"""B-frames cost few bits and less CPU than the P-frames that they replace: a tenth of the bytes.

Half of psy-rd: on small screens its grain is paid for and not seen; XPSNR and VMAF agree.
"""


class _Class(NamedTuple):
    """What a kind of picture gets: quality (x264's CRF), part of the cap, and why."""

    crf: int
    cap: float
    why: str


_CLASSES: dict[Content, _Class] = {
    # At CRF 23 a match has VMAF 99 and a speaker 94: haste hides what coding does to a picture.
    "slides": _Class(24, 0.4, "slides, which stand still"),
    "talking": _Class(23, 0.7, "a speaker before a still background"),
    "ordinary": _Class(24, 1.0, "an ordinary picture"),
    "busy": _Class(26, 1.0, "a picture that changes everywhere at once"),
}

_SPARSE = {144, 360, 720, 1080}
"""Rungs of slides: with the sound, those between cost within a quarter of the next."""


def house_rate(frame_rate: float) -> int:
    """Return the integer rate nearest to `frame_rate` (23.976 → 24, 29.97 → 30).

    A slower film gets the rate that shows its pictures equally often (12.5 → 25, 15 → 30):
    at 24, some pictures of 15 a second would stand for one frame and others for two. Of
    stills, one frame more or less is not seen, and the lowest rate is the cheapest.
    """
    if frame_rate < _STILLS:
        return HOUSE_RATES[0]
    if frame_rate < HOUSE_RATES[0]:
        slow = (rate for rate in HOUSE_RATES if rate <= _LOW_RATE)
        return min(slow, key=lambda rate: (_unevenness(frame_rate, rate), rate))
    return min(HOUSE_RATES, key=lambda rate: (abs(rate - frame_rate), rate))


def _unevenness(frame_rate: float, rate: int) -> float:
    """Return how far `rate` is from a whole multiple of `frame_rate`, as a part of it.

    Rounded, so that 14.985 is as even as 15.
    """
    times = rate / frame_rate
    return round(abs(times / max(1, round(times)) - 1), 2)


def ladder(video: VideoStream, rate: int, analysis: Analysis | None = None) -> tuple[Rung, ...]:
    """Return the rungs for `video` at the house `rate`, lowest first.

    By the short side, so that portrait stays portrait; never upscaled. The
    lowest rung is always there, at the source's own size if that is smaller.
    """
    lines = min(video.width, video.height)
    content = analysis.content if analysis else "ordinary"
    full = [step for step in _STEPS if step.lines <= lines]
    above = _STEPS[len(full) : len(full) + 1]
    top = full[-1].lines if full else 0
    wanted = [step for step in full if content != "slides" or step.lines in {*_SPARSE, top}]
    rungs = [_rung(step, step.lines, video, rate, _CLASSES[content]) for step in wanted]
    if above and (not full or lines >= top * _CAPPED):
        rungs.append(_rung(above[0], lines, video, rate, _CLASSES[content]))
    return tuple(rungs)


def av1_rungs(rungs: tuple[Rung, ...], analysis: Analysis | None = None) -> tuple[Rung, ...]:
    """Return the AV1 rungs that go with the H.264 `rungs`: of the same sizes, from 240 to 720.

    Lower, the sound is most of what is paid for; higher, processor time is.
    """
    # Of an animated film preset 8 makes more bytes than x264 at the same XPSNR (docs/ladder.md).
    careful = analysis is None or analysis.content == "ordinary"
    wanted = (rung for rung in rungs if 240 <= int(rung.name[1:]) <= 720)
    return tuple(_modern(rung, careful=careful) for rung in wanted)


def _modern(rung: Rung, *, careful: bool) -> Rung:
    # SVT-AV1's scale is another: 12 above x264's is about the same quality.
    crf, cap = rung.crf + 12, rung.maxrate * 2 // 3_000 * 1_000
    preset = "6" if careful or min(rung.width, rung.height) <= 480 else "8"
    return msgspec.structs.replace(
        rung,
        name=f"x{rung.name[1:]}",
        codec="av1",
        preset=preset,
        crf=crf,
        maxrate=cap,
        bufsize=cap * 3 // 2,
        tuning="",
        reason=f"as {rung.name}, for players that decode AV1: quality {crf}, "
        f"at most {cap // 1000} kbit/s",
    )


def _rung(step: _Step, lines: int, video: VideoStream, rate: int, kind: _Class) -> Rung:
    width, height = _fit(video.width, video.height, lines)
    halved = rate > _LOW_RATE and step.lines <= 480
    # Twice the frames need about half as many bits again: they differ less.
    kbits = round(step.kbits * kind.cap * (1.5 if rate > _LOW_RATE and not halved else 1))
    shown = rate // 2 if halved else rate
    return Rung(
        name=f"v{step.lines}",
        width=width,
        height=height,
        preset=step.preset,
        crf=kind.crf,
        maxrate=kbits * 1_000,
        bufsize=kbits * 1_500,
        step=2 if halved else 1,
        tuning=":".join(filter(None, (_TUNING, step.tuning))),
        reason=f"{kind.why}: quality {kind.crf} at {shown} frames/s, at most {kbits} kbit/s",
    )


def _fit(width: int, height: int, lines: int) -> tuple[int, int]:
    """Return the even size of the same shape whose short side is `lines` (4:2:0 needs even)."""
    short, long = min(width, height), max(width, height)
    small = max(2, lines // 2 * 2)
    large = max(2, round(long * small / short / 2) * 2)
    return (large, small) if width >= height else (small, large)

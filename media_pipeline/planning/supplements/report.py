"""What is known of a title to what an editor may want to know. Pure."""

from collections.abc import Iterable, Iterator, Sequence

from media_pipeline.model.report import Finding, Heard, Stretch, Watched
from media_pipeline.model.work import Job
from media_pipeline.planning.sound import TARGET_LOUDNESS

_LOW_LINES = 480
_LOW_RATE = 20
_DARK = 0.2
"""Mean brightness, of 1, below which people on a sunlit market see little."""

_BARS = 0.06
"""Part of the picture that black bars have to take to be worth a word."""

_BLACK_SECONDS = 1.5
_SILENT_SECONDS = 5
_MOSTLY = 0.6
"""A picture that stands still for more than this is made of slides, and no fault."""

_HEARD_DECIBELS = 2
"""A change of loudness that is worth a word."""

_LOUDEST_CLEAN = -11.0
"""LUFS. Louder with samples at full scale, a recording was overdriven."""


def report(job: Job, watched: Watched, heard: Heard) -> tuple[Finding, ...]:
    """Return what was found out about the title of `job`: the picture first, then the sound."""
    if job.source.sound_only:
        return (Finding("sound_only"), *_sound(job, heard))
    return (
        *_shape(job),
        *_light(job, watched),
        *_stretches(job, watched),
        *_length(job),
        *_sound(job, heard),
    )


def _shape(job: Job) -> Iterator[Finding]:
    video = job.source.video
    lines = min(video.width, video.height)
    if video.height > video.width:
        yield Finding("portrait")
    if lines <= _LOW_LINES:
        yield Finding("low_resolution", {"lines": lines})
    if video.frame_rate < _LOW_RATE:
        yield Finding("low_frame_rate", {"rate": round(video.frame_rate, 1)})
    if video.variable:
        yield Finding("variable_rate", {"rate": job.plan.frame_rate})
    scan = job.plan.video.scan
    if scan in ("top", "bottom") or (scan == "told" and video.interlaced):
        yield Finding("interlaced")
    if job.source.other_pictures:
        yield Finding("other_pictures", {"count": job.source.other_pictures})
    bars = job.analysis.bars if job.analysis else None
    if bars is not None and bars.area >= _BARS:
        yield Finding("black_bars", {"percent": round(bars.area * 100)})


def _light(job: Job, watched: Watched) -> Iterator[Finding]:
    video = job.source.video
    if video.high_dynamic_range:
        kind = "HDR10" if video.transfer == "smpte2084" else "HLG"
        yield Finding("high_dynamic_range", {"kind": kind})
    if video.dolby_alone:
        yield Finding("dolby_vision")
    lit = [
        (look.luma - 16) / 219
        for look in watched.looks
        if not any(black.start <= look.at <= black.end for black in watched.black)
    ]
    if lit and sum(lit) / len(lit) < _DARK:
        yield Finding("dark", {"percent": max(0, round(sum(lit) / len(lit) * 100))})


def _stretches(job: Job, watched: Watched) -> Iterator[Finding]:
    """Yield where the picture is black or stands still."""
    end = job.plan.seconds
    black = [s for s in watched.black if s.seconds >= _BLACK_SECONDS]
    first = [s for s in black if s.start < 0.2]
    last = [s for s in black if s.end > end - 0.2 and s not in first]
    between = [s for s in black if s not in first and s not in last]
    if first:
        yield Finding("black_start", {"seconds": round(first[0].seconds, 1)})
    if last:
        yield Finding("black_end", {"seconds": round(last[0].seconds, 1)})
    if between:
        yield _longest("black_parts", between)
    still = [s for s in watched.frozen if not _inside(s, watched.black)]
    slides = job.analysis is not None and job.analysis.content == "slides"
    if still and not slides and sum(s.seconds for s in still) < end * _MOSTLY:
        yield _longest("frozen", still)


def _length(job: Job) -> Iterator[Finding]:
    """Yield whether the picture ends long before the file says that it does."""
    seconds, claimed = job.plan.seconds, job.source.duration
    if claimed - seconds > max(3, claimed * 0.02):
        yield Finding("truncated", {"until": round(seconds), "claimed": round(claimed)})


def _sound(job: Job, heard: Heard) -> Iterator[Finding]:
    if job.plan.audio.track is None:
        yield Finding("no_sound")
        return
    if heard.loudness is None or heard.loudness < -50:
        yield Finding("near_silence")
    else:
        yield from _loudness(heard, heard.loudness)
        silent = [s for s in heard.silences if s.seconds >= _SILENT_SECONDS]
        if silent:
            yield _longest("silent_parts", silent)
    if len(job.source.audio) > 1:
        languages = tuple(track.language for track in job.source.audio)
        yield Finding("languages", {"languages": languages})


def _loudness(heard: Heard, loudness: float) -> Iterator[Finding]:
    decibels = round(abs(heard.gain))
    if loudness + heard.gain < TARGET_LOUDNESS - 1:
        yield Finding("very_quiet", {"loudness": round(loudness), "decibels": decibels})
    elif decibels >= _HEARD_DECIBELS:
        yield Finding("raised" if heard.gain > 0 else "lowered", {"decibels": decibels})
    if heard.peak is not None and heard.peak >= -0.1 and loudness >= _LOUDEST_CLEAN:
        yield Finding("clipped", {"peak": round(heard.peak, 1)})


def _longest(code: str, stretches: Sequence[Stretch]) -> Finding:
    longest = max(stretches, key=lambda s: s.seconds)
    at, seconds = round(longest.start), round(longest.seconds)
    return Finding(code, {"count": len(stretches), "at": at, "seconds": seconds})


def _inside(stretch: Stretch, others: Iterable[Stretch]) -> bool:
    middle = (stretch.start + stretch.end) / 2
    return any(other.start <= middle <= other.end for other in others)

"""Source facts to a plan."""

from fractions import Fraction

import msgspec

from media_pipeline.model.analysis import Analysis
from media_pipeline.model.plan import AUDIO_RATE, EncodePlan
from media_pipeline.model.source import Extent, Source, VideoStream
from media_pipeline.planning.chunks import chunks, segment_frames
from media_pipeline.planning.tracks import sounds_of
from media_pipeline.planning.video.ladder import av1_rungs, house_rate, ladder


def make_plan(
    source: Source,
    extent: Extent,
    analysis: Analysis | None = None,
    *,
    workers: int = 1,
    av1: bool = False,
    opus: bool = False,
) -> EncodePlan:
    """Return what `workers` will encode from `source`, whose picture covers `extent`.

    Without `analysis` the picture is taken for an ordinary one. With `av1` there
    are rungs in AV1 besides, with `opus` sounds in Opus.
    """
    rate = house_rate(_nominal_rate(source.video, extent))
    rungs = ladder(source.video, rate, analysis)
    zero = _zero(source, extent, rate)
    base = source.video.time_base
    frames = max(1, round((extent.end - zero) * base * rate))
    # Low rungs of fast material show every second frame: an odd last one would leave them longer.
    longest_step = max(rung.step for rung in rungs)
    frames = max(longest_step, frames // longest_step * longest_step)
    segments = segment_frames(frames, rate)
    keys = [float((time - zero) * base * rate) for time in extent.keys]
    return EncodePlan(
        video=msgspec.structs.replace(source.video, scan=analysis.scan if analysis else "told"),
        frame_rate=rate,
        frames=frames,
        zero=zero,
        file_start=source.start,
        rungs=rungs,
        av1_rungs=av1_rungs(rungs, analysis) if av1 else (),
        chunks=chunks(segments, rate, workers, keys),
        segments=segments,
        opus=opus,
        sounds=sounds_of(source, frames * AUDIO_RATE // rate),
    )


def _nominal_rate(video: VideoStream, extent: Extent) -> float:
    """Return the pictures a second that the recorder was set to.

    A phone that skips pictures in the dark averages 26 of 30: made to 25, a seventh of those
    that it did record would go.
    """
    if not extent.interval:
        return video.frame_rate
    return max(video.frame_rate, float(1 / (extent.interval * video.time_base)))


def _zero(source: Source, extent: Extent, rate: int) -> int:
    """Return the tick at which the publication starts.

    That is the first frame, or earlier by whole frames where the sound leads:
    the first picture then stands until the second comes.
    """
    base, track = source.video.time_base, source.voice
    if track is None:
        return extent.start
    lead = extent.start * base - Fraction(track.start).limit_denominator(1_000_000)
    whole = max(0, lead * rate // 1)
    return extent.start - round(Fraction(whole, rate) / base)

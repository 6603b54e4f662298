"""What can be played of a title that is being made. Pure, and the same for every reader."""

from collections.abc import Iterable
from sys import intern

import msgspec

from media_pipeline.model.keys import init_uri
from media_pipeline.model.plan import AUDIO_RATE, Audio, Rung
from media_pipeline.model.publication import Publication, Rendition, Segment, Span
from media_pipeline.model.rates import promised_sound, promised_video
from media_pipeline.model.ticks import TIMESCALE
from media_pipeline.model.work import Job, Made, Part

_LEVELS = (
    # Macroblocks a frame and a second, and kbit/s of High profile (ITU-T H.264, table A-1).
    (396, 11_880, 2_500, 0x14),
    (792, 19_800, 5_000, 0x15),
    (1_620, 40_500, 12_500, 0x1E),
    (3_600, 108_000, 17_500, 0x1F),
    (8_192, 245_760, 25_000, 0x28),
    (8_704, 522_240, 62_500, 0x2A),
    (36_864, 983_040, 300_000, 0x33),
)


def grown(job: Job, parts: Iterable[Part]) -> Publication:
    """Return the growing publication that `parts` of `job` make.

    Every planned rendition is there, each with the segments that follow one
    another from the first, so some may be ahead of others and some have none
    yet. Bandwidths are what each may need at most, until they can be measured:
    players read them once, and stall on what costs more than was said.
    """
    parts = tuple(parts)
    plan, made = job.plan, tracks(job, parts)
    return Publication(
        id=job.publication,
        state="growing",
        created=job.created,
        frame_rate=plan.frame_rate,
        width=plan.rungs[-1].width,
        height=plan.rungs[-1].height,
        renditions=(
            *(_video(rung, job, made[rung.name]) for rung in plan.rungs),
            *(_audio(sound, job, made[sound.name]) for sound in plan.sounds),
        ),
        loudness=loudness(parts),
        sound_only=job.source.sound_only,
    )


def late_renditions(job: Job, parts: Iterable[Part]) -> tuple[Rendition, ...]:
    """Return the later sounds and the AV1 renditions of a title whose `parts` are all there.

    A title that grows does not list them: they come last, and players would wait for them.
    """
    made = tracks(job, parts)
    plan = job.plan
    high = {sound.name for sound in (*plan.high_sounds, *plan.opus_high_sounds)}
    sounds = (_audio(sound, job, made[sound.name]) for sound in plan.late_sounds)
    return (
        *(msgspec.structs.replace(sound, high=sound.name in high) for sound in sounds),
        *(_video(rung, job, made[rung.name]) for rung in plan.av1_rungs),
    )


def playable(publication: Publication) -> bool:
    """Whether a player would show something: one rung and every sound have begun."""
    sounds = [r for r in publication.renditions if r.kind == "audio"]
    return any(r.segments for r in publication.videos) and all(r.segments for r in sounds)


def tracks(job: Job, parts: Iterable[Part]) -> dict[str, Made]:
    """Return what is there of each rendition of `job` without a gap from the first segment."""
    plan = job.plan
    rungs, sounds = (*plan.rungs, *plan.av1_rungs), (*plan.sounds, *plan.late_sounds)
    names = [*(rung.name for rung in rungs), *(sound.name for sound in sounds)]
    pieces: dict[str, list[Made]] = {name: [] for name in names}
    for part in parts:
        for name, made in part.tracks.items():
            if name in pieces:
                pieces[name].append(made)
    return {name: _joined(found) for name, found in pieces.items()}


def loudness(parts: Iterable[Part]) -> float | None:
    """Return the loudness in LUFS that the sound's task measured, or None."""
    return next((part.loudness for part in parts if part.loudness is not None), None)


def _joined(pieces: list[Made]) -> Made:
    """Join pieces end to end; they may overlap, since a task may have been done twice."""
    segments: list[Segment] = []
    for piece in sorted(pieces, key=lambda made: made.first):
        if piece.first > len(segments):
            break
        segments += piece.segments[len(segments) - piece.first :]
    if not segments:
        return Made("", b"", 0, ())
    first = min(pieces, key=lambda made: made.first)
    return Made(first.codec, first.init, 0, tuple(segments))


def _video(rung: Rung, job: Job, made: Made) -> Rendition:
    """Return the rendition of `rung` of `job`, as far as it is `made`."""
    plan = job.plan
    peak, average = promised_video(rung, plan)
    return Rendition(
        name=rung.name,
        kind="video",
        codec=made.codec or _promised_codec(rung, plan.frame_rate),
        timescale=TIMESCALE,
        init=_init(rung.name, job, made),
        segments=made.segments,
        bandwidth=peak,
        average_bandwidth=average,
        width=rung.width,
        height=rung.height,
        frame_rate=plan.frame_rate // rung.step if rung.step > 1 else 0,
    )


def _audio(sound: Audio, job: Job, made: Made) -> Rendition:
    """Return the rendition of `sound` of `job` as far as it is `made`."""
    peak, average = promised_sound(sound)
    return Rendition(
        name=sound.name,
        kind="audio",
        codec=made.codec or ("opus" if sound.codec == "opus" else "mp4a.40.2"),
        timescale=AUDIO_RATE,
        init=_init(sound.name, job, made),
        segments=made.segments,
        bandwidth=peak,
        average_bandwidth=average,
        # Interned: a job that was read again must give the same bytes, and what is left out as
        # the default is found by identity.
        language=intern(sound.language),
        label=sound.label,
        channels=sound.channels,
    )


def _init(name: str, job: Job, made: Made) -> Span:
    return Span(init_uri(job.mark, name), 0, len(made.init))


def _promised_codec(rung: Rung, frame_rate: int) -> str:
    """Return the RFC 6381 name of the lowest level that allows what `rung` may become.

    A player asks its decoder before there is a segment to look into, and the
    encoder never chooses a higher level than this.
    """
    blocks = -(-rung.width // 16) * -(-rung.height // 16)
    need = (blocks, blocks * frame_rate // rung.step, rung.maxrate // 1000)
    for *limits, level in _LEVELS:
        if all(asked <= most for asked, most in zip(need, limits, strict=True)):
            return f"avc1.6400{level:02x}"
    return "avc1.640034"

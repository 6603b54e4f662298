"""Renditions against each other: players change between them at every segment."""

from fractions import Fraction

from media_pipeline.verify.findings import Findings, seconds
from media_pipeline.verify.renditions import Rendition


def check_alignment(
    videos: tuple[Rendition, ...], sounds: tuple[Rendition, ...], findings: Findings
) -> None:
    """Segments of all rungs start at the same moments; sound has as many and is not longer."""
    if not videos or not videos[0].whole:
        return
    model = videos[0]
    sounds = tuple(sound for sound in sounds if sound.whole)
    for other in (*(video for video in videos[1:] if video.whole), *sounds):
        if not findings.expect(
            len(other.cuts) == len(model.cuts),
            other.name,
            f"it has {len(other.cuts)} segments, {model.name} has {len(model.cuts)}",
        ):
            continue
        # Sound starts with the first of its own frames at or after the picture's edge.
        allowed = Fraction(0) if other in videos else other.frame
        for mine, theirs in zip(other.cuts, model.cuts, strict=True):
            findings.expect(
                0 <= mine.start - theirs.start <= allowed,
                mine.place.uri,
                f"it starts at {seconds(mine.start)}, {theirs.place.uri} at {seconds(theirs.start)}",
                "tfdt",
            )
    for sound in sounds:
        _check_length(sound, model, findings)


def _check_length(sound: Rendition, picture: Rendition, findings: Findings) -> None:
    """A player that has sound beyond the picture waits; a hole of a frame is not heard."""
    short = picture.duration - sound.duration
    findings.expect(
        short >= 0, sound.name, f"the sound is {seconds(-short)} longer than the picture"
    )
    findings.expect(
        short <= sound.frame,
        sound.name,
        f"the sound is {seconds(short)} shorter than the picture, more than one frame",
    )

"""Captions: playlists of them, and their files against the length of the title."""

from collections.abc import Iterator
from fractions import Fraction

from media_pipeline.verify.files import Files
from media_pipeline.verify.findings import Damaged, Findings, seconds
from media_pipeline.verify.hls import Presentation
from media_pipeline.verify.reading.playlists import read_media
from media_pipeline.verify.reading.webvtt import read_cues
from media_pipeline.verify.renditions import part

_OVERHANG = Fraction(1)
"""Seconds by which the last words may stay on after the end: players take them away then."""


def check_captions(shown: Presentation, files: Files, findings: Findings) -> frozenset[str]:
    """Check each track of captions that the multivariant playlist names; return their files."""
    named: set[str] = set()
    for line in shown.master.media:
        if line.attributes.get("TYPE") == "SUBTITLES":
            with findings.reading(line.uri):
                named.update(_check_track(line.uri, shown.duration, files, findings))
    return frozenset(named)


def _check_track(
    name: str, duration: Fraction | None, files: Files, findings: Findings
) -> Iterator[str]:
    """Check the playlist `name` and yield the files in it; raises Damaged."""
    data = files.read(name)
    if data is None:
        raise Damaged("the playlist does not exist")
    media = read_media(data)
    findings.expect(media.ended, name, "the playlist of a whole title has to end (EXT-X-ENDLIST)")
    lasts = sum((entry.duration for entry in media.entries), Fraction(0))
    findings.expect(
        duration is None or abs(lasts - duration) <= Fraction(1, 100),
        name,
        f"its captions cover {seconds(lasts)} of {seconds(duration or lasts)}",
    )
    for entry in media.entries:
        yield entry.place.uri
        with findings.reading(entry.place.uri):
            check_words(entry.place.uri, part(files, entry.place), duration, findings)


def check_words(name: str, data: bytes, duration: Fraction | None, findings: Findings) -> None:
    """Check one file of captions for a title of `duration` seconds; raises Damaged."""
    cues = read_cues(data)
    findings.expect(cues, name, "there are no words in it")
    latest = Fraction(0)
    for cue in cues:
        where = f"line {cue.line}"
        findings.expect(cue.end > cue.start, name, "a cue ends before it starts", where)
        findings.expect(cue.start >= latest, name, "a cue starts before the one above it", where)
        latest = max(latest, cue.start)
        findings.expect(
            duration is None or (cue.start < duration and cue.end <= duration + _OVERHANG),
            name,
            f"a cue from {seconds(cue.start)} to {seconds(cue.end)} lies outside the title "
            f"of {seconds(duration or latest)}",
            where,
        )

"""The file to keep: one that messengers and phones play, and as long as the title."""

from collections.abc import Callable
from fractions import Fraction

from media_pipeline.verify.files import Files
from media_pipeline.verify.findings import Damaged, Findings, seconds
from media_pipeline.verify.hls import Presentation
from media_pipeline.verify.reading.whole_file import WholeFile, WholeTrack, read_whole_file

Decodes = Callable[[bytes], str]
"""Returns what a decoder complains of in the MP4 that it is given, or "" if it is content."""

_OFF = Fraction(1, 10)
"""Seconds: sound is a frame of 21 ms shorter than the picture, and no table says when it starts."""


def check_download(
    described: dict[str, object],
    shown: Presentation,
    decodes: Decodes | None,
    files: Files,
    findings: Findings,
) -> None:
    """Check the file to keep that `described` (publication.json) names, if it names one."""
    told = described.get("download")
    if not isinstance(told, dict):
        return
    name = str(told.get("uri"))
    with findings.reading(name):
        data = files.read(name)
        if data is None:
            raise Damaged("the file does not exist")
        findings.expect(
            told.get("size") == len(data),
            name,
            f"it is said to be {told.get('size')} bytes, and is {len(data)}",
        )
        found = read_whole_file(data)
        _check_order(name, found, findings)
        _check_tracks(name, told, found, shown, findings)
        complaint = decodes(data) if decodes is not None else ""
        findings.expect(not complaint, name, f"a decoder says of it: {complaint}")


def _check_order(name: str, found: WholeFile, findings: Findings) -> None:
    findings.expect(
        found.order.index("moov") < found.order.index("mdat"),
        name,
        "its tables stand behind the media: nothing plays before all of it is there",
        "moov",
    )


def _check_tracks(
    name: str, told: dict[str, object], found: WholeFile, shown: Presentation, findings: Findings
) -> None:
    kinds = sorted(track.kind for track in found.tracks)
    if not findings.expect(
        kinds == ["soun", "vide"], name, f"its tracks are {', '.join(kinds)}", "moov"
    ):
        return
    for track in found.tracks:
        _check_track(name, track, found, shown, findings)
    picture = next(track for track in found.tracks if track.kind == "vide")
    size, says = (picture.width, picture.height), (told.get("width"), told.get("height"))
    findings.expect(
        size == says,
        name,
        f"it is said to be {says[0]} × {says[1]} pixels, and is {size[0]} × {size[1]}",
    )


def _check_track(
    name: str, track: WholeTrack, found: WholeFile, shown: Presentation, findings: Findings
) -> None:
    """A track has the samples of one of the title's renditions, all of them in the file."""
    start, end = found.media
    findings.expect(
        start <= track.first and track.end <= end,
        name,
        "samples lie outside the media",
        track.kind,
    )
    findings.expect(
        shown.duration is None or abs(track.duration - shown.duration) <= _OFF,
        name,
        f"it lasts {seconds(track.duration)}, the title {seconds(shown.duration or Fraction(0))}",
        track.kind,
    )
    of_kind = [r for r in shown.renditions if r.track.kind == track.kind]
    size = (track.width, track.height)
    alike = [
        r
        for r in of_kind
        if (r.track.width, r.track.height) == size and r.track.codec == track.codec
    ]
    findings.expect(
        alike or not of_kind, name, f"no rendition is {track.codec} of this size", track.kind
    )
    counts = {sum(cut.samples for cut in rendition.cuts) for rendition in alike if rendition.whole}
    findings.expect(
        not counts or track.samples in counts,
        name,
        f"it has {track.samples} samples, the title has {min(counts, default=0)}",
        track.kind,
    )

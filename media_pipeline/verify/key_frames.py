"""Playlists of key frames against the renditions that they are of (RFC 8216, 4.3.3.6)."""

from fractions import Fraction

from media_pipeline.verify.files import Files
from media_pipeline.verify.findings import Findings, seconds
from media_pipeline.verify.hls import Presentation, check_codecs, check_picture, check_rates
from media_pipeline.verify.reading.playlists import Entry, Line, Media, read_media
from media_pipeline.verify.reading.samples import is_key_frame
from media_pipeline.verify.reading.tracks import read_first_sample
from media_pipeline.verify.renditions import Rendition, average, part, peak

_NEAR = Fraction(1, 100)


def check_key_frames(line: Line, shown: Presentation, files: Files, findings: Findings) -> None:
    """Each range is a key frame that stands at its time, and all cost what `line` says."""
    with findings.reading(line.uri):
        media = read_media(files.read(line.uri) or b"")
        findings.expect(
            media.only_key_frames, line.uri, "it has to say that it is one of key frames alone"
        )
        findings.expect(
            media.ended, line.uri, "the playlist of a whole title has to end (EXT-X-ENDLIST)"
        )
        inits = {entry.init for entry in media.entries}
        owner = next((r for r in shown.videos if {r.init} == inits), None)
        if owner is None:
            findings.add(line.uri, "its initialisation is of no rendition")
            return
        check_codecs(line, [owner.track.codec], findings)
        check_picture(line, owner, findings)
        sizes = _sizes(line.uri, media, owner, files, findings)
        if len(sizes) == len(media.entries) and sizes:
            check_rates(line, peak(sizes, media.target), average(sizes), findings)


def _sizes(
    name: str, media: Media, owner: Rendition, files: Files, findings: Findings
) -> list[tuple[int, Fraction]]:
    """Check the ranges in their order; return bytes and seconds of each that could be read."""
    at, sizes = Fraction(0), []
    for entry in media.entries:
        with findings.reading(entry.place.uri):
            size = _check_frame(name, entry, at, owner, files, findings)
            sizes.append((size, entry.duration))
        at += entry.duration
    findings.expect(
        abs(at - owner.duration) <= _NEAR or not owner.whole,
        name,
        f"its frames cover {seconds(at)} of {seconds(owner.duration)}",
    )
    return sizes


def _check_frame(
    name: str, entry: Entry, at: Fraction, owner: Rendition, files: Files, findings: Findings
) -> int:
    """Check the range of `entry`, which has to stand at `at` seconds; return its bytes."""
    where = f"line {entry.line}"
    data = part(files, entry.place)
    start, frame = read_first_sample(data, owner.track)
    key = is_key_frame(owner.track.codec, owner.track.length_size, frame.data)
    findings.expect(key and frame.sync, name, "the range holds no key frame", where)
    findings.expect(
        abs(start - at) <= _NEAR,
        name,
        f"the key frame stands at {seconds(start)}, not at {seconds(at)}",
        where,
    )
    return len(data)

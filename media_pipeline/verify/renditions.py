"""A rendition as its playlist, its initialisation and its segments tell it."""

from collections.abc import Sequence
from fractions import Fraction

import msgspec

from media_pipeline.verify.files import Files
from media_pipeline.verify.findings import Damaged, Findings, seconds
from media_pipeline.verify.reading.playlists import Entry, Media, Place, read_media
from media_pipeline.verify.reading.samples import is_key_frame
from media_pipeline.verify.reading.tracks import Piece, Track, read_init, read_segment

_TOLERANCE = Fraction(1, 1000)
"""EXTINF is decimal text."""


class Cut(msgspec.Struct, frozen=True):
    """A segment: its place, its bytes, its time and length in seconds, how many samples.

    `key` is at which of its bytes its first sample ends.
    """

    place: Place
    size: int
    start: Fraction
    duration: Fraction
    samples: int
    key: int


class Rendition(msgspec.Struct, frozen=True):
    """One track of a publication. `name` is the file of its playlist."""

    name: str
    media: Media
    init: Place
    track: Track
    cuts: tuple[Cut, ...]

    @property
    def whole(self) -> bool:
        """Whether every segment could be read: only then there is something to compare."""
        return len(self.cuts) == len(self.media.entries)

    @property
    def duration(self) -> Fraction:
        """Length in seconds."""
        return sum((cut.duration for cut in self.cuts), Fraction(0))

    @property
    def frame(self) -> Fraction:
        """Length of one sample in seconds; of sound, of one AAC frame."""
        samples = sum(cut.samples for cut in self.cuts)
        return self.duration / samples if samples else Fraction(0)

    @property
    def peak(self) -> Fraction:
        """Peak bit rate (RFC 8216, 4.1): of any run of 0.5 to 1.5 target durations."""
        return peak([(c.size, c.duration) for c in self.cuts], self.media.target)

    @property
    def average(self) -> Fraction:
        """Bits a second over all."""
        return average([(c.size, c.duration) for c in self.cuts])


def average(pieces: Sequence[tuple[int, Fraction]]) -> Fraction:
    """Return the bit rate of `pieces` (bytes, seconds)."""
    length = sum((duration for _, duration in pieces), Fraction(0))
    return Fraction(sum(size for size, _ in pieces) * 8) / length if length else Fraction(0)


def peak(pieces: Sequence[tuple[int, Fraction]], target: int) -> Fraction:
    """Return the largest bit rate of any run of `pieces` of 0.5 to 1.5 times `target` seconds."""
    highest = Fraction(0)
    for first in range(len(pieces)):
        size, length = 0, Fraction(0)
        for more, duration in pieces[first:]:
            size, length = size + more, length + duration
            if 2 * length > 3 * target:
                break
            if 2 * length >= target and length:
                highest = max(highest, Fraction(size * 8) / length)
    return highest or average(pieces)


def part(files: Files, place: Place) -> bytes:
    """Return the bytes at `place`; raise Damaged if they are not there."""
    data = files.read(place.uri)
    if data is None:
        raise Damaged("the file does not exist")
    if place.length is None:
        return data
    if place.offset + place.length > len(data):
        end = place.offset + place.length
        raise Damaged(f"the range ends at byte {end}, the file at {len(data)}")
    return data[place.offset : place.offset + place.length]


def load(name: str, files: Files, findings: Findings) -> Rendition | None:
    """Return the rendition whose playlist is `name`, with a finding for all that is wrong in it."""
    with findings.reading(name):
        data = files.read(name)
        if data is None:
            raise Damaged("the playlist does not exist")
        media = read_media(data)
        _check_playlist(name, media, findings)
        if not media.entries:
            raise Damaged("the playlist names no segment")
        init = media.entries[0].init
        if init is None:
            raise Damaged("the playlist names no initialisation (EXT-X-MAP)")
        return _load(name, media, init, files, findings)
    return None


def _load(
    name: str, media: Media, init: Place, files: Files, findings: Findings
) -> Rendition | None:
    with findings.reading(init.uri):
        track = read_init(part(files, init))
        findings.expect(
            not track.edited, init.uri, "an edit list moves the track: players differ in it", "elst"
        )
        cuts: list[Cut] = []
        for number, entry in enumerate(media.entries):
            findings.expect(
                entry.init == init, name, "the initialisation changes", f"line {entry.line}"
            )
            cut = _cut(entry, number, track, cuts, name, files, findings)
            if cut is not None:
                cuts.append(cut)
        return Rendition(name, media, init, track, tuple(cuts))
    return None


def _check_playlist(name: str, media: Media, findings: Findings) -> None:
    findings.expect(media.ended, name, "the playlist of a whole title has to end (EXT-X-ENDLIST)")
    for entry in media.entries:
        # Rounded to the nearest second it must not be longer (4.3.3.1).
        findings.expect(
            int(entry.duration + Fraction(1, 2)) <= media.target,
            name,
            f"a segment of {seconds(entry.duration)} is longer than the target of {media.target} s",
            f"line {entry.line}",
        )


def _cut(
    entry: Entry,
    number: int,
    track: Track,
    before: Sequence[Cut],
    name: str,
    files: Files,
    findings: Findings,
) -> Cut | None:
    uri = entry.place.uri
    with findings.reading(uri):
        data = part(files, entry.place)
        piece = read_segment(data, track)
        if len(before) == number:  # with one missing before it, every time would be wrong
            _check_time(uri, piece, before, findings)
        _check_content(uri, piece, track, findings)
        findings.expect(
            abs(entry.duration - piece.duration) <= _TOLERANCE,
            name,
            f"EXTINF says {seconds(entry.duration)}, {uri} lasts {seconds(piece.duration)}",
            f"line {entry.line}",
        )
        return Cut(
            entry.place, len(data), piece.start, piece.duration, len(piece.samples), piece.key
        )
    return None


def _check_time(uri: str, piece: Piece, before: Sequence[Cut], findings: Findings) -> None:
    expected = before[-1].start + before[-1].duration if before else Fraction(0)
    findings.expect(
        piece.start == expected,
        uri,
        f"it starts at {seconds(piece.start)} instead of {seconds(expected)}, "
        "where the one before ends",
        "tfdt",
    )


def _check_content(uri: str, piece: Piece, track: Track, findings: Findings) -> None:
    findings.expect(
        all(sample.duration > 0 for sample in piece.samples), uri, "a sample lasts no time", "trun"
    )
    if track.kind != "vide":
        return
    first = piece.samples[0]
    findings.expect(
        first.sync, uri, "its first frame is not marked as one that needs no other", "trun"
    )
    findings.expect(
        is_key_frame(track.codec, track.length_size, first.data),
        uri,
        "its first frame is no key frame",
        "mdat",
    )

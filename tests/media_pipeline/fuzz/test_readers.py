"""The readers of `verify` meet any bytes with findings, never with another error."""

import contextlib
import struct

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from media_pipeline.manifests import dash, hls
from media_pipeline.model.publication import Download, encode_publication
from media_pipeline.model.rundown import Caption, Card, Chapter, Presentation, encode_value
from media_pipeline.steps import fmp4
from media_pipeline.verify import verify
from media_pipeline.verify.findings import Damaged
from media_pipeline.verify.reading.playlists import read_master, read_media
from media_pipeline.verify.reading.tracks import Track, read_first_sample, read_init, read_segment
from media_pipeline.verify.reading.webvtt import read_cues
from media_pipeline.verify.reading.whole_file import read_whole_file
from tests.media_pipeline.conftest import make_publication

from .hostile import anything, changed_json, fuzzing
from .test_fmp4 import FRAGMENT, INIT

PUBLICATION = make_publication()
MASTER = hls.master(PUBLICATION).encode()
MEDIA = hls.media_playlist(PUBLICATION, "v144").encode()
SOUND = Track(1, "soun", 48_000, "mp4a.40.2", 0, 0, 0, False, (1024, 0, 0))

WORDS = b"WEBVTT\n\nNOTE contoh\n\n1\n00:01.000 --> 00:02.500 align:start\nSelamat pagi\n"


def box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def table(kind: bytes, *numbers: int) -> bytes:
    return box(kind, struct.pack(f">{1 + len(numbers)}I", 0, *numbers))


def plain_film() -> bytes:
    """A plain MP4 of three frames of sound in one chunk."""
    stsd = fmp4.find(INIT, b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd")
    ftyp = box(b"ftyp", b"isom", bytes(4))
    stbl = box(
        b"stbl",
        INIT[stsd.start : stsd.end],
        table(b"stts", 1, 3, 1024),
        table(b"stsc", 1, 1, 3, 1),
        table(b"stsz", 0, 3, 4, 5, 6),
        table(b"stco", 1, 900),
    )
    media = box(
        b"mdia",
        table(b"mdhd", 0, 0, 48_000, 3072, 0),
        box(b"hdlr", bytes(8), b"soun", bytes(12)),
        box(b"minf", stbl),
    )
    moov = box(b"moov", box(b"trak", media))
    return ftyp + moov + box(b"free", bytes(884 - len(ftyp + moov))) + box(b"mdat", bytes(15))


READERS = {
    "words": (read_cues, WORDS),
    "plain film": (read_whole_file, plain_film()),
    "master": (read_master, MASTER),
    "media": (read_media, MEDIA),
    "init": (read_init, INIT),
    "segment": (lambda data: read_segment(data, SOUND), FRAGMENT),
    "first sample": (lambda data: read_first_sample(data, SOUND), FRAGMENT),
}


@pytest.mark.parametrize("kind", READERS)
@fuzzing
@given(st.data())
def test_any_bytes_are_read_or_are_damaged(kind, data):
    read, good = READERS[kind]
    with contextlib.suppress(Damaged):
        read(data.draw(anything(good)))


class Memory:
    """A publication's files as values."""

    presentation = "presentations/a.json"

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files

    def names(self) -> frozenset[str]:
        return frozenset(name for name in self.files if not name.startswith(BESIDE))

    def read(self, name: str) -> bytes | None:
        return self.files.get(name)

    beside = read


BESIDE = ("presentations/", "captions/")
PRESENTED = Presentation(
    PUBLICATION.id,
    cards=(Card("1", 0, 90_000, "Tahu", "Rp5.000", "kg", "Lapak", "Pasar", "/chat/1/"),),
    captions=(Caption("id", "Indonesia", "captions/1.vtt"),),
    chapters=(Chapter(0, "Awal"), Chapter(90_000, "Resep")),
)


def test_the_plain_film_is_one():
    (track,) = read_whole_file(plain_film()).tracks
    assert (track.samples, track.first, track.end) == (3, 900, 915)
    assert [float(cue.end) for cue in read_cues(WORDS)] == [2.5]


def made() -> dict[str, bytes]:
    """All texts of a publication; its segments are of sound, which is only one of the faults."""
    files = {"master.m3u8": MASTER, "manifest.mpd": dash.mpd(PUBLICATION).encode()}
    kept = msgspec.structs.replace(PUBLICATION, download=Download("download.mp4", 9, 256, 144))
    files["publication.json"] = encode_publication(kept)
    files["download.mp4"] = plain_film()
    files["presentations/a.json"] = encode_value(PRESENTED)
    files["captions/1.vtt"] = WORDS
    files["storyboard.vtt"] = b"WEBVTT\n\n00:00:00.000 --> 00:00:04.000\ns.jpg#xywh=0,0,1,1\n"
    for rendition in PUBLICATION.renditions:
        playlist = hls.media_playlist(PUBLICATION, rendition).encode()
        files[hls.playlist_name(rendition.name)] = playlist
        files[rendition.init.uri] = INIT
        for number, segment in enumerate(rendition.segments):
            data = fmp4.audio_fragment(number + 1, number * 192_512, 1024, [b"x"] * 188)
            files[segment.uri] = data
    return files


FILES = made()


@fuzzing
@given(st.data())
def test_any_damage_to_any_file_ends_in_findings(data):
    files = dict(FILES)
    name = data.draw(st.sampled_from(sorted(files)))
    ways = [anything(files[name])]
    if name.endswith(".json"):
        ways.append(changed_json(files[name]))
    files[name] = data.draw(st.one_of(ways))
    for finding in verify(Memory(files)):
        assert finding.sentence

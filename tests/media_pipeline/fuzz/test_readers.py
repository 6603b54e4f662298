"""The readers of `verify` meet any bytes with findings, never with another error."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media_pipeline.manifests import dash, hls
from media_pipeline.model.publication import encode_publication
from media_pipeline.steps import fmp4
from media_pipeline.verify import verify
from media_pipeline.verify.findings import Damaged
from media_pipeline.verify.playlists import read_master, read_media
from media_pipeline.verify.tracks import Track, read_first_sample, read_init, read_segment
from tests.media_pipeline.conftest import make_publication

from .hostile import anything, changed_json, fuzzing
from .test_fmp4 import FRAGMENT, INIT

PUBLICATION = make_publication()
MASTER = hls.master(PUBLICATION).encode()
MEDIA = hls.media_playlist(PUBLICATION, "v144").encode()
SOUND = Track(1, "soun", 48_000, "mp4a.40.2", 0, 0, 0, False, (1024, 0, 0))

READERS = {
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

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files

    def names(self) -> frozenset[str]:
        return frozenset(self.files)

    def read(self, name: str) -> bytes | None:
        return self.files.get(name)


def made() -> dict[str, bytes]:
    """All texts of a publication; its segments are of sound, which is only one of the faults."""
    files = {"master.m3u8": MASTER, "manifest.mpd": dash.mpd(PUBLICATION).encode()}
    files["publication.json"] = encode_publication(PUBLICATION)
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

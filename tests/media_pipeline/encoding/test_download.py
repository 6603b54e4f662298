"""The file that people may keep, where the setting allows it."""

import asyncio
import hashlib

import httpx
import pytest

from media_pipeline.model.keys import takedown_mark
from media_pipeline.origin.media import PublishedFiles

from .conftest import ID, Made, ffmpeg, ffprobe, publish


@pytest.fixture(scope="module")
def made(film, tmp_path_factory) -> Made:
    path = film("keep.mp4", size="640x480", seconds=5)
    return publish(path, tmp_path_factory.mktemp("keep"), download=True)


def frames(path: str, *maps: str) -> list[str]:
    """A hash of each picture's pixels."""
    told = ffmpeg("-i", path, *maps, "-fps_mode", "passthrough", "-f", "framemd5", "-")
    return [line.split(",")[-1].strip() for line in told.splitlines() if line[0] == "0"]


def test_it_holds_the_low_rung_and_the_sound_not_encoded_again(made, tmp_path):
    kept = made.publication.download
    assert (kept.width, kept.height) == (480, 360)
    path = made.folder / kept.uri
    assert path.stat().st_size == kept.size
    told = ffprobe("-show_streams", "-show_format", str(path))
    assert [s["codec_name"] for s in told["streams"]] == ["h264", "aac"]
    assert abs(float(told["format"]["duration"]) - 5) < 0.2
    rung = made.joined(made.publication.rendition("v360"), tmp_path)
    assert frames(str(path), "-map", "0:v") == frames(str(rung), "-map", "0:v")


def test_phones_play_it_before_it_is_all_there(made):
    data = (made.folder / made.publication.download.uri).read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    assert b"moof" not in data


def test_it_is_the_same_when_made_again(made, film, tmp_path):
    again = publish(film("keep.mp4", size="640x480", seconds=5), tmp_path, download=True)
    digests = {
        hashlib.md5((m.folder / "download.mp4").read_bytes()).digest() for m in (made, again)
    }
    assert len(digests) == 1


def fetched(made: Made) -> int:
    """The status with which the file is answered."""

    async def ask() -> int:
        files = PublishedFiles(made.store.path("publications").parent)
        transport = httpx.ASGITransport(app=files)
        async with httpx.AsyncClient(transport=transport, base_url="https://contoh.id") as client:
            answer = await client.get(f"/media/publications/{ID}/download.mp4")
            return answer.status_code

    return asyncio.run(ask())


def test_after_a_takedown_it_is_gone(made):
    assert fetched(made) == 200
    made.store.write(takedown_mark(ID), b"")
    assert fetched(made) == 410
    made.store.delete(takedown_mark(ID))


def test_without_the_setting_there_is_none(film, tmp_path):
    made = publish(film("plain.mp4", seconds=2), tmp_path)
    assert made.publication.download is None
    assert not (made.folder / "download.mp4").exists()

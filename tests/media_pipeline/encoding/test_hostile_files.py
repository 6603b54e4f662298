"""Files that are not what they say: one clear sentence, and nothing followed or left behind."""

import random
import socket
import subprocess
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from media_pipeline import pipeline, tools
from media_pipeline.errors import UnusableSource

from .conftest import ffmpeg, publish


class Listener:
    """A web server that answers nobody and counts who came."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.callers = 0
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        while True:
            try:
                caller, _ = self.socket.accept()
            except OSError:
                return
            self.callers += 1
            caller.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.socket.close()


def refused(path: Path, folder: Path) -> str:
    """Publish `path`, which has to be refused with a sentence; return the code."""
    with pytest.raises(UnusableSource) as refusal:
        publish(path, folder)
    sentence = str(refusal.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert str(path) not in sentence
    store = folder / "store"
    assert not [p for p in store.rglob("*") if p.is_file()]
    assert not list((folder / "scratch").iterdir())
    return refusal.value.code


def written(folder: Path, data: bytes | str, name: str = "film.mp4") -> Path:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def test_a_missing_file_and_a_folder_are_named_as_such(tmp_path):
    assert refused(tmp_path / "nowhere.mp4", tmp_path) == "missing"
    assert refused(tmp_path, tmp_path) == "missing"


def test_an_empty_file(tmp_path):
    assert refused(written(tmp_path, b""), tmp_path) == "empty"


def test_text_and_noise(tmp_path):
    noise = random.Random(1).randbytes(100_000)
    assert refused(written(tmp_path, "Rapat anggota\n" * 100), tmp_path) == "not_media"
    assert refused(written(tmp_path, noise), tmp_path) == "not_media"


def test_noise_behind_the_head_of_a_film(tmp_path):
    head = b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41"
    noise = random.Random(1).randbytes(100_000)
    assert refused(written(tmp_path, head + noise), tmp_path) == "incomplete"


def test_half_a_phone_film_whose_index_was_at_the_end(film, tmp_path):
    whole = film("phone.mp4")
    half = written(tmp_path, whole.read_bytes()[: whole.stat().st_size // 2])
    assert refused(half, tmp_path) == "incomplete"


REFERENCES = {
    "hls": "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n{target}\n#EXT-X-ENDLIST\n",
    "hls-key": '#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXT-X-KEY:METHOD=AES-128,URI="{target}"\n'
    "#EXTINF:4,\n{target}\n#EXT-X-ENDLIST\n",
    "hls-behind-blanks": "\n \n#EXTM3U\n#EXTINF:4,\n{target}\n",
    "ffconcat": "ffconcat version 1.0\nfile '{target}'\n",
    "concat-without-a-head": "file '{target}'\nfile '{target}'\n",
    "svg": '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    ' width="320" height="180"><image xlink:href="{target}" width="9" height="9"/></svg>',
    "dash": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"'
    ' type="static" mediaPresentationDuration="PT4S"><Period><AdaptationSet mimeType="video/mp4">'
    '<Representation id="1" bandwidth="1"><BaseURL>{target}</BaseURL></Representation>'
    "</AdaptationSet></Period></MPD>",
    "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\n"
    "m=video 9 RTP/AVP 96\na=rtpmap:96 H264/90000\na=control:{target}\n",
    "asx": '<asx version="3.0"><entry><ref href="{target}"/></entry></asx>',
    "playlist": "[playlist]\nFile1={target}\nNumberOfEntries=1\n",
    "subtitles": "1\n00:00:00,000 --> 00:00:04,000\n<font face='{target}'>x</font>\n",
    "imf": '<?xml version="1.0"?><CompositionPlaylist><Asset>{target}</Asset></CompositionPlaylist>',
}


def test_without_our_guards_the_list_is_followed(tmp_path, listener):
    """Shows that the tests below can fail."""
    path = written(tmp_path, REFERENCES["hls"].format(target=f"{listener.address}/a.ts"), "a.m3u8")
    whitelist = ["-protocol_whitelist", "file,http,tcp"]
    subprocess.run(
        [tools.ffprobe(), "-v", "error", *whitelist, str(path)],
        capture_output=True,
        timeout=30,
    )
    assert listener.callers > 0


@pytest.mark.parametrize("kind", REFERENCES)
@pytest.mark.parametrize("name", ["film.mp4", "film.m3u8", "film.svg"])
def test_a_list_that_names_an_address_is_not_followed(tmp_path, listener, kind, name):
    target = f"{listener.address}/film.mp4"
    path = written(tmp_path, REFERENCES[kind].format(target=target), name)
    assert refused(path, tmp_path) in ("reference", "not_media")
    assert listener.callers == 0


@pytest.mark.parametrize("kind", REFERENCES)
def test_a_list_that_names_a_file_of_this_machine_is_not_followed(film, tmp_path, kind):
    secret = film("secret.mp4")
    path = written(tmp_path, REFERENCES[kind].format(target=secret))
    assert refused(path, tmp_path) in ("reference", "not_media")


def test_a_film_that_refers_to_another_file_by_its_data_reference(film, tmp_path, listener):
    """A QuickTime `dref` may name an address; ours say "in this file" (flag 1)."""
    data = bytearray(film("referring.mp4").read_bytes())
    at = data.index(b"url \0\0\0\1")
    data[at : at + 8] = b"url \0\0\0\0"
    made = publish(written(tmp_path, bytes(data)), tmp_path)
    assert made.publication.state == "whole"
    assert listener.callers == 0


def test_subtitles_alone_in_a_film_container(tmp_path):
    text = written(tmp_path, "1\n00:00:00,000 --> 00:00:02,000\nHalo\n", "text.srt")
    path = tmp_path / "text.mkv"
    ffmpeg("-i", str(text), "-c", "copy", str(path))
    assert refused(path, tmp_path) == "no_video"


def png(width: int, height: int) -> bytes:
    """A PNG that claims a size and has next to nothing in it."""

    def part(kind: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4) + kind + body + zlib.crc32(kind + body).to_bytes(4)

    head = width.to_bytes(4) + height.to_bytes(4) + b"\x08\0\0\0\0"
    pixels = zlib.compress(bytes(1_000_000))
    parts = part(b"IHDR", head) + part(b"IDAT", pixels) + part(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def test_a_picture_that_claims_30_000_by_30_000_pixels(film, tmp_path):
    """An AVI header of 30,000 × 30,000 around a PNG that claims the same."""
    frame = written(tmp_path, png(320, 180), "frame.png")
    small = tmp_path / "small.avi"
    ffmpeg("-f", "image2", "-c:v", "png", "-i", str(frame), "-c", "copy", str(small))
    data = bytearray(small.read_bytes())
    huge = (30_000).to_bytes(4, "little")
    for at in (data.index(b"avih") + 8 + 32, data.index(b"strf") + 8 + 4):
        data[at : at + 8] = huge + huge
    start = data.index(b"\x89PNG")
    bomb = png(30_000, 30_000)
    data[start : start + len(bomb)] = bomb
    assert refused(written(tmp_path, bytes(data), "huge.avi"), tmp_path) == "too_large"


def test_a_frame_that_turns_out_larger_than_claimed_is_not_decoded(film, tmp_path):
    """The header says 320 × 180, the frame itself 30,000 × 30,000."""
    frame = written(tmp_path, png(320, 180), "frame.png")
    small = tmp_path / "small.mkv"
    ffmpeg("-f", "image2", "-c:v", "png", "-i", str(frame), "-c", "copy", str(small))
    data = small.read_bytes().replace(png(320, 180), png(30_000, 30_000))
    assert refused(written(tmp_path, data, "bomb.mkv"), tmp_path) in ("unreadable", "too_large")


@pytest.mark.parametrize(
    "name",
    [
        'o\'clock "quoted".mp4',
        "two\nlines.mp4",
        "Pasar Senén — 5% 日本 🍚.mp4",
        "-i.mp4",
        "concat:a|b.mp4",
        "http:x.mp4",
        "%03d.mp4",
        "a;b,c[d]=e\\f.mp4",
    ],
)
def test_a_name_is_only_a_name(film, tmp_path, monkeypatch, name):
    path = written(tmp_path, film("short.mp4", seconds=1).read_bytes(), name)
    assert pipeline.probe(path).video.width == 320
    monkeypatch.chdir(tmp_path)
    made = publish(Path(name), tmp_path)
    assert made.publication.duration == 90_000


def test_a_scratch_folder_is_only_a_folder(film, tmp_path):
    odd = tmp_path / "two\nlines %03d 'quoted'"
    odd.mkdir()
    assert publish(film("short.mp4", seconds=1), odd).publication.duration == 90_000

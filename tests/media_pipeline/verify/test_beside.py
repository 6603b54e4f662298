"""What comes with a publication: captions, chapters and cards; and titles that are still made."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from media_pipeline.model.rundown import Caption, Card, Chapter, Presentation, encode_value
from media_pipeline.model.ticks import ticks_in
from media_pipeline.stores import LocalStore
from media_pipeline.verify import Folder, InStore, verify

from .conftest import ID, Found

WORDS = "WEBVTT\n\nNOTE contoh --> bukan waktu\n\n1\n00:01.000 --> 00:03.500 line:90%\nHalo\n"
SHOWN = Presentation(
    ID,
    cards=(Card("1", 0, ticks_in(4), "Tahu", "Rp5.000", "kg", "Lapak", "Pasar", "/chat/1/"),),
    captions=(Caption("id", "Bahasa Indonesia", "captions/1.vtt"),),
    chapters=(Chapter(0, "Awal"), Chapter(ticks_in(5), "Resep")),
)
PLAYLIST = (
    "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:9\n#EXT-X-PLAYLIST-TYPE:VOD\n"
    "#EXTINF:9.0,\nwords.vtt\n#EXT-X-ENDLIST\n"
)


@pytest.fixture
def captioned(folder: Path) -> Path:
    """A folder for plain web servers with captions in its playlists."""
    master = folder / "master.m3u8"
    media = (
        '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="captions",NAME="Indonesia",LANGUAGE="id",'
        'URI="captions-0.m3u8"\n'
    )
    master.write_text(
        master.read_text().replace("#EXT-X-STREAM-INF", media + "#EXT-X-STREAM-INF", 1)
    )
    (folder / "captions-0.m3u8").write_text(PLAYLIST)
    (folder / "words.vtt").write_text(WORDS)
    return folder


def test_captions_in_a_folder_are_read(captioned: Path, found: Found):
    assert found() == []


@pytest.mark.parametrize(
    ("name", "old", "new", "sentence"),
    [
        ("words.vtt", "WEBVTT", "WEBVT", "words.vtt (line 1): it does not start with WEBVTT"),
        ("words.vtt", "WEBVTT", "WEBVTTX", "words.vtt (line 1): it does not start with WEBVTT"),
        ("words.vtt", "00:01.000", "00:1.0", "words.vtt (line 6): the times of a cue cannot be"),
        ("words.vtt", "00:03.500", "00:00.500", "words.vtt (line 6): a cue ends before it starts"),
        (
            "words.vtt",
            "00:03.500",
            "00:13.500",
            "words.vtt (line 6): a cue from 1 s to 13.5 s lies",
        ),
        (
            "words.vtt",
            "Halo",
            "Halo\n\n00:00.500 --> 00:02.000\nLagi",
            "words.vtt (line 9): a cue starts before the one above it",
        ),
        ("words.vtt", "00:01.000 --> 00:03.500 line:90%\n", "", "words.vtt: there are no words"),
        ("captions-0.m3u8", "words", "kata", "kata.vtt: the file does not exist"),
        ("captions-0.m3u8", "#EXT-X-ENDLIST\n", "", "captions-0.m3u8: the playlist of a whole"),
        ("captions-0.m3u8", ":9.0", ":8.0", "captions-0.m3u8: its captions cover 8 s of 9 s"),
    ],
)
def test_captions_that_are_wrong_are_found(captioned, found, name, old, new, sentence):
    text = (captioned / name).read_text()
    assert old in text
    (captioned / name).write_text(text.replace(old, new))
    assert any(line.startswith(sentence) for line in found()), found()


def test_captions_are_utf_8(captioned: Path, found: Found):
    (captioned / "words.vtt").write_bytes(WORDS.encode().replace(b"Halo", b"Hal\xf3"))
    assert found() == ["words.vtt: captions are UTF-8 text"]


@pytest.fixture
def shown(store: LocalStore, tmp_path: Path) -> LocalStore:
    """A copy of the store that says what comes with its publication."""
    shutil.copytree(store.folder, tmp_path / "store")
    copy = LocalStore(tmp_path / "store")
    copy.write(f"presentations/{ID}.json", encode_value(SHOWN))
    copy.write("captions/1.vtt", WORDS.encode())
    return copy


def told(store: LocalStore) -> list[str]:
    return [str(finding) for finding in verify(InStore(store, ID))]


def test_captions_chapters_and_cards_in_a_store_are_read(shown: LocalStore):
    assert told(shown) == []


def _chapter(number: int, **changes: object) -> Callable[[dict], None]:
    return lambda value: value["chapters"][number].update(changes)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (_chapter(1, start=0), "(chapter 2): it does not start after the one before"),
        (_chapter(1, start=ticks_in(9)), "(chapter 2): it starts at 9 s, outside the title of 9 s"),
        (_chapter(0, start=-1), "(chapter 1): it starts at -0.000011 s, outside"),
        (_chapter(0, title=""), "(chapter 1): it has no title"),
        (_chapter(0, start="0"), ": start of a chapter is no whole number"),
        (lambda v: v.update(chapters=[7]), ": its chapters cannot be read"),
        (
            lambda v: v["cards"][0].update(offset=ticks_in(10)),
            "(card 1): it starts at 10 s, outside",
        ),
        (lambda v: v["cards"][0].update(duration=0), "(card 1): it is shown for no time"),
        (lambda v: v["captions"][0].update(label=""), ": captions have no label"),
    ],
)
def test_what_is_shown_at_a_wrong_moment_is_found(shown: LocalStore, change, sentence):
    key = f"presentations/{ID}.json"
    value = json.loads(shown.read(key) or b"")
    change(value)
    shown.write(key, json.dumps(value).encode())
    (line,) = told(shown)
    assert line.startswith(f"{key}{'' if sentence[0] == ':' else ' '}{sentence}")


def test_captions_of_a_store_are_looked_into(shown: LocalStore):
    shown.write("captions/1.vtt", b"<html>")
    assert told(shown) == ["captions/1.vtt (line 1): it does not start with WEBVTT"]
    shown.delete("captions/1.vtt")
    assert told(shown) == ["captions/1.vtt: the file of captions does not exist"]


def test_a_title_that_is_being_made_is_called_so(folder: Path):
    for name in ("publication.json", "master.m3u8", "manifest.mpd"):
        (folder / name).unlink()
    (folder / "job.json").write_text("{}")
    (folder / "parts").mkdir()
    for name in ("opening", "sound"):
        (folder / "parts" / f"{name}.json").write_text("{}")
    assert [str(finding) for finding in verify(Folder(folder))] == [
        "job.json: the title is still being made (2 of its parts are there): "
        "check it when it is whole"
    ]


def test_a_decoder_has_the_last_word_on_the_file_to_keep(folder: Path):
    asked: list[int] = []

    def decodes(data: bytes) -> str:
        asked.append(len(data))
        return "error while decoding MB 3 4"

    found = [str(finding) for finding in verify(Folder(folder), decodes)]
    assert found == ["download.mp4: a decoder says of it: error while decoding MB 3 4"]
    assert asked == [(folder / "download.mp4").stat().st_size]

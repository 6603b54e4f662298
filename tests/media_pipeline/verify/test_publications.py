"""A good publication has no findings; each damage is found, and said in one sentence."""

import json
import re
import shutil
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from media_pipeline.cli import main
from media_pipeline.stores import LocalStore
from media_pipeline.verify import Folder, InStore, verify

from .conftest import ID, Found


def replace(path: Path, old: str | bytes, new: str | bytes) -> None:
    """Put `new` in the place of the first `old`, which has to be there."""
    data = path.read_bytes()
    old, new = (x.encode() if isinstance(x, str) else x for x in (old, new))
    assert old in data
    path.write_bytes(data.replace(old, new, 1))


def line(path: Path, pattern: str, new: str) -> None:
    """Put `new` in the place of the first match of `pattern`."""
    text, count = re.subn(pattern, new, path.read_text(), count=1)
    assert count == 1
    path.write_text(text)


def number(path: Path, box: bytes, skip: int, code: str, change: Callable[[int], int]) -> None:
    """Change the number that stands `skip` bytes behind the first name `box`."""
    data = bytearray(path.read_bytes())
    at = data.index(box) + 4 + skip
    struct.pack_into(code, data, at, change(*struct.unpack_from(code, data, at)))
    path.write_bytes(data)


def described(folder: Path, change: Callable[[dict], None]) -> None:
    """Change publication.json."""
    path = folder / "publication.json"
    value = json.loads(path.read_text())
    change(value)
    path.write_text(json.dumps(value))


def test_a_publication_of_ours_is_good(folder: Path, found: Found):
    assert found() == []


def test_the_command_ends_with_1_where_something_is_wrong(folder: Path, capsys):
    (folder / "publication.json").unlink()
    for rendition in folder.glob("a48*"):
        shutil.rmtree(rendition) if rendition.is_dir() else rendition.unlink()
    assert main(["verify", str(folder)]) == 1
    assert "a48" in capsys.readouterr().out


def test_so_it_is_in_its_store(store: LocalStore):
    assert verify(InStore(store, ID)) == ()


def test_a_folder_for_plain_web_servers_needs_no_description(folder: Path, found: Found):
    (folder / "publication.json").unlink()
    assert all("nothing names" in sentence for sentence in found())


def renamed(path: Path, old: bytes, new: bytes) -> None:
    """Put `new` in the place of `old` behind the last handler box."""
    data = bytearray(path.read_bytes())
    at = data.index(old, data.index(b"hdlr", data.index(b"hdlr") + 4))
    data[at : at + len(old)] = new
    path.write_bytes(data)


def moved(path: Path, kind: bytes) -> None:
    """Put the box `kind` at the end of the file."""
    data = path.read_bytes()
    at = data.index(kind) - 4
    size = int.from_bytes(data[at : at + 4])
    path.write_bytes(data[:at] + data[at + size :] + data[at : at + size])


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "a segment is gone": (
        lambda f: (f / "v240/00002.m4s").unlink(),
        "v240/00002.m4s: the file does not exist",
    ),
    "an initialisation is gone": (
        lambda f: (f / "v240/init.mp4").unlink(),
        "v240/init.mp4: the file does not exist",
    ),
    "a playlist is gone": (
        lambda f: (f / "a48.m3u8").unlink(),
        "a48.m3u8: the playlist does not exist",
    ),
    "the multivariant playlist is gone": (
        lambda f: (f / "master.m3u8").unlink(),
        "master.m3u8: there is no publication here",
    ),
    "a segment ends early": (
        lambda f: (f / "v144/00001.m4s").write_bytes((f / "v144/00001.m4s").read_bytes()[:-1]),
        "v144/00001.m4s (byte ",
    ),
    "a segment of another rendition": (
        lambda f: (f / "v240/00001.m4s").write_bytes((f / "a48/00001.m4s").read_bytes()),
        "v240/00001.m4s (mdat): the box ends before what it has to hold",
    ),
    "two segments changed places": (
        lambda f: [
            (f / "v144/00001.m4s").rename(f / "x"),
            (f / "v144/00002.m4s").rename(f / "v144/00001.m4s"),
            (f / "x").rename(f / "v144/00002.m4s"),
        ],
        "v144/00001.m4s (tfdt): it starts at 4 s instead of 0 s",
    ),
    "a decode time is wrong by a tick": (
        lambda f: number(f / "v240/00002.m4s", b"tfdt", 4, ">Q", lambda t: t + 1),
        "v240/00002.m4s (tfdt): it starts at 4.000011 s instead of 4 s",
    ),
    "a rung has its own boundaries": (
        lambda f: number(f / "v240/00001.m4s", b"tfdt", 4, ">Q", lambda _t: 90_000),
        "v240/00001.m4s (tfdt): it starts at 1 s, v144/00001.m4s at 0 s",
    ),
    "a first frame is not marked": (
        lambda f: number(f / "v144/00001.m4s", b"trun", 12, ">I", lambda _f: 0x1010000),
        "its first frame is not marked as one that needs no other",
    ),
    "a first frame is no key frame": (
        # The slice's type stands behind parameter sets; each kind 5 becomes 1.
        lambda f: (f / "v144/00002.m4s").write_bytes(
            (f / "v144/00002.m4s").read_bytes().replace(b"\x65\x88", b"\x61\x88", 1)
        ),
        "v144/00002.m4s (mdat): its first frame is no key frame",
    ),
    "EXTINF lies": (
        lambda f: replace(f / "v144.m3u8", "#EXTINF:4.000000", "#EXTINF:3.900000"),
        "v144.m3u8 (line 9): EXTINF says 3.9 s, v144/00001.m4s lasts 4 s",
    ),
    "a segment is longer than the target": (
        lambda f: replace(f / "v144.m3u8", "TARGETDURATION:4", "TARGETDURATION:3"),
        "v144.m3u8 (line 9): a segment of 4 s is longer than the target of 3 s",
    ),
    "a playlist does not end": (
        lambda f: replace(f / "v240.m3u8", "#EXT-X-ENDLIST\n", ""),
        "v240.m3u8: the playlist of a whole title has to end",
    ),
    "a playlist is cut": (
        lambda f: line(f / "v240.m3u8", r"(?s)#EXTINF:1\.0.*", "#EXT-X-ENDLIST\n"),
        "v240.m3u8: it has 2 segments, v144.m3u8 has 3",
    ),
    "a playlist is not one": (
        lambda f: (f / "v240.m3u8").write_text("<html>404</html>"),
        "v240.m3u8 (line 1): it does not start with #EXTM3U",
    ),
    "the bandwidth is too low": (
        lambda f: line(f / "master.m3u8", r":BANDWIDTH=\d+", ":BANDWIDTH=60000"),
        "master.m3u8 (line 5): BANDWIDTH says 60000, v144.m3u8 needs",
    ),
    "the bandwidth is far too high": (
        lambda f: line(f / "master.m3u8", r":BANDWIDTH=\d+", ":BANDWIDTH=9000000"),
        "needs only",
    ),
    "the average is not true": (
        lambda f: line(f / "master.m3u8", r"AVERAGE-BANDWIDTH=\d+", "AVERAGE-BANDWIDTH=70000"),
        "master.m3u8 (line 5): AVERAGE-BANDWIDTH says 70000, v144.m3u8 has",
    ),
    "a codec is another": (
        lambda f: line(f / "master.m3u8", r"avc1\.\w+", "avc1.640033"),
        "master.m3u8 (line 5): CODECS says 'avc1.640033,mp4a.40.2', a track of v144.m3u8 is avc1.",
    ),
    "a picture has another size": (
        lambda f: line(f / "master.m3u8", r"RESOLUTION=\w+", "RESOLUTION=640x360"),
        "master.m3u8 (line 5): RESOLUTION says '640x360', v144.m3u8 has 256x144",
    ),
    "a frame rate is another": (
        lambda f: line(f / "master.m3u8", r"FRAME-RATE=[\d.]+", "FRAME-RATE=50.000"),
        "FRAME-RATE says 50.000, v144.m3u8 has 25.000",
    ),
    "an audio group is missing": (
        lambda f: line(f / "master.m3u8", r'AUDIO="audio"', 'AUDIO="musik"'),
        "master.m3u8 (line 5): there is no audio group 'musik'",
    ),
    "attributes cannot be read": (
        lambda f: line(f / "master.m3u8", r'CODECS="', "CODECS="),
        "master.m3u8 (line 5): its attributes cannot be read",
    ),
    "the sound is longer than the picture": (
        lambda f: number(f / "a48/00003.m4s", b"tfhd", 8, ">I", lambda d: d * 2),
        "a48.m3u8: the sound is",
    ),
    "the sound ends early": (
        lambda f: number(f / "a48/00003.m4s", b"tfhd", 8, ">I", lambda d: d // 2),
        "shorter than the picture, more than one frame",
    ),
    "a description of the track is another": (
        lambda f: number(f / "v240/init.mp4", b"avcC", 3, ">B", lambda level: level + 1),
        "a track of v240.m3u8 is avc1.",
    ),
    "DASH names other segments": (
        lambda f: replace(f / "manifest.mpd", "v240/$Number%05d$.m4s", "v144/$Number%05d$.m4s"),
        "manifest.mpd (Representation v240): its segments are not those of v240.m3u8",
    ),
    "DASH has another timeline": (
        lambda f: replace(f / "manifest.mpd", 'd="90000"', 'd="89000"'),
        "manifest.mpd (Representation v144): it says that v144/00003.m4s starts at 8 s and lasts",
    ),
    "DASH has another length": (
        lambda f: replace(f / "manifest.mpd", "PT9.000000S", "PT8.000000S"),
        "manifest.mpd: mediaPresentationDuration says 8 s, the tracks last 9 s",
    ),
    "DASH promises too little bandwidth": (
        lambda f: line(f / "manifest.mpd", r'bandwidth="\d+"', 'bandwidth="1000"'),
        "manifest.mpd (Representation v144): bandwidth says 1000, it needs",
    ),
    "DASH is not there": (
        lambda f: (f / "manifest.mpd").unlink(),
        "manifest.mpd: the DASH manifest does not exist",
    ),
    "DASH is an entity bomb": (
        lambda f: (f / "manifest.mpd").write_text('<!DOCTYPE x [<!ENTITY a "aa">]><x>&a;</x>'),
        "manifest.mpd: a manifest defines no entities",
    ),
    "publication.json has another length of a segment": (
        lambda f: described(f, lambda v: v["renditions"][0]["segments"][1].__setitem__(2, 5)),
        "publication.json (v144): segment 2 is said to be 5 bytes",
    ),
    "publication.json lacks a rendition": (
        lambda f: described(f, lambda v: v["renditions"].pop(0)),
        "publication.json: it does not name the rendition of v144.m3u8",
    ),
    "publication.json is no JSON": (
        lambda f: (f / "publication.json").write_text("{"),
        "publication.json: it is no JSON",
    ),
    "the publication still grows": (
        lambda f: described(f, lambda v: v.update(state="growing")),
        "publication.json: the publication is still growing",
    ),
    "a cover is gone": (
        lambda f: (f / "poster-1.jpg").unlink(),
        "poster-1.jpg: the file does not exist",
    ),
    "a cover is half a picture": (
        lambda f: (f / "poster-1.jpg").write_bytes((f / "poster-1.jpg").read_bytes()[:900]),
        "poster-1.jpg: it is no whole picture",
    ),
    "a tile lies outside its sheet": (
        lambda f: replace(f / "storyboard.vtt", "#xywh=0,0,", "#xywh=9000,0,"),
        "storyboard.vtt (line 4): a tile lies outside storyboard-001.jpg",
    ),
    "a tile is missing": (
        lambda f: replace(f / "storyboard.vtt", "00:00:00.000 -->", "00:00:01.000 -->"),
        "storyboard.vtt (line 3): a tile is missing at 0 s",
    ),
    "a tile has another size": (
        lambda f: described(f, lambda v: v["storyboard"].update(width=7)),
        "storyboard.vtt (line 4): a tile is ",
    ),
    "a cover is of a moment after the end": (
        lambda f: described(f, lambda v: v["posters"][0].update(at=99)),
        "poster-1.jpg: it is said to be taken at 99 s, the title lasts 9 s",
    ),
    "the end of a first picture is told wrongly": (
        lambda f: described(f, lambda v: v["renditions"][0]["segments"][1].__setitem__(4, 5)),
        "publication.json (v144): the first picture of segment 2 is said to end at byte 5, not",
    ),
    "key frames for trick play have another size": (
        lambda f: line(
            f / "master.m3u8", r"(I-FRAME-STREAM-INF.*RESOLUTION=)256x144", r"\g<1>320x180"
        ),
        "RESOLUTION says '320x180', v144-iframes.m3u8 has 256x144",
    ),
    "a playlist of key frames does not end": (
        lambda f: replace(f / "v144-iframes.m3u8", "#EXT-X-ENDLIST\n", ""),
        "v144-iframes.m3u8: the playlist of a whole title has to end",
    ),
    "trick play is promised far too dearly": (
        lambda f: line(f / "master.m3u8", r"(I-FRAME-STREAM-INF:)BANDWIDTH=", r"\1BANDWIDTH=9"),
        "v144-iframes.m3u8 needs only",
    ),
    "the file to keep is gone": (
        lambda f: (f / "download.mp4").unlink(),
        "download.mp4: the file does not exist",
    ),
    "the file to keep is of another length": (
        lambda f: described(f, lambda v: v["download"].update(size=5)),
        "download.mp4: it is said to be 5 bytes, and is",
    ),
    "the file to keep has another size of picture": (
        lambda f: described(f, lambda v: v["download"].update(height=144)),
        "download.mp4: it is said to be 426 × 144 pixels, and is 426 × 240",
    ),
    "the file to keep ends early": (
        lambda f: (f / "download.mp4").write_bytes((f / "download.mp4").read_bytes()[:-9]),
        "a 'mdat' box claims",
    ),
    "the file to keep has its tables at its end": (
        lambda f: moved(f / "download.mp4", b"moov"),
        "download.mp4 (moov): its tables stand behind the media",
    ),
    "the file to keep names samples outside the media": (
        lambda f: number(f / "download.mp4", b"stco", 8, ">I", lambda _at: 9),
        "): samples lie outside the media",
    ),
    "the file to keep is in fragments": (
        lambda f: (f / "download.mp4").write_bytes(
            b"".join((f / "v240" / n).read_bytes() for n in ("init.mp4", "00001.m4s"))
        ),
        "download.mp4 (moof): it is in fragments",
    ),
    "the file to keep has no sound": (
        lambda f: renamed(f / "download.mp4", b"soun", b"meta"),
        "download.mp4 (moov): its tracks are meta, vide",
    ),
    "the file to keep is half as long": (
        lambda f: number(f / "download.mp4", b"mdhd", 12, ">I", lambda scale: scale * 2),
        "download.mp4 (vide): it lasts 4.5 s, the title 9 s",
    ),
    "the file to keep lacks a picture": (
        lambda f: [
            number(f / "download.mp4", b"stts", 8, ">I", lambda count: count - 1),
            number(f / "download.mp4", b"stsz", 8, ">I", lambda count: count - 1),
        ],
        "download.mp4 (stsc): its chunks hold 225 samples, and there are 224",
    ),
    "the file to keep is of another codec": (
        lambda f: number(f / "download.mp4", b"avcC", 3, ">B", lambda level: level + 1),
        "download.mp4 (vide): no rendition is avc1.",
    ),
    "a key frame for trick play is none": (
        lambda f: line(f / "v144-iframes.m3u8", r"BYTERANGE:\d+@", "BYTERANGE:2500@"),
        "v144/00001.m4s: the range ends before its first frame does",
    ),
    "a key frame for trick play starts elsewhere": (
        lambda f: line(f / "v144-iframes.m3u8", r"BYTERANGE:(\d+)@0", r"BYTERANGE:\1@8"),
        "v144/00001.m4s (byte 0): the range does not start with a moof box",
    ),
    "key frames for trick play are told wrongly": (
        lambda f: line(f / "v144-iframes.m3u8", r"EXTINF:4\.\d+", "EXTINF:3.000000"),
        "v144-iframes.m3u8",
    ),
    "trick play is promised too cheaply": (
        lambda f: line(f / "master.m3u8", r"(I-FRAME-STREAM-INF:)BANDWIDTH=\d+", r"\1BANDWIDTH=10"),
        "BANDWIDTH says 10, v144-iframes.m3u8 needs",
    ),
    "a job was left behind": (
        lambda f: (f / "job.json").write_text("{}"),
        "job.json: nothing names this file",
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_found(folder: Path, found: Found, damage: str):
    deed, sentence = DAMAGES[damage]
    deed(folder)
    assert any(sentence in line for line in found()), found()


def test_one_missing_segment_is_not_told_as_many_faults(folder: Path, found: Found):
    (folder / "v240/00001.m4s").unlink()
    assert found() == ["v240/00001.m4s: the file does not exist"]


def test_a_playlist_leads_nowhere_outside_the_folder(folder: Path, found: Found):
    secret = folder.parent / "secret.m4s"
    secret.write_bytes((folder / "v144/00001.m4s").read_bytes())
    replace(folder / "v144.m3u8", "v144/00001.m4s", "../secret.m4s")
    assert "../secret.m4s: the file does not exist" in found()


def test_a_second_language_costs_who_listens_alone_nothing(folder: Path, found: Found):
    """The sounds of a group take turns: the variant of sound alone has one of them."""
    text = (folder / "master.m3u8").read_text()
    one = next(row for row in text.splitlines() if row.startswith("#EXT-X-MEDIA:"))
    two = one.replace('URI="a48.m3u8"', 'URI="a48-jv.m3u8"').replace("DEFAULT=YES", "DEFAULT=NO")
    replace(folder / "master.m3u8", one, f"{one}\n{two}")
    (folder / "a48-jv.m3u8").write_text((folder / "a48.m3u8").read_text())
    assert not any("BANDWIDTH" in line or "CODECS" in line for line in found())


def test_what_is_no_publication_is_said_at_once(tmp_path: Path):
    assert [str(f) for f in verify(Folder(tmp_path))] == [
        "master.m3u8: there is no publication here"
    ]

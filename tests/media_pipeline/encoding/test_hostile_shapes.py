"""Films that are built to cost much, to claim much, or to carry what is no film."""

import resource
import struct
import subprocess
from pathlib import Path

import pytest

from media_pipeline import pipeline, tools
from media_pipeline.errors import UnusableSource

from .conftest import ffmpeg, publish
from .test_hostile_files import refused, written

LONG_TITLE = "Rapat anggota " * 600_000
"""8.4 million letters."""


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(body), kind) + body


def judged(path: Path, folder: Path) -> str:
    """Publish `path` or have it refused, for a minute's work of a processor; return which."""
    before = _worked()
    try:
        made = publish(path, folder)
    except UnusableSource as refusal:
        return refusal.code
    finally:
        assert _worked() - before < 60
        assert not list((folder / "scratch").iterdir())
    assert made.publication.state == "whole"
    return "whole"


def _worked() -> float:
    """Seconds that processors have worked for the processes which this one has started."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_five_hundred_tracks_are_refused(film, tmp_path):
    sound = tmp_path / "sound.wav"
    ffmpeg("-f", "lavfi", "-i", "sine=d=0.2:r=8000", "-c:a", "pcm_u8", str(sound))
    crowd = tmp_path / "crowd.mkv"
    tracks = [part for _ in range(500) for part in ("-map", "1:a")]
    picture = str(film("short.mp4", seconds=1))
    ffmpeg("-i", picture, "-i", str(sound), "-map", "0:v", *tracks, "-c", "copy", str(crowd))
    assert refused(crowd, tmp_path) == "too_many_tracks"


def durations_of(data: bytearray, seconds: int) -> None:
    """Claim `seconds` in every header of an MP4 that tells a length (version 0)."""
    for kind, scale_at, length_at in ((b"mvhd", 12, 16), (b"mdhd", 12, 16), (b"tkhd", None, 20)):
        at = -1
        while (at := data.find(kind, at + 1)) >= 0:
            body = at + 4
            scale = 1000 if scale_at is None else int.from_bytes(data[body + scale_at :][:4])
            data[body + length_at : body + length_at + 4] = (scale * seconds % 2**32).to_bytes(4)


def test_a_film_that_claims_a_hundred_hours(film, tmp_path):
    """Three seconds are there: they are published, or the claim is refused, at no cost."""
    data = bytearray(film("phone.mp4").read_bytes())
    durations_of(data, 360_000)
    assert judged(written(tmp_path, bytes(data)), tmp_path) in ("whole", "too_long")


def test_two_frames_that_stand_a_hundred_hours_apart(tmp_path):
    """Real times, not claims: filling the hole would be nine million frames."""
    path = tmp_path / "apart.mkv"
    ffmpeg(
        *("-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=0.08"),
        *("-vf", "setpts=N*360000/TB", "-fps_mode", "passthrough", "-enc_time_base", "1/1000"),
        *("-c:v", "libx264", "-preset", "ultrafast", str(path)),
    )
    assert refused(path, tmp_path) == "too_long"


@pytest.mark.parametrize("name", ["title.mkv", "title.mp4"])
def test_a_title_of_megabytes_is_not_even_printed(film, tmp_path, name):
    facts = tmp_path / "facts.txt"
    facts.write_text(f";FFMETADATA1\ntitle={LONG_TITLE}\ncomment={LONG_TITLE}\n")
    path = tmp_path / name
    picture = str(film("short.mp4", seconds=1))
    ffmpeg("-i", picture, "-i", str(facts), "-map_metadata", "1", "-c", "copy", str(path))
    assert path.stat().st_size > 8_000_000
    made = publish(path, tmp_path)
    for file in made.folder.rglob("*"):
        assert not file.is_file() or b"Rapat" not in file.read_bytes()


def test_attachments_and_fonts_stay_in_the_original(film, tmp_path):
    font = written(tmp_path, b"\0\1\0\0" + b"font of nobody" * 1000, "font.ttf")
    page = written(tmp_path, b"<script>alert(1)</script>", "page.html")
    path = tmp_path / "carrying.mkv"
    ffmpeg(
        *("-i", str(film("short.mp4", seconds=1)), "-c", "copy"),
        *("-attach", str(font), "-metadata:s:t:0", "mimetype=font/ttf"),
        *("-attach", str(page), "-metadata:s:t:1", "mimetype=text/html"),
        str(path),
    )
    made = publish(path, tmp_path)
    for file in made.folder.rglob("*"):
        if file.is_file():
            assert b"font of nobody" not in file.read_bytes()
            assert b"<script>" not in file.read_bytes()


def test_subtitles_inside_are_not_drawn(film, tmp_path):
    """ASS may draw anything, and ask for fonts by name."""
    ass = written(
        tmp_path,
        "[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\n"
        "Format: Name, Fontname, Fontsize\nStyle: Default,/etc/passwd,40\n\n[Events]\n"
        "Format: Layer, Start, End, Style, Text\n"
        "Dialogue: 0,0:00:00.00,0:00:09.00,Default,{\\p1}m 0 0 l 999 0 999 999 0 999{\\p0}\n",
        "drawn.ass",
    )
    plain, carrying = film("short.mp4", seconds=1), tmp_path / "carrying.mkv"
    ffmpeg("-i", str(plain), "-i", str(ass), "-map", "0", "-map", "1", "-c", "copy", str(carrying))
    (tmp_path / "other").mkdir()
    drawn, bare = publish(carrying, tmp_path), publish(plain, tmp_path / "other")
    lines = [
        ffmpeg("-i", str(made.joined(made.top, place)), "-f", "framemd5", "-")
        for made, place in ((drawn, tmp_path), (bare, tmp_path / "other"))
    ]
    assert lines[0] == lines[1]


@pytest.mark.parametrize("part", [0.02, 0.6, 0.999])
@pytest.mark.parametrize("kind", ["mp4", "mkv", "ts"])
def test_a_film_that_is_cut_off_anywhere(film, tmp_path, kind, part):
    whole = film(f"cut.{kind}", seconds=1, flags=["-movflags", "+faststart"][: 2 * (kind == "mp4")])
    data = whole.read_bytes()
    cut = written(tmp_path, data[: int(len(data) * part)], f"cut.{kind}")
    assert judged(cut, tmp_path) in ("whole", "incomplete", "not_media", "unreadable", "no_video")


def test_a_million_zero_bytes(tmp_path):
    assert refused(written(tmp_path, bytes(1_000_000)), tmp_path) == "not_media"


@pytest.mark.parametrize("kind", [b"moov", b"udta", b"meta", b"trak"])
def test_boxes_in_boxes_in_boxes(tmp_path, kind):
    inside = b""
    for _ in range(3000):
        inside = box(kind, (bytes(4) if kind == b"meta" else b"") + inside)
    data = box(b"ftyp", b"isom\0\0\2\0isomiso2avc1mp41") + box(b"moov", inside)
    assert refused(written(tmp_path, data), tmp_path) in ("incomplete", "no_video")


def test_a_box_that_claims_more_than_the_world_has(tmp_path):
    data = box(b"ftyp", b"isom\0\0\2\0isom") + b"\0\0\0\1moov" + b"\x7f" + b"\xff" * 7 + bytes(100)
    assert refused(written(tmp_path, data), tmp_path) in ("incomplete", "not_media", "no_video")


def test_a_table_that_claims_four_thousand_million_samples(film, tmp_path):
    data = bytearray(film("phone.mp4").read_bytes())
    for table in (b"stsz", b"stts", b"ctts"):
        at = data.find(table)
        if at >= 0:
            count = at + 4 + (8 if table == b"stsz" else 4)
            data[count : count + 4] = b"\xff\xff\xff\xff"
    code = judged(written(tmp_path, bytes(data)), tmp_path)
    assert code in ("whole", "incomplete", "unreadable", "no_video", "too_long")


def alias(path: Path) -> bytes:
    """A QuickTime alias record that names `path` by its absolute name (type 2)."""
    name = str(path).encode()
    padded = name + bytes(len(name) % 2)
    body = bytes(10) + b"\x04disk" + bytes(23) + bytes(12)
    body += b"\x06secret" + bytes(57) + bytes(16) + b"\0\1\0\1" + bytes(16)
    return body + struct.pack(">hH", 2, len(name)) + padded + struct.pack(">hH", -1, 0) + bytes(150)


def test_an_alias_to_a_file_of_this_machine_is_not_opened(film, tmp_path):
    """The data reference grows: what is behind it moves, and the headers are told so."""
    secret = film("secret.mp4", filters="negate")
    data = film("referring.mp4", flags=["-movflags", "-faststart"]).read_bytes()
    at = data.index(b"url \0\0\0\1") - 4
    record = box(b"alis", bytes(4) + alias(secret))
    changed = bytearray(data[:at] + record + data[at + 12 :])
    for kind in (b"dref", b"dinf", b"minf", b"mdia", b"trak", b"moov"):
        start = changed.rindex(kind, 0, at + 4) - 4
        size = int.from_bytes(changed[start : start + 4]) + len(record) - 12
        changed[start : start + 4] = size.to_bytes(4)
    traced = subprocess.run(
        [tools.ffprobe(), "-v", "debug", "-i", str(written(tmp_path, bytes(changed), "alias.mov"))],
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert f"path {secret}" in traced.stderr  # the demuxer has understood what is asked of it
    assert judged(tmp_path / "alias.mov", tmp_path) in ("whole", "unreadable", "incomplete")
    assert pipeline.probe(secret).video.width == 320

"""One film through real ffmpeg, read back by readers that are not ours."""

import itertools
import re
import subprocess
from pathlib import Path

import m3u8
import pytest

from media_pipeline import tools
from media_pipeline.model.publication import Rendition, decode_publication

from .conftest import Film, Made, ffmpeg, ffprobe, publish

SECONDS = 21.2
"""Three chunks, with joins at 4 and 16 s; the last segment is shorter than the others."""

BARS = "geq=lum='if(eq(floor(X*25/W),mod(N,25)),235,16)':cb=128:cr=128"
"""Each frame is black with a white bar that stands at its number, modulo 25."""


@pytest.fixture(scope="module")
def bars(film: Film) -> Path:
    return film("bars.mp4", size="426x240", seconds=SECONDS, filters=BARS, flags=["-crf", "8"])


@pytest.fixture(scope="module")
def made(bars: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return publish(bars, tmp_path_factory.mktemp("publication"))


def each_rendition(made: Made) -> tuple[Rendition, ...]:
    assert [r.name for r in made.publication.renditions] == ["v144", "v240", "a48"]
    return made.publication.renditions


def test_what_is_returned_is_what_stands_in_the_folder_and_is_whole(made):
    written = decode_publication((made.folder / "publication.json").read_bytes())
    assert written == made.publication
    assert written.state == "whole"


def test_every_rendition_decodes_without_a_word(made, tmp_path):
    for rendition in each_rendition(made):
        film = made.joined(rendition, tmp_path)
        ffmpeg("-xerror", "-i", str(film), "-f", "null", "-")
        ffprobe("-count_frames", "-show_streams", str(film))


def test_no_frame_is_lost_doubled_or_moved_at_a_join(made, tmp_path):
    for rendition in made.publication.videos:
        film = made.joined(rendition, tmp_path)
        shown = subprocess.run(
            [
                tools.ffmpeg(),
                "-v",
                "error",
                "-i",
                str(film),
                "-vf",
                "scale=25:1:flags=area",
                "-fps_mode",
                "passthrough",
                "-f",
                "rawvideo",
                "-pix_fmt",
                "gray",
                "-",
            ],
            capture_output=True,
            check=True,
        ).stdout
        numbers = [max(range(25), key=row.__getitem__) for row in itertools.batched(shown, 25)]
        assert numbers == [n % 25 for n in range(530)]


def test_key_frames_stand_at_every_4_s_in_all_rungs_and_nowhere_else(made, tmp_path):
    for rendition in made.publication.videos:
        film = made.joined(rendition, tmp_path)
        packets = ffprobe("-show_entries", "packet=dts,flags", str(film))["packets"]
        keys = [int(p["dts"]) for p in packets if "K" in p["flags"]]
        assert keys == [n * 360_000 for n in range(6)]
        assert len(packets) == 530


def test_picture_and_sound_start_at_zero(made, tmp_path):
    for rendition in each_rendition(made):
        film = made.joined(rendition, tmp_path)
        packets = ffprobe("-show_entries", "packet=dts", str(film))["packets"]
        assert int(packets[0]["dts"]) == 0


def test_no_rendition_has_an_edit_list(made):
    for rendition in each_rendition(made):
        assert b"elst" not in (made.folder / rendition.init.uri).read_bytes()


def test_segments_last_as_long_as_they_say_and_begin_where_they_should(made, tmp_path):
    for rendition in each_rendition(made):
        begins = 0
        init = (made.folder / rendition.init.uri).read_bytes()
        for segment in rendition.segments:
            part = tmp_path / "part.mp4"
            part.write_bytes(init + (made.folder / segment.uri).read_bytes())
            packets = ffprobe("-show_entries", "packet=pts,duration", str(part))["packets"]
            assert sum(int(p["duration"]) for p in packets) == segment.duration
            # ffmpeg shows a whole segment later by its most negative composition offset.
            assert min(int(p["pts"]) for p in packets) == begins
            begins += segment.duration
            assert segment.length == (made.folder / segment.uri).stat().st_size


def test_every_rendition_has_the_same_number_of_segments(made):
    assert {len(r.segments) for r in each_rendition(made)} == {6}


def test_sound_is_shorter_than_the_picture_by_less_than_a_frame(made):
    picture = made.publication.duration / 90_000
    audio = made.publication.audio
    sound = sum(s.duration for s in audio.segments) / 48_000
    assert picture == SECONDS
    assert 0 <= picture - sound < 1024 / 48_000


def test_m3u8_reads_the_playlists_and_finds_every_file(made):
    master = m3u8.load(str(made.folder / "master.m3u8"))
    assert len(master.playlists) == 3  # two rungs and sound alone
    for entry in [*master.playlists, *master.media]:
        playlist = m3u8.load(str(made.folder / entry.uri))
        assert playlist.is_endlist
        assert playlist.target_duration == 4
        assert abs(sum(playlist.segments[k].duration for k in range(6)) - SECONDS) < 0.03
        for piece in [playlist.segment_map[0], *playlist.segments]:
            assert (made.folder / piece.uri).is_file()


def test_codecs_are_what_ffprobe_finds(made, tmp_path):
    for rendition in made.publication.videos:
        stream = ffprobe("-show_streams", str(made.joined(rendition, tmp_path)))["streams"][0]
        assert stream["profile"] == "High"
        assert rendition.codec == f"avc1.6400{stream['level']:02x}"
        assert (stream["width"], stream["height"]) == (rendition.width, rendition.height)
        assert (stream["pix_fmt"], stream["r_frame_rate"]) == ("yuv420p", "25/1")
    sound = ffprobe("-show_streams", str(made.joined(made.publication.audio, tmp_path)))
    assert sound["streams"][0]["profile"] == "LC"
    assert made.publication.audio.codec == "mp4a.40.2"


def test_bandwidths_are_measured_on_the_files(made):
    for rendition in each_rendition(made):
        sizes = [(made.folder / s.uri).stat().st_size for s in rendition.segments]
        seconds = [s.duration / rendition.timescale for s in rendition.segments]
        largest = max(size * 8 / length for size, length in zip(sizes, seconds, strict=True))
        assert rendition.bandwidth <= largest + 1
        assert rendition.bandwidth >= max(sizes[:5]) * 8 / 4.02
        average = sum(sizes) * 8 / sum(seconds)
        assert abs(rendition.average_bandwidth - average) < 2


def test_ffmpeg_reads_the_dash_manifest(made):
    manifest = str(made.folder / "manifest.mpd")
    shown = subprocess.run(
        [
            tools.ffmpeg(),
            "-v",
            "error",
            "-nostdin",
            "-i",
            manifest,
            "-map",
            "0",
            "-c",
            "copy",
            "-f",
            "framehash",
            "-",
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert shown.stderr == ""
    lines = [line for line in shown.stdout.splitlines() if not line.startswith("#")]
    counts = {k: len(list(g)) for k, g in itertools.groupby(sorted(ln[0] for ln in lines))}
    frames = list(counts.values())
    assert sorted(frames) == [530, 530, 993]


def test_ffmpeg_plays_the_master_playlist(made):
    ffmpeg(
        "-i", str(made.folder / "master.m3u8"), "-map", "0:v:0", "-map", "0:a:0", "-f", "null", "-"
    )


def test_speech_comes_out_at_the_target_loudness(made, tmp_path):
    film = made.joined(made.publication.audio, tmp_path)
    told = subprocess.run(
        [
            tools.ffmpeg(),
            "-nostdin",
            "-i",
            str(film),
            "-af",
            "ebur128=peak=true:framelog=quiet",
            "-f",
            "null",
            "-",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    loudness = float(re.findall(r"I:\s+(-?[\d.]+) LUFS", told)[-1])
    peak = float(re.findall(r"Peak:\s+(-?[\d.]+) dBFS", told)[-1])
    assert abs(loudness - -16) < 0.5
    assert peak <= -1.5
    assert made.publication.loudness == pytest.approx(-21.8, abs=0.3)


def test_five_covers_of_the_size_of_the_top_rung(made):
    posters = made.publication.posters
    fifths = sorted(int(poster.at * 5 * 90_000 / made.publication.duration) for poster in posters)
    assert fifths == [0, 1, 2, 3, 4]
    for poster in posters:
        stream = ffprobe("-show_streams", str(made.folder / poster.uri))["streams"][0]
        assert (stream["codec_name"], stream["width"], stream["height"]) == ("mjpeg", 426, 240)
        assert (poster.width, poster.height) == (426, 240)


def test_the_storyboard_names_a_tile_for_every_second(made):
    board = made.publication.storyboard
    cues = re.findall(r"#xywh=(\d+),(\d+),(\d+),(\d+)", (made.folder / board.vtt).read_text())
    assert board.interval == 1
    assert len(cues) == -(-made.publication.duration // 90_000)
    sheet = ffprobe("-show_streams", str(made.folder / board.sprites[0]))["streams"][0]
    for x, y, width, height in (map(int, cue) for cue in cues):
        assert x + width <= sheet["width"]
        assert y + height <= sheet["height"]


def test_nothing_else_is_in_the_folder(made):
    names = {path.name for path in made.folder.iterdir()}
    renditions = {"v144", "v240", "a48"}
    mark, _, _ = made.publication.renditions[0].init.uri.partition("/")
    assert {path.name for path in (made.folder / mark).iterdir()} == renditions
    assert names == {
        mark,
        *(f"{name}.m3u8" for name in renditions),
        *("v144-iframes.m3u8", "v240-iframes.m3u8"),
        *("publication.json", "master.m3u8", "manifest.mpd"),
        *("storyboard.vtt", "storyboard-001.jpg"),
        *(f"poster-{n}.jpg" for n in range(1, 6)),
    }


def test_the_same_file_gives_the_same_bytes_again(made, bars, tmp_path):
    """A chunk may be made again on another machine, and is then taken for the same."""
    again = publish(bars, tmp_path)
    for path in sorted(made.folder.rglob("*.m[p4]*")):
        if path.is_file():
            assert path.read_bytes() == (again.folder / path.relative_to(made.folder)).read_bytes()

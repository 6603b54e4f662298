"""Sound without a picture: a podcast that can be heard alone and seen on a channel."""

from pathlib import Path

import m3u8
import pytest

from media_pipeline.playout import Reel, channel_master

from .conftest import Made, ffmpeg, publish
from .test_sound import measured, tone

GROUND, WAVE = (0x6A, 0x1B, 0x43), (0xF6, 0xB5, 0x2B)


def spoken(folder: Path, name: str, *flags: str) -> Path:
    """Five seconds of a tone in a file called `name`."""
    path = folder / name
    ffmpeg("-f", "lavfi", "-i", tone(1000, -30), *flags, str(path))
    return path


def covered(folder: Path, picture: Path) -> Path:
    """An mp3 with `picture` as its cover."""
    plain, path = spoken(folder, "plain.mp3"), folder / "covered.mp3"
    ffmpeg(
        *("-i", str(plain), "-i", str(picture), "-map", "0", "-map", "1", "-c", "copy"),
        *("-disposition:v", "attached_pic", str(path)),
    )
    return path


def pixel(made: Made, folder: Path, x: int, y: int, at: float = 3) -> tuple[int, ...]:
    """The colour at `x`, `y` of the top rung, `at` seconds from its start."""
    raw = folder / "pixel.raw"
    ffmpeg(
        *("-i", str(made.joined(made.top, folder)), "-vf", f"trim=start={at},crop=2:2:{x}:{y}"),
        *("-frames:v", "1", "-pix_fmt", "rgb24", "-f", "rawvideo", str(raw)),
    )
    return tuple(raw.read_bytes()[:3])


def close(colour: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return all(abs(a - b) <= 24 for a, b in zip(colour, wanted, strict=True))


@pytest.fixture(scope="module")
def podcast(tmp_path_factory) -> tuple[Made, Path]:
    folder = tmp_path_factory.mktemp("podcast")
    return publish(spoken(folder, "siaran.mp3"), folder), folder


def test_a_podcast_is_heard_at_the_target_loudness(podcast):
    made, folder = podcast
    assert made.publication.sound_only
    loudness, peak = measured(made, made.publication.audio, folder)
    assert loudness == pytest.approx(-16, abs=1)
    assert peak <= -1.5
    assert 5 <= made.publication.duration / 90_000 <= 5.2


def test_its_waveform_stands_for_the_picture_from_start_to_end(podcast):
    made, folder = podcast
    assert (made.top.width, made.top.height) == (640, 360)
    for at in (0.1, 4.8):
        assert close(pixel(made, folder, 320, 180, at), WAVE)
        assert close(pixel(made, folder, 320, 40, at), GROUND)


def test_the_still_picture_costs_less_than_the_sound(podcast):
    made, _ = podcast
    lowest = made.publication.videos[0]
    assert len(made.publication.videos) <= 2
    assert lowest.average_bandwidth < 0.5 * made.publication.audio.average_bandwidth


def test_who_saves_data_hears_it_without_the_picture_first(podcast):
    made, _ = podcast
    first = m3u8.load(str(made.folder / "master.m3u8")).playlists[0]
    assert (first.uri, first.stream_info.resolution) == ("a48.m3u8", None)


def test_it_can_air_on_a_channel(podcast):
    made, _ = podcast
    master = m3u8.loads(channel_master([Reel.of(made.publication)]))
    assert [p.uri for p in master.playlists] == ["v144.m3u8", "v360.m3u8", "a48.m3u8"]


@pytest.mark.parametrize("name", ["s.m4a", "s.ogg", "s.flac", "s.wav", "s.aac", "s.opus"])
def test_other_kinds_of_sound_files_are_taken(name, tmp_path):
    made = publish(spoken(tmp_path, name), tmp_path)
    assert made.publication.sound_only
    assert 4.9 <= made.publication.duration / 90_000 <= 5.2


def test_a_portrait_cover_is_seen_whole_in_front_of_itself(tmp_path):
    cover = tmp_path / "cover.png"
    art = "color=0x2040c0:s=300x600,drawbox=y=300:h=300:c=0xe0e0e0:t=fill"
    ffmpeg("-f", "lavfi", "-i", art, "-frames:v", "1", str(cover))
    made = publish(covered(tmp_path, cover), tmp_path)
    assert close(pixel(made, tmp_path, 320, 20), (0x20, 0x40, 0xC0))
    assert close(pixel(made, tmp_path, 320, 340), (0xE0, 0xE0, 0xE0))
    # Beside it, darker and blurred.
    red, _, blue = pixel(made, tmp_path, 60, 20)
    assert blue > red
    assert blue < 0xC0


@pytest.mark.parametrize("kind", ["a line", "damaged"])
def test_a_cover_that_cannot_be_drawn_gives_way_to_the_waveform(kind, tmp_path):
    cover = tmp_path / "cover.png"
    size = "4000x1" if kind == "a line" else "300x300"
    ffmpeg("-f", "lavfi", "-i", f"color=white:s={size}", "-frames:v", "1", str(cover))
    path = covered(tmp_path, cover)
    if kind == "damaged":
        data = path.read_bytes()
        at = data.index(b"IDAT")
        path.write_bytes(data[:at] + b"XXXX" + b"\0" * 40 + data[at + 44 :])
    made = publish(path, tmp_path)
    assert close(pixel(made, tmp_path, 320, 180), WAVE)

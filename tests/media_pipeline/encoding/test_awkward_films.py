"""Films as phones, cameras and old archives make them."""

import subprocess
from pathlib import Path

import pytest

from media_pipeline import tools

from .conftest import Made, ffmpeg, publish
from .screen import in_step, samples


def names(made: Made) -> list[str]:
    return [video.name for video in made.publication.videos]


def size(made: Made) -> tuple[int, int]:
    return made.publication.width, made.publication.height


def levels(made: Made, tmp_path: Path, *, at: float = 0, columns: int = 1) -> bytes:
    """Grey levels of one row of the top rung's picture at `at` seconds."""
    film = made.joined(made.top, tmp_path)
    return subprocess.run(
        [
            *(tools.ffmpeg(), "-v", "error", "-i", str(film), "-ss", str(at)),
            *("-vf", f"scale={columns}:1:flags=area", "-frames:v", "1"),
            *("-f", "rawvideo", "-pix_fmt", "gray", "-"),
        ],
        capture_output=True,
        check=True,
    ).stdout


def test_portrait_stays_portrait(film, tmp_path):
    made = publish(film("portrait.mp4", size="180x320"), tmp_path)
    assert (names(made), size(made)) == (["v144", "v240"], (180, 320))
    assert (made.publication.videos[0].width, made.publication.videos[0].height) == (144, 256)


def test_29_97_frames_a_second_become_30(film, tmp_path):
    made = publish(film("ntsc.mp4", rate="30000/1001", seconds=8.3), tmp_path)
    assert made.publication.frame_rate == 30
    assert [s.duration for s in made.top.segments] == [360_000, 387_000]
    assert in_step(made)


def test_60_frames_a_second_are_halved_on_low_rungs(film, tmp_path):
    made = publish(film("fast.mp4", rate="60", size="320x180", seconds=5), tmp_path)
    assert made.publication.frame_rate == 60
    assert {video.frame_rate for video in made.publication.videos} == {30}
    assert in_step(made)


def test_a_variable_rate_keeps_its_moments(film, tmp_path):
    # A slide for 6 s, then one for 15 s: a chunk starts in the middle of each.
    slides = "geq=lum='if(lt(T,6),40,200)':cb=128:cr=128,select='eq(n,0)+eq(n,150)+eq(n,524)'"
    path = film("slides.mp4", seconds=21, filters=slides, flags=["-fps_mode", "vfr"])
    made = publish(path, tmp_path)
    assert abs(made.publication.duration / 90_000 - 21) < 0.1
    assert in_step(made)
    for at, bright in ((0.5, False), (5.8, False), (6.2, True), (15, True), (20, True)):
        assert (levels(made, tmp_path, at=at)[0] > 100) == bright, at


def test_a_film_without_sound_gets_silence(film, tmp_path):
    made = publish(film("mute.mp4", sound=False), tmp_path)
    assert in_step(made)
    assert made.publication.loudness is None
    assert set(samples(made, tmp_path)) == {0}


def test_sound_and_picture_stay_together_when_one_starts_first(film, tmp_path):
    # At 2 s the picture flashes and a tone begins. Then the picture comes 1.3 s later than before.
    flash = "geq=lum='if(between(T,2,2.2),235,16)':cb=128:cr=128"
    beep = ["-af", "volume='if(between(t,2,2.2),1,0)':eval=frame"]
    path = film("flash.mp4", seconds=5, filters=flash, flags=beep)
    late = path.with_name("late-picture.mkv")
    ffmpeg(
        *("-itsoffset", "1.3", "-i", str(path), "-i", str(path)),
        *("-map", "0:v", "-map", "1:a", "-c", "copy", str(late)),
    )
    made = publish(late, tmp_path)
    assert abs(made.publication.duration / 90_000 - 6.3) < 0.1
    assert in_step(made)
    sound = samples(made, tmp_path)
    begins = next(n for n, level in enumerate(sound) if abs(level) > 1_000) / 48_000
    assert abs(begins - 2) < 0.03
    assert levels(made, tmp_path, at=3.2)[0] < 60
    assert levels(made, tmp_path, at=3.4)[0] > 200


def test_surround_sound_is_mixed_down_to_the_target(film, tmp_path):
    path = film("surround.mkv", flags=["-ac", "6", "-c:a", "ac3"])
    made = publish(path, tmp_path)
    assert made.publication.audio.channels == 2
    assert in_step(made)


def test_odd_sizes_and_full_colour_become_even_420(film, tmp_path):
    path = film("odd.mkv", size="321x181", rate="15", flags=["-pix_fmt", "yuv444p"])
    made = publish(path, tmp_path)
    assert size(made) == (320, 180)


def test_a_single_frame_is_a_title(film, tmp_path):
    made = publish(film("one.mp4", seconds=0.04, sound=False), tmp_path)
    assert made.publication.duration == 3_600
    assert len(made.publication.posters) == 1
    assert in_step(made)


@pytest.mark.parametrize("container", ["mp4", "mkv", "ts"])
def test_half_a_file_is_published_as_far_as_it_goes(film, tmp_path, container):
    flags = ["-movflags", "+faststart"] if container == "mp4" else []
    whole = film(f"whole.{container}", seconds=12, flags=flags)
    half = tmp_path / f"half.{container}"
    half.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    made = publish(half, tmp_path)
    assert 3 < made.publication.duration / 90_000 < 9
    assert in_step(made)


@pytest.mark.parametrize(
    ("name", "flags"),
    [
        ("old.avi", ["-c:v", "mpeg4", "-c:a", "mp3"]),
        ("web.webm", ["-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus"]),
    ],
)
def test_other_containers_are_read(film, tmp_path, name, flags):
    made = publish(film(name, flags=flags), tmp_path)
    assert abs(made.publication.duration / 90_000 - 3) < 0.1
    assert in_step(made)

"""The films are made by code, the same each time, and are ordinary files."""

import subprocess
from pathlib import Path

import imageio_ffmpeg
import pytest

from cms.demo.films.programmes import FILMS
from cms.demo.films.recorder import Film, FilmFailed, make
from media_pipeline import pipeline


def test_the_same_film_is_the_same_file(tmp_path: Path):
    film = FILMS["promo-tempe"]
    first = make(film, tmp_path / "a.mp4", seconds=1).read_bytes()
    second = make(film, tmp_path / "b.mp4", seconds=1).read_bytes()
    assert first == second


@pytest.mark.parametrize("key", sorted(FILMS))
def test_every_film_runs_through_and_is_a_video_with_sound(key: str, tmp_path: Path):
    film = FILMS[key]
    source = pipeline.probe(make(film, tmp_path / "film.mp4", seconds=1.6))
    assert (source.video.width, source.video.height) == (film.width, film.height)
    assert source.audio is not None
    assert source.duration == pytest.approx(1.6, abs=0.1)


def test_a_film_decodes_without_a_complaint(tmp_path: Path):
    path = make(FILMS["lapak"], tmp_path / "film.mp4", seconds=1)
    done = subprocess.run(
        [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(path), "-f", "null", "-"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""


def test_a_film_that_fails_leaves_nothing_behind(tmp_path: Path):
    broken = FILMS["jeda"]
    odd = Film("odd", 853, 480, broken.mood, broken.scenes)
    with pytest.raises(FilmFailed):
        make(odd, tmp_path / "odd.mp4", seconds=0.5)
    assert list(tmp_path.iterdir()) == []

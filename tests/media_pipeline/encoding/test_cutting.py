"""What is cut out of a film, frame by frame."""

import subprocess
from pathlib import Path

import pytest

from media_pipeline import tools
from media_pipeline.errors import PartOutside, UnusableSource
from media_pipeline.steps import probing
from media_pipeline.steps.cutting import cut_film

from .conftest import ffmpeg


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten seconds, black but for the frames 80 to 204, with one key frame."""
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    picture = "color=black:s=64x64:r=25:d=10,format=gray,geq=lum='255*between(N\\,80\\,204)'"
    tone = "sine=frequency=440:duration=10"
    ffmpeg(
        *("-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", tone),
        *("-c:v", "libx264", "-preset", "ultrafast", "-crf", "1", "-g", "1000"),
        *("-pix_fmt", "yuv420p", "-metadata", "location=+07.2575-112.7521", str(path)),
    )
    return path


def _light(path: Path) -> list[int]:
    """The light of each frame of a film."""
    command = [tools.ffmpeg(), "-nostdin", "-v", "error", "-i", str(path), "-vf", "scale=1:1"]
    raw = ["-f", "rawvideo", "-pix_fmt", "gray", "-"]
    return list(subprocess.run([*command, *raw], capture_output=True, check=True).stdout)


def test_the_part_begins_and_ends_at_its_frames(film: Path, tmp_path: Path) -> None:
    made = cut_film(film, 3.2, 5, tmp_path / "cut.mp4", tmp_path)
    light = _light(made)
    assert len(light) == 125
    assert min(light) > 200
    assert max(_light(film)[:80]) < 50


def test_a_small_film_is_not_blown_up(film: Path, tmp_path: Path) -> None:
    made = cut_film(film, 0, 3, tmp_path / "cut.mp4", tmp_path)
    picture = probing.probe(made, tmp_path).video
    assert (picture.width, picture.height) == (64, 64)


def test_a_film_that_ends_before_gives_what_is_left(film: Path, tmp_path: Path) -> None:
    assert len(_light(cut_film(film, 6, 15, tmp_path / "cut.mp4", tmp_path))) == 100


def test_where_it_was_taken_is_not_kept(film: Path, tmp_path: Path) -> None:
    assert b"loci" in film.read_bytes()
    assert b"loci" not in cut_film(film, 0, 5, tmp_path / "cut.mp4", tmp_path).read_bytes()


def test_a_part_behind_the_end_is_refused(film: Path, tmp_path: Path) -> None:
    with pytest.raises(PartOutside):
        cut_film(film, 9, 15, tmp_path / "cut.mp4", tmp_path)


def test_a_list_that_calls_itself_a_film_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "klip.mp4"
    path.write_text("#EXTM3U\nhttp://127.0.0.1/\n")
    with pytest.raises(UnusableSource):
        cut_film(path, 0, 15, tmp_path / "cut.mp4", tmp_path)

"""Covers and storyboard of films with black, blank and blurred parts."""

from itertools import pairwise
from pathlib import Path

import pytest

from .conftest import Made, ffmpeg, ffprobe, publish
from .screen import Frame, frames_of

PARTS = (
    "color=black:s=320x180:r=25:d=3",
    "testsrc2=s=320x180:r=25:d=4",
    "testsrc2=s=320x180:r=25:d=4,gblur=sigma=12",
    "color=0xC0C0C0:s=320x180:r=25:d=3",
    "mandelbrot=s=320x180:r=25:start_scale=0.4,trim=duration=4,setpts=PTS-STARTPTS",
)
STARTS = (0, 3, 7, 11, 14, 18)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A title of a black, a sharp, a blurred, a blank and another sharp part."""
    folder = tmp_path_factory.mktemp("parts")
    path = folder / "parts.mp4"
    inputs = [word for part in PARTS for word in ("-f", "lavfi", "-i", part)]
    joined = "".join(f"[{n}:v]setsar=1,format=yuv420p[p{n}];" for n in range(len(PARTS)))
    joined += "".join(f"[p{n}]" for n in range(len(PARTS))) + f"concat=n={len(PARTS)}:v=1"
    ffmpeg(*inputs, "-filter_complex", joined, "-c:v", "libx264", "-preset", "ultrafast", str(path))
    return publish(path, folder)


def part_of(at: float) -> int:
    return sum(start <= at for start in STARTS) - 1


def test_covers_are_sharp_and_neither_black_nor_blank(made):
    posters = made.publication.posters
    assert len(posters) >= 4
    assert {part_of(poster.at) for poster in posters} == {1, 4}
    for poster in posters:
        frame = frames_of(made.folder / poster.uri, (poster.width, poster.height))[0]
        assert 40 < frame.mean < 220
        assert sharpness(frame) > 4


def sharpness(frame: Frame) -> float:
    """Mean difference of neighbours in every fourth line."""
    total = count = 0
    for y in range(0, frame.height, 4):
        line = frame.rgb[3 * y * frame.width : 3 * (y + 1) * frame.width : 3]
        total += sum(abs(a - b) for a, b in pairwise(line))
        count += frame.width
    return total / count


def test_a_cover_is_the_frame_of_its_moment(made):
    film = made.joined(made.publication.videos[-1], made.folder.parent)
    poster = made.publication.posters[0]
    size = (poster.width, poster.height)
    shown = frames_of(made.folder / poster.uri, size)[0]
    frames = frames_of(
        film, size, f"select=between(n\\,{poster.at * 25 - 30}\\,{poster.at * 25 + 30})"
    )
    unlike = [
        sum(abs(a - b) for a, b in zip(shown.rgb[::7], frame.rgb[::7], strict=True))
        for frame in frames
    ]
    assert unlike.index(min(unlike)) == 30


def test_the_storyboard_of_a_short_title_is_close(made):
    board = made.publication.storyboard
    assert board.interval == 0.48
    vtt = (made.folder / board.vtt).read_text()
    assert vtt.count("-->") == 38
    stream = ffprobe("-show_streams", str(made.folder / board.sprites[0]))["streams"][0]
    assert (stream["width"], stream["height"]) == (1600, 4 * 90)
    # The 7th tile is of 3.36 s: after the black.
    tiles = frames_of(made.folder / board.sprites[0], (1600, 360))[0]
    assert tiles.grey(3.5 / 10, 0.5 / 4) < 20
    assert any(tiles.grey((7 + x) / 10, 0.5 / 4) > 60 for x in (0.2, 0.5, 0.8))


def test_a_black_film_has_one_cover(tmp_path: Path):
    path = tmp_path / "black.mp4"
    ffmpeg("-f", "lavfi", "-i", "color=black:s=320x180:r=25:d=2", "-preset", "ultrafast", str(path))
    black = publish(path, tmp_path)
    assert len(black.publication.posters) == 1
    assert (black.folder / "poster-1.jpg").is_file()

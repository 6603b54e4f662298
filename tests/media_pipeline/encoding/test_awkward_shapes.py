"""Turned, widened, odd and crowded films: what is shown stands upright and is round."""

from itertools import pairwise

import pytest

from .conftest import publish
from .screen import Frame, paint, run, shoot, shown

X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-crf", "12", "-pix_fmt", "yuv420p")
LIGHT, DARK = (235, 235, 235), (16, 16, 16)


def arrow(width: int, height: int) -> bytes:
    """An arrow that points up: a triangle, its tip in the middle of the upper edge."""
    return paint((width, height), lambda x, y: LIGHT if abs(x - width / 2) < y / 3 else DARK)


def points_up(frame: Frame) -> bool:
    """Whether rows of light become wider from top to bottom, about the middle."""
    rows = [frame.run_of_light(row=y) for y in (0.15, 0.4, 0.65, 0.9)]
    wider = all(a < b for a, b in pairwise(rows))
    return wider and frame.grey(0.5, 0.5) > 128 and frame.grey(0.05, 0.1) < 60


# How the upright picture is turned before it is stored, and the turn that players are told.
@pytest.mark.parametrize(
    ("stored", "told", "size"),
    [
        ("transpose=clock", "90", (180, 320)),
        ("hflip,vflip", "180", (320, 180)),
        ("transpose=cclock", "-90", (320, 180)),
    ],
)
def test_an_arrow_points_up_however_the_phone_was_held(tmp_path, stored, told, size):
    flat = shoot(tmp_path / "flat.mp4", size, [arrow(*size)] * 10, "-vf", stored, *X264)
    turned = tmp_path / "turned.mp4"
    run("-display_rotation", told, "-i", str(flat), "-c", "copy", str(turned))
    made = publish(turned, tmp_path)
    assert (made.publication.width, made.publication.height) == size
    assert points_up(shown(made, tmp_path)[3])


def disc(width: int, height: int, aspect: float) -> bytes:
    """A circle as it is stored in pixels that are `aspect` times as wide as high."""
    radius = min(width * aspect, height) * 0.4

    def colour(x: int, y: int) -> tuple[int, int, int]:
        across, down = (x + 0.5 - width / 2) * aspect, y + 0.5 - height / 2
        return LIGHT if across**2 + down**2 < radius**2 else DARK

    return paint((width, height), colour)


@pytest.mark.parametrize(
    ("size", "aspect", "size_shown"),
    [((360, 288), "64/45", (512, 288)), ((240, 240), "3/4", (180, 240))],
)
def test_a_circle_is_round_whatever_the_shape_of_the_pixels(tmp_path, size, aspect, size_shown):
    wide, high = map(int, aspect.split("/"))
    pictures = [disc(*size, wide / high)] * 5
    film = shoot(tmp_path / "wide.mkv", size, pictures, "-vf", f"setsar={aspect}", *X264)
    made = publish(film, tmp_path)
    assert (made.publication.width, made.publication.height) == size_shown
    frame = shown(made, tmp_path)[2]
    across, down = frame.run_of_light(row=0.5), frame.run_of_light(column=0.5)
    assert abs(across - down) <= 3
    assert abs(down - 0.8 * min(size_shown)) <= 3


def test_a_picture_of_odd_size_keeps_its_edges(tmp_path):
    """A frame of two pixels around the picture is there on all sides."""
    size = (321, 181)

    def colour(x: int, y: int) -> tuple[int, int, int]:
        return LIGHT if min(x, y, size[0] - 1 - x, size[1] - 1 - y) < 3 else DARK

    flags = ("-c:v", "ffv1", "-pix_fmt", "yuv444p")
    made = publish(shoot(tmp_path / "odd.mkv", size, [paint(size, colour)] * 5, *flags), tmp_path)
    assert (made.publication.width, made.publication.height) == (320, 180)
    frame = shown(made, tmp_path)[2]
    for x, y in ((0.003, 0.5), (0.997, 0.5), (0.5, 0.006), (0.5, 0.994)):
        assert frame.grey(x, y) > 150
    assert frame.grey(0.5, 0.5) < 30


def test_of_several_pictures_the_marked_one_is_shown_else_the_largest(tmp_path):
    small = shoot(tmp_path / "small.mp4", (160, 90), [bytes(160 * 90 * 3)] * 25, *X264)
    large = shoot(tmp_path / "large.mp4", (320, 180), [b"\xe0" * 320 * 180 * 3] * 25, *X264)
    both = ("-i", str(small), "-i", str(large), "-map", "0", "-map", "1", "-c", "copy")
    run(*both, "-disposition:v", "0", str(tmp_path / "largest.mkv"))
    run(*both, "-disposition:v:0", "default", "-disposition:v:1", "0", str(tmp_path / "marked.mkv"))
    run(*both, str(tmp_path / "largest.ts"))
    largest = publish(tmp_path / "largest.mkv", tmp_path / "one")
    stream = publish(tmp_path / "largest.ts", tmp_path / "three")
    marked = publish(tmp_path / "marked.mkv", tmp_path / "two")
    assert shown(largest, tmp_path)[3].mean > 200
    assert shown(stream, tmp_path)[3].mean > 200
    assert shown(marked, tmp_path)[3].mean < 30
    assert [f.code for f in largest.publication.report if f.code == "other_pictures"]


def test_a_large_cover_is_not_taken_for_the_film(tmp_path):
    film = shoot(tmp_path / "plain.mp4", (320, 180), [b"\xe0" * 320 * 180 * 3] * 10, *X264)
    cover = shoot(tmp_path / "cover.png", (640, 640), [bytes(640 * 640 * 3)])
    both = tmp_path / "both.mp4"
    run(
        *("-i", str(cover), "-i", str(film), "-map", "0", "-map", "1", "-c", "copy"),
        *("-disposition:v:0", "attached_pic", str(both)),
    )
    made = publish(both, tmp_path)
    assert (made.publication.width, made.publication.height) == (320, 180)
    assert shown(made, tmp_path)[3].mean > 200
    assert "other_pictures" not in {finding.code for finding in made.publication.report}

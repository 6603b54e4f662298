"""Woven and whole pictures, whatever their flags say."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from media_pipeline.steps import probing

from .conftest import Made, publish
from .screen import Frame, frames_of, shoot, shown

SIZE = (320, 480)
COUNT = 40
X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-crf", "12", "-pix_fmt", "yuv420p")


def row(moment: int) -> bytes:
    """One line of a picture of bars that move 6 pixels a field."""
    shift = moment * 6 % 80
    line = (b"\xe0\xe0\xe0" * 40 + b"\x20\x20\x20" * 40) * 5
    return line[3 * shift :][: 3 * SIZE[0]]


def woven(*, top_first: bool) -> Iterator[bytes]:
    """Pictures whose even and odd lines are of two moments."""
    for n in range(COUNT):
        even, odd = (row(2 * n), row(2 * n + 1))[:: 1 if top_first else -1]
        yield (even + odd) * (SIZE[1] // 2)


def whole() -> Iterator[bytes]:
    """Pictures of one moment each, with stripes of two lines."""
    for n in range(COUNT):
        dark = bytes(level // 2 for level in row(2 * n))
        yield (row(2 * n) * 2 + dark * 2) * (SIZE[1] // 4)


def comb(frame: Frame) -> float:
    """How much each line differs from the mean of those around it: the teeth of a comb."""
    width = frame.width * 3
    lines = [frame.rgb[n : n + width : 3] for n in range(0, len(frame.rgb), width)]
    teeth = 0.0
    for above, line, below in zip(lines[100:140], lines[101:141], lines[102:142], strict=True):
        teeth += sum(abs(2 * b - a - c) for a, b, c in zip(above, line, below, strict=True))
    return teeth / (40 * frame.width)


def combs(made: Made, folder: Path) -> float:
    return max(comb(frame) for frame in shown(made, folder)[8:30:5])


FLAGGED = (*X264, "-flags", "+ilme+ildct", "-x264-params")


@pytest.mark.parametrize(
    ("top_first", "flags"),
    [
        (True, ("-vf", "setfield=tff", *FLAGGED, "tff=1")),
        (True, X264),
        (False, X264),
        # It says top first, as cheap grabbers do of everything, and is bottom first.
        (False, ("-vf", "setfield=tff", *FLAGGED, "tff=1")),
    ],
)
def test_woven_pictures_are_taken_apart_whatever_their_flags_say(tmp_path, top_first, flags):
    pictures = woven(top_first=top_first)
    film = shoot(tmp_path / "woven.mp4", SIZE, pictures, *flags)
    before = max(comb(frame) for frame in frames_of(film, SIZE)[8:30:5])
    made = publish(film, tmp_path)
    assert made.publication.frame_rate == 25
    assert before > 50
    assert combs(made, tmp_path) < before / 10
    # The bars move on from picture to picture: with the fields in the wrong order they jump back.
    assert forward(made, tmp_path)


def forward(made: Made, folder: Path) -> bool:
    """Whether the bars move by 12 of 320 pixels a picture, everywhere in the picture."""
    frames = shown(made, folder)[10:16]
    for y in (0.3, 0.6):
        edges = [edge(frame, y) for frame in frames]
        steps = [(a - b) * 320 % 80 for a, b in pairwise(edges)]
        if not all(8 <= step <= 16 for step in steps):
            return False
    return True


def edge(frame: Frame, y: float) -> float:
    """Where in a line it first turns from dark to bright, as a part of the width."""
    bright = [frame.grey((x + 0.5) / frame.width, y) > 128 for x in range(frame.width)]
    return next(x for x in range(1, frame.width) if bright[x] and not bright[x - 1]) / frame.width


def test_whole_pictures_that_claim_to_be_woven_stay_untouched(tmp_path):
    lossless = ("-c:v", "ffv1", "-pix_fmt", "yuv420p")
    plain = shoot(tmp_path / "plain.mkv", SIZE, whole(), *lossless)
    claims = shoot(tmp_path / "claims.mkv", SIZE, whole(), *lossless, "-vf", "setfield=tff")
    assert probing.probe(claims, tmp_path).video.interlaced
    made = [publish(film, tmp_path / film.stem) for film in (plain, claims)]
    pixels = [[f.rgb for f in shown(one, tmp_path)] for one in made]
    assert pixels[0] == pixels[1]

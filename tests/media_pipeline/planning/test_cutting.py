"""A part of a film as a film of its own: whether it is there, and the command that cuts it."""

import pytest

from media_pipeline.model.source import AudioStream, Source
from media_pipeline.planning.cutting import cut_argv, is_inside
from media_pipeline.planning.inputs import unguarded
from tests.media_pipeline.streams import make_video

PICTURE = make_video(1920, 1080, index=1)
SOUND = AudioStream(index=0, codec="aac", channels=2, sample_rate=48_000, start=0)
SOURCE = Source("mov,mp4", 1, 0.0, 20.0, PICTURE, (SOUND,))


@pytest.mark.parametrize(
    ("begin", "inside"), [(0, True), (17, True), (17.1, False), (-1, False), (1e9, False)]
)
def test_a_part_needs_three_seconds_of_the_film(begin: float, inside: bool) -> None:
    assert is_inside(SOURCE, begin) is inside


def test_the_film_is_opened_with_its_guards_and_sought_before_it_is_decoded() -> None:
    argv = cut_argv("ffmpeg", "/a -i b.mp4", SOURCE, 3.25, 15, "/out.mp4")
    assert unguarded(argv) is None
    at = argv.index("-i")
    assert argv[at + 1] == "file:/a -i b.mp4"
    assert argv[at - 4 : at] == ["-ss", "3.250", "-t", "15"]


def test_only_what_is_published_is_kept_and_nothing_of_where_it_was_taken() -> None:
    said = " ".join(cut_argv("ffmpeg", "/in.mp4", SOURCE, 0, 15, "/out.mp4"))
    assert "-map 0:1 -map 0:0" in said
    assert "-map_metadata -1" in said

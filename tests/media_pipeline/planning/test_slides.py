"""How slides share the time of a clip, and what the command that films them opens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media_pipeline.planning.inputs import unguarded
from media_pipeline.planning.slides import FADE, RATE, Slides, slide_frames, slides_argv


@given(st.integers(5, 60), st.integers(1, 5))
def test_slides_with_their_fades_fill_the_clip_to_the_frame(seconds: int, count: int) -> None:
    lengths = slide_frames(seconds * RATE, count)
    assert sum(lengths) - FADE * (count - 1) == seconds * RATE
    assert max(lengths) - min(lengths) <= 1


@pytest.mark.parametrize("count", [1, 2, 5])
def test_every_picture_is_opened_as_a_picture_alone(count: int) -> None:
    plan = Slides("/g.png", tuple(f"/{n}.png" for n in range(count)), (836, 720), 15)
    argv = slides_argv("ffmpeg", plan, "/clip.mp4")
    assert unguarded(argv) is None
    assert argv.count("image2,png_pipe") == count + 1

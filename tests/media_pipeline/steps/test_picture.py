"""Whose fault it is that a chunk has no picture."""

import msgspec
import pytest

from media_pipeline import tools
from media_pipeline.errors import StepFailed, UnusableSource
from media_pipeline.steps.picture import encode_chunk
from tests.media_pipeline.planning.titles import plan

PLAN = plan(lines=240, seconds=8, av1=True)
NEWER = msgspec.structs.replace(PLAN, rungs=PLAN.av1_rungs)


@pytest.mark.parametrize(
    ("made", "chunk", "failure", "words"),
    [
        (PLAN, 0, UnusableSource, "The picture cannot be decoded"),
        (PLAN, 1, StepFailed, "Chunk 1 of v144 is empty"),
        (NEWER, 0, StepFailed, "Chunk 0 of x240 is empty"),
    ],
    ids=["H.264, the first", "H.264, later", "AV1"],
)
def test_a_source_is_blamed_for_a_first_chunk_without_a_picture_by_h264_alone(
    made, chunk, failure, words, tmp_path, monkeypatch
):
    """AV1 comes when H.264 of the same frames is there: a title would be lost that can be seen."""
    film = tmp_path / "film.mp4"
    film.touch()
    monkeypatch.setattr(tools, "ffmpeg", lambda: "/bin/true")
    with pytest.raises(failure, match=words):
        encode_chunk(
            *(film, made, made.chunks[chunk], tmp_path),
            inits={},
            cancelled=lambda: False,
            on_frames=lambda _count: None,
        )

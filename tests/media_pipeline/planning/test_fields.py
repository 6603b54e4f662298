"""What the counts of woven frames are read as."""

import msgspec
import pytest

from media_pipeline.planning.video.fields import scan_of
from tests.media_pipeline.streams import make_video

TALL = make_video(1920, 1080, time_base_den=25)
SCREEN = msgspec.structs.replace(TALL, width=1280, height=720)
FLAGGED = msgspec.structs.replace(TALL, interlaced=True)


def said(top: int, bottom: int, whole: int) -> list[str]:
    """The words of idet."""
    words = ["tff"] * top + ["bff"] * bottom + ["progressive"] * whole
    return [*words, "undetermined", ""]


@pytest.mark.parametrize(
    ("video", "counts", "scan"),
    [
        (TALL, (60, 0, 0), "top"),
        (TALL, (0, 60, 0), "bottom"),
        (FLAGGED, (1, 59, 0), "bottom"),
        (TALL, (0, 0, 60), "told"),
        (FLAGGED, (0, 0, 60), "progressive"),
        # Still: the flags are all there is.
        (FLAGGED, (0, 0, 0), "told"),
        (FLAGGED, (0, 0, 5), "told"),
        # Film woven to 30 frames a second.
        (TALL, (24, 0, 36), "top"),
        # Nothing of 720 lines was ever woven: sharp letters move.
        (SCREEN, (60, 0, 0), "told"),
        # A caption that crawls over whole pictures.
        (TALL, (2, 1, 57), "told"),
    ],
)
def test_the_picture_is_believed_before_its_flags(video, counts, scan):
    assert scan_of(said(*counts), video) == scan

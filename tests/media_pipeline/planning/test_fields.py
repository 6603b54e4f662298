"""What the counts of woven frames are read as."""

import msgspec
import pytest

from media_pipeline.model.source import VideoStream
from media_pipeline.planning.fields import doubtful, read_fields

TALL = VideoStream(
    index=0,
    codec="h264",
    width=1920,
    height=1080,
    frame_rate=25,
    start=0,
    time_base_num=1,
    time_base_den=25,
    pixel_format="yuv420p",
)
FLAGGED = msgspec.structs.replace(TALL, interlaced=True)


def said(top: int, bottom: int, whole: int) -> str:
    """The words of idet."""
    return (
        "[Parsed_idet_0 @ 0x1] Single frame detection: TFF: 9 BFF: 9 Progressive: 9 Undetermined: 9\n"
        f"[Parsed_idet_0 @ 0x1] Multi frame detection: TFF:{top:6} BFF:{bottom:6} "
        f"Progressive:{whole:6} Undetermined:     0\n"
    )


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
        (FLAGGED, (0, 0, 9), "told"),
        # Film woven to 30 frames a second.
        (TALL, (24, 0, 36), "top"),
        # A caption that crawls over whole pictures.
        (TALL, (2, 1, 57), "told"),
    ],
)
def test_the_picture_is_believed_before_its_flags(video, counts, scan):
    assert read_fields(said(*counts), video) == scan


def test_samples_are_added_up():
    assert read_fields(said(3, 0, 0) + said(3, 0, 14), TALL) == "top"


def test_no_counts_leave_the_flags():
    assert read_fields("Killed", FLAGGED) == "told"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [({}, True), ({"height": 720}, False), ({"frame_rate": 60}, False)],
)
def test_only_what_has_the_shape_of_television_is_looked_at(changes, expected):
    assert doubtful(msgspec.structs.replace(TALL, **changes)) == expected


def test_what_says_that_it_is_woven_is_looked_at():
    assert doubtful(msgspec.structs.replace(FLAGGED, height=400))

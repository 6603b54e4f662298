"""Streams and sources as values, for tests that need no media."""

from typing import Any

from media_pipeline.model.source import VideoStream


def make_video(width: int = 640, height: int = 360, **facts: Any) -> VideoStream:
    """A picture of an MP4 at 25 frames a second; `facts` are what is else of it."""
    usual = {
        "index": 0,
        "codec": "h264",
        "frame_rate": 25,
        "start": 0,
        "time_base_num": 1,
        "time_base_den": 90_000,
        "pixel_format": "yuv420p",
    }
    return VideoStream(width=width, height=height, **(usual | facts))

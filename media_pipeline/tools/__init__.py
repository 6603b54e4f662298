"""Running ffmpeg and ffprobe."""

from media_pipeline.tools.binaries import check_tools, ffmpeg, ffprobe
from media_pipeline.tools.run import URGENT, Finished, Limits, run
from media_pipeline.tools.told import last_told

__all__ = ["URGENT", "Finished", "Limits", "check_tools", "ffmpeg", "ffprobe", "last_told", "run"]

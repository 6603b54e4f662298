"""A moving clip of still pictures: what airs for somebody who cannot film."""

from collections.abc import Callable
from pathlib import Path

from media_pipeline import tools
from media_pipeline.errors import StepFailed
from media_pipeline.planning.slides import Slides, slides_argv

_LIMITS = tools.Limits(memory=4 << 30, cpu_seconds=300, wall_seconds=600, file_bytes=256 << 20)


def film_slides(
    plan: Slides, target: Path, scratch: Path, cancelled: Callable[[], bool] = lambda: False
) -> Path:
    """Write the clip of `plan`, whose pictures are ours, as an MP4 to `target`; return it.

    25 frames a second, with a bed of music of about −24 LUFS. Raises StepFailed, ToolStopped
    or Cancelled.
    """
    argv = slides_argv(tools.ffmpeg(), plan, str(target.resolve()))
    ended = tools.run(argv, limits=_LIMITS, scratch=scratch, name="slides", cancelled=cancelled)
    if ended.code != 0:
        raise StepFailed(f"ffmpeg did not film the slides: {ended.last_words}")
    return target

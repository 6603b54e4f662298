"""Having a quick look into a title, under limits."""

from collections.abc import Callable
from pathlib import Path

from media_pipeline import tools
from media_pipeline.errors import StepFailed
from media_pipeline.model.analysis import Analysis
from media_pipeline.model.source import Extent, Source
from media_pipeline.planning.video.analysis import analysis_argv, read_analysis

_LIMITS = tools.Limits(memory=4 << 30, cpu_seconds=30, wall_seconds=30, file_bytes=8 << 20)
_LONGEST = 4 << 20


def analyse(
    path: Path, source: Source, extent: Extent, scratch: Path, cancelled: Callable[[], bool]
) -> Analysis | None:
    """Return what samples of the picture show, or None: a title is encoded without it as well.

    Costs about 0.5 s of CPU at 1080p, however long the title is.
    """
    seconds = float((extent.end - extent.start) * source.video.time_base)
    argv = analysis_argv(tools.ffmpeg(), str(path.resolve()), source, seconds)
    try:
        ended = tools.run(
            argv, limits=_LIMITS, scratch=scratch, name="analysis", cancelled=cancelled
        )
    except StepFailed:
        return None  # too slow to be worth waiting for
    found = read_analysis(_text(ended.stdout), _text(ended.stderr), source.video)
    return found if found.frames else None


def _text(path: Path) -> str:
    with path.open(encoding="utf-8", errors="replace") as file:
        return file.read(_LONGEST)

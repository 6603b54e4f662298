"""Having a quick look into a title, under limits."""

from collections.abc import Callable
from pathlib import Path

from media_pipeline import tools
from media_pipeline.errors import Stop, ToolStopped
from media_pipeline.model.analysis import Analysis
from media_pipeline.model.source import Extent, Source
from media_pipeline.planning.video.analysis import analysis_argv, read_analysis

_LIMITS = tools.Limits(memory=4 << 30, cpu_seconds=30, wall_seconds=30, file_bytes=8 << 20)
_TOO_DEAR: tuple[Stop, ...] = ("cpu", "wall", "memory")
"""Our own limits: a look that meets them is not worth its price, and would not be the next time."""
_LONGEST = 8 << 20


def analyse(
    path: Path, source: Source, extent: Extent, scratch: Path, cancelled: Callable[[], bool]
) -> Analysis | None:
    """Return what samples of the picture show, or None: a title is encoded without it as well.

    Costs about 0.5 s of CPU at 1080p, however long the title is. Raises ToolStopped where it
    was ended by what has nothing to do with the film: another attempt plans what this would have.
    """
    seconds = float((extent.end - extent.start) * source.video.time_base)
    argv = analysis_argv(tools.ffmpeg(), str(path.resolve()), source, seconds)
    try:
        ended = tools.run(
            argv, limits=_LIMITS, scratch=scratch, name="analysis", cancelled=cancelled
        )
    except ToolStopped as stopped:
        if stopped.how in _TOO_DEAR:
            return None
        raise
    found = read_analysis(_text(ended.stdout), _text(ended.stderr), source.video)
    return found if found.frames else None


def _text(path: Path) -> str:
    with path.open(encoding="utf-8", errors="replace") as file:
        return file.read(_LONGEST)

"""The part of a film that is wanted; the rest of it is never kept."""

from collections.abc import Callable
from pathlib import Path

from media_pipeline import tools
from media_pipeline.errors import PartOutside, StepFailed, UnusableSource
from media_pipeline.planning.cutting import cut_argv, is_inside
from media_pipeline.steps import probing

_LIMITS = tools.Limits(memory=4 << 30, cpu_seconds=1800, wall_seconds=3600, file_bytes=4 << 30)


def cut_film(
    path: Path,
    begin: float,
    seconds: int,
    target: Path,
    scratch: Path,
    cancelled: Callable[[], bool] = lambda: False,
) -> Path:
    """Write `seconds` of the film at `path`, from `begin` seconds on, to `target`; return it.

    It is shorter where the film ends before. Raises UnusableSource, PartOutside, StepFailed,
    ToolStopped or Cancelled.
    """
    source = probing.probe(path, scratch, cancelled)
    if source.sound_only:
        raise UnusableSource("no_video", "The file holds sound alone: send a video.")
    if not is_inside(source, begin):
        raise PartOutside(begin, source.duration)
    argv = cut_argv(
        tools.ffmpeg(), str(path.resolve()), source, begin, seconds, str(target.resolve())
    )
    ended = tools.run(argv, limits=_LIMITS, scratch=scratch, name="cut", cancelled=cancelled)
    if ended.code != 0:
        raise StepFailed(f"ffmpeg did not cut the film: {ended.last_words}")
    return target

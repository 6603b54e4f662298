"""Having a quick look into a title before it is planned, under limits."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from media_pipeline import tools
from media_pipeline.errors import ToolStopped
from media_pipeline.model.analysis import Analysis
from media_pipeline.model.source import Extent, Source
from media_pipeline.planning.video.analysis import analysis_argv, read_analysis
from media_pipeline.steps.probing import measure

_LIMITS = tools.Limits(
    memory=4 << 30, cpu_seconds=30, wall_seconds=30, file_bytes=8 << 20, nice=tools.URGENT
)
_LONGEST = 8 << 20
_NEAR = 0.02
"""The part of a title by which its header may be wrong about its length: samples then still lie
where they should."""

logger = logging.getLogger(__name__)


def look_into(
    path: Path, source: Source, scratch: Path, cancelled: Callable[[], bool]
) -> tuple[Extent, Analysis | None]:
    """Return how far the picture of `source` goes and what samples of it show.

    Viewers wait for both. Where the samples are is taken from what the file
    claims to be, and only if that turns out wrong they are taken again. Raises
    as `measure` does.
    """
    claimed, refused = _claimed(source), threading.Event()

    def leaving() -> bool:
        return refused.is_set() or cancelled()

    with ThreadPoolExecutor(1, thread_name_prefix="look") as pool:
        looking = pool.submit(analyse, path, source, claimed, scratch, leaving)
        try:
            extent = measure(path, source, scratch, cancelled)
            found = looking.result()
        finally:
            # Whatever went wrong, nobody waits for the rest of the look.
            refused.set()
    if claimed != sampled(source, extent):
        found = analyse(path, source, extent, scratch, cancelled)
    return extent, found


def sampled(source: Source, extent: Extent) -> Extent:
    """Return the extent by which samples are taken from a picture that covers `extent`."""
    claimed = _claimed(source)
    return claimed if _is_near(claimed, extent) else extent


def analyse(
    path: Path, source: Source, extent: Extent, scratch: Path, cancelled: Callable[[], bool]
) -> Analysis | None:
    """Return what samples of the picture show, or None: a title is encoded without it as well.

    Costs about 0.5 s of CPU at 1080p, however long the title is. One that crashes or meets a limit
    of ours would do so the next time: the log tells of it. Raises ToolStopped where it was ended
    by what has nothing to do with the film: another attempt plans what this would have.
    """
    seconds = float((extent.end - extent.start) * source.video.time_base)
    argv = analysis_argv(tools.ffmpeg(), str(path.resolve()), source, seconds)
    try:
        ended = tools.run(
            argv, limits=_LIMITS, scratch=scratch, name="analysis", cancelled=cancelled
        )
    except ToolStopped as stopped:
        if stopped.from_outside:
            raise
        logger.warning("%s: the title is planned without a look into it. %s", scratch.name, stopped)
        return None
    found = read_analysis(_text(ended.stdout), _text(ended.stderr), source.video)
    return found if found.frames else None


def _text(path: Path) -> str:
    with path.open(encoding="utf-8", errors="replace") as file:
        return file.read(_LONGEST)


def _claimed(source: Source) -> Extent:
    """Return how far the picture goes if the file's header is right."""
    start = source.video.start
    length = round(max(0.0, source.duration) / source.video.time_base)
    return Extent(start=start, end=start + length)


def _is_near(claimed: Extent, found: Extent) -> bool:
    """Whether the header was right enough: a file of a few frames claims a little more."""
    wrong = abs((claimed.end - claimed.start) - (found.end - found.start))
    return wrong <= _NEAR * (found.end - found.start)

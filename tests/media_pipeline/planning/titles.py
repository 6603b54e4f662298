"""A title to plan, and how its work goes on machines whose every second is known."""

import heapq
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from media_pipeline.model.analysis import Analysis
from media_pipeline.model.plan import EncodePlan
from media_pipeline.model.source import AudioStream, Extent, Source, VideoStream
from media_pipeline.model.work import Task
from media_pipeline.planning.eta import Standing, fraction_done, later
from media_pipeline.planning.plan import make_plan
from media_pipeline.planning.tasks import tasks_of

START = datetime(2026, 11, 25, tzinfo=UTC)

BEGINNING = 0.4
"""Seconds until an encoder that was started gives its first frame."""


def plan(
    content: str = "ordinary",
    *,
    lines: int = 720,
    seconds: int = 600,
    workers: int = 1,
    av1: bool = False,
) -> EncodePlan:
    """The plan of a film at 25 frames a second with one sound."""
    video = VideoStream(
        index=0,
        codec="h264",
        width=lines * 16 // 9,
        height=lines,
        frame_rate=25,
        start=0,
        time_base_num=1,
        time_base_den=25,
        pixel_format="yuv420p",
    )
    track = AudioStream(1, "aac", 2, 48_000, 0)
    source = Source("mov", 1, 0, seconds, video, (track,))
    extent = Extent(start=0, end=seconds * 25)
    analysis = Analysis(frames=56, content=content)
    return make_plan(source, extent, analysis, workers=workers, av1=av1)


class Stretch:
    """A task at work from `start` to `end`, in seconds; the first frames of an encoder come late."""

    def __init__(self, task: Task, start: float, took: float) -> None:
        self.task, self.start, self.end = task, start, start + took

    def done(self, at: float) -> float:
        """The part of the task that is told to be done at second `at`."""
        late = BEGINNING if self.task.kind == "picture" else 0.0
        begun = self.start + min(late, (self.end - self.start) / 2)
        return min(1.0, max(0.0, (at - begun) / (self.end - begun)))


def work(made: EncodePlan, wrong: dict[str, float], workers: int) -> list[Stretch]:
    """What happens to `made` on `workers` steady machines that take a second for one of film each.

    `wrong` is by how much tasks of a kind (or rank) take longer than their weight says.
    """
    tasks = tasks_of(made, workers)
    second = 1 / made.seconds
    free = [0.0] * workers
    stretches: list[Stretch] = []
    for task in sorted(tasks, key=lambda each: each.rank):
        factor = wrong.get(task.kind, 1.0) * wrong.get(f"rank {task.rank}", 1.0)
        took = task.weight / second * factor
        if task.kind == "sound":  # beside the pictures
            stretches.append(Stretch(task, 0.0, took))
        elif task.kind == "finish":  # whatever the others could do meanwhile
            began = max(each.end for each in stretches)
            stretches.append(Stretch(task, began, took / workers))
        else:
            at = heapq.heappop(free)
            stretches.append(Stretch(task, at, took))
            heapq.heappush(free, at + took)
    return stretches


def told(
    made: EncodePlan, stretches: list[Stretch], workers: int
) -> Iterator[tuple[float, Standing]]:
    """What is said of the work, twice a second."""
    tasks, end = tasks_of(made, workers), max(each.end for each in stretches)
    standing = Standing()
    for half in range(round(end * 2)):
        done = {each.task.name: each.done(half / 2) for each in stretches}
        moment = START + timedelta(seconds=half / 2)
        standing = later(standing, fraction_done(tasks, done), moment)
        yield half / 2, standing


def worst_error(made: EncodePlan, wrong: dict[str, float], workers: int = 1) -> float:
    """By how much the forecast was wrong at most, after a tenth of the work, as part of the truth.

    The last two seconds are left out, as `benchmarks.progress` does.
    """
    stretches = work(made, wrong, workers)
    end = max(each.end for each in stretches)
    errors = [
        abs((standing.eta_seconds or 0) / (end - at) - 1)
        for at, standing in told(made, stretches, workers)
        if standing.fraction >= 0.1 and end - at > 2
    ]
    return max(errors)

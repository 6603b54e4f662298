"""A title's tasks, one at a time: each puts final segments on the shelf, then its part."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import msgspec

from media_pipeline.errors import StepFailed
from media_pipeline.model.work import Made, Part, Task
from media_pipeline.planning.report import report
from media_pipeline.steps import pictures, sound
from media_pipeline.steps.picture import encode_chunk
from media_pipeline.steps.shelf import Shelf

_WAIT = 0.05


class Bench(NamedTuple):
    """Where a task is done: the file, the shelf, a folder of its own; whom it asks and tells.

    `check` raises when the work is to stop, as `cancelled` says; `tell` takes the
    fraction of the task that is done.
    """

    path: Path
    shelf: Shelf
    scratch: Path
    cancelled: Callable[[], bool]
    check: Callable[[], None]
    tell: Callable[[float], None]


def do_task(bench: Bench, task: Task) -> None:
    """Do `task`; when this returns, its part is written (or, of the last, the publication)."""
    {"picture": _picture, "sound": _sound, "finish": _finish}[task.kind](bench, task)


def _picture(bench: Bench, task: Task) -> None:
    plan = bench.shelf.plan
    chunk = plan.chunks[task.chunk]
    rungs = tuple(rung for rung in plan.rungs if rung.name in task.rungs)
    files = encode_chunk(
        bench.path,
        msgspec.structs.replace(plan, rungs=rungs),
        chunk,
        bench.scratch,
        inits=bench.shelf.begun(task.rungs),
        cancelled=bench.cancelled,
        on_frames=lambda frames: bench.tell(min(1.0, frames / (chunk.end - chunk.first))),
    )
    made = bench.shelf.put_chunk(files, chunk.first // plan.group)
    bench.shelf.add(Part(task.name, made))


def _sound(bench: Bench, task: Task) -> None:
    """Publish the sound while it is encoded: each piece is half as long as all before it."""
    shelf = bench.shelf
    name, count = shelf.plan.audio.name, len(shelf.plan.segments)
    with _encoding(bench) as (work, cutter):
        made = Made("", b"", 0, ())
        while len(made.segments) < count:
            over = work.done()
            ready = cutter.new_segments(at_least=len(made.segments) // 2 + 1, over=over)
            if ready:
                piece = shelf.put_sound(name, cutter.init, len(made.segments), ready)
                shelf.add(Part(f"{task.name}-{piece.first:05d}", {name: piece}))
                made = msgspec.structs.replace(
                    piece, first=0, segments=made.segments + piece.segments
                )
                bench.tell(len(made.segments) / count)
            elif over:
                work.result()
                raise StepFailed("The sound ends before the picture: try again.")
            else:
                bench.check()
                with contextlib.suppress(TimeoutError):
                    work.result(timeout=_WAIT)
        shelf.add(Part(task.name, {name: made}, work.result()))


@contextlib.contextmanager
def _encoding(bench: Bench) -> Iterator[tuple[Future[float | None], sound.SoundCutter]]:
    """Measure and encode the sound in a thread beside the block, and end it with the block."""
    plan, output = bench.shelf.plan, bench.scratch / "sound.mp4"
    leaving = threading.Event()

    def make() -> float | None:
        loudness = sound.measure_loudness(bench.path, plan, bench.scratch, leaving.is_set)
        sound.encode_sound(
            bench.path,
            plan,
            output,
            loudness=loudness,
            scratch=bench.scratch,
            cancelled=leaving.is_set,
        )
        return loudness

    with ThreadPoolExecutor(1, thread_name_prefix="sound") as pool:
        work = pool.submit(make)
        try:
            yield work, sound.SoundCutter(output, plan)
        finally:
            leaving.set()


def _finish(bench: Bench, _task: Task) -> None:
    shelf, plan = bench.shelf, bench.shelf.plan
    shelf.take()
    storyboard, watched = pictures.watch(plan, shelf, bench.scratch, bench.cancelled)
    bench.tell(0.5)
    looks = watched.looks
    posters = pictures.make_posters(plan, looks, shelf, bench.scratch, bench.cancelled)
    bench.tell(0.9)
    shelf.finish(posters, storyboard, report(shelf.job, watched, shelf.heard))

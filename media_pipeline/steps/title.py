"""A title's tasks, one at a time: each puts final segments on the shelf, then its part."""

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import msgspec

from media_pipeline.errors import StepFailed
from media_pipeline.model.report import Heard
from media_pipeline.model.work import Made, Part, Task
from media_pipeline.planning.report import report
from media_pipeline.steps import pictures, sound
from media_pipeline.steps.downloads import make_download
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
    partial: bool = False
    """Whether the file has only the bytes that the task needs."""


def do_task(bench: Bench, task: Task) -> None:
    """Do `task`; when this returns, its part is written (or, of the last, the publication)."""
    {"picture": _picture, "sound": _sound, "finish": _finish}[task.kind](bench, task)


def _picture(bench: Bench, task: Task) -> None:
    plan = bench.shelf.plan
    chunk = plan.chunks[task.chunk]
    rungs = tuple(rung for rung in (*plan.rungs, *plan.modern) if rung.name in task.rungs)
    files = encode_chunk(
        bench.path,
        msgspec.structs.replace(plan, rungs=rungs),
        chunk,
        bench.scratch,
        inits=bench.shelf.begun(task.rungs),
        cancelled=bench.cancelled,
        partial=bench.partial,
        on_frames=lambda frames: bench.tell(min(1.0, frames / (chunk.end - chunk.first))),
    )
    made = bench.shelf.put_chunk(files, chunk.first // plan.group)
    bench.shelf.add(Part(task.name, made))


def _sound(bench: Bench, task: Task) -> None:
    """Publish the sounds while they are encoded, in step: each piece half as long as all before."""
    shelf = bench.shelf
    count = len(shelf.plan.segments)
    pieces: list[dict[str, Made]] = []
    at = 0
    with _encoding(bench) as (work, cutters):
        while at < count:
            over = work.done()
            ready = min(cutter.ready() for cutter in cutters.values())
            if ready and (over or ready >= min(at // 2 + 1, count - at)):
                pieces.append(_put_piece(shelf, task, cutters, at, ready))
                at += ready
                bench.tell(at / count)
            elif over:
                work.result()
                raise StepFailed("The sound ends before the picture: try again.")
            else:
                bench.check()
                with contextlib.suppress(TimeoutError):
                    work.result(timeout=_WAIT)
        heard = work.result()
        shelf.add(Part(task.name, _whole(pieces), heard[0].loudness, heard))


def _put_piece(
    shelf: Shelf, task: Task, cutters: Mapping[str, sound.SoundCutter], first: int, count: int
) -> dict[str, Made]:
    """Put the next `count` segments of every sound on the shelf, and the part that names them."""
    made = {
        name: shelf.put_sound(name, cutter.init, first, cutter.take(count))
        for name, cutter in cutters.items()
    }
    shelf.add(Part(f"{task.name}-{first:05d}", made))
    return made


def _whole(pieces: list[dict[str, Made]]) -> dict[str, Made]:
    """Return `pieces`, which follow one another, as one."""
    return {
        name: msgspec.structs.replace(
            first, segments=tuple(s for piece in pieces for s in piece[name].segments)
        )
        for name, first in pieces[0].items()
    }


@contextlib.contextmanager
def _encoding(
    bench: Bench,
) -> Iterator[tuple[Future[tuple[Heard, ...]], dict[str, sound.SoundCutter]]]:
    """Measure and encode the sounds in a thread beside the block, and end it with the block."""
    plan = bench.shelf.plan
    outputs = [bench.scratch / f"{audio.name}.mp4" for audio in plan.sounds]
    leaving = threading.Event()

    def make() -> tuple[Heard, ...]:
        heard = sound.hear(bench.path, plan, bench.scratch, leaving.is_set)
        sound.encode_sounds(
            bench.path,
            plan,
            outputs,
            heard,
            scratch=bench.scratch,
            cancelled=leaving.is_set,
        )
        return heard

    cutters = {
        audio.name: sound.SoundCutter(output, plan)
        for audio, output in zip(plan.sounds, outputs, strict=True)
    }
    with ThreadPoolExecutor(1, thread_name_prefix="sound") as pool:
        work = pool.submit(make)
        try:
            yield work, cutters
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
    wanted = shelf.job.download
    kept = make_download(shelf, bench.scratch, bench.cancelled) if wanted else None
    shelf.finish(posters, storyboard, report(shelf.job, watched, shelf.heard), kept)

"""A title's tasks, one at a time: each puts final segments in the store, then its part."""

import contextlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from media_pipeline.model.report import Heard
from media_pipeline.model.work import COPIED_PICTURES, Made, Part, Task
from media_pipeline.planning.supplements.report import report
from media_pipeline.planning.tasks import finish_done, next_piece, picture_done
from media_pipeline.steps import pictures, sound
from media_pipeline.steps.downloads import make_download
from media_pipeline.steps.picture import encode_chunk
from media_pipeline.steps.writer import PublicationWriter

_WAIT = 0.05


class TaskContext(NamedTuple):
    """Where a task is done: the file, the writer, a folder of its own; whom it asks and tells.

    `check` raises when the work is to stop, as `cancelled` says; `tell` takes the
    fraction of the task that is done.
    """

    path: Path
    writer: PublicationWriter
    scratch: Path
    cancelled: Callable[[], bool]
    check: Callable[[], None]
    tell: Callable[[float], None]
    partial: bool = False
    """Whether the file has only the bytes that the task needs."""


def do_task(context: TaskContext, task: Task) -> None:
    """Do `task`; when this returns, its part is written (or, of the last, the publication)."""
    {"picture": _picture, "sound": _sound, "finish": _finish}[task.kind](context, task)


def _picture(context: TaskContext, task: Task) -> None:
    if task.name == COPIED_PICTURES:
        made = context.writer.copy_pictures(context.tell)
        context.writer.add(Part(task.name, made))
        return
    plan = context.writer.plan
    chunk = plan.chunks[task.chunk]
    rungs = tuple(rung for rung in (*plan.rungs, *plan.av1_rungs) if rung.name in task.rungs)
    files = encode_chunk(
        context.path,
        msgspec.structs.replace(plan, rungs=rungs),
        chunk,
        context.scratch,
        inits=context.writer.begun(task.rungs),
        cancelled=context.cancelled,
        partial=context.partial,
        urgent=not task.rank,
        on_frames=lambda frames: context.tell(picture_done(frames, chunk.end - chunk.first)),
    )
    made = context.writer.put_chunk(files, chunk.first // plan.group)
    context.writer.add(Part(task.name, made))


def _sound(context: TaskContext, task: Task) -> None:
    """Publish the sounds while they are encoded, in step, piece by piece."""
    writer, plan = context.writer, context.writer.plan
    heard: tuple[Heard, ...] = ()
    if task.rungs:
        heard = _heard_late(context)
        plan = msgspec.structs.replace(plan, sounds=plan.late_sounds)
    count = len(plan.segments)
    pieces: list[dict[str, Made]] = []
    at = 0
    maker = sound.SoundMaker(
        context.path, plan, context.scratch, heard=heard, partial=context.partial
    )
    with contextlib.closing(maker):
        while at < count:
            wanted = next_piece(at, count)
            if maker.ready(wanted):
                pieces.append(_put_piece(writer, task, maker.cutters, at, wanted))
                at += wanted
                context.tell(at / count)
            else:
                context.check()
                maker.wait(_WAIT)
        found = maker.result()
    writer.add(Part(task.name, _whole(pieces), found[0].loudness, found))


def _heard_late(context: TaskContext) -> tuple[Heard, ...]:
    """Return what is heard of each late sound: of two channels it is known already."""
    plan = context.writer.plan
    known = context.writer.sounds_heard()
    if not plan.opus_sounds:
        return known
    mono = sound.hear(
        context.path,
        msgspec.structs.replace(plan, sounds=plan.opus_sounds),
        context.scratch,
        context.cancelled,
        partial=context.partial,
    )
    return (*(known if plan.high_sounds else ()), *mono, *(known if plan.opus_high_sounds else ()))


def _put_piece(
    writer: PublicationWriter,
    task: Task,
    cutters: Mapping[str, sound.SoundCutter],
    first: int,
    count: int,
) -> dict[str, Made]:
    """Put the next `count` segments of every sound in the store, and the part that names them."""
    made = {
        name: writer.put_sound(name, cutter.init, first, cutter.take(count))
        for name, cutter in cutters.items()
    }
    writer.add(Part(f"{task.name}-{first:05d}", made))
    return made


def _whole(pieces: list[dict[str, Made]]) -> dict[str, Made]:
    """Return `pieces`, which follow one another, as one."""
    return {
        name: msgspec.structs.replace(
            first, segments=tuple(s for piece in pieces for s in piece[name].segments)
        )
        for name, first in pieces[0].items()
    }


def _finish(context: TaskContext, _task: Task) -> None:
    writer, plan = context.writer, context.writer.plan
    writer.take()
    storyboard, watched = pictures.watch(
        plan,
        writer,
        context.scratch,
        context.cancelled,
        on_seconds=lambda seconds: context.tell(finish_done(plan, seconds)),
    )
    context.tell(finish_done(plan, plan.seconds))
    looks = watched.looks
    posters = pictures.make_posters(plan, looks, writer, context.scratch, context.cancelled)
    context.tell(finish_done(plan, plan.seconds, covers=True))
    wanted = writer.job.download
    kept = make_download(writer, context.scratch, context.cancelled) if wanted else None
    writer.finish(posters, storyboard, report(writer.job, watched, writer.heard), kept)

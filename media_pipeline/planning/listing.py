"""The commands that encode a file, for people to read. Pure."""

from collections.abc import Iterator

import msgspec

from media_pipeline.model.report import Heard
from media_pipeline.model.work import Job, Task
from media_pipeline.planning import commands as encoding
from media_pipeline.planning import sound
from media_pipeline.planning.supplements import covers

COPY, SOUNDS = "source.mkv", "source-sound.mkv"
"""What is encoded in place of the file itself; the sounds that become a film."""

Listed = Iterator[tuple[str, list[str]]]


def commands(tool: str, path: str, job: Job) -> Listed:
    """Yield task and command of `tool`, for all that encode the file at `path` as `job` says.

    The gain of the sound is shown as 0 dB: it is known only after the measuring command.
    """
    if job.source.needs_copy:
        yield from (("every task", argv) for argv in _copying(tool, path, job))
        path = COPY
    for task in job.tasks:
        if task.kind == "sound":
            yield from ((task.name, argv) for argv in _sound(tool, path, job, task))
        if task.kind == "picture" and task.reads_file:
            yield task.name, _picture(tool, path, job, task)


def _copying(tool: str, path: str, job: Job) -> Iterator[list[str]]:
    source, seconds = job.source, job.plan.seconds
    if source.needs_remux:
        yield encoding.remux_argv(tool, path, source, COPY)
        return
    yield covers.sound_argv(tool, path, SOUNDS)
    if source.cover is None:
        yield covers.wave_argv(tool, SOUNDS, seconds, COPY)
    else:
        yield covers.cover_argv(tool, path, source.cover, SOUNDS, seconds, COPY)


def _sound(tool: str, path: str, job: Job, task: Task) -> Iterator[list[str]]:
    plan = measured = job.plan
    if task.rungs:
        plan = msgspec.structs.replace(plan, sounds=plan.late_sounds)
        measured = msgspec.structs.replace(plan, sounds=job.plan.opus_sounds)
    if measured.sounds and plan.audio.track is not None:
        yield sound.hearing_argv(tool, path, measured)
    heard = [Heard() for _ in plan.sounds]
    yield sound.sound_argv(tool, path, plan, heard, [f"{audio.name}.mp4" for audio in plan.sounds])


def _picture(tool: str, path: str, job: Job, task: Task) -> list[str]:
    plan = job.plan
    rungs = tuple(rung for rung in (*plan.rungs, *plan.av1_rungs) if rung.name in task.rungs)
    outputs = [f"{rung.name}-{task.chunk}.mp4" for rung in rungs]
    part = msgspec.structs.replace(plan, rungs=rungs)
    return encoding.chunk_argv(tool, path, part, plan.chunks[task.chunk], outputs)

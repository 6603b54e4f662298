"""All commands that encode a title, to be read by people. Pure."""

from collections.abc import Iterator

import msgspec

from media_pipeline.model.report import Heard
from media_pipeline.model.work import Job
from media_pipeline.planning import commands as encoding
from media_pipeline.planning import sound
from media_pipeline.planning.supplements import covers


def commands(tool: str, path: str, job: Job) -> Iterator[tuple[str, list[str]]]:
    """Yield task and ffmpeg command, for all that encode the file at `path` as `job` says.

    The gain of the sound is shown as 0 dB: it is known only after the measuring command.
    """
    name, plan = path, job.plan
    if job.source.needs_remux:
        yield "every task", encoding.remux_argv(tool, name, job.source, "source.mkv")
        name = "source.mkv"
    if job.source.sound_only:
        sounds, seconds, cover = "source-sound.mkv", plan.seconds, job.source.cover
        yield "every task", covers.sound_argv(tool, name, sounds)
        if cover is None:
            yield "every task", covers.wave_argv(tool, sounds, seconds, "source.mkv")
        else:
            yield (
                "every task",
                covers.cover_argv(tool, name, cover, sounds, seconds, "source.mkv"),
            )
        name = "source.mkv"
    for task in job.tasks:
        if task.kind == "sound":
            if plan.audio.track is not None:
                yield task.name, sound.hearing_argv(tool, name, plan)
            heard = [Heard() for _ in plan.sounds]
            outputs = [f"{audio.name}.mp4" for audio in plan.sounds]
            yield task.name, sound.sound_argv(tool, name, plan, heard, outputs)
        if task.kind == "picture":
            rungs = tuple(
                rung for rung in (*plan.rungs, *plan.av1_rungs) if rung.name in task.rungs
            )
            outputs = [f"{rung.name}-{task.chunk}.mp4" for rung in rungs]
            part = msgspec.structs.replace(plan, rungs=rungs)
            chunk = plan.chunks[task.chunk]
            yield task.name, encoding.chunk_argv(tool, name, part, chunk, outputs)

"""`probe` and `plan`: what a file is, and what would be made of it."""

import argparse
import secrets
import shlex
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from media_pipeline import pipeline
from media_pipeline.errors import UnusableSource
from media_pipeline.model.analysis import Analysis
from media_pipeline.model.source import Source
from media_pipeline.model.work import Job
from media_pipeline.stores import LocalStore


def probe(arguments: argparse.Namespace) -> int:
    """Say what a file is."""
    pipeline.check_tools()
    source = pipeline.probe(readable(arguments.file))
    if arguments.json or not sys.stdout.isatty():
        print(msgspec.json.format(msgspec.json.encode(source)).decode())
    else:
        print("\n".join(_described(source)))
    return 0


def readable(path: Path) -> Path:
    """Return `path`; raise UnusableSource if it is a folder."""
    if path.is_dir():
        raise UnusableSource("missing", f"{path} is a folder: name one of the files in it.")
    return path


def _described(source: Source) -> Iterator[str]:
    """Yield what a person wants to know of `source`, a line each."""
    video = source.video
    minutes, seconds = divmod(round(source.duration), 60)
    yield f"{source.container.split(',')[0]}, {source.size / 1e6:.1f} MB, {minutes}:{seconds:02}"
    remarks = [
        *(["interlaced"] if video.interlaced else []),
        *(["high dynamic range"] if video.high_dynamic_range else []),
        *([f"turned by {video.rotation}°"] if video.rotation else []),
    ]
    size = f"{video.width} × {video.height}, {video.frame_rate:.2f} frames/s"
    if source.sound_only:
        yield f"picture: none; {'its cover art' if source.cover is not None else 'a waveform'}"
    else:
        yield ", ".join([f"picture: {video.codec}, {size}", *remarks])
    for track in source.audio:
        yield f"sound: {track.codec}, {track.channels} channels, language {track.language}"
    if not source.audio:
        yield "sound: none"


def plan(arguments: argparse.Namespace) -> int:
    """Say what would be made of a file, and why, without making it."""
    pipeline.check_tools(av1=arguments.av1)
    stopped = arguments.stop.awaited()
    job = _job(
        readable(arguments.file), arguments.workers, stopped, av1=arguments.av1, opus=arguments.opus
    )
    commands = list(pipeline.commands(arguments.file, job))
    if arguments.json:
        value = {
            "source": job.source,
            "analysis": job.analysis,
            "rungs": (*job.plan.rungs, *job.plan.av1_rungs),
            "sounds": job.plan.sounds,
            "frame_rate": job.plan.frame_rate,
            "seconds": job.plan.seconds,
            "tasks": job.tasks,
            "commands": [{"task": task, "argv": argv} for task, argv in commands],
        }
        print(msgspec.json.format(msgspec.json.encode(value)).decode())
        return 0
    print("\n".join(_planned(job)))
    for task, argv in commands:
        print(f"\n# {task}\n{shlex.join(argv)}")
    return 0


def _job(path: Path, workers: int, stopped: Callable[[], bool], *, av1: bool, opus: bool) -> Job:
    """Return the job that `publish` would write down, from a store that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="siar-plan-") as folder:
        return pipeline.prepare(
            path,
            LocalStore(Path(folder)),
            secrets.token_hex(16),
            workers=workers,
            av1=av1,
            opus=opus,
            scratch=Path(folder),
            cancelled=stopped,
            now=lambda: datetime.now(UTC),
        )


def _planned(job: Job) -> Iterator[str]:
    """Yield the plan as comments of a shell, so that the whole output is a script."""
    plan = job.plan
    yield f"# {plan.seconds:.2f} s at {plan.frame_rate} frames/s, {len(plan.segments)} segments"
    if job.analysis is not None:
        yield f"# {_looked_at(job.analysis)}"
    for rung in (*plan.rungs, *plan.av1_rungs):
        yield f"# {rung.name}: {rung.width} × {rung.height}, {rung.preset}; {rung.reason}"
    for sound in (*plan.sounds, *plan.late_sounds):
        origin = "silence: the file has no sound"
        if sound.track is not None:
            origin = f"track {sound.track.index}, language {sound.track.language}"
        yield f"# {sound.name}: {sound.bitrate // 1000} kbit/s, {origin}"
    for task in job.tasks:
        makes = f" of {', '.join(task.rungs)}" if task.rungs else ""
        yield f"# task {task.name}{makes}: {task.weight:.0%} of the work"


def _looked_at(seen: Analysis) -> str:
    """Return what a look at samples of the picture found, on which the rungs stand."""
    return (
        f"{seen.frames} frames looked at: {seen.content}; {seen.complexity:.2f} bits a pixel of key "
        f"frames, {seen.motion:.3f} of the others, {seen.duplicates:.0%} the same as the one before, "
        f"{seen.cuts:.0f} cuts a minute, {seen.interlaced:.0%} woven, brightness {seen.luma:.0%}, "
        f"{seen.dark:.0%} dark"
    )

"""A plan to ffmpeg's argument vectors. Each flag stands with its reason."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import ffmpeg

from media_pipeline.model.plan import Chunk, EncodePlan
from media_pipeline.model.source import Source
from media_pipeline.planning.inputs import GUARDS, MAX_PIXELS, address
from media_pipeline.planning.video.encoders import rung_options
from media_pipeline.planning.video.filters import rung_streams

GLOBAL = (
    "-nostdin",  # a worker has no keyboard; ffmpeg would stop for one
    "-hide_banner",
    *("-v", "error"),
    # Damaged files are published as far as they decode; our own checks judge, not a count.
    *("-max_error_rate", "1"),
    *("-progress", "pipe:1", "-stats_period", "0.5"),  # lines that can be read, not a status line
)

PREROLLS: tuple[float | None, ...] = (1, 12, None)
"""Seconds before a chunk at which decoding starts, in the order of attempts; None: all before.

The first is more than what pictures are out of order by (16 of 24 a second) and what an open
group shows of the one before it.
"""

SOUGHT_BEFORE = 3 / 23
"""Seconds by which ffmpeg seeks before what it is told, of a film whose pictures are coded out of
order (`ffmpeg_demux.c`): a key frame less than this before the pre-roll is missed."""


def chunk_argv(
    tool: str,
    path: str,
    plan: EncodePlan,
    chunk: Chunk,
    outputs: Sequence[str],
    *,
    preroll: float | None = PREROLLS[0],
) -> list[str]:
    """Return the command that makes `chunk` of every rung in one process, one decode."""
    source = ffmpeg.input(address(path), **_chunk_input(plan, chunk, preroll))
    streams = rung_streams(source, plan, chunk)
    made = [
        ffmpeg.output(stream, address(out), **rung_options(rung, plan))
        for stream, rung, out in zip(streams, plan.rungs, outputs, strict=True)
    ]
    # The highest first: ffmpeg's progress counts the frames of its first output, and the lowest
    # rung is done while the highest has a second of work left.
    return compiled(tool, ffmpeg.merge_outputs(*reversed(made)))


def remux_argv(tool: str, path: str, source: Source, output: str) -> list[str]:
    """Return the command that copies streams into Matroska, which has an index to seek by.

    Only those that are published: Matroska would mark the first picture of several.
    """
    streams = ffmpeg.input(address(path), **guarded(), fflags="+genpts")
    heard = [track.index for track in source.audio]
    made = ffmpeg.output(
        *(streams[str(index)] for index in (source.video.index, *heard)),
        address(output),
        c="copy",
        copy_unknown=None,
        f="matroska",
    )
    return compiled(tool, made)


def guarded() -> dict[str, Any]:
    """Return the options of every input that is an upload."""
    return {
        **GUARDS,
        "max_pixels": MAX_PIXELS,
        # The file's own clock, the same in every chunk and in the sound.
        "copyts": None,
    }


def _chunk_input(plan: EncodePlan, chunk: Chunk, preroll: float | None) -> dict[str, Any]:
    options = guarded()
    if preroll is None:
        return options
    # -ss counts from where the container says that its clock starts.
    at = Fraction(chunk.first, plan.frame_rate) + plan.zero_seconds - Fraction(plan.file_start)
    start = float(at) - preroll
    if start <= 0:
        return options
    # noaccurate_seek: with it, a picture that stands for 30 s before the chunk would be dropped
    # (screen recordings); trim takes the exact frames.
    return {**options, "noaccurate_seek": None, "ss": f"{start:.3f}"}


def compiled(tool: str, made: Any) -> list[str]:
    """Return the argument vector of the outputs `made`, with what every command has."""
    return [
        str(part) for part in made.global_args(*GLOBAL).compile(cmd=tool, overwrite_output=True)
    ]

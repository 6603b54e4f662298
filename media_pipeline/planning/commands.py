"""A plan to ffmpeg's argument vectors. Each flag stands with its reason."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import ffmpeg

from media_pipeline.model.plan import Chunk, EncodePlan, Rung
from media_pipeline.planning.filters import rung_streams
from media_pipeline.planning.inputs import GUARDS, MAX_PIXELS, address

GLOBAL = (
    "-nostdin",  # a worker has no keyboard; ffmpeg would stop for one
    "-hide_banner",
    *("-v", "error"),
    # Damaged files are published as far as they decode; our own checks judge, not a count.
    *("-max_error_rate", "1"),
    *("-progress", "pipe:1", "-stats_period", "0.5"),  # lines that can be read, not a status line
)

PREROLLS: tuple[float | None, ...] = (2, 12, None)
"""Seconds before a chunk at which decoding starts, in the order of attempts; None: all before."""

BITEXACT: dict[str, Any] = {
    "map_metadata": -1,  # the original's place and owner are nobody's business
    "fflags": "+bitexact",  # no version or time in the file: the same bytes when made again
}


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
        ffmpeg.output(stream, address(out), **_rung_options(rung, plan))
        for stream, rung, out in zip(streams, plan.rungs, outputs, strict=True)
    ]
    return compiled(tool, ffmpeg.merge_outputs(*made))


def remux_argv(tool: str, path: str, output: str) -> list[str]:
    """Return the command that copies streams into Matroska, which has an index to seek by."""
    source = ffmpeg.input(address(path), **guarded(), fflags="+genpts")
    made = ffmpeg.output(
        *(source["v"], source["a?"]),
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


def _rung_options(rung: Rung, plan: EncodePlan) -> dict[str, Any]:
    rate = plan.frame_rate // rung.step
    return {
        "fps_mode": "passthrough",  # the grid is already exact; ffmpeg must not add or drop
        "enc_time_base": f"1/{rate}",
        "c:v": "libx264",
        "preset": rung.preset,
        "crf": rung.crf,
        "maxrate": rung.maxrate,  # what a viewer on mobile data is promised at most
        "bufsize": rung.bufsize,
        "profile:v": "high",
        "threads": rung.threads,  # pinned: another number gives other bytes
        # Without it, a chunk with another CRF has another PPS, and so another init.
        "x264-params": "stitchable=1",
        # -g G still places scene-cut key frames, in each rung elsewhere: only ours, forced.
        "g": 100_000,
        "keyint_min": 100_000,
        "forced-idr": 1,  # a forced I frame alone would not close the group
        "force_key_frames": f"expr:not(mod(n,{plan.group // rung.step}))",
        **BITEXACT,
        "flags:v": "+bitexact",
        # Parameter sets in-band as well: ffmpeg-based players ignore a changed init.
        "bsf:v": "dump_extra=freq=keyframe",
        "video_track_timescale": 90_000,  # one for all programmes, or players skip at joins
        "f": "mp4",
        # frag_keyframe: a fragment a group. cmaf: negative composition offsets, since with an edit
        # list players leave a hole of 70–170 ms at each join. frag_discont: keeps the first
        # frame's time, which would restart at 0 in later chunks.
        "movflags": "+frag_keyframe+empty_moov+default_base_moof+cmaf+frag_discont",
    }


def compiled(tool: str, made: Any) -> list[str]:
    """Return the argument vector of the outputs `made`, with what every command has."""
    return [
        str(part) for part in made.global_args(*GLOBAL).compile(cmd=tool, overwrite_output=True)
    ]

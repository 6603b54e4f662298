"""A plan to ffmpeg's argument vectors. Each flag stands with its reason."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import ffmpeg

from media_pipeline.model.plan import AUDIO_FRAME, AUDIO_RATE, Chunk, EncodePlan, Rung
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

TARGET_LOUDNESS = -16.0
"""Integrated loudness, LUFS: what phones and streaming agree on."""

_PEAK_LIMIT = "-3dB"
"""The 48k encoder adds about 2 dB: −1.5 dBTP after coding needs −3 dB before it."""

_BITEXACT: dict[str, Any] = {
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
    return _argv(tool, ffmpeg.merge_outputs(*made))


def loudness_argv(tool: str, path: str, plan: EncodePlan) -> list[str]:
    """Return the command that measures loudness, summed up on stderr at level info."""
    # Measured on the stereo downmix, which is what is heard, not on 5.1.
    heard = _track(path, plan).filter("aformat", channel_layouts="stereo")
    # ebur128 runs at 306 times real time, loudnorm at 52 and measures no better.
    heard = heard.filter("ebur128", peak="true", framelog="quiet")
    argv = _argv(tool, ffmpeg.output(heard, "-", f="null"))
    argv[argv.index("error")] = "info"
    return argv


def audio_argv(tool: str, path: str, plan: EncodePlan, gain: float, output: str) -> list[str]:
    """Return the command that makes the whole sound, `gain` dB louder, as one fMP4 file."""
    samples = plan.audio.samples
    if plan.audio.track is None:
        silence = f"anullsrc=r={AUDIO_RATE}:cl=stereo"
        sound = ffmpeg.input(silence, f="lavfi")["0"]
    else:
        sound = _track(path, plan)
        # The file's clock to ours.
        sound = sound.filter("asetpts", f"PTS-({float(plan.zero_seconds):.6f})/TB")
        # async: holes in the sound become silence and overlaps are squeezed, so it stays in step.
        sound = sound.filter("aresample", AUDIO_RATE, **{"async": 1000}, first_pts=0)
        sound = sound.filter("aformat", channel_layouts="stereo")
        sound = sound.filter("volume", f"{gain:.2f}dB")
        # latency=1: otherwise the limiter delays by 5 ms; level=false: it would raise the volume.
        sound = sound.filter("alimiter", limit=_PEAK_LIMIT, level="false", latency=1)
    sound = sound.filter("apad", whole_len=samples)
    # The encoder primes with 1,024 samples: taking as many off the front leaves an offset of 0
    # without an edit list, which players ignore.
    sound = sound.filter("atrim", start_sample=AUDIO_FRAME, end_sample=samples)
    sound = sound.filter("asetpts", "N/SR/TB")
    options: dict[str, Any] = {
        "c:a": "aac",
        "b:a": plan.audio.bitrate,
        "ac": 2,  # one channel layout in every programme, or decoders restart at joins
        **_BITEXACT,
        "flags:a": "+bitexact",  # no encoder name in the stream
        "f": "mp4",
        # Fragments that can be read while the file grows; we cut segments from their frames.
        "movflags": "+empty_moov+default_base_moof+negative_cts_offsets",
        "use_editlist": 0,
        "frag_duration": 2_000_000,
    }
    return _argv(tool, ffmpeg.output(sound, address(output), **options))


def remux_argv(tool: str, path: str, output: str) -> list[str]:
    """Return the command that copies streams into Matroska, which has an index to seek by."""
    source = ffmpeg.input(address(path), **_input(), fflags="+genpts")
    made = ffmpeg.output(
        *(source["v"], source["a?"]),
        address(output),
        c="copy",
        copy_unknown=None,
        f="matroska",
    )
    return _argv(tool, made)


def gain_for(loudness: float | None) -> float:
    """Return the constant gain in dB for a title of `loudness` LUFS.

    None for near silence (below −50), which would only become noise. At most
    20 dB up, since beyond it the limiter would be heard.
    """
    if loudness is None or loudness < -50:
        return 0.0
    return max(-40.0, min(20.0, TARGET_LOUDNESS - loudness))


def _input() -> dict[str, Any]:
    return {
        **GUARDS,
        "max_pixels": MAX_PIXELS,
        # The file's own clock, the same in every chunk and in the sound.
        "copyts": None,
    }


def _chunk_input(plan: EncodePlan, chunk: Chunk, preroll: float | None) -> dict[str, Any]:
    options = _input()
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
        **_BITEXACT,
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


def _track(path: str, plan: EncodePlan) -> Any:
    track = plan.audio.track
    if track is None:
        raise ValueError("a silent title has no track")
    return ffmpeg.input(address(path), **_input())[str(track.index)]


def _argv(tool: str, made: Any) -> list[str]:
    return [
        str(part) for part in made.global_args(*GLOBAL).compile(cmd=tool, overwrite_output=True)
    ]

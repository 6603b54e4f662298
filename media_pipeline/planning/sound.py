"""The commands that measure and make the sound. Each flag stands with its reason."""

from typing import Any

import ffmpeg

from media_pipeline.model.plan import AUDIO_FRAME, AUDIO_RATE, EncodePlan
from media_pipeline.planning.commands import compiled, guarded
from media_pipeline.planning.encoders import BITEXACT
from media_pipeline.planning.inputs import address

TARGET_LOUDNESS = -16.0
"""Integrated loudness, LUFS: what phones and streaming agree on."""

_PEAK_LIMIT = "-3dB"
"""The 48k encoder adds about 2 dB: −1.5 dBTP after coding needs −3 dB before it."""


def loudness_argv(tool: str, path: str, plan: EncodePlan) -> list[str]:
    """Return the command that measures loudness, summed up on stderr at level info."""
    # Measured on the stereo downmix, which is what is heard, not on 5.1.
    heard = _track(path, plan).filter("aformat", channel_layouts="stereo")
    # ebur128 runs at 306 times real time, loudnorm at 52 and measures no better.
    heard = heard.filter("ebur128", peak="true", framelog="quiet")
    argv = compiled(tool, ffmpeg.output(heard, "-", f="null"))
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
        **BITEXACT,
        "flags:a": "+bitexact",  # no encoder name in the stream
        "f": "mp4",
        # Fragments that can be read while the file grows; we cut segments from their frames.
        "movflags": "+empty_moov+default_base_moof+negative_cts_offsets",
        "use_editlist": 0,
        "frag_duration": 2_000_000,
    }
    return compiled(tool, ffmpeg.output(sound, address(output), **options))


def gain_for(loudness: float | None) -> float:
    """Return the constant gain in dB for a title of `loudness` LUFS.

    None for near silence (below −50), which would only become noise. At most
    20 dB up, since beyond it the limiter would be heard.
    """
    if loudness is None or loudness < -50:
        return 0.0
    return max(-40.0, min(20.0, TARGET_LOUDNESS - loudness))


def _track(path: str, plan: EncodePlan) -> Any:
    track = plan.audio.track
    if track is None:
        raise ValueError("a silent title has no track")
    return ffmpeg.input(address(path), **guarded())[str(track.index)]

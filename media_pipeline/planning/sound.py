"""The commands that measure and make the sound. Each flag stands with its reason."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import ffmpeg

from media_pipeline.model.plan import AUDIO_FRAME, AUDIO_RATE, Audio, EncodePlan
from media_pipeline.model.report import Heard, Stretch
from media_pipeline.planning import makeup
from media_pipeline.planning.commands import compiled, guarded
from media_pipeline.planning.inputs import address
from media_pipeline.planning.video.encoders import BITEXACT

TARGET_LOUDNESS = -16.0
"""Integrated loudness, LUFS: what phones and streaming agree on."""

_PEAK_LIMIT = -3.7
"""Samples before coding, in dBFS: a true peak of −1.5 dBTP after it needs what the coder adds, which
is up to 2 dB in short bursts of noise (docs/decisions/019-sound.md)."""

_BETWEEN_SAMPLES = 1.0
"""By how many dB the signal between two samples may pass them, in ordinary sound."""

_MOST_GAIN = 20.0
_NEAR_SILENCE = -50.0
"""LUFS below which there is nothing to raise but noise."""

_TRIED_SECONDS, _TRIED_PART = 8, 64
"""Every 64th second of a sound is limited on trial, more of a short one: 8 seconds are enough."""

_MOST_TRIED = 8
"""Of more sounds none is tried: each trial is two threads, of which a process has 256."""

_SILENT_BELOW = "-50dB"
_SILENT_FOR = 2
"""Seconds that make a silence; a breath between two sentences is none."""


def hearing_argv(tool: str, path: str, plan: EncodePlan) -> list[str]:
    """Return the command that measures all sounds of `plan`, which `heard` reads from stderr."""
    source = _source(path)
    tracks = _recorded(plan)
    measured: list[Any] = []
    for number, audio in enumerate(tracks):
        sound = _stereo(source, audio, plan)
        # A second at a time: handing on 50 small frames a second costs a fifth of the pass.
        sound = sound.filter("asetnsamples", AUDIO_RATE, p=0)
        if len(tracks) <= _MOST_TRIED:
            parts = sound.asplit()
            sound = parts[0]
            measured += _tried(parts[1], number, plan)
        # Sample peak: a true one doubles the cost of this pass, which viewers wait for. ebur128
        # runs at 306 times real time, loudnorm at 52 and measures no better.
        sound = sound.filter(f"ebur128@t{number}", peak="sample", framelog="quiet")
        sound = sound.filter(f"silencedetect@t{number}", noise=_SILENT_BELOW, d=_SILENT_FOR)
        measured.append(sound)
    argv = compiled(
        tool, ffmpeg.merge_outputs(*(ffmpeg.output(each, "-", f="null") for each in measured))
    )
    argv[argv.index("error")] = "info"
    return argv


def _tried(sound: Any, number: int, plan: EncodePlan) -> Iterator[Any]:
    """Yield what measures parts of `sound` as they are, and limited at each of makeup.LIMITS.

    Beside the one pass: a second one, limited as it will be, would cost a third of all.
    """
    step = max(1, min(_TRIED_PART, int(plan.seconds / _TRIED_SECONDS)))
    parts = sound.filter("aselect", f"not(mod(n,{step}))")
    parts = parts.filter_multi_output("asplit", len(makeup.LIMITS) + 1)
    for which, limit in enumerate((None, *makeup.LIMITS)):
        part = parts[which] if limit is None else _limited(parts[which], limit)
        # Numbers, as of whole sounds: t0 has 0.0, and limited 0.1, 0.2 …
        yield part.filter(f"ebur128@t{number}.{which}", framelog="quiet")


def sound_argv(
    tool: str, path: str, plan: EncodePlan, heard: Sequence[Heard], outputs: Sequence[str]
) -> list[str]:
    """Return the command that makes all sounds of `plan`, each whole, as fMP4 files `outputs`.

    One process, so that the file is read once. `heard` is what was measured of each.
    """
    source = _source(path) if _recorded(plan) else None
    made = []
    for audio, facts, output in zip(plan.sounds, heard, outputs, strict=True):
        if audio.track is None or source is None:
            sound = ffmpeg.input(f"anullsrc=r={AUDIO_RATE}:cl=stereo", f="lavfi")["0"]
        else:
            sound = _levelled(_stereo(source, audio, plan), facts)
        made.append(ffmpeg.output(_cut(sound, audio), address(output), **_options(audio)))
    return compiled(tool, ffmpeg.merge_outputs(*made))


def gain_for(loudness: float | None) -> float:
    """Return the constant gain in dB for a sound of `loudness` LUFS.

    None for near silence (below −50), which would only become noise. At most
    20 dB up, since beyond it the limiter would be heard.
    """
    if loudness is None or loudness < _NEAR_SILENCE:
        return 0.0
    return max(-40.0, min(_MOST_GAIN, TARGET_LOUDNESS - loudness))


def limited(heard: Heard) -> bool:
    """Whether a limiter is needed: raised as it is to be, the sound would pass the peak."""
    if heard.peak is None:
        return True
    return heard.peak + heard.gain > _PEAK_LIMIT - _BETWEEN_SAMPLES


_SUMMARY = re.compile(r"^\[ebur128@t([\d.]+) @ [^\]]*\] Summary:$", re.MULTILINE)
_LOUDNESS = re.compile(r"^ +I: +(-?[\d.]+|-inf|nan) LUFS$", re.MULTILINE)
_PEAK = re.compile(r"^ +Peak: +(-?[\d.]+|-inf) dBFS$", re.MULTILINE)
_SILENCE = re.compile(
    r"^\[silencedetect@t(\d+) @ [^\]]*\] silence_(start|end): (-?[\d.]+)", re.MULTILINE
)


def heard(told: str, plan: EncodePlan) -> tuple[Heard, ...]:
    """Return what the measuring command `told` of each sound of `plan`, silent ones included."""
    numbers = iter(range(len(plan.sounds)))
    return tuple(
        Heard() if audio.track is None else _heard(told, next(numbers), plan.seconds)
        for audio in plan.sounds
    )


def _heard(told: str, number: int, seconds: float) -> Heard:
    at = [*((m.start(), m[1]) for m in _SUMMARY.finditer(told)), (len(told), "")]
    # The last: a file's own titles are printed before, and may look like anything.
    summaries = {which: told[a:b] for (a, which), (b, _) in pairwise(at)}
    loudness = _loudness(summaries, str(number))
    peak = _number(_PEAK, summaries.get(str(number), ""))
    tried = [_loudness(summaries, f"{number}.{n}") for n in range(len(makeup.LIMITS) + 1)]
    found = [level for level in tried if level is not None]
    trial = makeup.Trial(found[0], tuple(found[1:])) if len(found) == len(tried) else None
    gain = _gain(loudness, peak, trial)
    return Heard(loudness, peak, gain, _silences(told, number, seconds))


def _gain(loudness: float | None, peak: float | None, trial: makeup.Trial | None) -> float:
    """Return the gain for a sound, with what a limiter would take from it."""
    gain = gain_for(loudness)
    if loudness is None or loudness < _NEAR_SILENCE or peak is None or trial is None:
        return gain
    more = makeup.made_up(
        gain,
        loudness=loudness,
        peak=peak,
        trial=trial,
        ceiling=_PEAK_LIMIT,
        # Where the whole gain may not be given, the limiter's part is all that is made up for.
        target=min(TARGET_LOUDNESS, loudness + gain),
    )
    return min(_MOST_GAIN, more)


def _loudness(summaries: Mapping[str, str], which: str) -> float | None:
    loudness = _number(_LOUDNESS, summaries.get(which, ""))
    # −70 is the gate: silence, EBU R 128.
    return None if loudness is None or loudness <= -70 else loudness


def _number(pattern: re.Pattern[str], text: str) -> float | None:
    found = pattern.search(text)
    return float(found[1]) if found and found[1] not in ("-inf", "nan") else None


def _silences(told: str, number: int, seconds: float) -> tuple[Stretch, ...]:
    stretches: list[Stretch] = []
    start: float | None = None
    for found in _SILENCE.finditer(told):
        if found[1] != str(number):
            continue
        at = min(max(0.0, float(found[3])), seconds)
        if found[2] == "start":
            start = at
        elif start is not None:
            stretches.append(Stretch(start, max(start, at)))
            start = None
    if start is not None:
        stretches.append(Stretch(start, seconds))
    return tuple(stretches)


def _recorded(plan: EncodePlan) -> tuple[Audio, ...]:
    return tuple(audio for audio in plan.sounds if audio.track is not None)


def _source(path: str) -> Any:
    # Pictures that are read past cost a tenth of the pass, and of a distant original their bytes.
    return ffmpeg.input(address(path), **guarded(), **{"discard:v": "all"})


def _stereo(source: Any, audio: Audio, plan: EncodePlan) -> Any:
    """Return the track as it is heard: on the publication's clock, 48 kHz, two channels."""
    if audio.track is None:
        raise ValueError("a silent sound has no track")
    sound = source[str(audio.track.index)]
    # The file's clock to ours.
    sound = sound.filter("asetpts", f"PTS-({float(plan.zero_seconds):.6f})/TB")
    sound = sound.filter(
        "aresample",
        AUDIO_RATE,
        # Holes in the sound become silence and overlaps are squeezed, so it stays in step.
        **{"async": 1000},
        first_pts=0,
        # One layout in every programme, or decoders restart at joins.
        ochl="stereo",
        # Speech is in the centre: at 1.0 it keeps 3 dB over ITU-R BS.775's downmix, which on a
        # phone in a market leaves it below the music of the sides. The low effects stay out.
        clev=1.0,
        slev=0.5,
        # Floats: what adds up to more than full scale is not clipped before it is levelled.
        osf="flt",
    )
    return sound


def _levelled(sound: Any, heard: Heard) -> Any:
    sound = sound.filter("volume", f"{heard.gain:.2f}dB")
    return _limited(sound, _PEAK_LIMIT) if limited(heard) else sound


def _limited(sound: Any, limit: float) -> Any:
    # latency=1: otherwise the limiter delays by 5 ms; level=false: it would raise the volume.
    return sound.filter("alimiter", limit=f"{limit:g}dB", level="false", latency=1)


def _cut(sound: Any, audio: Audio) -> Any:
    """Return `sound` as long as the title."""
    sound = sound.filter("apad", whole_len=audio.samples)
    # The encoder primes with 1,024 samples: taking as many off the front leaves an offset of 0
    # without an edit list, which players ignore.
    sound = sound.filter("atrim", start_sample=AUDIO_FRAME, end_sample=audio.samples)
    return sound.filter("asetpts", "N/SR/TB")


def _options(audio: Audio) -> dict[str, Any]:
    return {
        "c:a": "aac",
        # twoloop, the usual one, adds up to 6 dB to the peaks of drums and needs four times the
        # CPU; at equal bytes fast is nearer to the original in clean speech and in music.
        "aac_coder": "fast",
        "b:a": audio.bitrate,
        "ac": 2,
        **BITEXACT,
        "flags:a": "+bitexact",  # no encoder name in the stream
        "f": "mp4",
        # Fragments that can be read while the file grows; we cut segments from their frames.
        "movflags": "+empty_moov+default_base_moof+negative_cts_offsets",
        "use_editlist": 0,
        "frag_duration": 2_000_000,
        "flush_packets": 1,
    }

"""The commands that measure and make the sound. Each flag stands with its reason."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from statistics import fmean
from typing import Any

import ffmpeg
import msgspec

from media_pipeline.model.plan import AUDIO_RATE, Audio, EncodePlan
from media_pipeline.model.report import CEILING, Heard, Stretch
from media_pipeline.planning import makeup
from media_pipeline.planning.commands import compiled, guarded
from media_pipeline.planning.inputs import address
from media_pipeline.planning.video.encoders import BITEXACT

TARGET_LOUDNESS = -16.0
"""Integrated loudness, LUFS: what phones and streaming agree on."""

_TRUE_PEAK = -1.6
"""dBTP that a coded sound may reach: −1.5, less the tenth by which two meters differ."""

_LOWER = 0.5
"""dB by which a ceiling is lowered beyond what a coded sound was too high: coding another signal
adds another peak."""

_BETWEEN_SAMPLES = 1.0
"""By how many dB the signal between two samples may pass them, in ordinary sound."""

_LOUDNESS_OPTIONS = {"framelog": "quiet", "dualmono": "true"}
"""Of one channel, the loudness is measured that it has in both ears."""

_LAYOUTS = {1: "mono", 2: "stereo"}

_MOST_GAIN = 20.0
_NEAR_SILENCE = -50.0
"""LUFS below which there is nothing to raise but noise."""

_TRIED_SECONDS, _TRIED_PART = 8, 64
"""Every 64th second of a sound is limited on trial, more of a short one: 8 seconds are enough."""

_MOST_TRIED = 8
"""Of more sounds none is tried: each trial is two threads, of which a process has 256."""

_NOISE = 0.4
"""Spectral flatness, 0 for a tone and 0.7 for pink noise, from which a sound is taken for noise: a
market hall has 0.6, speech 0.3, music 0.2 (docs/decisions/019-sound.md)."""

_FLATNESS_RATE = 16_000
"""Samples a second of what its flatness is measured of: above 8 kHz, files that were coded before
often have nothing, and would never be flat."""

_SILENT_BELOW = "-50dB"
_PEAK_KEY = "lavfi.astats.Overall.Peak_level"
_FLATNESS_KEY = "lavfi.aspectralstats.1.flatness"

_SILENT_FOR = 2
"""Seconds that make a silence; a breath between two sentences is none."""


def hearing_argv(tool: str, path: str, plan: EncodePlan) -> list[str]:
    """Return the command that measures all sounds of `plan`, which `heard` reads from stderr."""
    tracks = _mixed(path, plan)
    measured: list[Any] = []
    for number, sound in enumerate(tracks.values()):
        # A second at a time: handing on 50 small frames a second costs a fifth of the pass.
        sound = sound.filter("asetnsamples", AUDIO_RATE, p=0)
        if len(tracks) <= _MOST_TRIED:
            parts = sound.asplit()
            sound = parts[0]
            measured += _tried(parts[1], number, plan)
        # Sample peak: a true one doubles the cost of this pass, which viewers wait for. ebur128
        # runs at 306 times real time, loudnorm at 52 and measures no better.
        sound = sound.filter(f"ebur128@t{number}", peak="sample", **_LOUDNESS_OPTIONS)
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
        part = part.filter(f"ebur128@t{number}.{which}", **_LOUDNESS_OPTIONS)
        yield _flatness(part, number) if limit is None else part


def _flatness(sound: Any, number: int) -> Any:
    """Measure the spectral flatness of `sound`, 16 times a second."""
    sound = sound.filter("aresample", _FLATNESS_RATE, ochl="mono")
    sound = sound.filter("aspectralstats", win_size=1024, overlap=0, measure="flatness")
    return sound.filter(f"ametadata@t{number}", mode="print", key=_FLATNESS_KEY)


def sound_argv(
    tool: str, path: str, plan: EncodePlan, heard: Sequence[Heard], outputs: Sequence[str]
) -> list[str]:
    """Return the command that makes all sounds of `plan`, each whole, as fMP4 files `outputs`.

    One process, so that the file is read once. `heard` is what was measured of each. What
    was coded is decoded again, and its true peaks are written to `peaks_file` of each.
    """
    tracks = _mixed(path, plan)
    made = []
    for audio, facts, output in zip(plan.sounds, heard, outputs, strict=True):
        if audio.name in tracks:
            sound = _levelled(tracks[audio.name], facts)
        else:
            silence = f"anullsrc=r={AUDIO_RATE}:cl={_LAYOUTS[audio.channels]}"
            sound = ffmpeg.input(silence, f="lavfi")["0"]
        made.append(ffmpeg.output(_cut(sound, audio), address(output), **_options(audio, facts)))
    argv = compiled(tool, ffmpeg.merge_outputs(*made))
    for number, audio in enumerate(plan.sounds):
        argv += _measured_again(number, audio)
    return argv


def peaks_file(audio: Audio) -> str:
    """Return where true peaks of the coded `audio` are written, in the folder of the process."""
    return f"{audio.name}.peaks"


def _measured_again(number: int, audio: Audio) -> list[str]:
    """Return the options that decode output `number` of the command and measure it.

    Its peaks are known only then: the coder moves them by up to 6 dB.
    """
    graph = (
        # Four times the rate shows what stands between the samples (ITU-R BS.1770, annex 2).
        f"[dec:{number}]aresample={AUDIO_RATE * 4},asetnsamples={AUDIO_RATE * 4}:p=0,"
        "astats=metadata=1:reset=1:measure_perchannel=none:measure_overall=Peak_level,"
        # direct: the segments wait for what is written here.
        f"ametadata=print:key={_PEAK_KEY}:file={peaks_file(audio)}:direct=1[peaks{number}]"
    )
    decoder = ["-dec", f"{number}:0", "-filter_complex", graph]
    return [*decoder, "-map", f"[peaks{number}]", "-f", "null", "-"]


def read_peaks(written: str) -> list[float]:
    """Return the true peak of each second of a coded sound, in dBTP, from its `peaks_file`."""
    return [float(found[1]) for found in _CODED_PEAK.finditer(written)]


def too_high(peak: float) -> bool:
    """Whether a coded sound may not be published with a true `peak` of so many dBTP."""
    return peak > _TRUE_PEAK


def lowered(heard: Heard, peak: float) -> Heard:
    """Return `heard` with a ceiling for a sound that came out of the coder at `peak` dBTP."""
    ceiling = heard.ceiling - (peak - _TRUE_PEAK) - _LOWER
    return msgspec.structs.replace(heard, ceiling=round(ceiling, 1))


def gain_for(loudness: float | None) -> float:
    """Return the constant gain in dB for a sound of `loudness` LUFS.

    None for near silence (below −50), which would only become noise. At most
    20 dB up, since beyond it the limiter would be heard.
    """
    if loudness is None or loudness < _NEAR_SILENCE:
        return 0.0
    return max(-40.0, min(_MOST_GAIN, TARGET_LOUDNESS - loudness))


def coder_for(heard: Heard) -> str:
    """Return which of ffmpeg's AAC coders suits a sound.

    twoloop for noise, of which it keeps more; fast for speech and music, which it
    keeps cleaner at the same rate. twoloop takes three times the CPU, and adds 2 dB to
    the peaks of clean speech.
    """
    return "twoloop" if heard.flatness is not None and heard.flatness >= _NOISE else "fast"


def limited(heard: Heard) -> bool:
    """Whether a limiter is needed: raised as it is to be, the sound would pass the peak."""
    if heard.peak is None:
        return True
    return heard.peak + heard.gain > heard.ceiling - _BETWEEN_SAMPLES


_SUMMARY = re.compile(r"^\[ebur128@t([\d.]+) @ [^\]]*\] Summary:$", re.MULTILINE)
_LOUDNESS = re.compile(r"^ +I: +(-?[\d.]+|-inf|nan) LUFS$", re.MULTILINE)
_PEAK = re.compile(r"^ +Peak: +(-?[\d.]+|-inf) dBFS$", re.MULTILINE)
_FLATNESS = re.compile(
    rf"^\[ametadata@t(\d+) @ [^\]]*\] {re.escape(_FLATNESS_KEY)}=([\d.]+(?:e-?\d+)?)$", re.MULTILINE
)
_CODED_PEAK = re.compile(rf"^{re.escape(_PEAK_KEY)}=(-?[\d.]+|-inf)\n", re.MULTILINE)
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
    return Heard(
        loudness, peak, gain, _silences(told, number, seconds), _mean_flatness(told, number)
    )


def _mean_flatness(told: str, number: int) -> float | None:
    # Of digital silence it is no number, which the expression passes over.
    known = [float(found[2]) for found in _FLATNESS.finditer(told) if found[1] == str(number)]
    return round(fmean(known), 3) if known else None


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
        ceiling=CEILING,
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


def _mixed(path: str, plan: EncodePlan) -> dict[str, Any]:
    """Return the sounds of `plan` that the file at `path` has, by name, as they are heard.

    That is on the publication's clock, of 48 kHz, and of as many channels as planned.
    """
    uses: dict[int, list[Audio]] = {}
    for audio in plan.sounds:
        if audio.track is not None:
            uses.setdefault(audio.track.index, []).append(audio)
    if not uses:
        return {}
    # Pictures that are read past cost a tenth of the pass, and of a distant original their bytes.
    source = ffmpeg.input(address(path), **guarded(), **{"discard:v": "all"})
    mixed: dict[str, Any] = {}
    for index, sounds in uses.items():
        # The file's clock to ours.
        sound = source[str(index)].filter("asetpts", f"PTS-({float(plan.zero_seconds):.6f})/TB")
        parts = sound.filter_multi_output("asplit", len(sounds)) if len(sounds) > 1 else [sound]
        mixed |= {audio.name: _resampled(parts[n], audio) for n, audio in enumerate(sounds)}
    return {audio.name: mixed[audio.name] for audio in plan.sounds if audio.name in mixed}


def _resampled(sound: Any, audio: Audio) -> Any:
    return sound.filter(
        "aresample",
        AUDIO_RATE,
        # Holes in the sound become silence and overlaps are squeezed, so it stays in step.
        **{"async": 1000},
        first_pts=0,
        # One layout in every programme, or decoders restart at joins.
        ochl=_LAYOUTS[audio.channels],
        # Speech is in the centre: at 1.0 it keeps 3 dB over ITU-R BS.775's downmix, which on a
        # phone in a market leaves it below the music of the sides. The low effects stay out.
        clev=1.0,
        slev=0.5,
        # Floats: what adds up to more than full scale is not clipped before it is levelled.
        osf="flt",
    )


def _levelled(sound: Any, heard: Heard) -> Any:
    sound = sound.filter("volume", f"{heard.gain:.2f}dB")
    return _limited(sound, heard.ceiling) if limited(heard) else sound


def _limited(sound: Any, limit: float) -> Any:
    # latency=1: otherwise the limiter delays by 5 ms; level=false: it would raise the volume.
    return sound.filter("alimiter", limit=f"{limit:g}dB", level="false", latency=1)


def _cut(sound: Any, audio: Audio) -> Any:
    """Return `sound` as long as the title."""
    sound = sound.filter("apad", whole_len=audio.samples)
    # Taking as many samples off the front as the encoder primes with leaves an offset of 0
    # without an edit list, which players ignore.
    sound = sound.filter("atrim", start_sample=audio.priming, end_sample=audio.samples)
    return sound.filter("asetpts", "N/SR/TB")


def _options(audio: Audio, heard: Heard) -> dict[str, Any]:
    return {
        **(_opus() if audio.codec == "opus" else _aac(audio, heard)),
        "b:a": audio.bitrate,
        "ac": audio.channels,
        **BITEXACT,
        "flags:a": "+bitexact",  # no encoder name in the stream
        "f": "mp4",
        # Fragments that can be read while the file grows; we cut segments from their frames.
        "movflags": "+empty_moov+default_base_moof+negative_cts_offsets",
        "use_editlist": 0,
        "frag_duration": 2_000_000,
        "flush_packets": 1,
    }


def _aac(audio: Audio, heard: Heard) -> dict[str, Any]:
    return {"c:a": "aac", "aac_coder": coder_for(heard), "cutoff": audio.cutoff}


def _opus() -> dict[str, Any]:
    return {
        "c:a": "libopus",
        # Flat to 19.9 kHz; the usual mode loses 3 dB at 8 kHz (decision 064).
        "application": "lowdelay",
        # Otherwise clean speech takes twice the rate that was asked for.
        "vbr": "constrained",
        "frame_duration": 20,
    }

"""Our sounds beside MediaCMS's 128 kbit/s: bytes, band, loudness, peaks, and how well they are kept.

    python -m benchmarks.sound [--seconds 10] [FILE …]

Four sounds are made by code (pink noise, a voice of pulses and formants, a market of voices and
noise, music with drums); FILEs are added. Each is published as the sound of a film of 480
lines, so that the better sounds are made as well, in AAC and in Opus, and encoded as
MediaCMS does it. The band is where pink noise is 3 dB down, by Welch's method. Where the packages visqol-python and pesq are installed, ViSQOL (audio mode) and PESQ
(wide band, no music) of both are printed; both listen to the mean of the channels.

Targets: the lowest sound takes half of MediaCMS's bytes and reaches 10 kHz, the better one 15;
that in Opus takes 0.25 MB a minute, reaches 12 kHz and has MediaCMS's ViSQOL less 0.1; loudness is −16 ± 1 LUFS, true peaks are −1 dBTP or below.
"""

import argparse
import importlib
import math
import re
import subprocess
import tempfile
import wave
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from benchmarks import targets
from media_pipeline import pipeline, tools
from media_pipeline.model.keys import publication_folder
from media_pipeline.model.publication import Rendition
from media_pipeline.stores import LocalStore

RATE = 48_000
NOISE = "noise"
MUSIC = ("music", NOISE)
"""Of what PESQ, which is for speech, says nothing."""

_ID = "50d" * 10 + "00"
THEIRS = "MediaCMS"
THEIR_FLAGS = ("-c:a", "aac", "-b:a", "128k", "-ac", "2")

type Samples = np.ndarray[Any, np.dtype[np.float64]]


class Coded(NamedTuple):
    """One sound as one encoder gave it: bits a second, Hz of its band, LUFS, dBTP, two scores."""

    bits: float
    band: float
    loudness: float
    peak: float
    visqol: float | None
    pesq: float | None


def main() -> int:
    """Print the table; return 1 if a target was missed."""
    arguments = _arguments()
    found: dict[tuple[str, str], Coded] = {}
    with tempfile.TemporaryDirectory(prefix="siar-sound-") as name:
        folder = Path(name)
        sources = [*_made(folder, arguments.seconds), *arguments.file]
        print(
            f"{'sound':14}{'codec':10}{'kbit/s':>7}{'kHz':>6}{'LUFS':>7}{'dBTP':>6}  ViSQOL  PESQ"
        )
        for source in sources:
            for codec, coded in _coded(source, folder):
                found[source.stem, codec] = coded
                print(_line(source.stem, codec, coded), flush=True)
    return targets.status(*_verdicts(found))


def _arguments() -> argparse.Namespace:
    parser = targets.parser(__doc__)
    parser.add_argument("file", nargs="*", type=Path, metavar="FILE")
    parser.add_argument(
        "--seconds", type=int, default=10, help="length of the sounds that are made"
    )
    return parser.parse_args()


def _verdicts(found: dict[tuple[str, str], Coded]) -> Iterator[bool]:
    names = {name for name, _ in found}
    ours = [coded for (_, codec), coded in found.items() if codec != THEIRS]
    ratios = [found[name, "a48"].bits / found[name, THEIRS].bits for name in names]
    yield targets.verdict("bytes of the lowest over MediaCMS's", max(ratios), 0.5)
    minute = max(found[name, "o28"].bits for name in names) * 60 / 8 / 1e6
    yield targets.verdict("MB a minute of Opus alone", minute, 0.25)
    lost = max(_lost(found[name, THEIRS], found[name, "o28"]) for name in names)
    if not math.isnan(lost):
        yield targets.verdict("ViSQOL of MediaCMS less that of Opus", lost, 0.1)
    for codec, band in (("a48", 10), ("a112", 15), ("o28", 12)):
        reached = found[NOISE, codec].band / 1000
        yield targets.verdict(f"band of {codec} in kHz", reached, band, least=True)
    off = max(abs(coded.loudness + 16) for coded in ours)
    yield targets.verdict("loudness, LU from −16 LUFS", off, 1)
    yield targets.verdict("true peak in dBTP", max(coded.peak for coded in ours), -1)


def _lost(theirs: Coded, ours: Coded) -> float:
    """Return by how much ViSQOL is lower for `ours`; not a number where it was not measured."""
    if theirs.visqol is None or ours.visqol is None:
        return math.nan
    return theirs.visqol - ours.visqol


def _line(name: str, codec: str, coded: Coded) -> str:
    scores = "  ".join("     –" if s is None else f"{s:6.2f}" for s in (coded.visqol, coded.pesq))
    band = f"{coded.band / 1000:6.1f}" if name == NOISE else "     –"
    levels = f"{coded.loudness:7.1f}{coded.peak:6.1f}"
    return f"{name:14}{codec:10}{coded.bits / 1000:7.1f}{band}{levels}  {scores}"


def _coded(source: Path, folder: Path) -> Iterator[tuple[str, Coded]]:
    """Yield what each encoder makes of `source`."""
    samples = _samples(source)
    seconds = samples.shape[1] / RATE
    for rendition, film in _published(source, folder):
        yield rendition.name, _judged(source, samples, film, rendition.average_bandwidth)
    made = folder / f"{source.stem}.m4a"
    _ffmpeg("-i", str(source), "-vn", *THEIR_FLAGS, str(made))
    yield THEIRS, _judged(source, samples, made, made.stat().st_size * 8 / seconds)


def _published(source: Path, folder: Path) -> Iterator[tuple[Rendition, Path]]:
    """Yield each sound of a film with the sound `source` as it is published."""
    film, store = folder / f"{source.stem}.mkv", LocalStore(folder / f"{source.stem}.store")
    store.create()
    _ffmpeg(
        *("-i", str(source), "-f", "lavfi", "-i", "color=gray:s=854x480:r=25"),
        *("-map", "1:v", "-map", "0:a:0", "-shortest", "-c:v", "libx264", "-preset", "ultrafast"),
        *("-c:a", "copy", str(film)),
    )
    made = pipeline.publish(
        film,
        store,
        _ID,
        on_progress=lambda _: None,
        cancelled=lambda: False,
        scratch=folder,
        now=lambda: datetime.now(UTC),
        opus=True,
    )
    base = store.path(publication_folder(made.id))
    groups = (made.sounds, made.high_sounds, made.opus_sounds, made.opus_high_sounds)
    for rendition, *_ in groups:
        joined = folder / f"{source.stem}-{rendition.name}.mp4"
        uris = [rendition.init.uri, *(segment.uri for segment in rendition.segments)]
        joined.write_bytes(b"".join((base / uri).read_bytes() for uri in uris))
        yield rendition, joined


def _judged(source: Path, before: Samples, made: Path, bits: float) -> Coded:
    after = _samples(made)
    length = min(before.shape[1], after.shape[1])
    one, other = before[:, :length], after[:, :length]
    mean, heard = one.mean(axis=0), other.mean(axis=0)
    # Ours is levelled, which is no fault of a coder.
    heard = heard * np.sqrt((mean**2).mean() / max((heard**2).mean(), 1e-12))
    loudness, peak = _levels(made)
    pesq = None if source.stem in MUSIC else _pesq(mean, heard)
    return Coded(bits, _band(one, other), loudness, peak, _visqol(mean, heard), pesq)


def _visqol(before: Samples, after: Samples) -> float | None:
    try:
        module = importlib.import_module("visqol")
    except ImportError:
        return None
    judge = module.VisqolApi()
    judge.create(mode="audio")
    return float(judge.measure_from_arrays(before, after, RATE).moslqo)


def _pesq(before: Samples, after: Samples) -> float | None:
    try:
        measure: Callable[..., float] = importlib.import_module("pesq").pesq
    except ImportError:
        return None
    return float(measure(RATE // 3, _third(before), _third(after), "wb"))


def _third(samples: Samples) -> Samples:
    """Return `samples` at a third of the rate."""
    spectrum = np.fft.rfft(samples)
    length = len(samples) // 3
    return np.fft.irfft(spectrum[: length // 2 + 1], length) / 3


def _band(before: Samples, after: Samples) -> float:
    """Return Hz up to which `after` is within 3 dB of `before`, in the weaker channel."""
    frequencies = np.fft.rfftfreq(4096, 1 / RATE)
    found = []
    for one, other in zip(before, after, strict=True):
        gain = 10 * np.log10(_power(other) / _power(one))
        level = np.convolve(gain, np.ones(25) / 25, "same")
        middle = np.median(level[(frequencies > 500) & (frequencies < 3000)])
        lost = frequencies[(frequencies > 500) & (level < middle - 3)]
        found.append(float(lost[0]) if lost.size else RATE / 2)
    return min(found)


def _power(samples: Samples) -> Samples:
    frames = np.lib.stride_tricks.sliding_window_view(samples, 4096)[::2048]
    power: Samples = (np.abs(np.fft.rfft(frames * np.hanning(4096))) ** 2).mean(axis=0) + 1e-9
    return power


def _levels(path: Path) -> tuple[float, float]:
    """Return loudness in LUFS and true peak in dBTP of the sound at `path`, mono in both ears."""
    argv = [tools.ffmpeg(), "-nostdin", "-i", str(path)]
    argv += ["-af", "ebur128=peak=true:dualmono=true:framelog=quiet", "-f", "null", "-"]
    told = subprocess.run(argv, capture_output=True, text=True, check=True).stderr
    loudness = re.findall(r"I:\s+(-?[\d.]+) LUFS", told)[-1]
    return float(loudness), float(re.findall(r"Peak:\s+(-?[\d.]+) dBFS", told)[-1])


def _samples(path: Path) -> Samples:
    raw = _ffmpeg("-i", str(path), "-vn", "-ac", "2", "-ar", str(RATE), "-f", "f32le", "-")
    return np.frombuffer(raw, "<f4").reshape(-1, 2).T.astype(np.float64)


def _ffmpeg(*arguments: str) -> bytes:
    argv = [tools.ffmpeg(), "-nostdin", "-v", "error", "-y", *arguments]
    return subprocess.run(argv, capture_output=True, check=True).stdout


def _made(folder: Path, seconds: int) -> Iterator[Path]:
    """Yield files of the sounds that are made by code."""
    chance, count = np.random.default_rng(7), seconds * RATE
    left, right = _pink(chance, count), _pink(chance, count)
    voice = _voice(chance, count)
    crowd = sum(np.roll(voice, int(shift)) for shift in chance.integers(0, count, 12)) / 6
    sounds = {
        NOISE: (left, right),
        "voice": (voice, voice),
        "market": (voice + crowd + left, voice + np.roll(crowd, RATE) + right),
        "music": _music(chance, count),
    }
    for name, channels in sounds.items():
        path = folder / f"{name}.wav"
        both = np.stack(channels)
        both *= 0.4 / np.abs(both).max()
        with wave.open(str(path), "wb") as file:
            file.setparams((2, 2, RATE, 0, "NONE", ""))
            file.writeframes((both.T * 32767).astype("<i2").tobytes())
        yield path


def _pink(chance: np.random.Generator, count: int) -> Samples:
    frequencies = np.fft.rfftfreq(count, 1 / RATE)
    level = np.where(frequencies > 20, 1 / np.sqrt(np.maximum(frequencies, 1)), 0)
    turns = np.exp(2j * np.pi * chance.random(len(frequencies)))
    noise = np.fft.irfft(level * turns, count)
    return noise / np.abs(noise).max() * 0.5


def _voice(chance: np.random.Generator, count: int) -> Samples:
    """Syllables: pulses of a voice through three formants, and a hiss before every third."""
    time = np.arange(count) / RATE
    pitch = 120 + 25 * np.sin(2 * np.pi * 0.7 * time) + 10 * np.sin(2 * np.pi * 2.3 * time)
    turn = 2 * np.pi * np.cumsum(pitch) / RATE
    made = np.zeros(count)
    length = RATE // 4
    for number, start in enumerate(range(0, count - length, length)):
        part = slice(start, start + length)
        envelope = np.sin(np.pi * np.arange(length) / length) ** 0.7 * (number % 7 != 6)
        if number % 3 == 0:
            hiss = np.diff(chance.standard_normal(length + 1)) * 0.08
            made[part] += hiss * envelope * (np.arange(length) < length // 3)
        formants = chance.uniform((300, 900, 2300), (800, 2200, 3200))
        for harmonic in range(1, 60):
            hertz = 120 * harmonic
            gain = sum(np.exp(-(((hertz - f) / (60 + f / 12)) ** 2)) for f in formants)
            made[part] += (gain + 0.02) / harmonic**0.6 * np.sin(harmonic * turn[part]) * envelope
    return made / np.abs(made).max() * 0.6


def _music(chance: np.random.Generator, count: int) -> tuple[Samples, Samples]:
    """Plucked strings on the left, a lead on the right, drums and a hi-hat, four beats a second."""
    both = np.zeros((2, count))
    beat = RATE // 4
    decay = np.arange(beat) / RATE
    for number, start in enumerate(range(0, count - beat, beat)):
        root = (220, 196, 175, 165)[number // 8 % 4] * (1, 1.26, 1.5)[number % 3]
        string = sum(
            np.exp(-decay * (3 + h)) * np.sin(2 * np.pi * root * 2 * h * decay) / h
            for h in range(1, 20)
        )
        lead = sum(
            np.sin(2 * np.pi * root * h * decay + 0.3 * np.sin(2 * np.pi * 5.5 * decay)) / h**1.2
            for h in range(1, 20)
        )
        hat = np.exp(-decay * 90) * chance.standard_normal(beat) * 0.15
        drum = np.exp(-decay * 14) * np.sin(2 * np.pi * (60 + 90 * np.exp(-decay * 30)) * decay)
        drum = drum * (number % 2 == 0)
        for channel, (s, v) in enumerate(((0.3, 0.08), (0.12, 0.2))):
            both[channel, start : start + beat] += s * string + v * lead + hat + 0.7 * drum
    return both[0], both[1]


if __name__ == "__main__":
    raise SystemExit(main())

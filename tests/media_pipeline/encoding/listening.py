"""Films with sounds of our own making, and how loud what was published of them is."""

import re
import subprocess
from pathlib import Path

import numpy as np

from media_pipeline import tools
from media_pipeline.model.publication import Rendition

from .conftest import Made, ffmpeg


def film(folder: Path, name: str, *sounds: str, flags: tuple[str, ...] = ()) -> Path:
    """A small film of 5 s with a track of each of the graphs `sounds`."""
    path = folder / name
    inputs = [part for sound in sounds for part in ("-f", "lavfi", "-i", sound)]
    maps = [part for n in range(len(sounds)) for part in ("-map", f"{n + 1}:a")]
    ffmpeg(
        *("-f", "lavfi", "-i", "testsrc2=s=256x144:r=25:d=5", *inputs, "-map", "0:v", *maps),
        *("-c:v", "libx264", "-preset", "ultrafast", "-t", "5", *flags, str(path)),
    )
    return path


def tone(hertz: int, level: float, *, layout: str = "stereo") -> str:
    """A sine of `level` dBFS in every channel of `layout`."""
    wave = f"{10 ** (level / 20):.6f}*sin(2*PI*{hertz}*t)"
    channels = {"mono": 1, "stereo": 2}[layout]
    return f"aevalsrc={'|'.join([wave] * channels)}:s=48000:c={layout}:d=5"


def measured(made: Made, sound: Rendition, folder: Path) -> tuple[float, float]:
    """Integrated loudness (LUFS) and true peak (dBTP) of what was published, in both ears."""
    told = subprocess.run(
        [
            *(tools.ffmpeg(), "-nostdin", "-i", str(made.joined(sound, folder))),
            *("-af", "ebur128=peak=true:framelog=quiet:dualmono=true", "-f", "null", "-"),
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    loudness = re.findall(r"I:\s+(-?[\d.]+) LUFS", told)[-1]
    return float(loudness), float(re.findall(r"Peak:\s+(-?[\d.]+) dBFS", told)[-1])


def bandwidth(source: Path, published: Path, *, track: int = 0) -> float:
    """Hz up to which `published` is within 3 dB of the sound `track` of `source`.

    By Welch's method, in bands of 300 Hz, against the level between 500 and 3,000 Hz, in the
    weaker of the two channels.
    """
    frequencies, before = _spectrum(source, track)
    _, after = _spectrum(published, 0)
    found = []
    for gain in 10 * np.log10(after / before):
        level = np.convolve(gain, np.ones(25) / 25, "same")
        middle = np.median(level[(frequencies > 500) & (frequencies < 3000)])
        lost = frequencies[(frequencies > 500) & (level < middle - 3)]
        found.append(float(lost[0]) if lost.size else 24_000.0)
    return min(found)


def _spectrum(path: Path, track: int) -> tuple[np.ndarray, np.ndarray]:
    """Frequencies, and the power at each in both channels."""
    raw = subprocess.run(
        [
            *(tools.ffmpeg(), "-nostdin", "-v", "error", "-i", str(path), "-map", f"0:a:{track}"),
            *("-ac", "2", "-ar", "48000", "-f", "f32le", "-"),
        ],
        capture_output=True,
        check=True,
    ).stdout
    samples = np.frombuffer(raw, "<f4").reshape(-1, 2).T
    size = 4096
    frames = np.lib.stride_tricks.sliding_window_view(samples, size, axis=1)[:, :: size // 2]
    power = (np.abs(np.fft.rfft(frames * np.hanning(size))) ** 2).mean(axis=1)
    return np.fft.rfftfreq(size, 1 / 48_000), power + 1e-9

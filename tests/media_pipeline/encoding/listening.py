"""Films with sounds of our own making, and how loud what was published of them is."""

import re
import subprocess
from pathlib import Path

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
    """Integrated loudness (LUFS) and true peak (dBTP) of what was published."""
    told = subprocess.run(
        [
            *(tools.ffmpeg(), "-nostdin", "-i", str(made.joined(sound, folder))),
            *("-af", "ebur128=peak=true:framelog=quiet", "-f", "null", "-"),
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    loudness = re.findall(r"I:\s+(-?[\d.]+) LUFS", told)[-1]
    return float(loudness), float(re.findall(r"Peak:\s+(-?[\d.]+) dBFS", told)[-1])

"""Small films made by ffmpeg, as editors' phones make them, only smaller."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import imageio_ffmpeg


def make_film(
    path: Path,
    *,
    seconds: float = 5,
    size: str = "256x144",
    rate: int = 25,
    filters: str = "null",
    flags: Sequence[str] = (),
) -> Path:
    """Make a film with a moving test picture and a tone at `path`."""
    picture = f"testsrc2=size={size}:rate={rate}:duration={seconds},{filters}"
    tone = f"sine=frequency=440:duration={seconds}"
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-y"]
    command += ["-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", tone]
    command += ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    subprocess.run([*command, *flags, str(path)], check=True)
    return path

"""The still card "Siar segera kembali", drawn and filmed by code.

Its tone stays below the level that the pipeline raises (−50 LUFS): it tells a
listener that the sound is not broken, and no more.
"""

import subprocess
from pathlib import Path

import imageio_ffmpeg
from PIL import Image, ImageDraw, ImageFont

SIZE = (1280, 720)
SECONDS = 24
"""Six whole segments."""
BRAND, ACCENT, ON_BRAND = "#6a1b43", "#f6b52b", "#f8f0f3"


class CardFailed(Exception):
    """ffmpeg did not finish; the text is what it said last."""


def film(target: Path, seconds: int = SECONDS) -> Path:
    """Write the card as an MP4 of `seconds` to `target`, and return it."""
    still = target.with_suffix(".png")
    draw().save(still)
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(),
        *("-y", "-nostdin", "-hide_banner", "-loglevel", "error"),
        # One picture, shown again for each frame.
        *("-loop", "1", "-framerate", "25", "-i", str(still)),
        # A low fifth, amplitude 1/8 by itself; the volume below brings it to about −53 LUFS.
        *("-f", "lavfi", "-i", "aevalsrc=0.08*sin(220*2*PI*t)+0.05*sin(330*2*PI*t):s=48000"),
        *("-af", "volume=-29dB", "-t", str(seconds)),
        # Encoded again at once: fast, and no artefacts on flat colour.
        *("-c:v", "libx264", "-preset", "ultrafast", "-tune", "stillimage", "-crf", "14"),
        # Untagged RGB would be turned with BT.601 and shown as BT.709.
        *("-vf", "scale=out_color_matrix=bt709:out_range=tv", "-pix_fmt", "yuv420p"),
        *("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"),
        *("-c:a", "aac", "-b:a", "96k", "-ac", "2", str(target)),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    still.unlink()
    if done.returncode:
        raise CardFailed(done.stderr[-400:])
    return target


def draw() -> Image.Image:
    """Return the card: the awning's edge, the name, and that it comes back at once."""
    width, height = SIZE
    picture = Image.new("RGB", SIZE, BRAND)
    pen = ImageDraw.Draw(picture)
    scallop = width // 16
    for left in range(0, width, scallop):
        colour = ACCENT if left // scallop % 2 else ON_BRAND
        pen.pieslice((left, -scallop, left + scallop, scallop), 0, 180, fill=colour)
    _centred(pen, height * 0.36, "Siar", 150, ON_BRAND)
    pen.rounded_rectangle((width / 2 - 60, height * 0.55, width / 2 + 60, height * 0.56), 4, ACCENT)
    _centred(pen, height * 0.66, "segera kembali", 64, ON_BRAND)
    return picture


def _centred(pen: ImageDraw.ImageDraw, middle: float, text: str, size: int, colour: str) -> None:
    # Pillow's own font: no system font can be counted on.
    font = ImageFont.load_default(size)
    pen.text((SIZE[0] / 2, middle), text, font=font, fill=colour, anchor="mm")

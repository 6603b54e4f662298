"""Decodes one HEIF from stdin to a PPM on stdout. A program of its own, started by `heif.py`.

`heif_decoder.py MEMORY PROCESSOR MOST_PIXELS LONGEST TOO_LARGE`: bytes of address space, seconds
of processor time, pixels, pixels, and the exit code for what has more pixels.
"""

import os
import resource
import sys
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pillow_heif
from PIL import Image


def main(memory: int, processor: int, most_pixels: int, longest: int, too_large: int) -> None:
    """Decode what stands on stdin within these limits."""
    os.nice(10)
    with suppress(OSError):  # not Linux
        # Where memory ends, this process goes first.
        Path("/proc/self/oom_score_adj").write_text("800", encoding="ascii")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (processor, processor))
    # One thread: each has buffers of its own. Depth and gain maps are not shown.
    pillow_heif.register_heif_opener(decode_threads=1, depth_images=False, aux_images=False)
    Image.MAX_IMAGE_PIXELS = None  # one limit, checked here
    picture = Image.open(BytesIO(sys.stdin.buffer.read()), formats=["HEIF"])
    if picture.width * picture.height > most_pixels:
        sys.exit(too_large)
    # libheif turns and mirrors as the file says; HEIF ignores the orientation of EXIF.
    picture.thumbnail((longest, longest))
    seen = picture.convert("RGBA")
    ground = Image.new("RGB", seen.size, "white")
    ground.paste(seen, mask=seen.getchannel("A"))
    ground.save(sys.stdout.buffer, "PPM")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

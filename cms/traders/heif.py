"""HEIF photos, which iPhones and many Android phones make: decoded by a process of its own.

libheif and libde265 are C++ that parses what anybody may have sent. A crash, or more memory than
MEMORY, ends the child and not the web process, which has the channels on air as well. One
photo is decoded at a time.
"""

import subprocess
import sys
from pathlib import Path
from threading import Lock
from typing import IO

FORMAT = "HEIF"
_BRANDS = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"))
_DECODER = str(Path(__file__).with_name("heif_decoder.py"))
MEMORY = 2**30
"""Bytes of address space: a photo of 48 million pixels takes 0.5 GB."""
PROCESSOR = 30
"""Seconds: a photo of 48 million pixels takes 3."""
PATIENCE = 90.0
"""Seconds by the clock, for a machine that does much else."""
TOO_LARGE = 3
"""The exit code for a picture with more pixels than are decoded; 1 is Python's for all others."""
_one_at_a_time = Lock()


def is_heif(file: IO[bytes]) -> bool:
    """Return whether `file` begins as a HEIF does (ISO/IEC 23008-12); it is read from the start."""
    file.seek(0)
    head = file.read(12)
    file.seek(0)
    return head[4:8] == b"ftyp" and head[8:12] in _BRANDS


def decode(file: IO[bytes], *, most_pixels: int, longest: int) -> bytes:
    """Return the picture in `file` as a PPM, upright, at most `longest` a side.

    Raise OverflowError where it has more than `most_pixels`, OSError where it cannot be decoded.
    """
    limits = [str(each) for each in (MEMORY, PROCESSOR, most_pixels, longest, TOO_LARGE)]
    with _one_at_a_time:
        try:
            done = subprocess.run(
                [sys.executable, "-I", _DECODER, *limits],
                input=file.read(),
                capture_output=True,
                env={"LC_ALL": "C.UTF-8"},
                timeout=PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise OSError("the photo takes too long to decode") from error
    if done.returncode == TOO_LARGE:
        raise OverflowError(f"a picture of more than {most_pixels} pixels is not decoded")
    if done.returncode:
        raise OSError(f"the photo cannot be decoded: {done.stderr[-500:].decode(errors='replace')}")
    return done.stdout

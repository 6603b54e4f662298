"""What ffmpeg's lines of progress say, while they grow."""

import contextlib
from pathlib import Path

_TAIL = 1024


def last_told(listing: Path, key: str) -> int:
    """Return the number of the last whole line `key=…` in `listing`; 0 while there is none."""
    with listing.open("rb") as file:
        file.seek(max(0, listing.stat().st_size - _TAIL))
        lines = file.read().split(b"\n")
    for line in reversed(lines[:-1]):
        name, _, number = line.partition(b"=")
        if name == key.encode():
            with contextlib.suppress(ValueError):
                return int(number)
    return 0

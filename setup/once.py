"""Folders that are costly to make: each is made once for a checkout, under a hash of what it is made from.

Such a folder is complete or not there. Nobody writes into it: copy it first to change something.
"""

import fcntl
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path


def once(place: Path, name: str, key: str, make: Callable[[Path], None]) -> Path:
    """Return the folder `name`-`key` in `place`, filled by `make` if it is not there.

    `make` gets an empty folder. If several processes miss the folder at once, one makes it and the
    others wait. Folders of the same name under other keys are removed, and what a killed process
    had begun.
    """
    place.mkdir(parents=True, exist_ok=True)
    made = place / f"{name}-{key}"
    if made.exists():
        return made
    with (place / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            for old in (*place.glob(f"{name}-*"), *place.glob(f"begun-{name}-*")):
                shutil.rmtree(old)
            begun = Path(tempfile.mkdtemp(dir=place, prefix=f"begun-{name}-"))
            try:
                make(begun)
                begun.rename(made)
            finally:
                shutil.rmtree(begun, ignore_errors=True)
    return made

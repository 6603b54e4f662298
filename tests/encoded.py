"""What is costly to encode is made once, in `.tools/encoded`, for all workers and the next runs.

A folder stands under a hash of all that it was made from: the code that makes it, the packages
and the caller's own values. It is complete or not there. Nobody writes into it: who wants to
change something copies it first.
"""

import fcntl
import hashlib
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from setup.prepare import ROOT, TOOLS

FOLDER = TOOLS / "encoded"
PIPELINE = ("media_pipeline",)
EVERYTHING = ("media_pipeline", "cms", "setup")


def once(
    name: str, make: Callable[[Path], None], *values: object, code: tuple[str, ...] = PIPELINE
) -> Path:
    """Return a folder that `make` has filled, made now if there is none of this code and `values`.

    `make` gets an empty folder. Of several processes that miss it one makes it and the others
    wait. Folders of the same name that were made from something else are removed.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    made = FOLDER / f"{name}-{_digest(code, values)}"
    with (FOLDER / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            for old in FOLDER.glob(f"{name}-*"):
                shutil.rmtree(old)
            begun = Path(tempfile.mkdtemp(dir=FOLDER, prefix="begun-"))
            try:
                make(begun)
                begun.rename(made)
            finally:
                shutil.rmtree(begun, ignore_errors=True)
    return made


def _digest(code: tuple[str, ...], values: tuple[object, ...]) -> str:
    total = hashlib.sha256(repr(values).encode())
    files = [path for folder in code for path in sorted((ROOT / folder).rglob("*.py"))]
    for path in (*files, ROOT / "requirements" / "dev.txt"):
        total.update(str(path.relative_to(ROOT)).encode())
        total.update(path.read_bytes())
    return total.hexdigest()[:24]

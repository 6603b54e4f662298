"""What is costly to encode is made once, in `.tools/encoded`, for all workers and the next runs.

A folder stands under a hash of all that it was made from: the code that makes it, the packages
and the caller's own values.
"""

import hashlib
import inspect
from collections.abc import Callable
from pathlib import Path

from setup import once as made_once
from setup.prepare import ROOT, TOOLS

PIPELINE = ("media_pipeline",)
EVERYTHING = ("media_pipeline", "cms", "setup")


def once(
    name: str, make: Callable[[Path], None], *values: object, code: tuple[str, ...] = PIPELINE
) -> Path:
    """Return a folder that `make` has filled, made now if there is none of this code and `values`."""
    return made_once.once(TOOLS / "encoded", name, _digest(code, make, values), make)


def _digest(code: tuple[str, ...], make: Callable[[Path], None], values: tuple[object, ...]) -> str:
    total = hashlib.sha256(repr(values).encode())
    total.update(Path(inspect.getfile(make)).read_bytes())
    files = [path for folder in code for path in sorted((ROOT / folder).rglob("*.py"))]
    for path in (*files, ROOT / "requirements" / "dev.txt"):
        total.update(str(path.relative_to(ROOT)).encode())
        total.update(path.read_bytes())
    return total.hexdigest()[:24]

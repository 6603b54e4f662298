"""A folder to work in, that goes at the end; what a killed run left behind goes with the next."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def working_folder(parent: Path, prefix: str) -> Iterator[Path]:
    """Yield a new folder in `parent` whose name begins with `prefix`, and remove it afterwards.

    Its owner holds a lock on it, which the system takes away when the process ends, however it
    ends. Folders of this user with the same prefix that nobody holds are removed at the start.
    """
    for other in parent.glob(f"{prefix}*"):
        # What is no folder, another user's, or held stays; so does all where nothing can be held.
        with suppress(OSError):
            _remove_if_left(other)
    folder, handle = _new(parent, prefix)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


def _remove_if_left(folder: Path) -> None:
    handle = _opened(folder)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(handle).st_uid == os.getuid():
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(handle)


def _new(parent: Path, prefix: str) -> tuple[Path, int]:
    """Return a new folder and the handle that holds it."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
        with suppress(FileNotFoundError):
            handle = _opened(folder)
            with suppress(OSError):  # a file system without locks
                fcntl.flock(handle, fcntl.LOCK_EX)
            # Another run that began in this moment may have taken it for one that was left.
            if folder.exists():
                return folder, handle
            os.close(handle)


def _opened(folder: Path) -> int:
    return os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)

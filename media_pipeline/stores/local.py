"""The published store in a folder of this machine."""

import contextlib
import errno
import fcntl
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO

from media_pipeline.errors import StoreUnavailable
from media_pipeline.stores.seam import checked

_DESK = ".writing"
_ABANDONED = 3600
"""Seconds after which a half-written file is nobody's."""

_FILE, _FOLDER = 0o644, 0o755
"""Least modes, whatever the umask of the writer: nginx and origins read as other users."""

_NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK, errno.EXDEV}
"""Errors of disks that have no hard links, or no more of them for a file."""

_ABSENT = (FileNotFoundError, NotADirectoryError, IsADirectoryError)


def _move(beside: Path, target: Path) -> bool:
    """Put the file `beside` in the place of `target`."""
    beside.replace(target)
    return True


def _link(beside: Path, target: Path) -> bool:
    """Put the file `beside` at `target` unless something is there; return whether it was."""
    try:
        os.link(beside, target)
    except FileExistsError:
        return False
    return True


def _move_over(version: str, beside: Path, target: Path) -> bool:
    """Put the file `beside` in the place of `target` while that is `version`; return whether."""
    try:
        handle = os.open(target, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        # Who replaces a version locks the file that it is: all who want to wait for one another.
        fcntl.flock(handle, fcntl.LOCK_EX)
        return _mark(target) == version and _move(beside, target)
    finally:
        os.close(handle)


class LocalStore:
    """Keys are files below `folder`, which must be there: `create` makes that of a new store.

    A folder that is missing, or empty after there was something in it, is a disk
    that is not mounted: never "there are no channels".
    """

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder).absolute()
        self._below = f"{self.folder}/".replace("//", "/")
        self._was_filled = False
        self._swept: set[Path] = set()

    def create(self) -> None:
        """Make the folder; nothing happens if it is there."""
        with _reachable(self.folder):
            _make_readable(self.folder, Path("/"))

    def path(self, key: str) -> Path:
        """Return where `key` stands on disk, whether it exists or not."""
        return self.folder / checked(key)

    def _name(self, key: str) -> str:
        """The same as text: a start asks for ten thousand, and a Path of each takes longer."""
        return self._below + checked(key)

    def read(self, key: str) -> bytes | None:
        """Return the bytes of `key`, or None when it does not exist."""
        with _reachable(self.folder):
            try:
                with open(self._name(key), "rb", buffering=0) as file:  # noqa: PTH123
                    return file.read()
            except _ABSENT:
                self._check_folder()
                return None

    def version(self, key: str) -> str | None:
        """Return a mark that changes with each write of `key`; None if absent."""
        with _reachable(self.folder):
            mark = _mark(self._name(key))
            if mark is None:
                self._check_folder()
            return mark

    def versions(self, prefix: str) -> Iterator[tuple[str, str]]:
        """Yield each key under `prefix` with its version, in order."""
        for key in self.keys(prefix):
            mark = self.version(key)
            if mark is not None:
                yield key, mark

    def write(self, key: str, data: bytes) -> None:
        """Put `data` at `key` in one step; it is on the disk when this returns."""
        self._replace(key, lambda file: file.write(data))

    def write_if_unchanged(self, key: str, data: bytes, version: str | None) -> bool:
        """Put `data` at `key` in one step if its version still is `version` (None: if absent)."""
        put = _link if version is None else partial(_move_over, version)
        return self._replace(key, lambda file: file.write(data), put)

    def put_file(self, key: str, path: Path) -> None:
        """Put a copy of the file at `path` at `key` in one step."""
        with path.open("rb") as source:
            self._replace(key, lambda file: shutil.copyfileobj(source, file, 1 << 20))

    def copy(self, key: str, to: str) -> bool:
        """Copy as in `Store.copy`: a hard link, or a copy where the disk has no links."""
        source, target = self.path(key), self.path(to)
        with _reachable(self.folder):
            try:
                _make_readable(target.parent, self.folder)
                os.link(source, target)
            except FileExistsError:
                return True
            except _ABSENT:
                self._check_folder()
                return False
            except OSError as wrong:
                if wrong.errno not in _NO_LINKS:
                    raise
                self.put_file(to, source)
            _sync_folder(target.parent)
        return True

    def keys(self, prefix: str) -> Iterator[str]:
        """Yield the keys under the folder `prefix` ("" for all), in the order of S3."""
        top = self.path(prefix.rstrip("/")) if prefix.strip("/") else self.folder
        with _reachable(self.folder):
            self._check_folder()
            found = [
                f"{here}/{name}".removeprefix(self._below)
                for here, _, names in os.walk(top, onerror=_unless_absent)
                for name in names
                if not name.startswith(".") and not here.endswith(f"/{_DESK}")
            ]
        yield from sorted(found)

    def delete(self, key: str) -> None:
        """Remove `key`; nothing happens if it is absent."""
        with _reachable(self.folder):
            try:
                self.path(key).unlink()
            except _ABSENT:
                self._check_folder()

    def delete_folder(self, prefix: str) -> None:
        """Remove every key under the folder `prefix`."""
        with _reachable(self.folder):
            try:
                shutil.rmtree(self.path(prefix.rstrip("/")))
            except _ABSENT:
                self._check_folder()

    def _check_folder(self) -> None:
        """Raise OSError unless the folder is there, with what was in it."""
        was_filled = self._was_filled  # before the look: another thread may write the first file
        with os.scandir(self.folder) as found:
            filled = next(found, None) is not None
        if was_filled and not filled:
            raise OSError(errno.ENODEV, "it is empty now, as if its disk were not mounted")
        self._was_filled = filled

    def _replace(
        self,
        key: str,
        fill: Callable[[BinaryIO], object],
        put: Callable[[Path, Path], bool] = _move,
    ) -> bool:
        """Fill a file beside and `put` it in the place of `key`; return whether it was."""
        target = self.path(key)
        with _reachable(self.folder):
            self._check_folder()
            _make_readable(target.parent, self.folder)
            beside = self._desk(key) / secrets.token_hex(12)
            try:
                with beside.open("xb") as file:
                    os.fchmod(file.fileno(), _FILE)
                    fill(file)
                    file.flush()
                    # Without it a power cut may leave the new name on an empty file.
                    os.fsync(file.fileno())
                placed = put(beside, target)
            finally:
                beside.unlink(missing_ok=True)
            _sync_folder(target.parent)
            self._was_filled = True
        return placed

    def _desk(self, key: str) -> Path:
        """Return the folder where `key` is written before it is moved to its place.

        Below the key's first folder, which may be a disk of its own. Not beside the
        target: what a killed process leaves would stay in a publication for ever.
        """
        top, slash, _ = key.partition("/")
        desk = self.folder / (top if slash else "") / _DESK
        _make_readable(desk, self.folder)
        if desk not in self._swept:
            self._swept.add(desk)
            _sweep(desk)
        return desk


def _make_readable(folder: Path, below: Path) -> None:
    """Make `folder` with what lacks of its parents below `below`, for everybody to read."""
    if folder == below or folder.is_dir():
        return
    _make_readable(folder.parent, below)
    try:
        folder.mkdir()
    except FileExistsError:
        return  # somebody else was faster
    folder.chmod(folder.stat().st_mode & 0o7777 | _FOLDER)  # a group that is inherited stays
    _sync_folder(folder.parent)


def _sweep(desk: Path) -> None:
    """Remove what killed processes left; what is being written is touched all the time.

    Ages are told by the clock that stamps the files: a file system of another machine has its own.
    """
    probe = desk / secrets.token_hex(12)
    probe.touch()
    now = probe.stat().st_mtime
    probe.unlink()
    for left in desk.iterdir():
        with contextlib.suppress(*_ABSENT):
            if now - left.stat().st_mtime > _ABANDONED:
                left.unlink()


def _unless_absent(wrong: OSError) -> None:
    """Go on past what was removed meanwhile; `walk` would go past a disk that fails, too."""
    if not isinstance(wrong, _ABSENT):
        raise wrong


def _mark(path: Path | str) -> str | None:
    try:
        found = os.stat(path)  # noqa: PTH116
    except _ABSENT:
        return None
    # The inode, because two writes within one tick of the clock may be of one size.
    return f"{found.st_mtime_ns:x}-{found.st_size:x}-{found.st_ino:x}"


def _sync_folder(folder: Path) -> None:
    """Make a rename last: it is the folder's data, not the file's."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _reachable(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as wrong:
        raise StoreUnavailable(
            f"The published store in {folder} cannot be used: {wrong.strerror or wrong}."
        ) from wrong

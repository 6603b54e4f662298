"""Uploads on disk. One folder each, `<uploads>/<id>/`:

info.json   what it will be, and the video that it became
data        the bytes so far: its size is the offset
lock        held (flock) by whoever writes, in whatever process
claim       the token of the newest request; older ones let go of the lock (`turns.py`)
cancelled   there once its person has cancelled it: nothing comes of it any more

Their times are set by the clock of the CMS, which judges their age: a file system on another
machine has its own.
"""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Self

import msgspec

KEEP = timedelta(days=3)
"""How long an upload stays after its last byte."""
KEEP_WHOLE = timedelta(days=30)
"""How long one that has all its bytes is tried to be made a video of."""
_ID = re.compile(r"[0-9a-f]{32}")


class Locked(Exception):
    """Another request, or the sweep, works on the upload."""


class Info(msgspec.Struct, frozen=True):
    """What is known of an upload. `user` and `cooperative` are ids; `video` when it became one.

    With a `purpose` it becomes something else of a room above, for its `target`.
    """

    length: int
    user: int
    cooperative: int
    name: str
    metadata: str
    video: int | None = None
    purpose: str = ""
    target: str = ""


class Upload:
    """One upload's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.id = folder.name
        self.data = folder / "data"

    @classmethod
    def create(cls, root: Path, upload_id: str, info: Info, now: datetime) -> Self:
        """Make the folder, whole or not at all."""
        building = root / f".{upload_id}"
        building.mkdir(parents=True)
        (building / "info.json").write_bytes(msgspec.json.encode(info))
        (building / "lock").touch()
        (building / "data").touch()
        _stamp(building / "data", now)
        building.rename(root / upload_id)
        return cls(root / upload_id)

    @classmethod
    def find(cls, root: Path, upload_id: str) -> Self | None:
        """Return the upload called `upload_id`, None when there is none."""
        if not _ID.fullmatch(upload_id) or not (root / upload_id / "info.json").is_file():
            return None
        return cls(root / upload_id)

    @property
    def info(self) -> Info:
        return msgspec.json.decode((self.folder / "info.json").read_bytes(), type=Info)

    @property
    def offset(self) -> int:
        """Bytes received; all of them once it became a video, whose bytes stand elsewhere."""
        info = self.info
        if info.video:
            return info.length
        try:
            return self.data.stat().st_size
        except FileNotFoundError:
            # Another process may have called `became` since info.json was read.
            if self.info.video is None:
                raise
            return info.length

    @property
    def complete(self) -> bool:
        return self.offset == self.info.length

    @property
    def waits(self) -> bool:
        """Whether it has all its bytes and is no video yet."""
        return self.complete and self.info.video is None

    @property
    def expires(self) -> datetime:
        """When it is swept away: KEEP after the last byte, KEEP_WHOLE if it waits."""
        try:
            newest = self.data.stat()
        except FileNotFoundError:
            newest = (self.folder / "info.json").stat()
        keep = KEEP_WHOLE if self.waits else KEEP
        return datetime.fromtimestamp(newest.st_mtime, UTC) + keep

    def is_expired(self, now: datetime) -> bool:
        """Return whether it may go."""
        return self.expires < now

    def received(self, now: datetime) -> None:
        """Count the time that it stays from `now` on."""
        _stamp(self.data, now)

    def became(self, video: int, now: datetime) -> None:
        """Write down the video, then let go of the bytes."""
        beside = self.folder / "info.json.new"
        beside.write_bytes(msgspec.json.encode(msgspec.structs.replace(self.info, video=video)))
        _stamp(beside, now)
        beside.rename(self.folder / "info.json")
        self.data.unlink(missing_ok=True)

    def claim(self) -> str:
        """Make this the newest request for the upload; return its token."""
        token = token_hex(8)
        beside = self.folder / f"claim.{token}"
        beside.write_text(token)
        beside.rename(self.folder / "claim")
        return token

    def is_claimed_by(self, token: str) -> bool:
        """Return whether no newer request than that of `token` has come."""
        try:
            return (self.folder / "claim").read_text() == token
        except FileNotFoundError:
            return False

    def cancel(self) -> None:
        """Let nothing come of it any more."""
        (self.folder / "cancelled").touch()

    @property
    def is_cancelled(self) -> bool:
        return (self.folder / "cancelled").exists()

    def remove(self) -> None:
        """Remove everything of it."""
        shutil.rmtree(self.folder, ignore_errors=True)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the upload; raise Locked if somebody else does, FileNotFoundError if it is gone."""
        handle = os.open(self.folder / "lock", os.O_RDWR)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Locked from None
            # It may have been removed between the opening and the lock.
            (self.folder / "info.json").stat()
            yield
        finally:
            os.close(handle)


def _stamp(path: Path, now: datetime) -> None:
    os.utime(path, (now.timestamp(), now.timestamp()))


def all_uploads(root: Path) -> Iterator[Upload]:
    """Yield every upload under `root`."""
    if root.is_dir():
        for folder in sorted(root.iterdir()):
            if upload := Upload.find(root, folder.name):
                yield upload


def remove_half_made(root: Path, now: datetime) -> None:
    """Remove folders whose creation was cut off more than an hour ago."""
    for folder in root.glob(".*/"):
        made = datetime.fromtimestamp(folder.stat().st_mtime, UTC)
        if made < now - timedelta(hours=1):
            shutil.rmtree(folder, ignore_errors=True)

"""Originals that stand elsewhere, as a file here that has as many of their bytes as are needed.

    <scratch>/<publication>/.original/data       a sparse file of the original's size
                                      have.json  the spans of it that are here
                                      lock       held for the moments in which have.json changes
                                      uses/*     the spans that one task needs; it holds a lock
                                                 on its file, which a killed one does not

All tasks of a title on this machine share it: what one has fetched, no other fetches again.
Where there is no room for more, what no task needs now is let go. The rest goes with the
title's scratch folder.
"""

import ctypes
import errno
import fcntl
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

import msgspec
from django.core.files.storage import Storage

from cms.videos.encoding import scratch
from cms.videos.encoding.failures import OriginalUnreachable
from media_pipeline.errors import Cancelled
from media_pipeline.model.spans import Span, merged, missing, pieces

PIECE = 16 * 2**20
"""Bytes of one request, and of one load."""
LOAD = 64
"""Small stretches of a load: what it has fetched is noted once, at its end."""
AT_ONCE = 8
"""Loads at once: one alone fills no line of a data centre. botocore keeps ten connections."""
BLOCK = 2**18
"""Bytes between two looks at whether to stop: a slow line brings them within two seconds."""


class Distant(Protocol):
    """An original that can be read in pieces; `version` changes whenever its bytes may have."""

    size: int
    version: str

    def blocks(self, first: int, end: int) -> Iterator[bytes]:
        """Yield the bytes [first, end)."""


class BucketObject:
    """An original in a bucket of S3.

    Raises FileNotFoundError if it is not there, OriginalUnreachable.
    """

    def __init__(self, storage: Storage, name: str) -> None:
        # boto3 takes 0.3 s and 30 MB to import, which a local install need not spend.
        from cms.videos.uploads.direct import bucket

        self._bucket, self._name = bucket.bucket_of(storage), name
        self._unavailable = bucket.BucketUnavailable
        try:
            found = self._bucket.found(name)
        except self._unavailable as error:
            raise OriginalUnreachable(str(error)) from error
        if found is None:
            raise FileNotFoundError(errno.ENOENT, "the original is not in its bucket", name)
        self.size, self.version = found

    def blocks(self, first: int, end: int) -> Iterator[bytes]:
        """Yield the bytes [first, end), a block at a time; never those of another version."""
        try:
            yield from self._bucket.read(self._name, first, end, BLOCK, self.version)
        except self._unavailable as error:
            raise OriginalUnreachable(str(error)) from error


_KEEP_SIZE_PUNCH_HOLE = 0x03
"""linux/falloc.h: FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE."""


class _Here(msgspec.Struct):
    """What of an original is here: have.json."""

    version: str = ""
    spans: list[Span] = []


class Copy:
    """The copy of one original in `folder`."""

    def __init__(self, folder: Path, source: Distant, cancelled: Callable[[], bool]) -> None:
        self._folder, self._source, self._cancelled = folder, source, cancelled
        self.path = folder / "data"
        self.fetched = 0
        """Bytes that this object has fetched."""
        folder.mkdir(parents=True, exist_ok=True)
        with self._locked():
            if self._read().version != source.version:
                self.path.unlink(missing_ok=True)  # of another file by this name
                self._write(_Here(source.version))
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT, 0o600)
            try:
                if os.fstat(handle).st_size != source.size:
                    os.ftruncate(handle, source.size)
            finally:
                os.close(handle)
            self._wanted: tuple[Span, ...] = ()
            (folder / "uses").mkdir(exist_ok=True)
            self._use = (folder / "uses" / secrets.token_hex(8)).open("wb", buffering=0)
            fcntl.flock(self._use, fcntl.LOCK_EX)

    def close(self) -> None:
        """Say that nothing of it is needed any more by whoever opened it."""
        Path(self._use.name).unlink(missing_ok=True)
        self._use.close()

    @property
    def whole(self) -> tuple[Span, ...]:
        """All of the original."""
        return ((0, self._source.size),)

    def need(self, wanted: Sequence[Span]) -> None:
        """Fetch what of `wanted` is not here; raise OSError where there is no room for it."""
        lacking = self._lacking(wanted)
        if not lacking:
            return
        room = sum(end - first for first, end in lacking)
        try:
            scratch.do_check_room(self._folder, room)
        except (scratch.ScratchFull, OSError):
            if not self._let_go():
                raise
            scratch.do_check_room(self._folder, room)
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="fetch") as pool:
            try:
                for done in pool.map(self._fetch, _loads(lacking)):
                    self.fetched += done
            finally:
                pool.shutdown(cancel_futures=True)  # one that failed ends those that wait

    def _fetch(self, load: Sequence[Span]) -> int:
        """Fetch what of `load` nobody has fetched meanwhile; return its bytes."""
        came: list[Span] = []
        handle = os.open(self.path, os.O_WRONLY)
        try:
            for first, end in missing(load, self._have(), self._source.size):
                for at in self._written(handle, first, end):
                    came.append((first, at))
        finally:
            os.fdatasync(handle)  # have.json must not outlive the bytes after a power cut
            os.close(handle)
            self._note(came)
        return sum(end - first for first, end in merged(came, self._source.size))

    def _written(self, handle: int, first: int, end: int) -> Iterator[int]:
        """Write the bytes [first, end) and yield how far that is.

        A line that breaks is taken up where it broke, as long as each time brings something.
        """
        at = first
        while at < end:
            begun = at
            self._heed()
            try:
                for block in self._source.blocks(at, end):
                    at += os.pwrite(handle, block, at)
                    yield at
                    self._heed()
            except OriginalUnreachable:
                if at == begun:
                    raise
            if at == begun:
                raise OriginalUnreachable("The original ends before its end: its line was cut.")

    def _heed(self) -> None:
        if self._cancelled():
            raise Cancelled("The work was stopped while the original was fetched.")

    def _lacking(self, wanted: Sequence[Span]) -> tuple[Span, ...]:
        """Say that `wanted` is needed here until the end, and return what of it is not here."""
        with self._locked():
            self._wanted = merged([*self._wanted, *wanted], self._source.size)
            # Spans that have become one are told in fewer bytes than before.
            os.ftruncate(self._use.fileno(), 0)
            os.pwrite(self._use.fileno(), msgspec.json.encode(self._wanted), 0)
            return missing(wanted, self._read().spans, self._source.size)

    def _let_go(self) -> bool:
        """Give back the disk of what no task here needs now; return whether there was any."""
        with self._locked():
            have = self._read().spans
            idle = missing(have, self._in_use(), self._source.size)
            # have.json first: bytes that are here unknown are fetched again, zeros were believed.
            self._write(_Here(self._source.version, list(missing(have, idle, self._source.size))))
            return bool(idle) and _punched(self.path, idle)

    def _in_use(self) -> list[Span]:
        """Return the spans that tasks need which are alive."""
        spans: list[Span] = []
        for path in (self._folder / "uses").iterdir():
            # One that ends meanwhile takes its own away.
            with suppress(FileNotFoundError), path.open("rb") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    spans += msgspec.json.decode(file.read() or b"[]", type=list[Span])
                else:
                    path.unlink(missing_ok=True)
        return spans

    def _have(self) -> Sequence[Span]:
        with self._locked():
            return self._read().spans

    def _note(self, spans: Sequence[Span]) -> None:
        with self._locked():
            have = merged([*self._read().spans, *spans], self._source.size)
            self._write(_Here(self._source.version, list(have)))

    def _read(self) -> _Here:
        try:
            return msgspec.json.decode((self._folder / "have.json").read_bytes(), type=_Here)
        except (FileNotFoundError, msgspec.DecodeError):
            return _Here()

    def _write(self, here: _Here) -> None:
        beside = self._folder / "have.json.new"
        beside.write_bytes(msgspec.json.encode(here))
        beside.replace(self._folder / "have.json")

    @contextmanager
    def _locked(self) -> Iterator[None]:
        handle = os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def _punched(path: Path, spans: Sequence[Span]) -> bool:
    """Give back the disk of `spans`, which read as zeros then; return whether the system can."""
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "fallocate"):
        return False
    handle = os.open(path, os.O_WRONLY)
    try:
        return not any(
            libc.fallocate(
                handle,
                _KEEP_SIZE_PUNCH_HOLE,
                ctypes.c_int64(first),
                ctypes.c_int64(end - first),
            )
            for first, end in spans
        )
    finally:
        os.close(handle)


def _loads(lacking: Sequence[Span]) -> Iterator[list[Span]]:
    """Yield `lacking` in loads of `PIECE` bytes and `LOAD` stretches at most."""
    load: list[Span] = []
    for first, end in pieces(lacking, PIECE):
        held = sum(stop - start for start, stop in load)
        if load and (len(load) == LOAD or held + end - first > PIECE):
            yield load
            load = []
        load.append((first, end))
    if load:
        yield load

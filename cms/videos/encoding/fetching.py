"""Originals that stand elsewhere, as a file here that has as many of their bytes as are needed.

    <scratch>/<publication>/.original/data       a sparse file of the original's size
                                      have.json  the spans of it that are here
                                      lock       held for the moments in which have.json changes

All tasks of a title on this machine share it: what one has fetched, no other fetches again.
It goes with the title's scratch folder.
"""

import errno
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import msgspec
from django.conf import settings
from django.core.files.storage import Storage

from cms.videos.encoding.failures import OriginalUnreachable
from media_pipeline.errors import Cancelled
from media_pipeline.model.spans import Span, merged, missing, pieces

PIECE = 16 * 2**20
"""Bytes of one request: what is lost when it breaks, and how often a wish to stop is heard."""
AT_ONCE = 4
"""Requests at once: one alone fills no line of a data centre."""
BLOCK = 2**20

FOLDER = ".original"


class Distant(Protocol):
    """An original that can be read in pieces."""

    size: int

    def blocks(self, first: int, end: int) -> Iterator[bytes]:
        """Yield the bytes [first, end)."""


class BucketObject:
    """An original in a bucket of S3.

    Raises FileNotFoundError if it is not there, OriginalUnreachable.
    """

    def __init__(self, storage: Storage, name: str) -> None:
        # boto3 takes 0.3 s and 30 MB to import, which a local install need not spend.
        from cms.videos.uploads import bucket

        self._bucket, self._name = bucket.bucket_of(storage), name
        self._unavailable = bucket.BucketUnavailable
        try:
            size = self._bucket.size(name)
        except self._unavailable as error:
            raise OriginalUnreachable(str(error)) from error
        if size is None:
            raise FileNotFoundError(errno.ENOENT, "the original is not in its bucket", name)
        self.size = size

    def blocks(self, first: int, end: int) -> Iterator[bytes]:
        """Yield the bytes [first, end), a block at a time."""
        try:
            yield from self._bucket.read(self._name, first, end, BLOCK)
        except self._unavailable as error:
            raise OriginalUnreachable(str(error)) from error


class Copy:
    """The copy of one original in `folder`."""

    def __init__(self, folder: Path, source: Distant, cancelled: Callable[[], bool]) -> None:
        self._folder, self._source, self._cancelled = folder, source, cancelled
        self.path = folder / "data"
        self.fetched = 0
        """Bytes that this object has fetched."""
        folder.mkdir(parents=True, exist_ok=True)
        with self._locked():
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT, 0o600)
            try:
                if os.fstat(handle).st_size != source.size:
                    os.ftruncate(handle, source.size)
            finally:
                os.close(handle)

    @property
    def whole(self) -> tuple[Span, ...]:
        """All of the original."""
        return ((0, self._source.size),)

    def need(self, wanted: Sequence[Span]) -> None:
        """Fetch what of `wanted` is not here; raise OSError where there is no room for it."""
        lacking = missing(wanted, self._have(), self._source.size)
        check_room(self._folder, sum(end - first for first, end in lacking))
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="fetch") as pool:
            try:
                for done in pool.map(self._fetch, pieces(lacking, PIECE)):
                    self.fetched += done
            finally:
                pool.shutdown(cancel_futures=True)  # one that failed ends those that wait

    def _fetch(self, piece: Span) -> int:
        """Fetch what of `piece` nobody has fetched meanwhile; return its bytes."""
        done = 0
        for first, end in missing([piece], self._have(), self._source.size):
            if self._cancelled():
                raise Cancelled("The work was stopped while the original was fetched.")
            handle, at = os.open(self.path, os.O_WRONLY), first
            try:
                for block in self._source.blocks(first, end):
                    at += os.pwrite(handle, block, at)
                os.fdatasync(handle)  # have.json must not outlive the bytes after a power cut
            finally:
                os.close(handle)
            if at != end:
                raise OSError(errno.EIO, "the original ended early", str(self.path))
            self._note((first, end))
            done += end - first
        return done

    def _have(self) -> tuple[Span, ...]:
        with self._locked():
            return self._read()

    def _read(self) -> tuple[Span, ...]:
        try:
            found = msgspec.json.decode(
                (self._folder / "have.json").read_bytes(), type=list[tuple[int, int]]
            )
        except FileNotFoundError:
            return ()
        return tuple(found)

    def _note(self, span: Span) -> None:
        with self._locked():
            have = merged([*self._read(), span], self._source.size)
            beside = self._folder / "have.json.new"
            beside.write_bytes(msgspec.json.encode(have))
            beside.replace(self._folder / "have.json")

    @contextmanager
    def _locked(self) -> Iterator[None]:
        handle = os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def check_room(folder: Path, wanted: int) -> None:
    """Raise OSError (ENOSPC) unless `wanted` bytes and the reserve are free where `folder` is."""
    at = next(place for place in (folder, *folder.parents) if place.exists())
    if shutil.disk_usage(at).free < wanted + settings.SCRATCH_RESERVE:
        raise OSError(errno.ENOSPC, "too little space is free for scratch files", str(folder))

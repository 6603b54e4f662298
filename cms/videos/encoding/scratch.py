"""Scratch files of this machine: whose they are, how many bytes they may be, who removes them.

    <scratch>/<publication>/<task>@<owner of the lease>/   what one worker needs for one task
                            .original/                     the copy of an original (`fetching`),
                                                           or one of it that can be sought in

A folder says whose it is, so that what a killed worker left can be told from what is in
use: an owner that holds no lease works no more. All that stands here together is kept
within SIAR_SCRATCH_BYTES: work that needs more waits, and the youngest that runs gives way.
"""

import errno
import logging
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote, unquote

from django.conf import settings
from django.db.models import QuerySet

from cms.videos.models import Encode, EncodeTask
from cms.videos.models.encode import locked
from cms.videos.models.task import Step

ORIGINAL = ".original"
_BLOCK = 512
"""Bytes that one of `st_blocks` is (POSIX): sparse files count for what they hold."""

logger = logging.getLogger(__name__)


class ScratchFull(Exception):
    """What stands in scratch folders, and what is wanted, is more than SIAR_SCRATCH_BYTES."""


def root() -> Path:
    """Return the folder of all scratch files of this machine."""
    return Path(settings.SCRATCH_FOLDER)


def folder_of(encode: Encode) -> Path:
    """Return the folder for what is only needed while encoding."""
    return root() / encode.publication


@contextmanager
def own_folder(task: EncodeTask) -> Iterator[Path]:
    """Give a folder of this claim's own; remove it after."""
    folder = folder_of(task.encode) / f"{task.name}@{quote(task.lease_owner, safe='')}"
    _make(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        with suppress(OSError):  # another task has something in it
            folder.parent.rmdir()


def do_check_room(folder: Path, wanted: int) -> None:
    """Raise unless `wanted` bytes may be written to `folder`.

    ScratchFull where that would be more than SIAR_SCRATCH_BYTES, also without the copies
    of originals that nobody here is at, which are removed for it; OSError (ENOSPC) where
    the disk itself would have less than SIAR_SCRATCH_RESERVE left.
    """
    at = next(place for place in (folder, *folder.parents) if place.exists())
    if shutil.disk_usage(at).free < wanted + settings.SCRATCH_RESERVE:
        raise OSError(errno.ENOSPC, "too little space is free for scratch files", str(folder))
    if used() + wanted <= settings.SCRATCH_BYTES:
        return
    do_remove_idle_originals()
    if (total := used()) + wanted > settings.SCRATCH_BYTES:
        raise ScratchFull(
            f"{total} bytes stand in {root()} and {wanted} more are wanted, "
            f"of SIAR_SCRATCH_BYTES={settings.SCRATCH_BYTES}."
        )


def used() -> int:
    """Return the bytes of disk that stand in scratch folders."""
    return sum(_bytes_of(path) for path in root().rglob("*"))


def must_give_way(task: EncodeTask) -> bool:
    """Return whether there is more than SIAR_SCRATCH_BYTES and `task` is the one to stop.

    That is the one that began last, so that the oldest always comes to its end. Copies of
    originals that nobody is at go before any.
    """
    if used() <= settings.SCRATCH_BYTES:
        return False
    do_remove_idle_originals()
    if used() <= settings.SCRATCH_BYTES:
        return False
    here = [owner_of(folder) for folder in _task_folders()]
    youngest = _leases().filter(lease_owner__in=here).order_by("started", "pk").last()
    return youngest is not None and youngest.pk == task.pk


def owner_of(folder: Path) -> str:
    """Return the owner whose folder this is, "" if it is no task's."""
    return unquote(folder.name.partition("@")[2])


def do_remove(encode: Encode) -> None:
    """Remove what this machine kept for all tasks of a title; others do so in their sweep."""
    shutil.rmtree(folder_of(encode), ignore_errors=True)


def do_clean() -> None:
    """Remove what dead workers, and titles that have ended or are known no more, have left."""
    # Listed first: an encode has its row, and an owner its lease, before it has a folder.
    titles, tasks = _titles(), _task_folders()
    wanted = set(Encode.objects.open().values_list("publication", flat=True))
    held = set(_leases().values_list("lease_owner", flat=True))
    left = [folder for folder in titles if folder.name not in wanted]
    left += [folder for folder in tasks if owner_of(folder) not in held]
    for folder in left:
        if folder.exists():
            logger.info("scratch: %s was left, removed", folder.relative_to(root()))
            shutil.rmtree(folder, ignore_errors=True)


def do_remove_idle_originals() -> None:
    """Remove the copies of originals of titles that no worker is at: they are fetched again."""
    for title in _titles():
        if (title / ORIGINAL).is_dir() and (gone := _moved_aside(title / ORIGINAL)):
            logger.info("scratch: %s has made room", (title / ORIGINAL).relative_to(root()))
            shutil.rmtree(gone, ignore_errors=True)


def _moved_aside(copy: Path) -> Path | None:
    """Take an idle copy out of the way of claims; None if a worker is at its title.

    While the title is held nobody claims a task of it: whoever does so next finds no copy.
    It goes at once, or what says which bytes are here could outlive the bytes.
    """
    gone = copy.with_name(f"{ORIGINAL}.{secrets.token_hex(4)}")
    encode = Encode.objects.filter(publication=copy.parent.name).values_list("pk", flat=True)
    with locked(encode.first() or 0):
        if _leases().filter(encode__publication=copy.parent.name).exists():
            return None
        with suppress(FileNotFoundError):
            return copy.rename(gone)
    return None


def _make(folder: Path) -> None:
    """Make a folder whose parent another task may be removing, which it does when that is empty."""
    for _attempt in range(10):
        with suppress(FileNotFoundError):
            return folder.mkdir(parents=True)
    folder.mkdir(parents=True)


def _leases() -> QuerySet[EncodeTask]:
    return EncodeTask.objects.filter(state=Step.WORKING)


def _titles() -> list[Path]:
    return list(root().iterdir()) if root().is_dir() else []


def _task_folders() -> list[Path]:
    return [folder for title in _titles() for folder in title.glob("*") if folder.name != ORIGINAL]


def _bytes_of(path: Path) -> int:
    try:
        return path.lstat().st_blocks * _BLOCK
    except OSError:  # somebody has just removed it
        return 0

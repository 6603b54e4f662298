"""What was counted lately, so that the same is not counted again.

Beside the spool stands a file for each batch with the marks of its events, 8 bytes each.
A device's post is taken for `OLD` seconds and half of that ahead (messages.py), so a
replay of it falls within REPEAT; later it is refused by its date. Files outlive restarts,
and are read by whoever counts, whichever process took the post.
"""

from array import array
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from cms.audience.spool import Batch, minute_of

REPEAT = timedelta(minutes=10)
"""Within this time the same card of one airing before the same device counts once."""


def first_times(batch: Batch, marks: Iterable[int]) -> list[bool]:
    """Return of each of `marks` whether it is new, and keep them for the next batches."""
    before = _lately(batch)
    new = []
    for mark in marks:
        new.append(mark not in before)
        before.add(mark)
    _keep(batch, marks)
    return new


def do_forget(folder: Path, now: datetime) -> None:
    """Remove what no batch from now on has to be compared with."""
    for path in folder.glob("*.marks"):
        if minute_of(path) < now - 2 * REPEAT:
            path.unlink()


def _lately(batch: Batch) -> set[int]:
    """The marks of other batches; its own are there already if a crash came in between."""
    found: set[int] = set()
    for path in batch.path.parent.glob("*.marks"):
        near = abs(minute_of(path) - batch.minute) <= REPEAT
        if near and path.stem != batch.path.stem:
            data = path.read_bytes()
            found.update(array("Q", data[: len(data) // 8 * 8]))
    return found


def _keep(batch: Batch, marks: Iterable[int]) -> None:
    target = batch.path.with_suffix(".marks")
    beside = target.with_suffix(".new")
    beside.write_bytes(array("Q", marks).tobytes())
    beside.replace(target)

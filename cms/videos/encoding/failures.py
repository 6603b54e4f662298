"""What a failure of a task is called, whose fault it is, and when to try again. Pure.

| code                                  | whose fault         | then                              |
| ------------------------------------- | ------------------- | --------------------------------- |
| names of `SourceFault`                | the file            | fails                             |
| tool_missing                          | the installation    | fails                             |
| pictures_differ                       | the title           | fails; a retry makes all anew     |
| step_failed, tool_crashed, over_limit,| nobody knows        | again after 20, 40 s, then fails  |
| out_of_memory, unexpected             |                     |                                   |
| tool_killed                           | as worker_lost      | again, alone, then fails          |
| disk_full, scratch_full,              | the place           | again after 5 s, 10 s … 5 min, as |
| store_unavailable,                    |                     | often as it takes                 |
| original_unreachable, copy_gone       |                     |                                   |
| worker_lost                           | see `models.task`   | again, alone, then fails          |

The failures of the place are no fault of a title: an hour without a store, or a
weekend with a full disk, must not fail all that waits.
"""

import errno
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from cms.videos.encoding.scratch import ScratchFull
from cms.videos.models.task import ATTEMPTS, LONGEST_BACKOFF
from media_pipeline.errors import (
    PicturesDiffer,
    PipelineError,
    Stop,
    StoreUnavailable,
    ToolMissing,
    ToolStopped,
    UnusableSource,
)

FIRST_BACKOFF = timedelta(seconds=5)
TOOL_BACKOFF = timedelta(seconds=20)
"""Before another attempt, times the attempts so far."""
LOST_BACKOFF = timedelta(seconds=30)
"""At most, before a task is tried again that was lost with its worker."""
PICTURES_DIFFER = "pictures_differ"
_FULL = (errno.ENOSPC, errno.EDQUOT)


class OriginalUnreachable(Exception):
    """The storage of originals cannot be reached; the file may well be there."""


class CopyGone(Exception):
    """Somebody has removed the copy of an original that a task was at; the original is well."""


class Fault(Enum):
    """Whose fault a failure is."""

    FILE = "file"
    UNKNOWN = "unknown"
    PLACE = "place"
    KILLER = "killer"
    """Who ended the tool: as a rule the system, which does so when its memory ends."""


_STOPS: dict[Stop, tuple[str, Fault]] = {
    "killed": ("tool_killed", Fault.KILLER),
    "crashed": ("tool_crashed", Fault.UNKNOWN),
    "memory": ("out_of_memory", Fault.UNKNOWN),
    "cpu": ("over_limit", Fault.UNKNOWN),
    "wall": ("over_limit", Fault.UNKNOWN),
    "output": ("over_limit", Fault.UNKNOWN),
    "disk": ("disk_full", Fault.PLACE),
}

_NAMED: tuple[tuple[type[BaseException], str, Fault], ...] = (
    (ToolMissing, "tool_missing", Fault.FILE),
    (PicturesDiffer, PICTURES_DIFFER, Fault.FILE),
    (ScratchFull, "scratch_full", Fault.PLACE),
    (StoreUnavailable, "store_unavailable", Fault.PLACE),
    (OriginalUnreachable, "original_unreachable", Fault.PLACE),
    (CopyGone, "copy_gone", Fault.PLACE),
    (MemoryError, "out_of_memory", Fault.UNKNOWN),
)


@dataclass(frozen=True)
class Failure:
    """A named failure."""

    code: str
    fault: Fault
    detail: str = ""

    def is_final(self, attempts: int) -> bool:
        """Return whether a task fails by it that had used up `attempts` before."""
        if self.fault is Fault.UNKNOWN:
            return attempts + 1 >= ATTEMPTS
        return self.fault is Fault.FILE

    @property
    def needs_company_gone(self) -> bool:
        """Whether the task is to run alone from now on: others may have taken its memory."""
        return self.fault is Fault.KILLER or self.code == "out_of_memory"

    def backoff(self, attempts: int, setbacks: int) -> timedelta:
        """Return how long to wait before the task is tried again."""
        if self.fault is Fault.KILLER:
            return lost_backoff(setbacks)
        if self.fault is Fault.PLACE:
            return min(FIRST_BACKOFF * 2 ** min(setbacks, 10), LONGEST_BACKOFF)
        return TOOL_BACKOFF * (attempts + 1)


def failure(error: BaseException) -> Failure:
    """Return what `error` is called."""
    detail = f"{type(error).__name__}: {error}"
    if isinstance(error, UnusableSource):
        return Failure(error.code, Fault.FILE, detail)
    if _is_full(error):
        return Failure("disk_full", Fault.PLACE, detail)
    if isinstance(error, ToolStopped):
        return Failure(*_STOPS[error.how], detail)
    for kind, named, fault in _NAMED:
        if isinstance(error, kind):
            return Failure(named, fault, detail)
    code = "step_failed" if isinstance(error, PipelineError) else "unexpected"
    return Failure(code, Fault.UNKNOWN, detail)


def lost_backoff(setbacks: int) -> timedelta:
    """Return how long a task waits that was lost with its worker: the first time not at all."""
    return min(FIRST_BACKOFF * setbacks, LOST_BACKOFF)


def _is_full(error: BaseException) -> bool:
    """Return whether a full disk is behind it, in our own writing; a tool's is in _STOPS."""
    return any(isinstance(e, OSError) and e.errno in _FULL for e in _causes(error))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__

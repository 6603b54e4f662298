"""A title as work that any number of workers share: a job, its tasks, and what each leaves.

A job is written once, before anything is encoded. Each task writes final
segments first and then one small part that names them, so a part that is there
is never wrong, whoever wrote it and how often: the same task gives the same
bytes. What can be played is a pure function of the job and its parts
(`model.growth`).

A title may be begun anew, by another job. Its segments and parts stand in folders
called by the job's `mark`, so no worker of one job can touch or add to those of another.
"""

from datetime import datetime
from hashlib import sha256
from typing import Literal

import msgspec

from media_pipeline.model.analysis import Analysis
from media_pipeline.model.plan import EncodePlan
from media_pipeline.model.publication import Segment
from media_pipeline.model.reading import decoded
from media_pipeline.model.report import Heard
from media_pipeline.model.source import KeyframeOffsets, Source

FORMAT = 6
"""Raised whenever the same plan would give other bytes: an older job is then begun anew."""

OPENING, OPENING_NEXT, OPENING_REST = "opening", "opening-next", "opening-rest"
SOUND, LATE_SOUND, FINISH = "sound", "sound-late", "finish"
COPIED_PICTURES = "pictures"
"""Names of tasks; the chunks of the body are `picture-0001` and so on. `pictures` is the
only picture task of a job that copies those of an earlier publication (`Job.pictures`)."""


class Task(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one worker does in one go.

    `rungs` are the renditions that a picture task makes of `chunk`, or a later task of
    the sound; the first makes those of `EncodePlan.sounds`, the later
    one those of `EncodePlan.late_sounds`. A task may
    start once the tasks in `needs` are done. `weight` is its share of the
    title's CPU seconds (they add up to 1). Tasks of a lower `rank` come first:
    0 what makes the title playable, 1 the other rungs of the opening, 2 the
    body, 3 the end.
    """

    name: str
    kind: Literal["picture", "sound", "finish"]
    rank: int
    weight: float
    chunk: int = 0
    rungs: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()

    @property
    def reads_file(self) -> bool:
        """Whether the task reads the file; the others read the store alone."""
        return self.kind != "finish" and self.name != COPIED_PICTURES


class Job(msgspec.Struct, frozen=True):
    """Everything that a worker must know of a title but the file itself.

    `mark` is a short name that no other job of the publication has (`mark_of`).
    `download` is whether a file to keep is made as well. `pictures` is the id of an earlier
    publication of the same file whose pictures are copied; "" where they are encoded.
    """

    publication: str
    mark: str
    created: datetime
    source: Source
    plan: EncodePlan
    tasks: tuple[Task, ...]
    analysis: Analysis | None = None
    download: bool = False
    format: int = FORMAT
    keyframes: KeyframeOffsets | None = None
    """Where in the file its moments stand; None where a task needs the whole file."""
    pictures: str = ""

    def task(self, name: str) -> Task:
        """Return the task called `name`; raise KeyError."""
        found = next((task for task in self.tasks if task.name == name), None)
        if found is None:
            raise KeyError(name)
        return found


def mark_of(created: datetime, source: Source, plan: EncodePlan) -> str:
    """Return the mark of the job that is made of these at `created`, 12 hex digits.

    With the moment in it, since what a job that was removed has left must not be taken up
    by one of the same plan: its segments may be gone.
    """
    return sha256(msgspec.json.encode((FORMAT, created, source, plan))).hexdigest()[:12]


class Made(msgspec.Struct, frozen=True):
    """Segments of one rendition that follow one another; `first` counts from 0 in the title."""

    codec: str
    init: bytes
    first: int
    segments: tuple[Segment, ...]


class Part(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a task has made: segments by rendition.

    Of the sound also what was heard of each, in the order of the plan, and the
    loudness of the first in LUFS.
    """

    task: str
    tracks: dict[str, Made] = {}
    loudness: float | None = None
    heard: tuple[Heard, ...] = ()


def encode_work(value: Job | Part) -> bytes:
    """Return `value` as JSON."""
    return msgspec.json.encode(value)


def decode_job(data: bytes) -> Job:
    """Return the job in `data`; raise msgspec.DecodeError if it is none of this format."""
    if job_format(data) != FORMAT:
        raise msgspec.DecodeError("the job is of another format")
    return decoded(data, Job)


def job_format(data: bytes) -> int:
    """Return the format of the job in `data`; raise msgspec.DecodeError if it is no job."""
    return decoded(data, _Header).format


def decode_part(data: bytes) -> Part:
    """Return the part in `data`; raise msgspec.DecodeError if it is none."""
    return decoded(data, Part)


class _Header(msgspec.Struct):
    format: int = 0

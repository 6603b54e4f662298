"""The one door from the CMS into the media pipeline."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from django.conf import settings

from cms.core import published
from cms.videos.encoding import fetching
from cms.videos.encoding.failures import CopyGone
from cms.videos.encoding.scratch import ORIGINAL, do_check_room
from cms.videos.models import Media
from cms.videos.models.machine import originals
from media_pipeline import pipeline
from media_pipeline.errors import StepFailed
from media_pipeline.model.publication import Publication
from media_pipeline.model.spans import Span
from media_pipeline.model.work import Job, Task

check_tools = pipeline.check_tools
cut_film = pipeline.cut_film
film_still = pipeline.film_still
film_slides = pipeline.film_slides
slide_frames = pipeline.slide_frames
Slides = pipeline.Slides


IDLE = timedelta(seconds=15)
"""Without a heartbeat for so long, nobody is at a title."""


class JobGone(Exception):
    """The store has no job of this title, or one that says nothing of the task."""


class JobOlder(Exception):
    """The job of this title is of an earlier version of Siar."""


class Original:
    """The original of a title, as far as it is on this machine."""

    def __init__(self, path: Path, copy: fetching.Copy | None = None) -> None:
        self.path = path
        self._copy = copy

    @property
    def need(self) -> Callable[[Sequence[Span]], None] | None:
        """What brings bytes of it here; None where all of it is here."""
        return self._copy.need if self._copy is not None else None

    @property
    def is_lost(self) -> bool:
        """Whether it was a copy, and somebody has removed it since: the original is elsewhere."""
        return self._copy is not None and not self.path.exists()

    def close(self) -> None:
        """Say that its bytes are needed no more by this task."""
        if self._copy is not None:
            self._copy.close()


def original_of(media: Media, scratch: Path, cancelled: Callable[[], bool]) -> Original:
    """Return the original on this machine, or a copy in `scratch` that has none of its bytes yet.

    Raises FileNotFoundError where it stands elsewhere and is not there, CopyGone where
    somebody removes the copy, OSError (ENOSPC) or ScratchFull where there is too little
    room to begin.
    """
    do_check_room(scratch, 0)
    storage, name = originals(), media.original.name or ""
    try:
        return Original(Path(storage.path(name)))
    except NotImplementedError:  # it has no paths
        source = fetching.BucketObject(storage, name)
    folder = scratch / ORIGINAL
    try:
        return Original(folder / "data", fetching.Copy(folder, source, cancelled))
    except FileNotFoundError as error:
        raise CopyGone(f"{folder} was removed while it was being made.") from error


def prepare(
    original: Original,
    publication: str,
    *,
    pictures: str = "",
    scratch: Path,
    cancelled: Callable[[], bool],
    now: Callable[[], datetime],
) -> Job:
    """Look at `original` and return the job with its tasks; found again if it is there.

    `pictures` is the id of the publication whose pictures are taken over, "" for none.
    """
    return pipeline.prepare(
        original.path,
        published.store(),
        publication,
        workers=settings.ENCODES_AT_ONCE * settings.ENCODE_WORKERS,
        av1=settings.AV1,
        opus=True,
        download=settings.DOWNLOADS,
        pictures=pictures,
        scratch=scratch,
        cancelled=cancelled,
        now=now,
        need=original.need,
        shared=_shared(scratch),
    )


def run_task(
    original: Original,
    publication: str,
    name: str,
    *,
    scratch: Path,
    cancelled: Callable[[], bool],
    on_progress: Callable[[float], None],
) -> None:
    """Do the task `name`; it is done when its part is in the store. Raises as the pipeline does."""
    job = pipeline.found_job(published.store(), publication)
    if job is None:
        if pipeline.found_whole(published.store(), publication):
            return  # the last task was done, and its worker lost before it said so
        older = pipeline.is_older(published.store(), publication)
        raise JobOlder if older else JobGone
    try:
        task = job.task(name)
    except KeyError:
        raise JobGone from None
    pipeline.run_task(
        original.path,
        job,
        task,
        published.store(),
        scratch=scratch,
        cancelled=cancelled,
        on_progress=on_progress,
        need=original.need,
        shared=_shared(scratch),
    )


def _shared(scratch: Path) -> Path:
    """Return where a copy is kept that is made of an original for all tasks of a title."""
    return scratch.parent / ORIGINAL / "readable"


def whole(publication: str) -> Publication:
    """Return a publication that is made; raise StepFailed if it is not whole."""
    found = pipeline.found_whole(published.store(), publication)
    if found is None:
        raise StepFailed("The publication has gone from the published store: encode again.")
    return found


class Outlook(NamedTuple):
    """How far a title is (0 to 1), in how many seconds it ends, and what to hand in next time.

    `slower` says that it takes much longer than was expected at first.
    """

    fraction: float
    eta_seconds: float | None
    slower: bool
    kept: object


def outlook(
    before: object, tasks: Iterable[tuple[str, Any, int, float, float]], now: datetime
) -> Outlook:
    """Return how a title stands of whose tasks (name, kind, rank, weight, progress) are given.

    `before` is what the last outlook said was to be kept.
    """
    rows = list(tasks)
    known = [Task(name, kind, rank, weight) for name, kind, rank, weight, _ in rows]
    done = {name: progress for name, _, _, _, progress in rows}
    fraction = pipeline.fraction_done(known, done)
    after = pipeline.later(_judged_by(before, fraction, now), fraction, now)
    kept = msgspec.to_builtins(after)
    return Outlook(after.fraction, after.eta_seconds, after.slower, kept)


def _judged_by(before: object, fraction: float, now: datetime) -> pipeline.Standing:
    """Return the standing that the pace is to be judged by.

    Without what was seen before nobody was at work for a while, or before work was lost
    with its worker: neither says how fast it goes on.
    """
    try:
        kept = msgspec.convert(before or (), pipeline.Standing, strict=False)
    except msgspec.ValidationError:  # another version of Siar has written it
        return pipeline.Standing()
    if kept.seen and (now - kept.seen[-1][0] > IDLE or fraction < kept.seen[-1][1]):
        return pipeline.Standing(kept.fraction)
    return kept

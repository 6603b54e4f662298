"""The order of the steps: a file in, a publication in the store out.

`prepare` looks at the file and writes down the job; `run_task` does one of its
tasks, on any machine, in any number of processes; `publish` does all of them.
"""

import contextlib
import logging
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from media_pipeline import tools
from media_pipeline.errors import (
    Cancelled,
    NewerJob,
    PicturesDiffer,
    StepFailed,
    StoreUnavailable,
    ToolStopped,
    UnusableSource,
)
from media_pipeline.model.publication import Publication
from media_pipeline.model.source import Source
from media_pipeline.model.work import Job, Part, Task, mark_of
from media_pipeline.planning import listing
from media_pipeline.planning.eta import Standing, fraction_done, later
from media_pipeline.planning.plan import make_plan
from media_pipeline.planning.slides import Slides, slide_frames
from media_pipeline.planning.takeover import with_pictures_of
from media_pipeline.planning.tasks import tasks_of
from media_pipeline.steps import jobs, probing
from media_pipeline.steps.analysis import look_into
from media_pipeline.steps.cutting import cut_film
from media_pipeline.steps.distant import DistantFile, Need, Seen
from media_pipeline.steps.jobs import found_job, found_whole, is_older
from media_pipeline.steps.readable import readable
from media_pipeline.steps.slides import film_slides
from media_pipeline.steps.still import film_still
from media_pipeline.steps.task_pool import Run, TaskPool
from media_pipeline.steps.telling import Progress, Telling
from media_pipeline.steps.title import TaskContext, do_task
from media_pipeline.steps.writer import PublicationWriter
from media_pipeline.stores import Store
from media_pipeline.tools import check_tools

__all__ = [
    "Progress",
    "Slides",
    "Standing",
    "check_tools",
    "commands",
    "cut_film",
    "done",
    "film_slides",
    "film_still",
    "found_job",
    "found_whole",
    "fraction_done",
    "is_older",
    "later",
    "prepare",
    "probe",
    "publish",
    "run_task",
    "slide_frames",
]

logger = logging.getLogger(__name__)


def probe(path: Path) -> Source:
    """Return what the file at `path` is; raise UnusableSource if it cannot be published."""
    with tempfile.TemporaryDirectory(prefix="siar-probe-") as folder:
        return probing.probe(path, Path(folder))


def commands(path: Path, job: Job) -> Iterator[tuple[str, list[str]]]:
    """Yield task and ffmpeg command, for all that encode the file at `path` as `job` says."""
    return listing.commands(tools.ffmpeg(), str(path.resolve()), job)


def prepare(
    path: Path,
    store: Store,
    publication_id: str,
    *,
    workers: int = 1,
    av1: bool = False,
    opus: bool = False,
    download: bool = False,
    pictures: str = "",
    scratch: Path,
    cancelled: Callable[[], bool],
    now: Callable[[], datetime],
    need: Need | None = None,
    shared: Path | None = None,
) -> Job:
    """Return the job that makes `publication_id` of the file at `path`, cut for `workers`.

    With `av1` there are rungs in AV1 as well, made after all others; with `opus`
    the sounds in Opus; with `download` a plain MP4 to keep. `pictures` is the id of an earlier
    publication of the same file whose pictures are taken over: the sound alone is made.
    `need` brings the bytes of a file that is not here yet, and may raise what it likes: no
    more of them are asked for than it takes. `shared` is as for `run_task`.

    One that is in the store already is found again, if it is of the same file
    and of today's format; any other is replaced, but a whole publication, of which
    all tasks are done, and a job of a later format. Raises UnusableSource, StepFailed,
    PicturesDiffer, Cancelled, NewerJob or StoreUnavailable.
    """
    wanted = _Wanted(workers, av1, opus, download, pictures)
    with _own_folder(scratch, f"prepare-{publication_id}") as folder:
        maker = _Maker(store, publication_id, folder, cancelled, shared)
        return maker.prepare(path, wanted, now, need=need)[1]


def run_task(
    path: Path,
    job: Job,
    task: Task,
    store: Store,
    *,
    scratch: Path,
    cancelled: Callable[[], bool],
    on_progress: Callable[[float], None],
    need: Need | None = None,
    shared: Path | None = None,
) -> None:
    """Do one task of `job`; it is done when its part is in the store, which is last.

    May be done again at any time, by two workers at once as well: the bytes are
    the same. `on_progress` takes the fraction of this task that is done, from
    this thread. Raises UnusableSource, StepFailed, Cancelled (within two seconds
    of `cancelled()` turning true) or StoreUnavailable, and whatever the
    functions raise; no process and no scratch file is left in any case.

    `need` is as for `prepare`: it is asked for the bytes of the task, and for the
    rest when those turn out not to do. `shared` is a folder that lasts as long as
    the title is worked at on this machine: what is made of the file for all tasks
    (`steps.readable`) is then made once.
    """
    if jobs.ended(store, job.publication) or task.name in jobs.part_names(store, job):
        return
    with _own_folder(scratch, f"task-{job.publication}-{task.name}") as folder:
        maker = _Maker(store, job.publication, folder, cancelled, shared)
        if not task.reads_file:
            maker.run(path, job, task, on_progress, lambda _part: None)
        elif need is None or not maker.run_partial(path, job, task, on_progress, need):
            if need is not None:
                need([(0, job.source.size)])
            readable = maker.readable(path, job.source)
            maker.run(readable, job, task, on_progress, lambda _part: None)
    if task.kind != "finish":
        jobs.clear_if_over(store, job)


def done(store: Store, job: Job) -> frozenset[str]:
    """Return the names of the tasks of `job` that are done; of a whole publication, all."""
    if found_whole(store, job.publication) is not None:
        return frozenset(task.name for task in job.tasks)
    parts = jobs.part_names(store, job)
    return frozenset(task.name for task in job.tasks if task.name in parts)


def publish(
    path: Path,
    store: Store,
    publication_id: str,
    *,
    on_progress: Callable[[Progress], None],
    cancelled: Callable[[], bool],
    scratch: Path,
    now: Callable[[], datetime],
    workers: int = 1,
    av1: bool = False,
    opus: bool = False,
    download: bool = False,
    pictures: str = "",
) -> Publication:
    """Encode the file at `path` into `store` and return the whole publication.

    `publication_id` is 32 lower-case hex digits; in `scratch`, which is there, a
    folder of this work's own is made and removed. `workers` tasks run at once, and
    the sound beside them; `av1`, `opus`, `download` and `pictures` are as for `prepare`. A job
    of this id is continued, a whole publication is returned as it is.

    Raises UnusableSource, StepFailed, PicturesDiffer or Cancelled (within two seconds of
    `cancelled()` turning true) with the publication's folder removed, unless another has
    made it whole meanwhile. ToolStopped,
    StoreUnavailable, and whatever `on_progress` or `cancelled` raise, leave the job
    and its parts, to be continued. No process and no scratch file is left in any case.
    """
    found = jobs.ended(store, publication_id)
    if found is not None:
        return found
    with _own_folder(scratch, f"encode-{publication_id}") as folder:
        maker = _Maker(store, publication_id, folder, cancelled)
        with _removing(maker):
            on_progress(Progress("probing", 0))
            wanted = _Wanted(workers, av1, opus, download, pictures)
            readable, job = maker.prepare(path, wanted, now)
            telling = Telling(job, jobs.read_parts(store, job), on_progress, now)
            return maker.make_all(readable, job, workers, telling)


@contextlib.contextmanager
def _removing(maker: "_Maker") -> Iterator[None]:
    """Remove the publication's folder where nobody will go on with it."""
    try:
        yield
    except ToolStopped:
        raise
    except (UnusableSource, StepFailed, PicturesDiffer, Cancelled):
        with contextlib.suppress(StoreUnavailable, NewerJob):
            maker.remove()
        raise


@contextlib.contextmanager
def _own_folder(scratch: Path, name: str) -> Iterator[Path]:
    """Make a folder for this work, without what a killed run of it left, and remove it after."""
    for left in scratch.glob(f"{name}.*"):
        shutil.rmtree(left, ignore_errors=True)
    # A name of its own: a worker that is at the same task still, having lost its lease without
    # knowing, then fails for want of its folder instead of writing into ours.
    folder = scratch / f"{name}.{secrets.token_hex(4)}"
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class _Wanted(NamedTuple):
    """What a publication is to have, and how many make it; as for `prepare`."""

    workers: int
    av1: bool
    opus: bool
    download: bool
    pictures: str


class _Maker:
    """What the steps of one publication share."""

    def __init__(
        self,
        store: Store,
        publication_id: str,
        scratch: Path,
        cancelled: Callable[[], bool],
        shared: Path | None = None,
    ) -> None:
        self.store, self.publication_id = store, publication_id
        self._scratch, self.cancelled, self._shared = scratch, cancelled, shared
        self._job_mark = ""

    def remove(self) -> None:
        """Remove the publication's folder; a whole one, and what is of another job, stays."""
        if jobs.ended(self.store, self.publication_id) is not None:
            return
        found = found_job(self.store, self.publication_id)
        mark = self._job_mark
        if found is None or mark in ("", found.mark):
            jobs.remove(self.store, self.publication_id)
        else:
            jobs.remove_of(self.store, self.publication_id, mark)

    def prepare(
        self,
        path: Path,
        wanted: _Wanted,
        now: Callable[[], datetime],
        *,
        need: Need | None = None,
    ) -> tuple[Path, Job]:
        """Return a file that can be sought in and the job that encodes it."""
        seen = self._look(path, need) if need else None
        source = seen.source if seen else probing.probe(path, self._scratch, self.cancelled)
        found = self._found(source)
        self._check()
        jobs.ended(self.store, self.publication_id)
        readable = self.readable(path, source)
        if found is not None:
            return readable, found
        job = self._job(seen or self._see(readable, source), source, wanted, now())
        return readable, self._written(job)

    def _found(self, source: Source) -> Job | None:
        """Return the job that is in the store if it can be continued."""
        found = found_job(self.store, self.publication_id)
        return found if found is not None and found.source == source else None

    def _written(self, job: Job) -> Job:
        """Write `job`; return the one of another worker if that was faster, since looking takes long.

        This one had lost its lease then, perhaps without knowing.
        """
        self._check()
        if jobs.ended(self.store, self.publication_id) is not None:
            return job
        return jobs.begin(self.store, job)

    def _look(self, path: Path, need: Need) -> Seen | None:
        """Return what a file is of which little is here; None once all of it is."""
        seen = DistantFile(path, need, self._scratch, self.cancelled).look()
        if seen is None:
            logger.info("%s needs the whole original to be looked at", self.publication_id)
            need([(0, path.stat().st_size)])
        return seen

    def _see(self, readable: Path, source: Source) -> Seen:
        """Return what a file is that is here."""
        seen = (
            probing.probe(readable, self._scratch, self.cancelled) if source.needs_copy else source
        )
        extent, found = look_into(readable, seen, self._scratch, self.cancelled)
        return Seen(seen, extent, found)

    def _job(self, seen: Seen, source: Source, wanted: _Wanted, created: datetime) -> Job:
        workers, pictures = wanted.workers, wanted.pictures
        earlier = found_whole(self.store, pictures) if pictures else None
        plan = make_plan(
            seen.source,
            seen.extent,
            seen.analysis,
            workers=workers,
            av1=bool(earlier.av1_videos) if earlier else wanted.av1 and not source.sound_only,
            opus=wanted.opus,
        )
        if pictures:
            fitting = with_pictures_of(plan, earlier) if earlier else None
            if fitting is None:
                raise PicturesDiffer(pictures)
            plan = fitting
        self._check()
        return Job(
            self.publication_id,
            mark_of(created, source, plan),
            created,
            source,
            plan,
            tasks_of(plan, workers, copied=bool(pictures)),
            seen.analysis,
            download=wanted.download,
            keyframes=None if source.needs_copy else seen.extent.keyframes,
            pictures=pictures,
        )

    def readable(self, path: Path, source: Source) -> Path:
        """Return a file that can be sought in: `path`, or its streams copied beside an index."""
        return readable(path, source, self._scratch, self.cancelled, self._shared)

    def run(
        self,
        readable: Path,
        job: Job,
        task: Task,
        tell: Callable[[float], None],
        on_part: Callable[[Part], None],
        *,
        partial: bool = False,
    ) -> None:
        """Do `task` in a folder of its own."""
        place = PublicationWriter(self.store, job, check=self._check, on_part=on_part)
        with _own_folder(self._scratch, task.name) as folder:
            context = TaskContext(
                readable, place, folder, self.cancelled, self._check, tell, partial
            )
            try:
                do_task(context, task)
            except StepFailed:
                # Of two at the last task the faster one removes what the other would read; and
                # the end that a bucket refuses may be our own, whose first answer was lost.
                if task.kind != "finish" or jobs.ended(self.store, job.publication) is None:
                    raise

    def run_partial(
        self, path: Path, job: Job, task: Task, tell: Callable[[float], None], need: Need
    ) -> bool:
        """Do `task` with the bytes that it needs; return whether those did."""
        try:
            spans = DistantFile(path, need, self._scratch, self.cancelled).task_spans(job, task)
            if spans is None:
                return False
            need(spans)
            self.run(path, job, task, tell, lambda _part: None, partial=True)
        except StepFailed as failed:
            if failed.from_outside:
                raise
            logger.info("%s of %s needs the whole original: %s", task.name, job.publication, failed)
            return False
        return True

    def make_all(self, readable: Path, job: Job, workers: int, telling: Telling) -> Publication:
        """Do all tasks of `job` that are not done yet."""
        self._job_mark = job.mark
        pool = TaskPool(
            job, done(self.store, job), workers, self._runner(readable, job, telling.add)
        )

        def look() -> None:
            self._check()
            telling.tell("finishing" if pool.finishing else "encoding", pool.fractions)

        pool.work(look)
        whole = found_whole(self.store, job.publication)
        if whole is None:
            raise StepFailed("The publication has gone from the published store: encode again.")
        return telling.end(whole)

    def _runner(self, readable: Path, job: Job, on_part: Callable[[Part], None]) -> Run:
        def run(task: Task, tell: Callable[[float], None], leaving: Callable[[], bool]) -> None:
            maker = _Maker(self.store, self.publication_id, self._scratch, leaving)
            maker.run(readable, job, task, tell, on_part)

        return run

    def _check(self) -> None:
        if self.cancelled():
            raise Cancelled

"""The order of the steps: a file in, a publication in the store out.

`prepare` looks at the file and writes down the job; `run_task` does one of its
tasks, on any machine, in any number of processes; `publish` does all of them.
"""

import contextlib
import logging
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

from media_pipeline import tools
from media_pipeline.errors import Cancelled, StepFailed, StoreUnavailable, UnusableSource
from media_pipeline.model import growth
from media_pipeline.model.publication import Publication
from media_pipeline.model.source import Source
from media_pipeline.model.work import Job, Part, Task
from media_pipeline.planning import listing
from media_pipeline.planning.eta import Standing, fraction_done, later
from media_pipeline.planning.plan import make_plan
from media_pipeline.planning.tasks import tasks_of
from media_pipeline.steps import analysis as look
from media_pipeline.steps import probing, writer
from media_pipeline.steps.covers import film_sound
from media_pipeline.steps.distant import DistantFile, Need, Seen
from media_pipeline.steps.still import film_still
from media_pipeline.steps.task_pool import Run, TaskPool
from media_pipeline.steps.title import TaskContext, do_task
from media_pipeline.steps.writer import PublicationWriter, found_job, found_whole, remove
from media_pipeline.stores import Store
from media_pipeline.tools import check_tools

__all__ = [
    "Progress",
    "Standing",
    "check_tools",
    "commands",
    "done",
    "film_still",
    "found_job",
    "found_whole",
    "fraction_done",
    "later",
    "prepare",
    "probe",
    "publish",
    "run_task",
]

logger = logging.getLogger(__name__)

Stage = Literal["probing", "encoding", "finishing"]


class Progress(msgspec.Struct, frozen=True):
    """How far a publication is.

    `fraction` grows from 0 to 1 over the whole work; `eta_seconds` is None until
    there is something to judge by. `publication` is what can be played now.
    """

    stage: Stage
    fraction: float
    eta_seconds: float | None = None
    publication: Publication | None = None


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
    download: bool = False,
    scratch: Path,
    cancelled: Callable[[], bool],
    now: Callable[[], datetime],
    need: Need | None = None,
) -> Job:
    """Return the job that makes `publication_id` of the file at `path`, cut for `workers`.

    With `av1` there are rungs in AV1 as well, made after all others; with
    `download` a plain MP4 to keep. `need` brings the bytes of a file that is not
    here yet, and may raise what it likes: no more of them are asked for than it takes.

    One that is in the store already is found again, if it is of the same file
    and of today's format; anything else that stands there is removed. Raises
    UnusableSource, StepFailed, Cancelled or StoreUnavailable.
    """
    with _own_folder(scratch, f"prepare-{publication_id}") as folder:
        maker = _Maker(store, publication_id, folder, cancelled)
        return maker.prepare(path, workers, now, av1=av1, download=download, need=need)[1]


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
) -> None:
    """Do one task of `job`; it is done when its part is in the store, which is last.

    May be done again at any time, by two workers at once as well: the bytes are
    the same. `on_progress` takes the fraction of this task that is done, from
    this thread. Raises UnusableSource, StepFailed, Cancelled (within two seconds
    of `cancelled()` turning true) or StoreUnavailable, and whatever the
    functions raise; no process and no scratch file is left in any case.

    `need` is as for `prepare`: it is asked for the bytes of the task, and for the
    rest when those turn out not to do.
    """
    if task.name in done(store, job):
        return
    with _own_folder(scratch, f"task-{job.publication}-{task.name}") as folder:
        maker = _Maker(store, job.publication, folder, cancelled)
        if need is not None:
            if maker.run_partial(path, job, task, on_progress, need):
                return
            need([(0, job.source.size)])
        # The last task reads what the others made, not the file.
        readable = path if task.kind == "finish" else maker.readable(path, job.source)
        maker.run(readable, job, task, on_progress, lambda _part: None)


def done(store: Store, job: Job) -> frozenset[str]:
    """Return the names of the tasks of `job` that are done; of a whole publication, all."""
    if found_whole(store, job.publication) is not None:
        return frozenset(task.name for task in job.tasks)
    parts = writer.part_names(store, job.publication)
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
    download: bool = False,
    leave_growing: bool = False,
) -> Publication:
    """Encode the file at `path` into `store` and return the whole publication.

    `publication_id` is 32 lower-case hex digits; `scratch` is a folder that is
    there, in which a folder of this work's own is made and removed. `workers`
    tasks run at once, and the sound beside them; `av1` and `download` are as for
    `prepare`. A job that is found under this id is continued, so a killed process
    costs at most the tasks it was at; a whole publication is returned as it is.

    Raises UnusableSource, StepFailed or Cancelled (within two seconds of
    `cancelled()` turning true) with the publication's folder removed, unless
    `leave_growing`: for workers that may have lost their job to another one, and
    so must not touch what that one writes. StoreUnavailable, and whatever
    `on_progress` or `cancelled` raise, always leave the job and its parts, to
    be continued. No process and no scratch file is left in any case.
    """
    found = found_whole(store, publication_id)
    if found is not None:
        return found
    with _own_folder(scratch, f"encode-{publication_id}") as folder:
        maker = _Maker(store, publication_id, folder, cancelled)
        try:
            on_progress(Progress("probing", 0))
            readable, job = maker.prepare(path, workers, now, av1=av1, download=download)
            telling = _Telling(job, writer.read_parts(store, job.publication), on_progress, now)
            return maker.make_all(readable, job, workers, telling)
        except (UnusableSource, StepFailed, Cancelled):
            if not leave_growing:
                with contextlib.suppress(StoreUnavailable):
                    remove(store, publication_id)
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


class _Maker:
    """What the steps of one publication share."""

    def __init__(
        self, store: Store, publication_id: str, scratch: Path, cancelled: Callable[[], bool]
    ) -> None:
        self.store, self.publication_id = store, publication_id
        self._scratch, self.cancelled = scratch, cancelled

    def prepare(
        self,
        path: Path,
        workers: int,
        now: Callable[[], datetime],
        *,
        av1: bool,
        download: bool,
        need: Need | None = None,
    ) -> tuple[Path, Job]:
        """Return a file that can be sought in and the job that encodes it."""
        seen = self._look(path, need) if need else None
        source = seen.source if seen else probing.probe(path, self._scratch)
        readable = self.readable(path, source)
        found = found_job(self.store, self.publication_id)
        if found is not None and found.source == source:
            return readable, found
        job = self._job(seen or self._see(readable, source), source, workers, now(), av1=av1)
        job = msgspec.structs.replace(job, download=download)
        writer.write_job(self.store, job)
        return readable, job

    def _look(self, path: Path, need: Need) -> Seen | None:
        """Return what a file is of which little is here; None once all of it is."""
        seen = DistantFile(path, need, self._scratch, self.cancelled).look()
        if seen is None:
            logger.info("%s needs the whole original to be looked at", self.publication_id)
            need([(0, path.stat().st_size)])
        return seen

    def _see(self, readable: Path, source: Source) -> Seen:
        """Return what a file is that is here."""
        seen = probing.probe(readable, self._scratch) if source.needs_copy else source
        extent = probing.measure(readable, seen, self._scratch, self.cancelled)
        found = look.analyse(readable, seen, extent, self._scratch, self.cancelled)
        return Seen(seen, extent, found)

    def _job(
        self, seen: Seen, source: Source, workers: int, created: datetime, *, av1: bool
    ) -> Job:
        plan = make_plan(
            seen.source,
            seen.extent,
            seen.analysis,
            workers=workers,
            av1=av1 and not source.sound_only,
        )
        self._check()
        return Job(
            self.publication_id,
            created,
            source,
            plan,
            tasks_of(plan),
            seen.analysis,
            keyframes=None if source.needs_copy else seen.extent.keyframes,
        )

    def readable(self, path: Path, source: Source) -> Path:
        """Return a file that can be sought in: `path`, or its streams copied beside an index.

        Sound without a picture is given a still one. Where copying fails, chunks
        that start wrongly are made again from further back.
        """
        copy = self._scratch / "source.mkv"
        if source.sound_only:
            return film_sound(path, source, copy, self._scratch, self.cancelled)
        if not source.needs_remux:
            return path
        return copy if probing.remux(path, source, copy, self._scratch, self.cancelled) else path

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
            do_task(
                TaskContext(readable, place, folder, self.cancelled, self._check, tell, partial),
                task,
            )

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
            logger.info("%s of %s needs the whole original: %s", task.name, job.publication, failed)
            return False
        return True

    def make_all(self, readable: Path, job: Job, workers: int, telling: "_Telling") -> Publication:
        """Do all tasks of `job` that are not done yet."""
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
            raise Cancelled("The work was stopped on request; nothing of it is left.")


class _Telling:
    """Tells the caller of `publish` how far the work is."""

    def __init__(
        self,
        job: Job,
        parts: Iterable[Part],
        on_progress: Callable[[Progress], None],
        now: Callable[[], datetime],
    ) -> None:
        self._job, self._parts = job, list(parts)
        self._on_progress, self._now = on_progress, now
        self._standing = Standing()
        self._publication = self._grown()

    def add(self, part: Part) -> None:
        """Take a part that was written; from any thread."""
        self._parts.append(part)
        self._publication = self._grown()

    def tell(self, stage: Stage, fractions: Mapping[str, float]) -> None:
        """Tell how far the tasks are."""
        fraction = fraction_done(self._job.tasks, fractions)
        self._standing = later(self._standing, fraction, self._now())
        shown, left = self._standing.fraction, self._standing.eta_seconds
        self._on_progress(Progress(stage, shown, left, self._publication))

    def end(self, whole: Publication) -> Publication:
        """Tell that all is done, and return what was made."""
        self._on_progress(Progress("finishing", 1, 0, whole))
        return whole

    def _grown(self) -> Publication | None:
        publication = growth.grown(self._job, tuple(self._parts))
        return publication if growth.playable(publication) else None

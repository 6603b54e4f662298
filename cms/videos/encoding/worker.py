"""A worker's turn: claim a task, run it, write down how it ended.

The rows say what there is to do and who does it; any number of threads, processes and
machines may ask for the next task at the same time.
"""

import logging
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from cms.videos import presentations
from cms.videos.encoding import endings, scratch, transcoding
from cms.videos.encoding.failures import CopyGone, Failure, Fault, OriginalUnreachable, failure
from cms.videos.encoding.heartbeat import Heartbeat, LeaseLost
from cms.videos.encoding.queueing.claims import ClaimGate
from cms.videos.encoding.queueing.waiting import ANYTHING, LAST
from cms.videos.encoding.scratch import ScratchFull
from cms.videos.models import Encode, EncodeTask, Media
from cms.videos.models.encode import locked
from cms.videos.models.task import Kind, Step, add_tasks
from media_pipeline.errors import Cancelled, NewerJob, PipelineError, UnusableSource
from media_pipeline.model.work import Job, Task

Clock = Callable[[], datetime]

logger = logging.getLogger(__name__)

_gate = ClaimGate()


def run_next(
    clock: Clock,
    kinds: Collection[str] = ANYTHING,
    most_rank: int = LAST,
    leaving: threading.Event | None = None,
) -> bool:
    """Run the next task of one of `kinds`, of no later rank; return whether there was one."""
    task = _gate.claim(clock(), kinds, most_rank)
    if task is None:
        return False
    try:
        run(task, clock, leaving)
    finally:
        _gate.release(task)
    return True


def run(task: EncodeTask, clock: Clock, leaving: threading.Event | None = None) -> None:
    """Run a claimed task to one of its ends."""
    logger.info("%s begins", task)
    try:
        with Heartbeat(task, clock, leaving) as heartbeat:
            try:
                _do(task, heartbeat, clock)
            except Cancelled:
                _stopped(task, heartbeat, clock())
    except LeaseLost:
        logger.warning("%s: the lease was lost", task)
    except transcoding.JobGone:
        if endings.do_begin_anew(task, clock()):
            logger.warning("%s: its job cannot be continued, the title is begun anew", task)
    except transcoding.JobOlder:
        if endings.do_begin_anew_or_defer(task, clock()):
            logger.warning("%s: its job is of an earlier version, the title is begun anew", task)
    except NewerJob:
        _leave_alone(task)
    # The queue needs it: whatever a file makes go wrong, the next one gets its turn.
    except Exception as error:  # noqa: BLE001
        _broke(task, clock(), failure(error), error)


def _do(task: EncodeTask, heartbeat: Heartbeat, clock: Clock) -> None:
    with (
        scratch.own_folder(task) as folder,
        closing(_original(task, heartbeat)) as original,
        _believing(original),
    ):
        if task.kind == Kind.PREPARE:
            job = transcoding.prepare(
                original,
                task.encode.publication,
                pictures=task.encode.pictures,
                scratch=folder,
                cancelled=heartbeat.stopped,
                now=clock,
            )
        else:
            transcoding.run_task(
                original,
                task.encode.publication,
                task.name,
                scratch=folder,
                cancelled=heartbeat.stopped,
                on_progress=heartbeat.report,
            )
    if heartbeat.stopped():
        raise Cancelled
    if task.kind == Kind.PREPARE:
        do_plan(task, job, clock())
    elif task.kind == Kind.FINISH:
        publication = transcoding.whole(task.encode.publication)
        presentations.write_ahead(task.encode.video_id, publication.id)
        endings.do_publish(task, publication, clock())
        scratch.do_remove(task.encode)
    else:
        do_leave_part(task, clock())


def do_plan(task: EncodeTask, job: Job, now: datetime) -> None:
    """Write the tasks that `prepare` has found; raise Cancelled if the title has ended."""
    with locked(task.encode_id):
        endings.do_complete(task, now)
        # The order of the rows is that of their ranks: the queue looks at the first of each title.
        ranked = sorted(job.tasks, key=lambda each: each.rank)
        opening = [each.name for each in ranked if each.kind == "picture" and not each.rank]
        add_tasks(task.encode_id, [_row(task.encode_id, each, opening, now) for each in ranked])
        Encode.objects.planned(task.encode_id, job.plan.seconds)


def _row(encode: int, task: Task, opening: list[str], now: datetime) -> EncodeTask:
    # What makes a title playable has the cores for itself.
    after = opening if task.kind == "picture" and task.rank else []
    needs = [*task.needs, *after]
    return EncodeTask(
        encode_id=encode,
        name=task.name,
        kind=task.kind,
        rank=task.rank,
        weight=task.weight,
        needs=needs,
        state=Step.HELD if needs else Step.WAITING,
        not_before=now,
    )


def do_leave_part(task: EncodeTask, now: datetime) -> None:
    """Say that a task is done, and let go what waits for it; raise Cancelled if it is not ours."""
    with locked(task.encode_id):
        endings.do_complete(task, now)
        EncodeTask.objects.release(task.encode_id)


def _stopped(task: EncodeTask, heartbeat: Heartbeat, now: datetime) -> None:
    """End as wished; if the lease was lost, leave all to whoever holds it now."""
    if heartbeat.left and EncodeTask.objects.give_up(task.pk, task.lease_owner):
        logger.info("%s: given back", task)
        _unbegin(task)
    elif EncodeTask.objects.drop(task.pk, task.lease_owner, now):
        logger.info("%s: dropped", task)
        endings.do_cancel(task.encode_id, now)  # unless it has ended already
        endings.do_clear(task.encode_id)
    else:
        raise LeaseLost


def _leave_alone(task: EncodeTask) -> None:
    """Give back a task of a title that a newer version of Siar is at, and claim no other of it."""
    if _gate.leave_alone(task.encode_id):
        logger.warning("encode %s is of a newer version of Siar: left to that", task.encode_id)
    if EncodeTask.objects.give_up(task.pk, task.lease_owner):
        _unbegin(task)


def _broke(task: EncodeTask, now: datetime, failed: Failure, error: Exception) -> None:
    logger.error("%s: %s", task, failed.code, exc_info=error)
    if failed.is_final(task.attempts):
        endings.do_fail(task, now, failed.code, failed.detail)
        return
    EncodeTask.objects.put_back(
        task.pk,
        task.lease_owner,
        now + failed.backoff(task.attempts, task.setbacks),
        failed.code,
        failed.detail,
        counts=failed.fault is Fault.UNKNOWN,
        short=failed.needs_company_gone,
        lost=failed.fault is Fault.KILLER and task.alone,
    )
    _unbegin(task)


def _unbegin(task: EncodeTask) -> None:
    if task.kind == Kind.PREPARE:
        Encode.objects.wait_again(task.encode_id)


def _original(task: EncodeTask, heartbeat: Heartbeat) -> transcoding.Original:
    """Return the original.

    Raises OriginalUnreachable where its storage cannot be reached, UnusableSource where it
    is not in there any more.
    """
    media = Media.objects.filter(video=task.encode.video_id).first()
    if media is None:
        raise Cancelled  # the video was deleted
    with _reaching():
        original = transcoding.original_of(media, scratch.folder_of(task.encode), heartbeat.stopped)
    path = original.path
    if original.is_lost:
        raise CopyGone(f"{path} was removed.")
    if path.exists():
        return original
    if _is_bare(path.parent):
        raise OriginalUnreachable(f"{path.parent} is empty, as if its disk were not mounted.")
    raise UnusableSource("missing", "The original is not in its storage.")


@contextmanager
def _believing(original: transcoding.Original) -> Iterator[None]:
    """Let nothing be said of a file by a copy of it that somebody removed under the tools."""
    try:
        yield
    except Cancelled:  # its folder goes with it: that is no setback
        raise
    except (PipelineError, OSError) as error:
        if original.is_lost:
            raise CopyGone(f"{original.path} was removed.") from error
        raise


@contextmanager
def _reaching() -> Iterator[None]:
    """Call what goes wrong with the storage of originals by its name."""
    try:
        yield
    except (PipelineError, LeaseLost, OriginalUnreachable, CopyGone, ScratchFull):
        raise
    except FileNotFoundError as error:
        raise UnusableSource("missing", "The original is not in its storage.") from error
    # Every storage has errors of its own.
    except Exception as error:
        raise OriginalUnreachable(str(error)) from error


def _is_bare(folder: Path) -> bool:
    return not folder.is_dir() or next(folder.iterdir(), None) is None

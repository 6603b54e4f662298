"""How titles end: ready, failed, cancelled; and the removal of what those without an end leave."""

import logging
from datetime import datetime, timedelta

from cms.core import facts
from cms.videos import publications
from cms.videos.encoding import owners, scratch
from cms.videos.models import Encode, EncodeTask, Media, Publication, Video
from cms.videos.models.encode import ENDED_WITHOUT, State, locked
from cms.videos.models.task import LOSSES, Step
from media_pipeline.errors import Cancelled, StoreUnavailable
from media_pipeline.model import publication as made
from media_pipeline.model.ticks import TIMESCALE

OLDER = timedelta(seconds=5)
"""Between two looks at whether workers of an earlier version have left a title."""

logger = logging.getLogger(__name__)


def do_complete(task: EncodeTask, now: datetime) -> None:
    """working → done; raise Cancelled if the task is not ours any more or its title has ended."""
    if not EncodeTask.objects.complete(task.pk, task.lease_owner, now):
        raise Cancelled


def do_publish(task: EncodeTask, publication: made.Publication, now: datetime) -> None:
    """Move the pointer of the video to its new publication; raise Cancelled if it may not be."""
    encode = task.encode
    with Video.held(encode.video_id or 0), locked(encode.pk):
        do_complete(task, now)
        if not Encode.objects.finish(encode.pk, now):
            raise Cancelled
        media = Media.objects.select_for_update(no_key=True).get(video=encode.video)
        if media.taken_down_at:
            raise Cancelled
        duration = publication.duration * 1000 // TIMESCALE
        Publication.objects.filter(id=media.publication).update(retired_at=now)
        Publication.objects.create(
            id=publication.id, video_id=encode.video_id, created=now, duration_ms=duration
        )
        Media.objects.filter(pk=media.pk).update(
            publication=publication.id,
            duration_ms=duration,
            width=publication.width,
            height=publication.height,
            posters=[_poster(poster) for poster in publication.posters],
            renditions=[_rendition(rendition) for rendition in publication.renditions],
        )
        facts.record(
            "video.encoded",
            str(encode.video_id),
            {"publication": publication.id, "replaces": media.publication},
            now,
        )
    logger.info("encode %s: ready", encode.pk)


def do_fail(task: EncodeTask, now: datetime, code: str, detail: str) -> None:
    """End the title of a task that cannot be done."""
    with locked(task.encode_id):
        if not EncodeTask.objects.fail(task.pk, task.lease_owner, now, code, detail):
            return
        _fail_title(task.encode_id, now, code, detail)
    do_clear(task.encode_id)


def do_begin_anew(task: EncodeTask, now: datetime) -> bool:
    """Let the title of `task` be looked at again, since nobody can continue its job.

    False if somebody else has done so: the task is not ours any more.
    """
    with locked(task.encode_id):
        if not EncodeTask.objects.holds(task.pk, task.lease_owner):
            return False
        EncodeTask.objects.begin_anew(task.encode_id, now)
        return Encode.objects.begin_anew(task.encode_id)


def do_begin_anew_or_defer(task: EncodeTask, now: datetime) -> bool:
    """Let the title of `task` be looked at again, which an earlier version of Siar has begun.

    While a worker of that version is at another of its tasks, this one is put off instead,
    and all that wait with it: workers of two versions would begin the title anew for ever.
    Those of this version are not waited for: they would only put each other off. Return
    whether it is begun anew.
    """
    with locked(task.encode_id):
        others = EncodeTask.objects.at_work(task.encode_id).exclude(pk=task.pk)
        if any(map(owners.is_older, others.values_list("lease_owner", flat=True))):
            EncodeTask.objects.put_off(task.pk, task.lease_owner, now + OLDER)
            EncodeTask.objects.put_off_rest(task.encode_id, now + OLDER)
            return False
        return do_begin_anew(task, now)


def do_cancel(encode: int, now: datetime) -> bool:
    """End a title because somebody wishes so; its workers see it at their next beat.

    The last of them, or the sweep, removes what is left. False if it had ended.
    """
    with locked(encode):
        if not Encode.objects.cancel(encode, now):
            return False
        EncodeTask.objects.drop_rest(encode, now)
    return True


def do_condemn(now: datetime) -> int:
    """End the titles of tasks that have cost too many workers; return how many."""
    poisons = EncodeTask.objects.filter(state=Step.WAITING, losses__gte=LOSSES)
    condemned = 0
    for pk, encode in list(poisons.values_list("pk", "encode")):
        with locked(encode):
            if EncodeTask.objects.condemn(pk, now):
                _fail_title(encode, now, "worker_lost", f"task {pk} has cost {LOSSES} workers")
                condemned += 1
    return condemned


def do_cancel_deleted(now: datetime) -> int:
    """End the titles whose video is gone; return how many."""
    gone = Encode.objects.open().filter(video__isnull=True).values_list("pk", flat=True)
    return sum(do_cancel(pk, now) for pk in list(gone))


def do_sweep(now: datetime) -> None:
    """Do what nobody does at once: deleted videos, poisons, what was held, what is left."""
    do_cancel_deleted(now)
    do_condemn(now)
    for encode in Encode.objects.filter(state=State.ENCODING).values_list("pk", flat=True):
        EncodeTask.objects.release(encode)
    scratch.do_clean()
    do_clear_all()


def do_clear_all(after: int = 0) -> int:
    """Clear up after all that ended without and that nobody is at any more.

    Where the store fails the rest waits for the next time, or each would wait for it
    anew. Returns whose turn that was, 0 if all are done: `after` it the next time begins,
    so that no title is in the way of the others.
    """
    left = Encode.objects.filter(state__in=ENDED_WITHOUT, leftover=True)
    for pk in sorted(left.values_list("pk", flat=True), key=lambda pk: (pk <= after, pk)):
        try:
            _clear(pk)
        except StoreUnavailable:
            logger.warning("encode %s: the store cannot be reached to clean up", pk)
            return pk
    return 0


def do_clear(encode: int) -> bool:
    """Remove what a title that ended without has left, once no worker is at it any more.

    Where the store cannot be reached the watch does so later.
    """
    try:
        return _clear(encode)
    except StoreUnavailable:
        logger.warning("encode %s: the store cannot be reached to clean up", encode)
        return False


def _clear(encode: int) -> bool:
    row = Encode.objects.filter(pk=encode, state__in=ENDED_WITHOUT, leftover=True).first()
    if row is None or EncodeTask.objects.at_work(encode).exists():
        return False
    scratch.do_remove(row)
    publications.remove_files(row.publication)
    Encode.objects.filter(pk=encode).update(leftover=False)
    return True


def _fail_title(encode: int, now: datetime, code: str, detail: str) -> None:
    Encode.objects.fail(encode, now, code, detail)
    EncodeTask.objects.drop_rest(encode, now)


def _poster(poster: made.Poster) -> dict[str, object]:
    return {
        "uri": poster.uri,
        "at": poster.at,
        "width": poster.width,
        "height": poster.height,
    }


def _rendition(rendition: made.Rendition) -> dict[str, object]:
    return {
        "name": rendition.name,
        "kind": rendition.kind,
        "width": rendition.width,
        "height": rendition.height,
        "bandwidth": rendition.bandwidth,
        "average_bandwidth": rendition.average_bandwidth,
    }

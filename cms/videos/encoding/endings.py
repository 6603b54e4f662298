"""How titles end: ready, failed, cancelled; and the removal of what those without an end leave."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from cms.core import facts
from cms.videos import publications
from cms.videos.encoding import scratch
from cms.videos.models import Encode, EncodeTask, Media, Publication
from cms.videos.models.encode import ENDED_WITHOUT, State
from cms.videos.models.task import LOSSES, Step
from media_pipeline.errors import Cancelled, StoreUnavailable
from media_pipeline.model import publication as made
from media_pipeline.model.ticks import TIMESCALE

logger = logging.getLogger(__name__)


@contextmanager
def locked(encode: int) -> Iterator[None]:
    """Open a transaction in which nobody else moves the title or its tasks, but for heartbeats.

    Two tasks that end at the same moment see one another so, and nobody waits in a circle.
    """
    with transaction.atomic():
        Encode.objects.select_for_update().filter(pk=encode).first()
        yield


def do_complete(task: EncodeTask, now: datetime) -> None:
    """working → done; raise Cancelled if the task is not ours any more or its title has ended."""
    if not EncodeTask.objects.complete(task.pk, task.lease_owner, now):
        raise Cancelled


def do_publish(task: EncodeTask, publication: made.Publication, now: datetime) -> None:
    """Move the pointer of the video to its new publication; raise Cancelled if it may not be."""
    encode = task.encode
    with locked(encode.pk):
        do_complete(task, now)
        if not Encode.objects.finish(encode.pk, now):
            raise Cancelled
        media = Media.objects.select_for_update().get(video=encode.video)
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


def do_begin_anew(encode: int, now: datetime) -> None:
    """Let a title be looked at again whose job nobody can continue (an upgrade changed its form)."""
    with locked(encode):
        EncodeTask.objects.begin_anew(encode, now)
        Encode.objects.begin_anew(encode)


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
    do_clear_all()
    scratch.do_clean()


def do_clear_all() -> None:
    """Clear up after all that ended without and that nobody is at any more."""
    left = Encode.objects.filter(state__in=ENDED_WITHOUT, leftover=True)
    for pk in list(left.values_list("pk", flat=True)):
        do_clear(pk)


def do_clear(encode: int) -> bool:
    """Remove what a title that ended without has left, once no worker is at it any more."""
    row = Encode.objects.filter(pk=encode, state__in=ENDED_WITHOUT, leftover=True).first()
    if row is None or EncodeTask.objects.at_work(encode).exists():
        return False
    scratch.do_remove(row)
    try:
        publications.remove_files(row.publication)
    except StoreUnavailable:
        logger.warning("encode %s: the store cannot be reached to clean up", encode)
        return False
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

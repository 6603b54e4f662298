"""A worker's turn: claim an encode, run it, write down how it ended.

The messages of the queue only wake a worker; which encode it takes, and whether
it may, the rows say. So a message that is lost or delivered twice does no harm.
"""

import logging
import shutil
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from cms.core import facts
from cms.videos import owners, publications, transcoding
from cms.videos.heart import Heart, LeaseLost
from cms.videos.models import Encode, Media, Publication
from cms.videos.models.encode import ATTEMPTS, ENDED_WITHOUT, WORKING, State
from media_pipeline.errors import (
    Cancelled,
    PipelineError,
    StoreUnavailable,
    ToolMissing,
    UnusableSource,
)
from media_pipeline.model import publication as made
from media_pipeline.model.ticks import TIMESCALE

BACKOFF = timedelta(seconds=20)
"""Before another attempt, times the attempts so far."""

Clock = Callable[[], datetime]
logger = logging.getLogger(__name__)
_slots = threading.BoundedSemaphore(settings.ENCODES_AT_ONCE)


def run_next(clock: Clock) -> bool:
    """Run the next waiting encode if a slot of this process is free; return whether one ran.

    The other threads of the process stay free for short tasks.
    """
    if not _slots.acquire(blocking=False):
        return False
    try:
        encode = claim_next(owners.new_owner(), clock())
        if encode is None:
            return False
        run(encode, clock)
        return True
    finally:
        _slots.release()


def waiting(now: datetime) -> bool:
    """Return whether an encode waits that may be claimed at `now`."""
    return _claimable(now).exists()


def claim_next(owner: str, now: datetime) -> Encode | None:
    """Claim the next encode for `owner`; None when nothing waits.

    Those that were tried before come last: a file that kills workers holds up nobody.
    """
    for pk in _claimable(now).order_by("attempts", "pk").values_list("pk", flat=True)[:20]:
        if Encode.objects.claim(pk, owner, now):
            return Encode.objects.select_related("video__media").get(pk=pk)
    return None


def run(encode: Encode, clock: Clock) -> None:
    """Run a claimed encode to one of its ends."""
    scratch = scratch_of(encode)
    logger.info("encode %s: attempt %s begins", encode.pk, encode.attempts)
    try:
        with Heart(encode.pk, encode.lease_owner, clock) as heart:
            publication = _publish(encode, heart, scratch, clock)
        do_finish(encode, publication, clock())
    except Cancelled:
        _stopped(encode, clock())
    except LeaseLost:
        logger.warning("encode %s: the lease was lost", encode.pk)
    except PipelineError as error:
        _broke(encode, clock(), _code(error), error, again=error.retryable)
    # The queue needs it: whatever a file makes go wrong, the next one gets its turn.
    except Exception as error:  # noqa: BLE001
        _broke(encode, clock(), "unexpected", error, again=True)


def do_finish(encode: Encode, publication: made.Publication, now: datetime) -> None:
    """Move the pointer of the video to its new publication; raise Cancelled if it may not be."""
    with transaction.atomic():
        if not Encode.objects.finish(encode.pk, encode.lease_owner, now):
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


def do_sweep(now: datetime) -> int:
    """Free what dead workers held and clean up what ended without; return how many moved."""
    moved = Encode.objects.reclaim_expired(now)
    if moved:
        logger.warning("%s encodes were taken from workers that died", moved)
    for encode in Encode.objects.filter(state__in=ENDED_WITHOUT, leftover=True):
        clean(encode)
    _remove_stray_scratch()
    return moved


def do_expire_dead(now: datetime) -> int:
    """End the leases of this machine's processes that are no more, without waiting for expiry."""
    held = Encode.objects.filter(state__in=WORKING).values_list("lease_owner", flat=True)
    dead = [owner for owner in set(held) if owners.is_dead(owner)]
    past = now - timedelta(microseconds=1)
    return Encode.objects.filter(state__in=WORKING, lease_owner__in=dead).update(lease_until=past)


def clean(encode: Encode) -> None:
    """Remove what an encode that ended without has left in the store and on disk."""
    shutil.rmtree(scratch_of(encode), ignore_errors=True)
    try:
        publications.remove_files(encode.publication)
    except StoreUnavailable:
        logger.warning("encode %s: the store cannot be reached to clean up", encode.pk)
        return
    Encode.objects.filter(pk=encode.pk).update(leftover=False)


def scratch_of(encode: Encode) -> Path:
    """Return the folder for what is only needed while encoding."""
    return Path(settings.SCRATCH_FOLDER) / encode.publication


def _claimable(now: datetime) -> QuerySet[Encode]:
    return Encode.objects.filter(
        state=State.WAITING, not_before__lte=now, attempts__lt=ATTEMPTS, video__isnull=False
    )


def _publish(encode: Encode, heart: Heart, scratch: Path, clock: Clock) -> made.Publication:
    media = Media.objects.get(video=encode.video)

    def on_progress(progress: transcoding.Progress) -> None:
        heart.report(State(progress.stage), progress.fraction, progress.eta_seconds)

    scratch.mkdir(parents=True, exist_ok=True)
    with transcoding.local_original(media, scratch) as original:
        publication = transcoding.publish(
            original,
            encode.publication,
            on_progress=on_progress,
            cancelled=heart.stopped,
            scratch=scratch,
            now=clock,
        )
    if heart.stopped():
        raise Cancelled
    shutil.rmtree(scratch, ignore_errors=True)
    return publication


def _stopped(encode: Encode, now: datetime) -> None:
    """End as wished; if the lease was lost, leave all to whoever holds it now."""
    if Encode.objects.stop(encode.pk, encode.lease_owner, now):
        logger.info("encode %s: cancelled", encode.pk)
        clean(encode)
    else:
        logger.warning("encode %s: the lease was lost", encode.pk)


def _broke(encode: Encode, now: datetime, code: str, error: Exception, *, again: bool) -> None:
    logger.error("encode %s: %s", encode.pk, code, exc_info=error)
    if again and encode.attempts < ATTEMPTS:
        later = now + BACKOFF * encode.attempts
        Encode.objects.put_back(encode.pk, encode.lease_owner, later, code, str(error))
    elif Encode.objects.fail(encode.pk, encode.lease_owner, now, code, str(error)):
        clean(encode)


def _code(error: PipelineError) -> str:
    if isinstance(error, UnusableSource):
        return error.code
    names = {StoreUnavailable: "store_unavailable", ToolMissing: "tool_missing"}
    return names.get(type(error), "step_failed")


def _remove_stray_scratch() -> None:
    """Remove scratch folders of encodes that have ended, or that are known no more."""
    root = Path(settings.SCRATCH_FOLDER)
    if not root.is_dir():
        return
    # Listed first: an encode has its row before it has a folder.
    folders = list(root.iterdir())
    wanted = set(Encode.objects.open().values_list("publication", flat=True))
    for folder in folders:
        if folder.name not in wanted:
            shutil.rmtree(folder, ignore_errors=True)


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

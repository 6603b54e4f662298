"""From the parts in the bucket to a video, and the sweep of what is left behind there."""

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError
from django.utils.translation import gettext as _

from cms.core.refusals import Refused
from cms.videos.actions import do_create_video_of
from cms.videos.models import DirectUpload, Media
from cms.videos.models.machine import originals
from cms.videos.uploads.finishing import title_of
from cms.videos.uploads.folder import KEEP, KEEP_WHOLE
from cms.videos.uploads.parts import part_count, whole

if TYPE_CHECKING:
    from cms.videos.uploads.bucket import Bucket

logger = logging.getLogger(__name__)


class PartsMissing(Exception):
    """Not all bytes are there; `have` are the numbers of the parts that are."""

    def __init__(self, have: list[int]) -> None:
        super().__init__(f"{len(have)} parts are there")
        self.have = have


def have_bucket() -> bool:
    """Return whether the originals stand in a bucket."""
    return hasattr(originals(), "bucket_name")


def bucket() -> "Bucket":
    """Return the bucket of originals; only where `have_bucket`."""
    # boto3 takes 0.3 s and 30 MB to import, which a local install need not spend.
    from cms.videos.uploads.bucket import bucket_of

    return bucket_of(originals())


def parts_of(upload: DirectUpload) -> list[int]:
    """Return the numbers of the parts that the bucket has; raise MultipartGone."""
    found = bucket().parts(upload.name, upload.multipart)
    return whole(upload.size, upload.part_size, found)


def do_complete(upload: DirectUpload, now: datetime) -> int:
    """Join the parts and make the video; return its id. Repeating it is harmless.

    Raises PartsMissing, MultipartGone, BucketUnavailable, and Refused (with the
    upload removed) when it can never become a video.
    """
    known = Media.objects.filter(upload=upload.pk).exists()
    if upload.stored_at is None and not known:
        _join(upload, now)
    try:
        return _make_video(upload, now)
    except Refused:
        do_give_up(upload)
        raise


def do_give_up(upload: DirectUpload) -> None:
    """Remove the upload, and its bytes unless a video was made of them."""
    if not Media.objects.filter(upload=upload.pk).exists():
        bucket().give_up(upload.name, upload.multipart)
        # Joined ones too, also by a request whose answer was lost.
        originals().delete(upload.name)
    upload.delete()


def do_sweep(now: datetime) -> int:
    """Finish what waits to become a video, remove what was left; return how many."""
    if not have_bucket():
        return 0
    stale = DirectUpload.objects.filter(touched__lt=now - KEEP)
    waiting = DirectUpload.objects.exclude(stored_at=None).exclude(
        pk__in=Media.objects.exclude(upload="").values("upload")
    )
    done = 0
    for upload in stale.union(waiting):
        try:
            done += _sweep_one(upload, now)
        # One upload that cannot be finished must not keep the others from it.
        except Exception:
            logger.exception("upload %s could not be finished", upload.pk)
    return done + _sweep_strays(now)


def _sweep_one(upload: DirectUpload, now: datetime) -> int:
    """Make a video of it if all is there, even late; else remove it."""
    if Media.objects.filter(upload=upload.pk).exists():
        upload.delete()
        return 1
    from cms.videos.uploads.bucket import MultipartGone

    try:
        do_complete(upload, now)
    except (PartsMissing, MultipartGone):
        do_give_up(upload)
    except Refused:
        pass  # it has been removed
    # Whatever keeps it from becoming a video, the bucket is not filled by it for ever.
    except Exception:
        if upload.touched < now - KEEP_WHOLE:
            do_give_up(upload)
        raise
    return 1


def _sweep_strays(now: datetime) -> int:
    """Give up what was begun in the bucket and written down nowhere; return how many."""
    known = set(DirectUpload.objects.values_list("multipart", flat=True))
    done = 0
    # A day more than KEEP: an upload that goes on slowly may be older than its last sign of life.
    for name, multipart in list(bucket().unfinished(now - KEEP - timedelta(days=1))):
        if multipart not in known:
            bucket().give_up(name, multipart)
            done += 1
    return done


def _join(upload: DirectUpload, now: datetime) -> None:
    """Make one original of the parts."""
    from cms.videos.uploads.bucket import MultipartGone

    where = bucket()
    try:
        found = where.parts(upload.name, upload.multipart)
    except MultipartGone:
        # A request whose answer was lost has joined it, or another one does at this moment.
        if where.size(upload.name) != upload.size:
            raise
    else:
        have = whole(upload.size, upload.part_size, found)
        if len(have) < part_count(upload.size, upload.part_size):
            raise PartsMissing(have)
        where.join(upload.name, upload.multipart, {number: found[number] for number in have})
        if where.size(upload.name) != upload.size:
            do_give_up(upload)
            raise Refused(_("Berkas tidak sampai utuh. Kirim ulang berkasnya."))
    upload.mark_stored(now)


def _make_video(upload: DirectUpload, now: datetime) -> int:
    if upload.cooperative is None:
        raise Refused(_("Koperasi untuk video ini sudah tidak ada. Pilih koperasi lain."))
    try:
        video = do_create_video_of(
            upload.name,
            upload.size,
            upload.cooperative,
            title_of(upload.file_name),
            upload.user,
            now,
            original_name=upload.file_name,
            upload=upload.pk,
        )
    except IntegrityError:
        # Two requests at once: the other one has made it.
        media = Media.objects.filter(upload=upload.pk, video__isnull=False).first()
        if media is None:
            raise
        return int(media.video_id or 0)
    return video.pk

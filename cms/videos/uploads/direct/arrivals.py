"""From the first part in the bucket to a video. The states are drawn in `videos.models.incoming`."""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import token_hex
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cms.cooperatives.models import Cooperative
from cms.core.models import User
from cms.core.refusals import Refused
from cms.videos.actions import do_create_video_of, original_key
from cms.videos.models import DirectUpload, Media, Video
from cms.videos.models.machine import originals
from cms.videos.uploads import people
from cms.videos.uploads.direct.faults import BucketUnavailable, MultipartGone, PartsChanged
from cms.videos.uploads.direct.parts import part_count, part_size, whole
from cms.videos.uploads.finishing import title_of

if TYPE_CHECKING:
    from cms.videos.uploads.direct.bucket import Bucket

JOINING = timedelta(minutes=10)
"""How long a bucket may take to join parts: it knows the upload no more, and not yet the object."""
logger = logging.getLogger(__name__)


class UploadGone(Exception):
    """It was cancelled, or given up."""


class StillJoining(Exception):
    """The bucket is about to make one object of the parts; it tells soon."""


class NoVideoYet(Exception):
    """All bytes are there, and it could not be made a video; the sweep tries again."""


class PartsMissing(Exception):
    """Not all bytes are there; `have` are the numbers of the parts that are."""

    def __init__(self, have: list[int]) -> None:
        super().__init__(f"{len(have)} parts are there")
        self.have = have


@dataclass(frozen=True)
class Arrived:
    """How much of an upload is there: some parts, the whole file, or the video made of it."""

    parts: list[int] = field(default_factory=list)
    whole: bool = False
    video: int | None = None


def have_bucket() -> bool:
    """Return whether the originals stand in a bucket."""
    return hasattr(originals(), "bucket_name")


def bucket() -> "Bucket":
    """Return the bucket of originals; only where `have_bucket`."""
    # boto3 takes 0.3 s and 30 MB to import, which a local install need not spend.
    from cms.videos.uploads.direct.bucket import bucket_of

    return bucket_of(originals())


def do_begin(
    key: str,
    user: User,
    cooperative: Cooperative,
    file_name: str,
    size: int,
    now: datetime,
    *,
    sample: str = "",
) -> DirectUpload:
    """Begin the upload `key`, or go on beginning it. Raises UploadGone, BucketUnavailable.

    The row is first: a cancellation that comes before the bucket has answered finds it.
    """
    values = {
        "user": user,
        "cooperative": cooperative,
        "file_name": file_name,
        "size": size,
        "part_size": part_size(size),
        "sample": sample,
        # Not the browser's key: bytes that are still being removed are never those of a new upload.
        "name": original_key(token_hex(16), file_name),
        "multipart": "",
        "touched": now,
    }
    upload, _made = DirectUpload.objects.get_or_create(pk=key, defaults=values)
    if (upload.user_id, upload.size) != (user.pk, size):
        raise UploadGone
    return upload if upload.multipart else _open(upload)


def _open(upload: DirectUpload) -> DirectUpload:
    """Begin it in the bucket as well; return the row as it is then."""
    multipart = bucket().begin(upload.name)
    if not upload.mark_open(multipart):
        bucket().give_up(upload.name, multipart)
    now_is = DirectUpload.objects.filter(pk=upload.pk, user=upload.user_id).first()
    if now_is is None:
        raise UploadGone  # it was cancelled meanwhile
    return now_is


def find_out(upload: DirectUpload, now: datetime) -> Arrived:
    """Return what has arrived of `upload`. Raises as do_complete, PartsMissing aside."""
    try:
        return _look(upload, now)
    except UploadGone:
        media = Media.objects.filter(upload=upload.pk).first()
        if media is None:
            raise
        return Arrived(whole=True, video=_check_not_deleted(media))


def _look(upload: DirectUpload, now: datetime) -> Arrived:
    if upload.stored_at is not None:
        return Arrived(whole=True)
    if not upload.multipart:
        return Arrived()
    try:
        found = bucket().parts(upload.name, upload.multipart)
    except MultipartGone:
        _check_joined(upload, now)
        return Arrived(whole=True)
    if not upload.touch(now):
        raise UploadGone
    return Arrived(whole(upload.size, upload.part_size, found))


def was_asked_for(upload: DirectUpload) -> bool:
    """Return whether a browser ever asked to make one file of the parts. Raises BucketUnavailable.

    Until then it may be one whose cancellation was lost on its way.
    """
    if upload.stored_at is not None or upload.asked_at is not None:
        return True
    if not upload.multipart:
        return False
    # Who asked an earlier version left no note, but of what the bucket joined no parts stand.
    try:
        bucket().parts(upload.name, upload.multipart)
    except MultipartGone:
        return True
    return False


def do_complete(upload: DirectUpload, now: datetime) -> int:
    """Join the parts and make the video; return its id. Repeating it is harmless.

    Raises PartsMissing, StillJoining, NoVideoYet, MultipartGone, UploadGone, BucketUnavailable,
    MayNoLonger while its person may not upload, and Refused (with the upload given up) when
    it can never become a video.
    """
    try:
        if upload.stored_at is None:
            _join(upload, now)
        else:
            _check_joined(upload, now)
        return _make_video(upload, now)
    except PartsMissing:
        upload.mark_incomplete()
        raise
    except people.MayNoLonger:
        raise
    except (UploadGone, Refused):
        # Who gave it up while the bucket joined the parts saw no object yet.
        if video := do_give_up(upload, now):
            return video  # another request was faster
        raise


def do_give_up(
    upload: DirectUpload, now: datetime, *, stale_before: datetime | None = None
) -> int | None:
    """Let nothing come of it, and remove its bytes; return the video if one was made before.

    With `stale_before`, not if somebody wanted something of it since. What the bucket does not
    remove now the sweep does.
    """
    with DirectUpload.held(upload.pk) as held:
        media = Media.objects.filter(upload=upload.pk).first()
        if media is not None:
            return media.video_id
        if held is not None:
            if stale_before and held.waits_since >= stale_before:
                return None
            if not held.is_given_up:
                held.mark_given_up(now)
            upload.multipart = held.multipart
    try:
        _remove_bytes(upload)
    except BucketUnavailable:
        logger.exception("upload %s: its bytes are removed later", upload.pk)
    return None


def do_clear(upload: DirectUpload, now: datetime, after: timedelta) -> None:
    """Remove the bytes of what was given up once more, and its row `after` that.

    A join that was under way may have ended since, and S3 asks for a second abort where
    parts were on their way (AbortMultipartUpload).
    """
    _remove_bytes(upload)
    if upload.touched < now - after:
        DirectUpload.objects.filter(pk=upload.pk, user=None, cooperative=None).delete()


def _remove_bytes(upload: DirectUpload) -> None:
    """Remove parts and object of an upload that is given up."""
    if upload.multipart:
        bucket().give_up(upload.name, upload.multipart)
    bucket().delete(upload.name)


def _join(upload: DirectUpload, now: datetime) -> None:
    """Make one original of the parts."""
    if not upload.multipart:
        raise PartsMissing([])
    where = bucket()
    try:
        found = where.parts(upload.name, upload.multipart)
        have = whole(upload.size, upload.part_size, found)
        if len(have) < part_count(upload.size, upload.part_size):
            raise PartsMissing(have)
        # From here on the sweep leaves it alone: it is not stale.
        if not upload.touch(now):
            raise UploadGone
        where.join(upload.name, upload.multipart, {number: found[number] for number in have})
    except PartsChanged:
        found = where.parts(upload.name, upload.multipart)
        raise PartsMissing(whole(upload.size, upload.part_size, found)) from None
    except MultipartGone:
        pass  # a request whose answer was lost has joined it, or another one does at this moment
    _check_joined(upload, now)


def _check_joined(upload: DirectUpload, now: datetime) -> None:
    """Mark it stored if the object is there and is what was announced.

    Raises UploadGone, StillJoining or MultipartGone if it is not there, and Refused if it
    has another size.
    """
    size = bucket().size(upload.name)
    if size is None:
        if not upload.is_alive():
            raise UploadGone
        may_come = upload.stored_at is None and upload.touched > now - JOINING
        raise StillJoining if may_come else MultipartGone
    if size != upload.size:
        raise Refused(_("Berkas tidak sampai utuh. Kirim ulang berkasnya."))
    upload.mark_stored(now)


def _make_video(upload: DirectUpload, now: datetime) -> int:
    """Make the video while the row is held: nobody gives it up meanwhile."""
    with DirectUpload.held(upload.pk) as held:
        media = Media.objects.filter(upload=upload.pk).first()
        if media is not None:
            return _check_not_deleted(media)
        if held is None or held.is_given_up:
            raise UploadGone
        if held.cooperative is None:
            raise Refused(_("Koperasi untuk video ini sudah tidak ada. Pilih koperasi lain."))
        people.check_may_still(held.user, held.cooperative_id)
        video = _create(held, held.cooperative, now)
        # From here on `Media.upload` tells. The row would make the video anew once it is deleted.
        held.delete()
    return video.pk


def _create(upload: DirectUpload, cooperative: Cooperative, now: datetime) -> Video:
    try:
        return do_create_video_of(
            upload.name,
            upload.size,
            cooperative,
            title_of(upload.file_name),
            upload.user,
            now,
            original_name=upload.file_name,
            upload=upload.pk,
        )
    except Refused:
        raise
    # Whatever it is, no byte has to be sent again.
    except Exception as wrong:
        raise NoVideoYet from wrong


def _check_not_deleted(media: Media) -> int:
    """Return the id of the video; raise Refused if somebody has deleted it since."""
    if media.video_id is None:
        raise Refused(_("Video dari unggahan ini sudah dihapus."))
    return media.video_id

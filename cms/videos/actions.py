"""What people may do with videos. `check_…` has no effects, `do_…` has them.

A refusal is `Refused`, with one sentence for the person.
"""

import os
import secrets
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path, PurePath
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.actions.delete import DeleteAction
from wagtail.log_actions import log

from cms.cooperatives.models import Cooperative
from cms.core import facts, published
from cms.core.models import User
from cms.core.refusals import Refused
from cms.core.slugs import free_slug
from cms.videos.encoding import endings
from cms.videos.encoding.failures import PICTURES_DIFFER
from cms.videos.models import Encode, EncodeTask, Media, Publication, Video
from cms.videos.models.encode import ENDED_WITHOUT, OPEN, State
from cms.videos.models.machine import originals
from cms.videos.models.task import first_task
from cms.videos.queries import latest_encode
from media_pipeline.model import keys


def do_create_video(
    cooperative: Cooperative,
    title: str,
    original_path: Path,
    user: User | None,
    now: datetime,
    *,
    original_name: str = "",
    upload: str = "",
    **editorial: Any,
) -> Video:
    """Make a draft of the file at `original_path` (which stays) and ask for its encode.

    `upload` is the id of the upload that it comes from: the same upload never
    makes a second video. `editorial` are fields of Video.
    """
    if upload and (known := _known(upload)):
        return known
    original_name = original_name or original_path.name
    name = do_store_original(original_path, original_name, upload)
    try:
        return do_create_video_of(
            name,
            original_path.stat().st_size,
            cooperative,
            title,
            user,
            now,
            original_name=original_name,
            upload=upload,
            **editorial,
        )
    # Whoever called gets the error; nobody would ever look for the copy in the storage.
    except BaseException:
        originals().delete(name)
        raise


def do_create_video_of(
    original: str,
    size: int,
    cooperative: Cooperative,
    title: str,
    user: User | None,
    now: datetime,
    *,
    original_name: str,
    upload: str,
    **editorial: Any,
) -> Video:
    """Make a draft of the `original` of `size` bytes that stands in its storage already.

    Otherwise as do_create_video.
    """
    if upload and (known := _known(upload)):
        return known
    with transaction.atomic():
        video = _create_rows(cooperative, title, user, editorial)
        Media.objects.create(
            video=video,
            original=original,
            original_name=printable(original_name)[-255:],
            original_bytes=size,
            upload=upload,
            uploaded_by=user,
            uploaded_at=now,
        )
        do_request_encode(video, now, user=user)
    return video


def _known(upload: str) -> Video | None:
    """Return the video that came of `upload`; raise Refused if it was deleted."""
    media = Media.objects.filter(upload=upload).first()
    if media is not None and media.video is None:
        raise Refused(_("Video dari unggahan ini sudah dihapus."))
    return media.video if media else None


def check_request_encode(video: Video) -> None:
    """Raise Refused unless an encode of `video` may be asked for."""
    media = Media.objects.filter(video=video).first()
    if media is None or not media.original:
        raise Refused(_("Berkas asli video ini tidak ada. Unggah ulang berkasnya."))
    if media.taken_down_at:
        raise Refused(_("Video ini sudah diturunkan dan tidak dapat dikodekan lagi."))
    if video.encodes.filter(state__in=OPEN).exists():
        raise Refused(_("Video ini sedang dikodekan. Tunggu sampai selesai atau batalkan."))


def do_request_encode(video: Video, now: datetime, *, user: User | None = None) -> Encode:
    """Put an encode of `video` into the queue. What is in use stays until the new one is whole."""
    with Video.held(video.pk):
        check_request_encode(video)
        return _do_request(video, now, user, "encode")


def do_request_sound(video: Video, now: datetime, *, user: User | None = None) -> Encode:
    """Put an encode of the sound alone into the queue.

    The new publication gets the pictures of the one in use. Raises Refused where the
    publication in use was not made of today's file, and as `check_request_encode` does.
    """
    with Video.held(video.pk):
        check_request_encode(video)
        media = Media.objects.get(video=video)
        if not media.publication or (media.former and not _is_in_use(video)):
            raise Refused(_("Belum ada hasil dari berkas ini. Kodekan semuanya dulu."))
        return _do_request(video, now, user, "encode_sound", media.publication)


def _is_in_use(video: Video) -> bool:
    """Return whether the publication in use was made of the file that replaced another."""
    last = latest_encode(video)
    return last is not None and (last.state == State.READY or bool(last.pictures))


def _do_request(
    video: Video, now: datetime, user: User | None, action: str, pictures: str = ""
) -> Encode:
    encode = Encode.objects.create(
        video=video, publication=secrets.token_hex(16), created=now, pictures=pictures
    )
    first_task(encode, now).save()
    log(instance=video, action=f"videos.{action}", user=user)
    return encode


def do_retry_encode(video: Video, now: datetime, *, user: User | None = None) -> Encode:
    """Ask again for an encode that failed or was cancelled."""
    last = latest_encode(video)
    if last is None or last.state not in ENDED_WITHOUT:
        raise Refused(_("Tidak ada pengodean yang perlu diulangi."))
    if last.pictures and last.error_code != PICTURES_DIFFER:
        return do_request_sound(video, now, user=user)
    return do_request_encode(video, now, user=user)


def do_cancel_encode(video: Video, now: datetime, *, user: User | None = None) -> bool:
    """End the encode under way; return whether there was one. Its workers stop within 2 s."""
    encode = latest_encode(video)
    if encode is None or not endings.do_cancel(encode.pk, now):
        return False
    log(instance=video, action="videos.cancel_encode", user=user)
    return True


def do_put_first(video: Video, now: datetime, *, user: User | None = None) -> bool:
    """Let the encode of `video` go before the others; return whether that changed anything.

    What of it was put back is tried at once; its setbacks count anew.
    """
    encode = latest_encode(video)
    if encode is None or encode.state not in OPEN:
        return False
    raised = Encode.objects.put_first(encode.pk, now)
    hurried = EncodeTask.objects.hurry(encode.pk, now)
    if not raised and not hurried:
        return False
    log(instance=video, action="videos.put_first", user=user)
    return True


def do_withdraw(video: Video, now: datetime, *, user: User | None = None) -> bool:
    """Take `video` off pages, feeds and future rundowns; return whether it was on."""
    rows = Media.objects.filter(video=video, withdrawn_at=None, taken_down_at=None)
    return _do_mark(video, rows, {"withdrawn_at": now}, "withdraw", "withdrawn", now, user)


def do_restore(video: Video, now: datetime, *, user: User | None = None) -> bool:
    """Undo a withdrawal; return whether there was one."""
    rows = Media.objects.filter(video=video, withdrawn_at__isnull=False, taken_down_at=None)
    return _do_mark(video, rows, {"withdrawn_at": None}, "restore", "restored", now, user)


def do_take_down(video: Video, now: datetime, *, user: User | None = None) -> bool:
    """Make every segment of `video` answer 410, for good; return whether it was not so before.

    The marks are written at once; a consumer of the fact removes the files. An encode
    is asked for under the same lock: it is marked here, or refused there. One under way
    cannot finish any more. Raises StoreUnavailable: the rows are then as before, some
    marks may stand, and asking again writes the rest.
    """
    with Video.held(video.pk) as is_there:
        if not is_there:
            return False
        rows = Media.objects.filter(video=video, taken_down_at=None)
        values = {"taken_down_at": now}
        if not _do_mark(video, rows, values, "take_down", "taken_down", now, user):
            return False
        for publication in publication_ids(video):
            published.store().write(keys.takedown_mark(publication), now.isoformat().encode())
    do_cancel_encode(video, now, user=user)
    return True


def do_delete_video(video: Video, now: datetime, *, user: User | None = None) -> None:
    """Delete `video` and what was planned of it; the sweep removes its files later.

    By then no row says where it was planned: the fact names the key that rundowns hold.
    """
    key = video.key.hex
    with transaction.atomic():
        # Deleting takes the rows in an order of its own; as `Video.held` says, they are ours then.
        for rows in (
            Video.objects.filter(pk=video.pk),
            Encode.objects.filter(video=video.pk),
            Media.objects.filter(video=video.pk),
        ):
            list(rows.select_for_update().order_by("pk").values_list("pk"))
        DeleteAction(video, user=user).execute(skip_permission_checks=True)
        facts.record("video.withdrawn", f"deleted-{key}", {"key": key}, now)


def do_take_back(upload: str, now: datetime, *, user: User | None = None) -> bool:
    """Delete the draft that came of `upload`, which its person has cancelled.

    Return False, and leave it, if somebody has worked on it since.
    """
    known = Media.objects.filter(upload=upload).first() if upload else None
    if known is None or known.video_id is None:
        return True
    with Video.held(known.video_id):
        video = Video.objects.filter(pk=known.video_id).first()
        if video is None:
            return True
        if video.first_published_at or video.revisions.count() > 1:
            return False
        do_delete_video(video, now, user=user)
    return True


def publication_ids(video: Video) -> set[str]:
    """Return the ids of all publications that were ever made of `video`, or are being made."""
    made = Publication.objects.filter(video=video).values_list("id", flat=True)
    tried = Encode.objects.filter(video=video).values_list("publication", flat=True)
    return {*made, *tried}


def _do_mark(
    video: Video,
    rows: Any,
    values: Mapping[str, datetime | None],
    action: str,
    topic: str,
    now: datetime,
    user: User | None,
) -> bool:
    """Change the machine's row if it was otherwise, and say so in the outbox and the history."""
    with transaction.atomic():
        if not rows.update(**values):
            return False
        log(instance=video, action=f"videos.{action}", user=user)
        media = Media.objects.get(video=video)
        facts.record(f"video.{topic}", str(video.pk), {"publication": media.publication}, now)
    return True


def _create_rows(
    cooperative: Cooperative, title: str, user: User | None, editorial: dict[str, Any]
) -> Video:
    title = " ".join("".join(c if c.isprintable() else " " for c in title).split())[:140]
    title = title or _("Tanpa judul")
    values = {"slug": free_slug(Video.objects.all(), title, "video"), **editorial}
    video = Video(cooperative=cooperative, title=title, live=False, **values)
    video.has_unpublished_changes = True
    video.save()
    log(instance=video, action="wagtail.create", user=user)
    video.save_revision(user=user, log_action=False)
    return video


def printable(text: str) -> str:
    """Return `text` without control characters: PostgreSQL refuses a text with a NUL."""
    return "".join(c for c in text if c.isprintable())


class _OnDisk(File):
    """A file that a local storage may move into place instead of copying it."""

    def temporary_file_path(self) -> str:
        return self.name or ""


def original_key(key: str, name: str) -> str:
    """Return what the original `key` is called in its storage: with the suffix of `name`."""
    suffix = PurePath(name).suffix.lower()
    return key + (suffix if suffix[1:].isalnum() and suffix.isascii() and len(suffix) <= 6 else "")


def do_store_original(path: Path, name: str, upload: str) -> str:
    """Put a copy of the file into the originals' storage; return its name there."""
    wanted = original_key(upload or secrets.token_hex(16), name)
    storage = originals()
    if upload and storage.exists(wanted):
        storage.delete(wanted)  # a finishing that was cut off left it
    linked = path.with_name(f"{path.name}.{secrets.token_hex(4)}.link")
    try:
        os.link(path, linked)
    except OSError:  # another file system, or one without links: copy
        with path.open("rb") as source:
            return storage.save(wanted, File(source, name=wanted))
    try:
        with linked.open("rb") as source:
            return storage.save(wanted, _OnDisk(source, name=str(linked)))
    finally:
        linked.unlink(missing_ok=True)

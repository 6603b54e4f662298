"""From a complete upload to a video, and the sweep of what is left behind."""

import logging
import re
from datetime import datetime
from pathlib import Path, PurePath

from django.conf import settings
from django.utils.translation import gettext as _

from cms.cooperatives.models import Cooperative
from cms.core.models import User
from cms.core.refusals import Refused
from cms.videos.actions import do_create_video, do_store_original, do_take_back
from cms.videos.models.machine import originals
from cms.videos.uploads import people, purposes
from cms.videos.uploads.folder import Locked, Upload, all_uploads, remove_half_made

logger = logging.getLogger(__name__)


def root() -> Path:
    """Return the folder of uploads."""
    return Path(settings.UPLOADS_FOLDER)


def do_finish(upload: Upload, now: datetime) -> int:
    """Make the video of a complete, locked upload; return its id. Repeating it is harmless.

    Raises Refused, and removes the upload, when it can never become one or was cancelled;
    MayNoLonger, which leaves it, while its person may not upload.
    """
    became = _do_become(upload, now)
    # Cancelled while the video was being made, by somebody who did not wait for the lock.
    if upload.is_cancelled and do_cancel(upload, now) is None:
        raise Refused(_("Unggahan ini sudah dibatalkan."))
    return became


def do_cancel(upload: Upload, now: datetime) -> int | None:
    """Remove a locked upload and what it became; return the id of that if it has to stay.

    It stays where somebody has worked on it meanwhile.
    """
    info = upload.info
    user = User.objects.filter(pk=info.user).first()
    purpose = purposes.find(info.purpose)
    if purpose is None:
        stays = not do_take_back(upload.id, now, user=user)
    else:
        became = info.video
        stays = became is not None and not purpose.do_take_back(became, upload.id, now)
    upload.remove()
    return info.video if stays else None


def _do_become(upload: Upload, now: datetime) -> int:
    info = upload.info
    if info.video:
        return info.video
    try:
        cooperative = Cooperative.objects.filter(pk=info.cooperative).first()
        if cooperative is None:
            raise Refused(_("Koperasi untuk video ini sudah tidak ada. Pilih koperasi lain."))
        user = User.objects.filter(pk=info.user).first()
        people.check_may_still_send(user, cooperative.pk, info.purpose, info.target)
        became = _become(upload, cooperative, user, now)
    except people.MayNoLonger:
        raise
    except Refused:
        upload.remove()
        raise
    upload.became(became, now)
    return became


def _become(upload: Upload, cooperative: Cooperative, user: User | None, now: datetime) -> int:
    """Make of the bytes what they are for; return the id of the video, or of that."""
    info = upload.info
    purpose = purposes.find(info.purpose)
    if purpose is None or user is None:
        title = title_of(info.name)
        names = {"original_name": info.name, "upload": upload.id}
        return do_create_video(cooperative, title, upload.data, user, now, **names).pk
    original = do_store_original(upload.data, info.name, upload.id)
    names = {"target": info.target, "name": info.name, "upload": upload.id}
    try:
        return purpose.do_arrive(original, user, now, **names)
    except Refused:
        originals().delete(original)
        raise


def title_of(name: str) -> str:
    """Return a title made of a file's name: no suffix, no underscores, no control characters."""
    stem = PurePath(name.replace("\\", "/")).stem
    text = re.sub(r"[_\s]+", " ", "".join(c if c.isprintable() else " " for c in stem)).strip()
    return text or _("Tanpa judul")


def do_sweep(now: datetime) -> int:
    """Finish what waits to become a video, remove what has expired; return how many."""
    done = 0
    for upload in all_uploads(root()):
        try:
            with upload.locked():
                done += _sweep_one(upload, now)
        except (Locked, FileNotFoundError):
            continue  # somebody works on it, or it is gone
        # One upload that cannot be finished must not keep the others from it.
        except Exception:
            logger.exception("upload %s could not be finished", upload.id)
    remove_half_made(root(), now)
    return done


def _sweep_one(upload: Upload, now: datetime) -> int:
    if upload.is_cancelled:
        do_cancel(upload, now)
        return 1
    expired = upload.is_expired(now)
    if upload.waits:
        try:
            do_finish(upload, now)
        except people.MayNoLonger:
            if expired:
                upload.remove()
            return int(expired)
        # Whatever keeps it from becoming a video, the disk is not filled by it for ever.
        except Exception:
            if expired:
                upload.remove()
            raise
        return 1
    if expired:
        upload.remove()
    return int(expired)

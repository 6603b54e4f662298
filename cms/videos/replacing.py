"""Another file under the same video: its address, schedule, captions and statistics stay.

The publication in use goes on until one of the new file is ready; an encode then moves the
pointer as always, and rooms above hear of it (`video.encoded`). Until then the former original
is kept: the new file may turn out to be no film, or its person cancels.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.permissions import policy_registry

from cms.cooperatives.models import Cooperative
from cms.core.models import User
from cms.core.refusals import Refused
from cms.videos.actions import do_cancel_encode, do_request_encode, printable
from cms.videos.encoding import endings
from cms.videos.models import Media, Video
from cms.videos.models.encode import OPEN, State
from cms.videos.models.machine import originals
from cms.videos.queries import latest_encode

PURPOSE = "replacement"
"""What an upload says that it is for; its target is the id of the video."""
_NOTHING = {"original_name": "", "original_bytes": 0, "upload": "", "uploaded_at": None}


def may_replace(user: Any, video: Video) -> bool:
    """Return whether `user` may: what viewers see needs the right to publish."""
    policy = policy_registry.get_by_type(Video)
    needed = "publish" if video.live else "change"
    return bool(policy.user_has_permission_for_instance(user, needed, video))


def check_replace(video: Video) -> None:
    """Raise Refused where no other file may come."""
    if Media.objects.filter(video=video, taken_down_at__isnull=False).exists():
        raise Refused(_("Video ini sudah diturunkan dan tidak dapat diganti."))


def do_replace(
    video: Video, original: str, size: int, user: User, now: datetime, *, name: str, upload: str
) -> None:
    """Make `original`, of `size` bytes in its storage, the file of `video`; ask for its encode."""
    with Video.held(video.pk):
        check_replace(video)
        do_cancel_encode(video, now, user=user)
        media, _made = Media.objects.select_for_update().get_or_create(video=video)
        _keep_former(media)
        media.original = original
        media.original_name = printable(name)[-255:]
        media.original_bytes = size
        media.upload, media.uploaded_by, media.uploaded_at = upload, user, now
        media.save(update_fields=["original", "former", "uploaded_by", *_NOTHING])
        log(instance=video, action="videos.replace", user=user)
        do_request_encode(video, now, user=user)


def do_take_back(video: Video, upload: str, now: datetime) -> bool:
    """Bring the former file back; return False if the one of `upload` is in use already."""
    with Video.held(video.pk):
        media = Media.objects.select_for_update().filter(video=video, upload=upload).first()
        if media is None:
            return True
        encode = latest_encode(video)
        if encode is not None and encode.state == State.READY:
            return False
        if encode is not None and encode.state in OPEN:
            endings.do_cancel(encode.pk, now)
        unwanted = str(media.original.name)
        media.original = media.former.get("original", "")
        for field, nothing in _NOTHING.items():
            setattr(media, field, media.former.get(field, nothing))
        media.former = {}
        media.save(update_fields=["original", "former", *_NOTHING])
        transaction.on_commit(lambda: originals().delete(unwanted))
    return True


def do_drop_former() -> int:
    """Remove the originals in whose place another one is in use; return how many."""
    dropped = 0
    for media in Media.objects.exclude(former={}).select_related("video"):
        encode = latest_encode(media.video) if media.video else None
        if media.video is not None and (encode is None or encode.state != State.READY):
            continue
        originals().delete(media.former["original"])
        dropped += Media.objects.filter(pk=media.pk, former=media.former).update(former={})
    return dropped


def _keep_former(media: Media) -> None:
    """Keep the original that was in use; remove one that was itself never in use."""
    if not media.original:
        return
    if media.former:
        unused = str(media.original.name)
        transaction.on_commit(lambda: originals().delete(unused))
        return
    values = {field: getattr(media, field) for field in _NOTHING}
    values["uploaded_at"] = values["uploaded_at"] and values["uploaded_at"].isoformat()
    media.former = {"original": str(media.original.name), **values}


class ReplacementPurpose:
    """The rules of those uploads: of whoever may replace the video's file."""

    largest = settings.LARGEST_UPLOAD
    most_open = 20

    def may_send(self, user: User) -> bool:
        policy = policy_registry.get_by_type(Video)
        return bool(policy.user_has_permission(user, "change"))

    def place_of(self, user: User, target: str) -> Cooperative | None:
        video = _wanted(user, target)
        return video.cooperative if video else None

    def do_arrive(
        self, original: str, user: User, now: datetime, *, target: str, name: str, upload: str
    ) -> int:
        known = Media.objects.filter(upload=upload).first()
        if known is not None and known.video_id is not None:
            return known.video_id
        video = _wanted(user, target)
        if video is None:
            raise Refused(_("Video ini sudah dihapus."))
        size = originals().size(original)
        do_replace(video, original, size, user, now, name=name, upload=upload)
        return video.pk

    def do_take_back(self, became: int, upload: str, now: datetime) -> bool:
        video = Video.objects.filter(pk=became).first()
        return video is None or do_take_back(video, upload, now)


def _wanted(user: User, target: str) -> Video | None:
    if not (target.isascii() and target.isdigit() and len(target) < 18):
        return None
    video = Video.objects.visible_to(user).filter(pk=int(target)).first()
    return video if video is not None and may_replace(user, video) else None

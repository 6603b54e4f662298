"""Reading machine state: what people see of it on a screen."""

from collections.abc import Iterable

from django.db.models import Q

from cms.videos.models import Encode, Video
from cms.videos.models.encode import State


def latest_encodes(videos: Iterable[int]) -> dict[int, Encode]:
    """Return the newest encode of each video, by the video's id."""
    rows = Encode.objects.filter(video_id__in=list(videos)).order_by("video_id", "pk")
    return {row.video_id: row for row in rows if row.video_id}


def latest_encode(video: Video) -> Encode | None:
    """Return the newest encode of `video`."""
    return video.encodes.order_by("-pk").first()


def queue_position(encode: Encode) -> int:
    """Return its place among the waiting ones, 1 for the next; 0 when it does not wait."""
    if encode.state != State.WAITING:
        return 0
    before = Q(attempts__lt=encode.attempts) | Q(attempts=encode.attempts, pk__lt=encode.pk)
    return Encode.objects.filter(before, state=State.WAITING).count() + 1

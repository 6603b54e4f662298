"""What screens ask about videos: machine state, and what waits for somebody."""

from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast
from wagtail.models import Revision, WorkflowState

from cms.videos.models import Encode, Video
from cms.videos.models.encode import OPEN, State

UNSETTLED = (*OPEN, State.FAILED)
"""States of a newest encode on which somebody waits or acts."""


def unsettled(videos: QuerySet[Video]) -> QuerySet[Video]:
    """Return those of `videos` that are being worked on or failed, the last asked for first."""
    newest = Encode.objects.filter(video=OuterRef("pk")).order_by("-pk")
    marked = videos.alias(
        encode=Subquery(newest.values("pk")[:1]), state=Subquery(newest.values("state")[:1])
    )
    return marked.filter(state__in=UNSETTLED, media__taken_down_at=None).order_by("-encode")


def drafts(videos: QuerySet[Video]) -> QuerySet[Video]:
    """Return those of `videos` whose text waits for its editor, the newest first.

    Neither those that a moderator looks at, nor those with a date, nor those taken off
    on purpose, nor those that code made and nobody touched (the still card).
    """
    own = {
        "base_content_type": ContentType.objects.get_for_model(Video),
        # Both keep the id as text; PostgreSQL does not compare it with a number.
        "object_id": Cast(OuterRef("pk"), CharField()),
    }
    waiting = Q(live=False, first_published_at=None) | Q(live=True, has_unpublished_changes=True)
    touched = Q(media__uploaded_by__isnull=False) | Q(latest_revision__user__isnull=False)
    return videos.filter(
        waiting,
        touched,
        ~Exists(WorkflowState.objects.filter(**own, status=WorkflowState.STATUS_IN_PROGRESS)),
        ~Exists(Revision.objects.filter(**own, approved_go_live_at__isnull=False)),
        media__withdrawn_at=None,
        media__taken_down_at=None,
    ).exclude(pk__in=unsettled(videos).order_by().values("pk"))


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

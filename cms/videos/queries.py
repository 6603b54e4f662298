"""What screens ask about videos: machine state, and what waits for somebody."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast
from wagtail.models import Revision, WorkflowState

from cms.videos.encoding.queueing import forecast
from cms.videos.encoding.queueing.waiting import places
from cms.videos.models import Encode, EncodeTask, Video
from cms.videos.models.encode import OPEN, State
from cms.videos.models.task import Step

UNSETTLED = (*OPEN, State.FAILED)
"""States of a newest encode on which somebody waits or acts."""


def unsettled(videos: QuerySet[Video]) -> QuerySet[Video]:
    """Return those of `videos` that are being worked on or failed, the last asked for first."""
    newest = Encode.objects.filter(video=OuterRef("pk")).order_by("-pk")
    marked = videos.alias(
        encode=Subquery(newest.values("pk")[:1]), state=Subquery(newest.values("state")[:1])
    )
    return marked.filter(state__in=UNSETTLED, media__taken_down_at=None).order_by("-encode")


def choosable(videos: QuerySet[Video]) -> QuerySet[Video]:
    """Return those of `videos` that can come on a page: they play, or are being made to."""
    being_made = Encode.objects.filter(video=OuterRef("pk"), state__in=OPEN)
    usable = Q(media__publication__gt="") | Exists(being_made)
    return videos.filter(usable, media__withdrawn_at=None, media__taken_down_at=None)


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


@dataclass(frozen=True)
class AtWork:
    """What goes on with a title that has not ended.

    `place` in the queue, 1 for the next, 0 while a worker is at it; `trouble` is why it
    was last put back, "" if it was not; `notice` is what a worker has noticed. `ready_in`
    is for those that wait: the seconds until they are ready, None if nobody knows.
    """

    place: int = 0
    ready_in: float | None = None
    trouble: str = ""
    notice: str = ""

    @property
    def waits(self) -> bool:
        """Whether no worker is at it."""
        return self.place > 0


def at_work(encodes: Iterable[Encode], now: datetime) -> dict[int, AtWork]:
    """Return what goes on with those of `encodes` that have not ended, by their ids."""
    open_ones = [encode.pk for encode in encodes if encode.state in OPEN]
    if not open_ones:
        return {}
    rows = EncodeTask.objects.filter(encode__in=open_ones, state__in=(Step.WORKING, Step.WAITING))
    known = list(rows.values_list("encode", "state", "error_code"))
    busy = {encode: code for encode, state, code in known if state == Step.WORKING}
    trouble = {encode: code for encode, state, code in known if state == Step.WAITING and code}
    place = places(now) if len(busy) < len(open_ones) else {}
    ready = forecast.ready_in(place) if place else {}
    return {
        pk: AtWork(notice=busy[pk])
        if pk in busy
        else AtWork(place.get(pk, 0), ready.get(pk), trouble.get(pk, ""))
        for pk in open_ones
    }

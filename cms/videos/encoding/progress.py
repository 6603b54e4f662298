"""How far a title is, from the rows of its tasks. `transcoding` reckons; this reads and writes."""

from datetime import datetime

from cms.videos.encoding import transcoding
from cms.videos.encoding.queueing import forecast
from cms.videos.models import Encode, EncodeTask
from cms.videos.models.task import Step

_ENDED = (Step.FAILED, Step.DROPPED)


def do_write(encode: int, now: datetime) -> None:
    """Bring the figures of a title up to date with its tasks."""
    rows = EncodeTask.objects.filter(encode=encode).exclude(state__in=_ENDED)
    tasks = list(rows.values_list("name", "kind", "rank", "weight", "progress"))
    row = Encode.objects.filter(pk=encode).only("standing", "seconds", "progress").first()
    if row is None:
        return
    now_known = transcoding.outlook(row.standing, tasks, now)
    eta_seconds = now_known.eta_seconds
    if eta_seconds is None:  # too early to judge by itself: as fast as the titles before it
        eta_seconds = forecast.work_left(row)
    Encode.objects.advance(
        encode, now_known.fraction, eta_seconds, now_known.kept, slower=now_known.slower
    )

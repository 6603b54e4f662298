"""How far a title is, from the rows of its tasks. `transcoding` reckons; this reads and writes."""

from datetime import datetime

from cms.videos.encoding import transcoding
from cms.videos.models import Encode, EncodeTask
from cms.videos.models.task import Step

_ENDED = (Step.FAILED, Step.DROPPED)


def do_write(encode: int, now: datetime) -> None:
    """Bring the figures of a title up to date with its tasks."""
    rows = EncodeTask.objects.filter(encode=encode).exclude(state__in=_ENDED)
    tasks = list(rows.values_list("name", "kind", "rank", "weight", "progress"))
    before = Encode.objects.filter(pk=encode).values_list("standing", flat=True).first()
    now_known = transcoding.outlook(before, tasks, now)
    Encode.objects.advance(encode, now_known.fraction, now_known.eta_seconds, now_known.kept)

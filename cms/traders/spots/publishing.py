"""What follows from a spot's state for its video: who may watch it, and where its card ends."""

from decimal import Decimal

from django.db import transaction

from cms.traders.models import FeaturedSegment
from cms.traders.spots.leftovers import was_spot
from cms.videos.models import Video

Kind, State = FeaturedSegment.Kind, FeaturedSegment.State


@transaction.atomic
def do_follow_decision(video: Video) -> bool:
    """Publish the video of a spot that is approved, take back that of one that is not, or no more.

    Return whether anything changed. Videos without a spot are their editors' alone.
    """
    spot = FeaturedSegment.objects.filter(video=video, kind=Kind.SPOT).first()
    if spot is None and not was_spot(video):
        return False
    approved = spot is not None and spot.state == State.APPROVED
    if approved and not video.live:
        video.save_revision().publish()
        return True
    if video.live and not approved:
        video.unpublish()
        return True
    return False


def do_fit(video: Video) -> bool:
    """Let the card of a spot end with its film, which may be a frame shorter than was asked for.

    Return whether it did not.
    """
    length = Decimal(video.media.duration_ms // 100) / 10
    rows = FeaturedSegment.objects.filter(video=video, kind=Kind.SPOT).exclude(end=length)
    return bool(length and rows.update(begin=0, end=length))

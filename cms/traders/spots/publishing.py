"""What follows from a spot's state for its video: who may watch it, and where its card ends."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q

from cms.traders.actions import do_announce_cards, local_day
from cms.traders.models import Clip, FeaturedSegment
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


@transaction.atomic
def do_end_replaced(video: Video, now: datetime) -> bool:
    """Let the spot that the approved one of `video` was made anew of air today for the last time.

    Where that one was made anew itself and never approved, the one before it too. Return
    whether there was one. Whoever gives them other days afterwards keeps them.
    """
    successors = Clip.objects.exclude(replaces=None)
    successors = successors.select_related("replaces__product__stall__cooperative")
    made, ended = Q(segment__video=video, segment__state=State.APPROVED), False
    while (clip := successors.filter(made).first()) is not None:
        if not Clip.objects.filter(pk=clip.pk).exclude(replaces=None).update(replaces=None):
            break
        old, ended = clip.replaces, True
        today = local_day(old.product.stall, now)
        if old.ends_on is None or old.ends_on > today:
            FeaturedSegment.objects.filter(pk=old.pk).update(ends_on=today)
            do_announce_cards([old.video_id], now)
        made = Q(segment=old)
    return ended


def do_fit(video: Video) -> bool:
    """Let the card of a spot end with its film, which may be a frame shorter than was asked for.

    Return whether it did not.
    """
    length = Decimal(video.media.duration_ms // 100) / 10
    rows = FeaturedSegment.objects.filter(video=video, kind=Kind.SPOT).exclude(end=length)
    return bool(length and rows.update(begin=0, end=length))

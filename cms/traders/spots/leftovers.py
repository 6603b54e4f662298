"""Clips that nobody goes on with, and films whose spot is no more."""

from datetime import datetime, timedelta
from itertools import chain
from uuid import UUID

from django.db.models import Q

from cms.traders.models import Clip
from cms.videos.actions import do_delete_video
from cms.videos.models import Media, Video
from cms.videos.models.machine import originals

KEEP = timedelta(days=14)
"""How long a clip waits for its film, or for its trader to say which part of it."""
State = Clip.State


def was_spot(video: Video) -> bool:
    """Return whether `video` was made of a clip whose segment is deleted."""
    media = Media.objects.filter(video=video, upload__regex=r"^[0-9a-f]{32}$").first()
    if media is None:
        return False
    return Clip.objects.filter(key=UUID(media.upload), state=State.MADE, segment=None).exists()


def do_sweep(now: datetime) -> int:
    """Delete clips of products that are no more, and what was begun and left; return how many.

    What was sent of them goes along, and what was made of them.
    """
    left = Clip.objects.filter(state=State.SENDING, created_at__lt=now - KEEP)
    gone = Clip.objects.filter(Q(product=None) | Q(state=State.MADE, segment=None))
    clips = {clip.pk: clip for clip in chain(left, gone)}
    for clip in clips.values():
        for video in Video.objects.filter(media__upload=clip.key.hex, segments=None):
            do_delete_video(video, now)
        # First: while the store is away the row stays, and another round finds it.
        if clip.film:
            originals().delete(clip.film)
        clip.delete()
    return len(clips)

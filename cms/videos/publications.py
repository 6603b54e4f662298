"""Publications in the store: which is in use, and when an old one may go.

An old one stays while a rundown, catch-up or page refers to it, plus a day.
Rooms above say what they refer to through `register_publication_users`.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from cms.core import published
from cms.videos.models import Media, Publication
from cms.videos.models.machine import originals
from media_pipeline.model import keys

GRACE = timedelta(days=1)
"""How long a publication stays after the last reference was seen: open players go on."""

Users = Callable[[set[str]], set[str]]
_users: list[Users] = []


def register_publication_users(users: Users) -> Users:
    """Let `users(ids)` say which of the publication `ids` a room still refers to."""
    if users not in _users:
        _users.append(users)
    return users


def do_remove_unused(now: datetime) -> list[str]:
    """Remove what nothing refers to since `GRACE`; return the ids that were removed."""
    candidates = _retired()
    ids = set(candidates.values_list("id", flat=True))
    referred = set[str]().union(*(users(ids) for users in _users)) & ids
    Publication.objects.filter(id__in=referred).update(referred_at=now)
    due = candidates.filter(
        Q(retired_at__lt=now - GRACE) | Q(video__isnull=True, created__lt=now - GRACE),
        Q(referred_at__isnull=True) | Q(referred_at__lt=now - GRACE),
    )
    removed = sorted(due.values_list("id", flat=True))
    for publication in removed:
        remove_files(publication)
        Publication.objects.filter(id=publication).update(removed_at=now)
    return removed


def do_remove_orphans() -> int:
    """Remove the originals and captions of videos that were deleted; return how many."""
    orphans = Media.objects.filter(video__isnull=True)
    for media in orphans:
        if media.original:
            originals().delete(str(media.original.name))
        published.store().delete_folder(caption_folder(media.pk))
        media.delete()
    return len(orphans)


def caption_folder(media: int) -> str:
    """Return the folder in the published store of a video's captions."""
    return f"captions/{media}"


def remove_files(publication: str) -> None:
    """Remove the files of a publication from the store."""
    store = published.store()
    store.delete(keys.presentation_file(publication))
    store.delete_folder(keys.publication_folder(publication))


def _retired() -> QuerySet[Publication]:
    in_use = Media.objects.filter(video__isnull=False).exclude(publication="")
    return Publication.objects.filter(removed_at__isnull=True).exclude(
        id__in=in_use.values("publication")
    )

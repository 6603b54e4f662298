"""What a person has begun to send and not finished, for the upload screen of a later visit."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from cms.core.models import User
from cms.videos.models import DirectUpload
from cms.videos.uploads import finishing
from cms.videos.uploads.folder import Upload, all_uploads
from cms.videos.uploads.headers import metadata_of


def of_person(
    user: User, now: datetime, *, purpose: str = "", target: str = ""
) -> list[dict[str, Any]]:
    """Return the unfinished uploads of `user`, as the script reads them.

    They are to become videos, or are for the `target` of a purpose.

    `sample` tells whether a file is the same one, "" where it is not known; `sent` are bytes,
    None where the bucket has to be asked.
    """
    direct = [] if purpose else list(_to_the_bucket(user))
    return [*_through_the_site(user, now, (purpose, target)), *direct]


def _through_the_site(
    user: User, now: datetime, wanted: tuple[str, str]
) -> Iterator[dict[str, Any]]:
    for upload in all_uploads(finishing.root()):
        try:
            info, sent = upload.info, upload.offset
            if info.user != user.pk or (info.purpose, info.target) != wanted:
                continue
            if sent < info.length and not upload.is_cancelled and not upload.is_expired(now):
                yield _entry(upload, sent)
        except FileNotFoundError:
            continue  # it ended meanwhile


def _entry(upload: Upload, sent: int) -> dict[str, Any]:
    info = upload.info
    return {
        "way": "site",
        "id": upload.id,
        "name": info.name,
        "size": info.length,
        "sent": sent,
        "cooperative": str(info.cooperative),
        "sample": metadata_of(info.metadata).get("sample", ""),
    }


def _to_the_bucket(user: User) -> Iterator[dict[str, Any]]:
    for row in DirectUpload.objects.filter(user=user, asked_at=None, stored_at=None):
        yield {
            "way": "bucket",
            "id": row.pk,
            "name": row.file_name,
            "size": row.size,
            "sent": None,
            "cooperative": str(row.cooperative_id),
            "sample": row.sample,
        }

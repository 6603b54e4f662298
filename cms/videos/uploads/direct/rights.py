"""Whether the site's keys may do with the bucket of originals what uploads need, by doing it."""

from collections.abc import Callable
from datetime import timedelta
from secrets import token_hex
from typing import TYPE_CHECKING

from cms.core import clock
from cms.videos.uploads.direct.faults import BucketFault, BucketUnavailable

if TYPE_CHECKING:
    from cms.videos.uploads.direct.bucket import Bucket


def lacking(where: "Bucket") -> dict[str, BucketUnavailable]:
    """Return the rights that the bucket does not grant, and what it said.

    It makes and removes one object of twelve bytes and one upload in parts.
    """
    name, trial = f"uji-{token_hex(8)}", _Trial()
    multipart = trial.of("s3:PutObject", lambda: where.begin(name))
    if multipart:
        trial.of("s3:PutObject", lambda: where.send(name, multipart, 1, b"uji unggahan"))
        found = trial.of("s3:ListMultipartUploadParts", lambda: where.parts(name, multipart))
        if found:
            trial.of("s3:PutObject", lambda: where.join(name, multipart, found))
        # Where a step was refused the parts would stand there until the sweep finds them.
        trial.of("s3:AbortMultipartUpload", lambda: where.give_up(name, multipart))
    trial.of("s3:ListBucket", lambda: where.is_there(name))
    trial.of("s3:GetObject", lambda: where.size(name))
    trial.of("s3:GetBucketCORS", where.cors)
    before = clock.now() - timedelta(days=365)
    trial.of("s3:ListBucketMultipartUploads", lambda: list(where.unfinished(before)))
    trial.of("s3:DeleteObject", lambda: where.delete(name))
    other = trial.of("s3:PutObject", lambda: where.begin(name))
    if other:
        trial.of("s3:AbortMultipartUpload", lambda: where.give_up(name, other))
    return trial.refused


class _Trial:
    """What was tried, and what was refused."""

    def __init__(self) -> None:
        self.refused: dict[str, BucketUnavailable] = {}

    def of[T](self, right: str, work: Callable[[], T]) -> T | None:
        """Return what `work` returns, None where it is refused."""
        try:
            return work()
        except BucketUnavailable as no:
            self.refused.setdefault(right, no)
        except (BucketFault, FileNotFoundError):
            pass  # an earlier step was refused: its right is named already
        return None

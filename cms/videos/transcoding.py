"""The one door from the CMS into the media pipeline."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from shutil import copyfileobj

from django.core.files.storage import Storage

from cms.core import published
from cms.videos.models import Media
from cms.videos.models.machine import originals
from media_pipeline import pipeline
from media_pipeline.model.publication import Publication

Progress = pipeline.Progress
check_tools = pipeline.check_tools
film_still = pipeline.film_still


@contextmanager
def local_original(media: Media, scratch: Path) -> Iterator[Path]:
    """Give a path of the original on this machine, copied into `scratch` if it stands elsewhere."""
    storage, name = originals(), media.original.name or ""
    if path := _path_of(storage, name):
        yield path
        return
    scratch.mkdir(parents=True, exist_ok=True)
    copy = scratch / f"original{Path(name).suffix}"
    try:
        with storage.open(name) as source, copy.open("wb") as target:
            copyfileobj(source, target, 1 << 20)
        yield copy
    finally:
        copy.unlink(missing_ok=True)


def _path_of(storage: Storage, name: str) -> Path | None:
    """Return where a local storage keeps `name`; None where it has no paths (S3)."""
    try:
        return Path(storage.path(name))
    except NotImplementedError:
        return None


def publish(
    original: Path,
    publication: str,
    *,
    on_progress: Callable[[Progress], None],
    cancelled: Callable[[], bool],
    scratch: Path,
    now: Callable[[], datetime],
) -> Publication:
    """Encode `original` into the published store; raises the errors of media_pipeline."""
    return pipeline.publish(
        original,
        published.store(),
        publication,
        on_progress=on_progress,
        cancelled=cancelled,
        scratch=scratch,
        now=now,
        # Another worker may hold the job by now; the worker cleans up when it is its to end.
        leave_growing=True,
    )

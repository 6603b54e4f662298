"""The order of the steps: a file in, a publication in the store out."""

import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

from media_pipeline import steps
from media_pipeline.errors import StepFailed
from media_pipeline.model.publication import Publication
from media_pipeline.model.source import Source
from media_pipeline.stores import Store

Stage = Literal["probing", "encoding", "finishing"]


class Progress(msgspec.Struct, frozen=True):
    """How far a publication is.

    `fraction` grows from 0 to 1 over the whole work; `eta_seconds` is None until
    there is something to judge by. `publication` is what the store holds now.
    """

    stage: Stage
    fraction: float
    eta_seconds: float | None = None
    publication: Publication | None = None


def probe(path: Path) -> Source:
    """Return what the file at `path` is; raise UnusableSource if it cannot be published."""
    with tempfile.TemporaryDirectory(prefix="siar-probe-") as folder:
        return steps.probe(path, Path(folder))


def publish(
    path: Path,
    store: Store,
    publication_id: str,
    *,
    on_progress: Callable[[Progress], None],
    cancelled: Callable[[], bool],
    scratch: Path,
    now: Callable[[], datetime],
) -> Publication:
    """Encode the file at `path` into `store` and return the whole publication.

    `publication_id` is 32 lower-case hex digits; `scratch` is a folder that is
    there, in which a folder of this work's own is made and removed. A growing
    publication that is found under this id is continued, so a killed process
    costs at most one chunk.

    Raises UnusableSource, StepFailed or Cancelled (within two seconds of
    `cancelled()` turning true) with the publication's folder removed;
    StoreUnavailable, or whatever `on_progress` or `cancelled` raise, with the
    growing publication left to be continued. No process is left in any case.
    """
    raise StepFailed("Encoding lands with the next commits.")

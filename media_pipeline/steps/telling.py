"""How far a publication is, told to whoever makes it."""

import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Literal

import msgspec

from media_pipeline.model import growth
from media_pipeline.model.publication import Publication
from media_pipeline.model.work import Job, Part
from media_pipeline.planning.eta import Standing, fraction_done, later

Stage = Literal["probing", "encoding", "finishing"]


class Progress(msgspec.Struct, frozen=True):
    """How far a publication is.

    `fraction` grows from 0 to 1 over the whole work; `eta_seconds` is None until there is
    something to judge by; `slower` says that the work takes much longer than was expected
    at first. `publication` is what can be played now; `done` is how much of each task is
    done that was begun, 0 to 1, by its name.
    """

    stage: Stage
    fraction: float
    eta_seconds: float | None = None
    publication: Publication | None = None
    done: Mapping[str, float] = {}
    slower: bool = False


class Telling:
    """Tells the caller of `publish` how far the work is."""

    def __init__(
        self,
        job: Job,
        parts: Iterable[Part],
        on_progress: Callable[[Progress], None],
        now: Callable[[], datetime],
    ) -> None:
        self._job, self._parts = job, list(parts)
        self._on_progress, self._now = on_progress, now
        self._standing = Standing()
        self._publication = self._grown()
        self._lock = threading.Lock()

    def add(self, part: Part) -> None:
        """Take a part that was written; from any thread."""
        # Held while it is reckoned: an older publication must not take the place of a newer one.
        with self._lock:
            self._parts.append(part)
            self._publication = self._grown()

    def tell(self, stage: Stage, fractions: Mapping[str, float]) -> None:
        """Tell how far the tasks are."""
        fraction = fraction_done(self._job.tasks, fractions)
        told = self._standing = later(self._standing, fraction, self._now())
        shown, left, done = told.fraction, told.eta_seconds, dict(fractions)
        self._on_progress(Progress(stage, shown, left, self._publication, done, told.slower))

    def end(self, whole: Publication) -> Publication:
        """Tell that all is done, and return what was made."""
        self._on_progress(Progress("finishing", 1, 0, whole))
        return whole

    def _grown(self) -> Publication | None:
        publication = growth.grown(self._job, tuple(self._parts))
        return publication if growth.playable(publication) else None

"""The order of the steps: a file in, a publication in the store out."""

import contextlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

from media_pipeline import tools
from media_pipeline.errors import Cancelled, StepFailed, StoreUnavailable, UnusableSource
from media_pipeline.model.plan import EncodePlan
from media_pipeline.model.publication import Publication
from media_pipeline.model.source import Source
from media_pipeline.planning import commands as encoding
from media_pipeline.planning import sound
from media_pipeline.planning.eta import Forecast
from media_pipeline.planning.plan import make_plan
from media_pipeline.steps import pictures, probing
from media_pipeline.steps.shelf import Shelf, found_whole, remove
from media_pipeline.steps.still import film_still
from media_pipeline.steps.title import encode_title
from media_pipeline.stores import Store
from media_pipeline.tools import check_tools

__all__ = ["Progress", "check_tools", "commands", "film_still", "probe", "publish"]

Stage = Literal["probing", "encoding", "finishing"]

_PROBED = 0.02
_ENCODED = 0.95
"""Parts of the whole work at which probing and encoding end."""


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
        return probing.probe(path, Path(folder))


def commands(path: Path) -> Iterator[list[str]]:
    """Yield the ffmpeg commands that would encode the file at `path`, without running them.

    The gain of the sound is shown as 0 dB: it is known only after the measuring command.
    """
    with tempfile.TemporaryDirectory(prefix="siar-plan-") as folder:
        scratch = Path(folder)
        source = probing.probe(path, scratch)
        plan = make_plan(source, probing.measure(path, source, scratch, lambda: False))
    tool, name = tools.ffmpeg(), str(path.resolve())
    if plan.audio.track is not None:
        yield sound.loudness_argv(tool, name, plan)
    yield sound.audio_argv(tool, name, plan, 0, "sound.mp4")
    for chunk in plan.chunks:
        outputs = [f"{rung.name}-{chunk.index}.mp4" for rung in plan.rungs]
        yield encoding.chunk_argv(tool, name, plan, chunk, outputs)


def publish(
    path: Path,
    store: Store,
    publication_id: str,
    *,
    on_progress: Callable[[Progress], None],
    cancelled: Callable[[], bool],
    scratch: Path,
    now: Callable[[], datetime],
    leave_growing: bool = False,
) -> Publication:
    """Encode the file at `path` into `store` and return the whole publication.

    `publication_id` is 32 lower-case hex digits; `scratch` is a folder that is
    there, in which a folder of this work's own is made and removed. A growing
    publication that is found under this id is continued, so a killed process
    costs at most one chunk; a whole one is returned as it is.

    Raises UnusableSource, StepFailed or Cancelled (within two seconds of
    `cancelled()` turning true) with the publication's folder removed, unless
    `leave_growing`: for workers that may have lost their job to another one, and
    so must not touch what that one writes. StoreUnavailable, and whatever
    `on_progress` or `cancelled` raise, always leave the growing publication, to
    be continued. No process and no scratch file is left in any case.
    """
    found = found_whole(store, publication_id)
    if found is not None:
        return found
    with _own_folder(scratch, publication_id) as folder:
        work = _Work(store, publication_id, folder, on_progress, cancelled, now)
        try:
            return work.run(path)
        except (UnusableSource, StepFailed, Cancelled):
            if not leave_growing:
                with contextlib.suppress(StoreUnavailable):
                    remove(store, publication_id)
            raise


@contextlib.contextmanager
def _own_folder(scratch: Path, publication_id: str) -> Iterator[Path]:
    """Make a folder for this work, without what a killed run of it left, and remove it after."""
    folder = scratch / f"encode-{publication_id}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


class _Work:
    """One call of `publish`: what its steps share."""

    def __init__(
        self,
        store: Store,
        publication_id: str,
        scratch: Path,
        on_progress: Callable[[Progress], None],
        cancelled: Callable[[], bool],
        now: Callable[[], datetime],
    ) -> None:
        self._store, self._publication_id = store, publication_id
        self._scratch, self._now = scratch, now
        self._on_progress, self._cancelled = on_progress, cancelled
        self._forecast = Forecast()
        self._publication: Publication | None = None

    def run(self, path: Path) -> Publication:
        """Probe, plan, encode, finish."""
        self._tell("probing", 0)
        path, source = self._seekable(path, probing.probe(path, self._scratch))
        extent = probing.measure(path, source, self._scratch, self._cancelled)
        return self._make(path, self._shelf(make_plan(source, extent)))

    def _make(self, path: Path, shelf: Shelf) -> Publication:
        plan = shelf.plan
        encode_title(
            path,
            plan,
            shelf,
            self._scratch,
            cancelled=self._cancelled,
            check=self._check,
            on_frames=lambda frames: self._tell_encoded(frames / plan.frames),
            on_growth=lambda frames: self._grown(shelf.grow(), frames / plan.frames),
        )
        self._tell("finishing", _ENCODED)
        posters = pictures.make_posters(plan, shelf, self._scratch, self._cancelled)
        self._tell("finishing", 0.98)
        storyboard = pictures.make_storyboard(plan, shelf, self._scratch, self._cancelled)
        self._publication = shelf.finish(posters, storyboard)
        self._tell("finishing", 1)
        return self._publication

    def _seekable(self, path: Path, source: Source) -> tuple[Path, Source]:
        """Return a file that can be sought in: `path`, or its streams copied beside an index.

        Where copying fails, chunks that start wrongly are made again from further back.
        """
        copy = self._scratch / "source.mkv"
        if not source.needs_remux:
            return path, source
        if not probing.remux(path, copy, self._scratch, self._cancelled):
            return path, source
        return copy, probing.probe(copy, self._scratch)

    def _shelf(self, plan: EncodePlan) -> Shelf:
        return Shelf(
            self._store, plan, self._publication_id, created=self._now(), check=self._check
        )

    def _check(self) -> None:
        if self._cancelled():
            raise Cancelled("The work was stopped on request; nothing of it is left.")

    def _grown(self, publication: Publication, part: float) -> None:
        self._publication = publication
        self._tell_encoded(part)

    def _tell_encoded(self, part: float) -> None:
        self._tell("encoding", _PROBED + part * (_ENCODED - _PROBED))

    def _tell(self, stage: Stage, fraction: float) -> None:
        eta = None if stage == "probing" else self._forecast.seconds_left(fraction, self._now())
        self._on_progress(Progress(stage, fraction, eta, self._publication))

"""One title's encoding: the picture chunk by chunk, the sound beside it, onto the shelf."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from media_pipeline.errors import StepFailed
from media_pipeline.model.plan import Chunk, EncodePlan
from media_pipeline.steps import sound
from media_pipeline.steps.picture import encode_chunk
from media_pipeline.steps.shelf import Shelf

_WAIT = 0.1


def encode_title(
    path: Path,
    plan: EncodePlan,
    shelf: Shelf,
    scratch: Path,
    *,
    cancelled: Callable[[], bool],
    check: Callable[[], None],
    on_frames: Callable[[int], None],
    on_growth: Callable[[int], None],
) -> None:
    """Put every segment of the title on the shelf, in chunks that can be played as they land.

    `on_frames` is told how many frames of the title are encoded, `on_growth` how
    many can be played; `check` raises when the work is to stop.
    """
    done = shelf.resume()
    with _sound_beside(path, plan, shelf, scratch) as (work, cutter):
        for chunk in plan.chunks[done:]:
            _add_chunk(path, plan, chunk, shelf, scratch, cancelled, on_frames)
            _add_sound(shelf, cutter, work, shelf.picture_segments, check)
            on_growth(chunk.end)
        _add_sound(shelf, cutter, work, len(plan.segments), check)


def _add_chunk(
    path: Path,
    plan: EncodePlan,
    chunk: Chunk,
    shelf: Shelf,
    scratch: Path,
    cancelled: Callable[[], bool],
    on_frames: Callable[[int], None],
) -> None:
    files = encode_chunk(
        path,
        plan,
        chunk,
        scratch,
        inits=shelf.inits,
        cancelled=cancelled,
        on_frames=lambda frames: on_frames(min(chunk.first + frames, chunk.end)),
    )
    shelf.add_picture(files)
    for file in files:
        file.path.unlink()


@contextlib.contextmanager
def _sound_beside(
    path: Path, plan: EncodePlan, shelf: Shelf, scratch: Path
) -> Iterator[tuple[Future[None], sound.SoundCutter]]:
    """Measure and encode the sound in a thread beside the block, and end it with the block."""
    output = scratch / "sound.mp4"
    leaving = threading.Event()

    def make() -> None:
        shelf.loudness = sound.measure_loudness(path, plan, scratch, leaving.is_set)
        sound.encode_sound(
            path,
            plan,
            output,
            loudness=shelf.loudness,
            scratch=scratch,
            cancelled=leaving.is_set,
        )

    with ThreadPoolExecutor(1, thread_name_prefix="sound") as pool:
        work = pool.submit(make)
        try:
            yield work, sound.SoundCutter(output, plan)
        finally:
            leaving.set()


def _add_sound(
    shelf: Shelf,
    cutter: sound.SoundCutter,
    work: Future[None],
    count: int,
    check: Callable[[], None],
) -> None:
    """Wait until the shelf has `count` segments of sound."""
    while True:
        finished = work.done()
        if finished:
            work.result()
        segments = cutter.new_segments(skip=shelf.sound_segments)
        shelf.add_sound(cutter.init, segments)
        if shelf.sound_segments >= count:
            return
        if finished:
            raise StepFailed("The sound ends before the picture: try again.")
        check()
        with contextlib.suppress(TimeoutError):
            work.result(timeout=_WAIT)

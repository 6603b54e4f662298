"""A file that can be sought in: the original, or a copy of its streams beside an index.

A copy is made once for all tasks of a title that are done on this machine, in a
folder that they share; whoever comes while it is made waits for it.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from media_pipeline import tools
from media_pipeline.errors import Cancelled, UnusableSource
from media_pipeline.model.source import Source
from media_pipeline.planning import commands
from media_pipeline.planning.inputs import MAX_SECONDS
from media_pipeline.planning.supplements import covers
from media_pipeline.steps import probing

_FILM_LIMITS = tools.Limits(memory=4 << 30, cpu_seconds=600, wall_seconds=1800, file_bytes=64 << 30)
# Copying reads the whole file: a slow disk with 20 GB needs minutes, never much CPU.
_COPY_LIMITS = tools.Limits(memory=1 << 30, cpu_seconds=600, wall_seconds=3600, file_bytes=1 << 20)
_LOOK = 0.1
"""Seconds between two looks at whether another task has made the copy."""


def readable(
    path: Path,
    source: Source,
    scratch: Path,
    cancelled: Callable[[], bool],
    shared: Path | None = None,
) -> Path:
    """Return `path` if it can be sought in, else a copy that can, made in `scratch`.

    With `shared`, a folder that lasts as long as the title is worked at on this
    machine, the copy is kept there for its other tasks. Raises UnusableSource,
    StepFailed or Cancelled.
    """
    if not source.needs_copy:
        return path
    if shared is None:
        return _copied(path, source, scratch, cancelled)
    copy = shared / f"{_digest(source)}.mkv"
    with _alone(shared, cancelled):
        if not copy.is_file():
            made = _copied(path, source, scratch, cancelled)
            if made == path:
                return path
            _move(made, copy)
    return copy


def _copied(path: Path, source: Source, scratch: Path, cancelled: Callable[[], bool]) -> Path:
    """Return a copy of `path` in `scratch`; `path` itself where that cannot be made.

    Chunks that then start wrongly are made again from further back.
    """
    copy = scratch / "source.mkv"
    if source.sound_only:
        return film_sound(path, source, copy, scratch, cancelled)
    return copy if _remux(path, source, copy, scratch, cancelled) else path


def _digest(source: Source) -> str:
    """Return a name for what is made of `source`: another file under the same title has another."""
    return hashlib.sha256(msgspec.json.encode(source)).hexdigest()[:16]


@contextlib.contextmanager
def _alone(folder: Path, cancelled: Callable[[], bool]) -> Iterator[None]:
    """Be the only one, of all processes of this machine, that makes something in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("ab") as lock:
        while not _locked(lock.fileno()):
            if cancelled():
                raise Cancelled
            time.sleep(_LOOK)
        yield


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _move(made: Path, copy: Path) -> None:
    """Put `made` in place in one step, as the only copy there: a killed mover leaves none."""
    for left in (*copy.parent.glob("*.mkv"), *copy.parent.glob("*.part")):
        left.unlink()
    beside = copy.with_suffix(".part")
    shutil.move(made, beside)
    with beside.open("rb") as file:
        # Without it a power cut may leave the name on a file with holes.
        os.fsync(file.fileno())
    beside.replace(copy)


def _remux(
    path: Path, source: Source, copy: Path, scratch: Path, cancelled: Callable[[], bool]
) -> bool:
    """Copy the streams of `path` to `copy`; return whether ffmpeg found that it can be done."""
    size = 2 * path.stat().st_size + _COPY_LIMITS.file_bytes
    ended = tools.run(
        commands.remux_argv(tools.ffmpeg(), str(path.resolve()), source, str(copy)),
        limits=msgspec.structs.replace(_COPY_LIMITS, file_bytes=size),
        scratch=scratch,
        name="remux",
        cancelled=cancelled,
    )
    return ended.code == 0


def film_sound(
    path: Path, source: Source, film: Path, scratch: Path, cancelled: Callable[[], bool]
) -> Path:
    """Write the sounds at `path` with a still picture to `film`, and return it.

    The picture is the file's cover art, or a waveform if there is none that can be
    drawn. Raises UnusableSource if there is no sound to be heard in the file.
    """
    tool, sound = tools.ffmpeg(), scratch / "source-sound.mkv"

    def made(name: str, argv: list[str], product: Path) -> bool:
        ended = tools.run(
            argv, limits=_FILM_LIMITS, scratch=scratch, name=name, cancelled=cancelled
        )
        # A code of its own: nothing of the stream could be used.
        return ended.code == 0 and product.is_file() and product.stat().st_size > 0

    try:
        name = str(path.resolve())
        if not made("sounds", covers.sound_argv(tool, name, str(sound)), sound):
            raise _unheard()
        # What the container claims may be a guess; the copy has counted.
        seconds = probing.probe(sound, scratch, cancelled).duration
        if not 0 < seconds <= MAX_SECONDS:
            raise _unheard()
        drawn = source.cover is not None and made(
            "cover",
            covers.cover_argv(tool, name, source.cover, str(sound), seconds, str(film)),
            film,
        )
        if not drawn and not made(
            "wave", covers.wave_argv(tool, str(sound), seconds, str(film)), film
        ):
            raise _unheard()
        return film
    finally:
        sound.unlink(missing_ok=True)


def _unheard() -> UnusableSource:
    return UnusableSource(
        "unreadable", "The file opens but holds no sound: export it again and send that."
    )

"""Filming a still picture for sound that has none."""

from collections.abc import Callable
from pathlib import Path

from media_pipeline import tools
from media_pipeline.errors import UnusableSource
from media_pipeline.model.source import Source
from media_pipeline.planning.inputs import MAX_SECONDS
from media_pipeline.planning.supplements import covers
from media_pipeline.steps import probing

_LIMITS = tools.Limits(memory=4 << 30, cpu_seconds=600, wall_seconds=1800, file_bytes=64 << 30)


def film_sound(
    path: Path, source: Source, film: Path, scratch: Path, cancelled: Callable[[], bool]
) -> Path:
    """Write the sounds at `path` with a still picture to `film`, and return it.

    The picture is the file's cover art, or a waveform if there is none that can be
    drawn. Raises UnusableSource if there is no sound to be heard in the file.
    """
    tool, sound = tools.ffmpeg(), scratch / "source-sound.mkv"

    def made(argv: list[str], product: Path) -> bool:
        ended = tools.run(argv, limits=_LIMITS, scratch=scratch, name="still", cancelled=cancelled)
        return ended.code == 0 and product.is_file() and product.stat().st_size > 0

    try:
        name = str(path.resolve())
        if not made(covers.sound_argv(tool, name, str(sound)), sound):
            raise _unheard()
        # What the container claims may be a guess; the copy has counted.
        seconds = probing.probe(sound, scratch).duration
        if not 0 < seconds <= MAX_SECONDS:
            raise _unheard()
        drawn = source.cover is not None and made(
            covers.cover_argv(tool, name, source.cover, str(sound), seconds, str(film)), film
        )
        if not drawn and not made(covers.wave_argv(tool, str(sound), seconds, str(film)), film):
            raise _unheard()
        return film
    finally:
        sound.unlink(missing_ok=True)


def _unheard() -> UnusableSource:
    return UnusableSource(
        "unreadable", "The file opens but holds no sound: export it again and send that."
    )

"""Turning scenes into a file: frames go to one ffmpeg as raw pictures."""

import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg
from PIL import Image

from cms.demo.films import sound
from cms.demo.films.cards import sample_mark
from cms.demo.films.motion import Scene
from cms.demo.films.stage import Stage

RATE = 25
CROSSFADE = 0.4


@dataclass(frozen=True)
class Film:
    """A film that code can make: its size in pixels, its music and its scenes."""

    key: str
    width: int
    height: int
    mood: sound.Mood
    scenes: Callable[[Stage], Sequence[Scene]]


class FilmFailed(Exception):
    """ffmpeg did not finish; the text is what it said last."""


def make(film: Film, target: Path, *, seconds: float | None = None) -> Path:
    """Write a film to `target` (MP4) and return it.

    With `seconds` the whole film runs through in that time: tests see every
    scene without waiting. The file appears under its name only when it is whole.
    """
    half = target.with_suffix(".part.mp4")
    with tempfile.TemporaryDirectory() as folder:
        music = Path(folder) / "loop.wav"
        music.write_bytes(sound.loop(film.mood))
        errors = Path(folder) / "ffmpeg.txt"
        stage = Stage(film.width, film.height)
        scenes = list(film.scenes(stage))
        mark = sample_mark(stage)
        for scene in scenes:
            scene.layers = [*scene.layers, mark]
        length = sum(scene.seconds for scene in scenes)
        with errors.open("wb") as log:
            code = _pipe(
                _command(film, music, half, seconds or length), frames(scenes, seconds), log
            )
        if code:
            half.unlink(missing_ok=True)
            raise FilmFailed(errors.read_text(errors="replace")[-400:])
    half.replace(target)
    return target


def frames(scenes: Sequence[Scene], seconds: float | None = None) -> Iterator[Image.Image]:
    """Yield 25 pictures a second; each scene begins by fading in over the last one."""
    length = sum(scene.seconds for scene in scenes)
    speed = length / seconds if seconds else 1.0
    starts = [sum(s.seconds for s in scenes[:i]) for i in range(len(scenes))]
    last: Image.Image | None = None
    here = 0
    picture = scenes[0].frame(0)
    for number in range(round((seconds or length) * RATE)):
        t = number / RATE * speed
        while here + 1 < len(scenes) and t >= starts[here + 1]:
            here, last = here + 1, picture
        picture = scenes[here].frame(t - starts[here])
        part = (t - starts[here]) / CROSSFADE
        yield Image.blend(last, picture, part) if last and part < 1 else picture


def _command(film: Film, music: Path, target: Path, seconds: float) -> list[str]:
    fade = max(0.0, seconds - 1.2)
    return [
        imageio_ffmpeg.get_ffmpeg_exe(),
        *("-y", "-hide_banner", "-loglevel", "error"),
        # Raw pictures have no header: size and rate must be said.
        *("-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{film.width}x{film.height}"),
        *("-r", str(RATE), "-i", "pipe:0"),
        # The loop is four bars; it repeats until the picture ends.
        *("-stream_loop", "-1", "-i", str(music)),
        *("-t", f"{seconds:.3f}"),
        *(
            "-af",
            f"aecho=0.8:0.6:90|170:0.25|0.15,afade=t=in:d=0.3,afade=t=out:st={fade:.2f}:d=1.2",
        ),
        # Speed before size: this file is encoded again at once. One thread, so that bytes do not depend on the machine.
        *("-c:v", "libx264", "-preset", "ultrafast", "-crf", "17", "-threads", "1"),
        # Untagged RGB would be turned with BT.601 and shown as BT.709.
        *("-vf", "scale=out_color_matrix=bt709:out_range=tv", "-pix_fmt", "yuv420p"),
        *("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"),
        *("-c:a", "aac", "-b:a", "96k", "-ar", "48000", "-ac", "2"),
        # No times or versions in the file: the same film is the same bytes.
        *("-map_metadata", "-1", "-fflags", "+bitexact", "-flags", "+bitexact"),
        *("-movflags", "+faststart", str(target)),
    ]


def _pipe(command: list[str], pictures: Iterator[Image.Image], log: object) -> int:
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=log)  # type: ignore[call-overload]
    try:
        with process.stdin as pipe:
            for picture in pictures:
                pipe.write(picture.tobytes())
    except BrokenPipeError:
        return process.wait() or 1
    except BaseException:
        process.kill()
        raise
    return process.wait()

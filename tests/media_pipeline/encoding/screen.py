"""Films whose every pixel is known, and the pixels and moments of what came out of them."""

import array
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from media_pipeline import tools
from media_pipeline.model.publication import Rendition

from .conftest import Made

Colour = tuple[int, int, int]


def paint(size: tuple[int, int], colour: Callable[[int, int], Colour]) -> bytes:
    """One RGB picture of `size`, of what `colour` says for each x and y."""
    width, height = size
    return b"".join(bytes(colour(x, y)) for y in range(height) for x in range(width))


def shoot(
    path: Path,
    size: tuple[int, int],
    pictures: Iterable[bytes],
    *flags: str,
    rate: str = "25",
    before: tuple[str, ...] = (),
    sound: bytes | None = None,
) -> Path:
    """Film the RGB `pictures`, `sound` is 48 kHz mono; `before` stands before the output's flags.

    ffmpeg may speak here: some of these films are wrong on purpose.
    """
    raw, heard = path.with_suffix(".rgb"), path.with_suffix(".pcm")
    raw.write_bytes(b"".join(pictures))
    given = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{size[0]}x{size[1]}", "-r", rate]
    given += ["-i", str(raw)]
    if sound is not None:
        heard.write_bytes(sound)
        given += ["-f", "s16le", "-ar", "48000", "-ac", "1", "-i", str(heard)]
    run("-y", *given, *before, *flags, str(path))
    raw.unlink()
    heard.unlink(missing_ok=True)
    return path


def run(*arguments: str) -> bytes:
    """Run ffmpeg, which has to succeed, and return its stdout."""
    argv = [tools.ffmpeg(), "-nostdin", "-v", "error", *arguments]
    done = subprocess.run(argv, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@dataclass(frozen=True)
class Frame:
    """A decoded picture; places are parts of its width and height, from 0 to 1."""

    width: int
    height: int
    rgb: bytes

    def at(self, x: float, y: float) -> Colour:
        """The colour at a place."""
        column, row = int(x * self.width), int(y * self.height)
        start = 3 * (row * self.width + column)
        red, green, blue = self.rgb[start : start + 3]
        return red, green, blue

    def grey(self, x: float, y: float) -> float:
        """The brightness at a place, 0 to 255."""
        return sum(self.at(x, y)) / 3

    @property
    def mean(self) -> float:
        """The brightness of all of it."""
        return sum(self.rgb) / len(self.rgb)

    def run_of_light(self, *, row: float | None = None, column: float | None = None) -> int:
        """How many pixels of a row or a column are bright."""
        if row is not None:
            return sum(self.grey((x + 0.5) / self.width, row) > 128 for x in range(self.width))
        assert column is not None
        return sum(self.grey(column, (y + 0.5) / self.height) > 128 for y in range(self.height))


def frames_of(film: Path, size: tuple[int, int], filters: str = "null") -> list[Frame]:
    """Every picture of `film`, as a player that believes its tags shows them."""
    width, height = size
    turned = f"{filters},scale={width}:{height}:flags=accurate_rnd+full_chroma_int,format=rgb24"
    data = run("-i", str(film), "-vf", turned, "-fps_mode", "passthrough", "-f", "rawvideo", "-")
    length = width * height * 3
    return [Frame(width, height, data[n : n + length]) for n in range(0, len(data), length)]


def shown(made: Made, folder: Path, rendition: Rendition | None = None) -> list[Frame]:
    """Every picture of a rendition of `made`, the top one if none is named."""
    chosen = rendition or made.top
    return frames_of(made.joined(chosen, folder), (chosen.width, chosen.height))


def samples(made: Made, folder: Path) -> array.array:
    """The sound as 16-bit mono samples at 48 kHz."""
    film = made.joined(made.publication.audio, folder)
    return array.array("h", run("-i", str(film), "-ac", "1", "-f", "s16le", "-"))


def seconds(rendition: Rendition) -> float:
    """How long a rendition plays."""
    return sum(segment.duration for segment in rendition.segments) / rendition.timescale


def in_step(made: Made) -> bool:
    """Whether all renditions agree on count and length, as the house format wants it."""
    videos, audio = made.publication.videos, made.publication.audio
    lengths = {seconds(video) for video in videos}
    counts = {len(rendition.segments) for rendition in made.publication.renditions}
    short = lengths.pop() - seconds(audio)
    return not lengths and len(counts) == 1 and 0 <= short < 1024 / 48_000


# A clapperboard: at each moment the picture flashes white and a tone sounds for 0.2 s.
CLAPS = (0.4, 1.6, 2.4)
BOARD = (160, 90)


def clapperboard(path: Path, *flags: str, before: tuple[str, ...] = (), length: int = 75) -> Path:
    """Film `length` frames at 25 a second with a flash and a beep at each of CLAPS."""
    white, black = (bytes([level]) * (BOARD[0] * BOARD[1] * 3) for level in (235, 16))
    lit = [any(0 <= n - round(clap * 25) < 5 for clap in CLAPS) for n in range(length)]
    tone = array.array("h", (9_000 if n // 24 % 2 else -9_000 for n in range(1920)))
    heard = b"".join(tone.tobytes() if on else bytes(2 * 1920) for on in lit)
    codecs = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "50")
    pictures = (white if on else black for on in lit)
    all_flags = (*codecs, "-c:a", "pcm_s16le" if path.suffix in (".mkv", ".avi") else "aac", *flags)
    return shoot(path, BOARD, pictures, *all_flags, before=before, sound=heard)


def flashes(made: Made, folder: Path) -> list[float]:
    """When the picture turns bright, in seconds."""
    lit = [False, *(frame.grey(0.5, 0.5) > 128 for frame in shown(made, folder))]
    rate = made.publication.frame_rate
    return [n / rate for n in range(len(lit) - 1) if lit[n + 1] and not lit[n]]


def beeps(made: Made, folder: Path) -> list[float]:
    """When a tone begins after at least 0.1 s of quiet, in seconds."""
    begun, quiet = [], 4_800
    for n, level in enumerate(samples(made, folder)):
        if abs(level) > 4_000:
            if quiet >= 4_800:
                begun.append(n / 48_000)
            quiet = 0
        else:
            quiet += 1
    return begun


def together(made: Made, folder: Path, claps: Iterable[float] = CLAPS) -> None:
    """Assert that flashes and beeps come at `claps`, and within 20 ms of each other."""
    expected = list(claps)
    seen, heard = flashes(made, folder), beeps(made, folder)
    assert (len(seen), len(heard)) == (len(expected), len(expected)), (seen, heard)
    for clap, flash, beep in zip(expected, seen, heard, strict=True):
        assert abs(flash - clap) <= 0.04, (clap, flash)
        assert abs(flash - beep) <= 0.02, (flash, beep)

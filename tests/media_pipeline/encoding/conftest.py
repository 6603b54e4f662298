"""Short films made by code, and publications made of them by real ffmpeg."""

import json
import subprocess
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from media_pipeline import pipeline, tools
from media_pipeline.model import keys
from media_pipeline.model.publication import Publication, Rendition
from media_pipeline.stores import LocalStore, Store
from tests.quick import quick_presets, real_presets  # noqa: F401

ID = "0123456789abcdef" * 2


def ffmpeg(*arguments: str) -> str:
    """Run ffmpeg, which has to succeed without a word, and return its stdout."""
    done = subprocess.run(
        [tools.ffmpeg(), "-nostdin", "-hide_banner", "-v", "error", "-y", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def ffprobe(*arguments: str) -> dict:
    """Run ffprobe, which has to succeed without a word, and return its JSON."""
    done = subprocess.run(
        [tools.ffprobe(), "-v", "error", "-of", "json", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


class Made:
    """A publication in a local store, with what tests ask of it."""

    def __init__(self, store: LocalStore, publication: Publication) -> None:
        self.store, self.publication = store, publication
        self.folder = store.path(keys.publication_folder(publication.id))

    @property
    def top(self) -> Rendition:
        return self.publication.videos[-1]

    def init(self, rendition: str) -> bytes:
        """The initialisation of `rendition`."""
        found = next(r for r in self.publication.renditions if r.name == rendition)
        return (self.folder / found.init.uri).read_bytes()

    def joined(self, rendition: Rendition, into: Path) -> Path:
        """Init and all segments as one file, as a player's buffer has them."""
        film = into / f"{rendition.name}.mp4"
        uris = [rendition.init.uri, *(segment.uri for segment in rendition.segments)]
        film.write_bytes(b"".join((self.folder / uri).read_bytes() for uri in uris))
        return film


def publish(path: Path, folder: Path, **given: object) -> Made:
    """Publish `path` into a store in `folder`."""
    store = LocalStore(folder / "store")
    store.create()
    return Made(store, publish_at(path, store, folder / "scratch", **given))


def publish_at(path: Path, store: Store, scratch: Path, **given: object) -> Publication:
    """Publish `path` into `store`, in a folder `scratch` that has to be empty after."""
    scratch.mkdir(parents=True, exist_ok=True)
    arguments: dict = {
        "on_progress": lambda _progress: None,
        "cancelled": lambda: False,
        "scratch": scratch,
        "now": lambda: datetime(2026, 11, 24, 6, tzinfo=UTC),
        **given,
    }
    made = pipeline.publish(path, store, ID, **arguments)
    assert not list(scratch.iterdir())
    return made


Film = Callable[..., Path]

PICTURE = "testsrc2=s={size}:r={rate}:d={seconds}"
SOUND = "sine=frequency=440:sample_rate=44100:duration={seconds}"


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Film:
    """Make a film: `film("a.mp4", size="640x360", rate="25", seconds=5, flags=[…])`."""
    folder = tmp_path_factory.mktemp("films")
    stands: dict[str, tuple] = {}

    def make(
        name: str,
        *,
        size: str = "320x180",
        rate: str = "25",
        seconds: float = 3,
        sound: bool = True,
        filters: str = "null",
        flags: Sequence[str] = (),
    ) -> Path:
        path, shape = folder / name, (size, rate, seconds, sound, filters, *flags)
        if stands.get(name) == shape and path.exists():
            return path
        stands[name] = shape
        picture = PICTURE.format(size=size, rate=rate, seconds=seconds)
        heard = ["-f", "lavfi", "-i", SOUND.format(seconds=seconds)] if sound else []
        # -f lavfi of our own making; a long group, so that chunks start inside one.
        ffmpeg(
            *("-f", "lavfi", "-i", picture, *heard, "-vf", filters),
            *("-c:v", "libx264", "-preset", "ultrafast", "-g", "250", "-pix_fmt", "yuv420p"),
            *("-c:a", "aac", *flags, str(path)),
        )
        return path

    return make

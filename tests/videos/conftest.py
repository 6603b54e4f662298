"""What tests of videos need: a folder of their own for everything that is written."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client

from cms.core.models import User
from cms.videos import contents
from cms.videos.actions import do_create_video
from cms.videos.models import Video
from tests.originals import keep_originals_in
from tests.quick import quick_presets, real_presets  # noqa: F401
from tests.videos.films import make_film

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def folders(settings, tmp_path: Path, store_kind: str, request) -> Path:
    """Uploads, originals, published store and scratch in a fresh folder, or in a bucket."""
    settings.UPLOADS_FOLDER = tmp_path / "uploads"
    contents.forget()
    settings.SCRATCH_FOLDER = tmp_path / "scratch"
    settings.PUBLISHED = {"kind": "local", "folder": tmp_path / "published"}
    keep_originals_in(settings, tmp_path / "originals")
    if store_kind == "s3":
        settings.PUBLISHED = request.getfixturevalue("s3_settings")
        settings.STORAGES = {
            **settings.STORAGES,
            "originals": request.getfixturevalue("s3_originals"),
        }
    return tmp_path


@pytest.fixture(scope="session")
def minute(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film of a minute, made once."""
    folder = tmp_path_factory.mktemp("minute")
    return make_film(folder / "panjang.mp4", seconds=60, size="640x360")


@pytest.fixture
def long_film(minute: Path, tmp_path: Path) -> Path:
    """A film whose encode takes longer than a test."""
    return Path(shutil.copy(minute, tmp_path))


@pytest.fixture
def cookie_of() -> Callable[[User], str]:
    """Return the Cookie header of somebody signed in."""

    def cookie(user: User) -> str:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return f"sessionid={client.cookies['sessionid'].value}"

    return cookie


@pytest.fixture
def make_video(tmp_path: Path) -> Callable[..., Video]:
    """Make a video as a finished upload does; its original is no real film."""

    def make(cooperative, title="Pagi di pasar (contoh)", **editorial) -> Video:
        path = tmp_path / "rekaman.mp4"
        path.write_bytes(b"not a film")
        return do_create_video(cooperative, title, path, None, NOW, **editorial)

    return make

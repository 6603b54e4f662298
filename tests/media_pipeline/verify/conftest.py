"""One publication made by the pipeline, and copies of it to damage."""

import shutil
import subprocess
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from media_pipeline import pipeline, tools
from media_pipeline.stores import LocalStore
from media_pipeline.verify import Finding, Folder, verify
from tests.encoded import once

ID = "0123456789abcdef" * 2


@pytest.fixture(scope="session")
def store() -> LocalStore:
    """A store with one publication of nine seconds, two rungs, sound and a file to keep."""
    return LocalStore(once("verify", _encode))


def _encode(folder: Path) -> None:
    store = LocalStore(folder)
    store.create()
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        film = scratch / "film.mp4"
        command = [tools.ffmpeg(), "-v", "error", "-f", "lavfi", "-i"]
        command += ["testsrc2=s=426x240:r=25:d=9", "-f", "lavfi", "-i", "sine=d=9"]
        command += ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]
        subprocess.run([*command, "-c:a", "aac", str(film)], check=True, timeout=60)
        pipeline.publish(
            film,
            store,
            ID,
            on_progress=lambda _progress: None,
            cancelled=lambda: False,
            scratch=scratch,
            now=lambda: datetime(2026, 11, 24, tzinfo=UTC),
            download=True,
        )


@pytest.fixture
def folder(store: LocalStore, tmp_path: Path) -> Path:
    """A copy of the publication that may be damaged.

    As the earlier releases laid them out, which stay as they are: without the folder of a job.
    """
    copy = tmp_path / "publication"
    shutil.copytree(store.path(f"publications/{ID}"), copy)
    (job,) = (path for path in copy.iterdir() if path.is_dir())
    for rendition in job.iterdir():
        rendition.rename(copy / rendition.name)
    job.rmdir()
    for text in (path for path in copy.iterdir() if path.suffix in (".json", ".m3u8", ".mpd")):
        text.write_text(text.read_text().replace(f"{job.name}/", ""))
    return copy


Found = Callable[[], list[str]]


@pytest.fixture
def found(folder: Path) -> Found:
    """Check the copy: what is wrong, as people read it."""

    def look() -> list[str]:
        findings = verify(Folder(folder))
        assert all(isinstance(finding, Finding) for finding in findings)
        assert all("\n" not in str(finding) for finding in findings)
        return [str(finding) for finding in findings]

    return look

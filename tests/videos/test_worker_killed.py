"""A real worker (Huey's consumer in a process of its own) that is killed in the middle."""

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from setup import template_database
from tests.videos.films import make_film

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow

CREATE = """
from pathlib import Path
from cms.cooperatives.models import Cooperative
from cms.core import clock
from cms.videos.actions import do_create_video
market = Cooperative.objects.first() or Cooperative.add_root(
    name="Koppas (contoh)", slug="koppas", level="koppas", city="Malang")
print(do_create_video(market, "Pagi (contoh)", Path({path!r}), None, clock.now()).pk)
"""
STATE = """
select e.state, e.progress, (select sum(t.setbacks) from videos_encodetask t where t.encode_id = e.id),
m.publication from videos_encode e join videos_media m on m.video_id = e.video_id where e.video_id = ?
"""


class Install:
    """A Siar with a database, a queue and a store of its own, driven from outside."""

    def __init__(self, var: Path) -> None:
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "cms.settings.development",
            "SIAR_SECRET_KEY": "only for tests",
            "SIAR_VAR": str(var),
        }
        self.var = var
        self.workers: list[subprocess.Popen] = []
        var.mkdir()
        template_database.lay(var / "siar.sqlite3")

    def python(self, code: str) -> str:
        """Run `code` in the install; return what it printed."""
        return self._run("-c", f"import django; django.setup()\n{code}").strip()

    def start_worker(self) -> subprocess.Popen:
        """Start Huey's consumer in a process group of its own."""
        log = (self.var / "worker.log").open("ab")
        worker = subprocess.Popen(
            [sys.executable, "manage.py", "run_huey"],
            cwd=ROOT,
            env=self.environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        self.workers.append(worker)
        return worker

    def state(self, video: str) -> tuple:
        """Return state, progress, setbacks and the publication in use, from the database file."""
        with sqlite3.connect(f"file:{self.var}/siar.sqlite3?mode=ro", uri=True) as database:
            return database.execute(STATE, (video,)).fetchone()

    def publications(self) -> list[str]:
        """Return what is in the store; hidden is the desk where files are written first."""
        folders = (self.var / "published" / "publications").iterdir()
        return [folder.name for folder in folders if not folder.name.startswith(".")]

    def wait_for(self, video: str, wanted, seconds: float = 180) -> tuple:
        """Poll until `wanted(state, progress)`."""
        deadline = time.monotonic() + seconds
        while True:
            found = self.state(video)
            if wanted(found[0], found[1]):
                return found
            time.sleep(0.1)
            assert time.monotonic() < deadline, (
                found,
                (self.var / "worker.log").read_text()[-3000:],
            )

    def _run(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def kill(worker: subprocess.Popen) -> None:
    """Kill a worker and all that it started, as a power cut does."""
    if worker.poll() is None:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()


@pytest.fixture
def install(tmp_path):
    made = Install(tmp_path / "var")
    yield made
    for worker in made.workers:
        kill(worker)


def test_a_worker_that_is_killed_in_the_middle_loses_nothing(install, tmp_path):
    film = make_film(tmp_path / "panjang.mp4", seconds=30, size="480x270")
    video = install.python(CREATE.format(path=str(film)))
    first = install.start_worker()
    install.wait_for(video, lambda state, progress: state == "encoding" and progress > 0.15)
    kill(first)
    state, _progress, setbacks, publication = install.state(video)
    assert (state, setbacks, publication) == ("encoding", 0, "")
    install.start_worker()
    state, _progress, setbacks, publication = install.wait_for(video, lambda s, _: s == "ready")
    assert setbacks >= 1
    assert len(publication) == 32
    assert install.publications() == [publication]
    assert list((install.var / "scratch").iterdir()) == []


def test_two_workers_share_the_work_and_do_nothing_twice(install, tmp_path):
    film = make_film(tmp_path / "pagi.mp4", seconds=2)
    code = CREATE.format(path=str(film))
    videos = install.python(f"for _ in range(3):{textwrap.indent(code, '    ')}").splitlines()
    install.start_worker()
    install.start_worker()
    for video in videos:
        assert install.wait_for(video, lambda state, _: state == "ready")[2] == 0
    assert len(install.publications()) == 3

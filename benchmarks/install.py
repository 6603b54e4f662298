"""A Siar of its own in a temporary folder, with the processes of a real one, for benchmarks."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from benchmarks.ports import free_port

ROOT = Path(__file__).resolve().parents[1]
LOGIN = ("redaksi", "kata-sandi-contoh")

SETUP = f"""
from cms.cooperatives.actions import do_sync_all
from cms.cooperatives.models import Cooperative
from cms.core.models import User
market = Cooperative.add_root(
    name="Koppas (contoh)", slug="koppas", level="koppas", city="Malang", market="Pasar (contoh)")
do_sync_all()
User.objects.create_superuser({LOGIN[0]!r}, password={LOGIN[1]!r})
"""


class Install:
    """Web and workers on a free port, driven from outside."""

    def __init__(self, var: Path, **settings: str) -> None:
        self.var = var
        self.port = free_port()
        self.base = f"http://localhost:{self.port}"
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "cms.settings.development",
            "SIAR_SECRET_KEY": "only for benchmarks",
            "SIAR_VAR": str(var),
            "SIAR_BASE_URL": self.base,
            **settings,
        }
        self.children: list[subprocess.Popen[bytes]] = []
        var.mkdir(parents=True, exist_ok=True)
        self._run("manage.py", "migrate", "--verbosity=0")
        self.python(SETUP)

    def python(self, code: str) -> str:
        """Run `code` in the install; return what it printed."""
        return self._run("-c", f"import django; django.setup()\n{code}").strip()

    def start_web(self) -> None:
        """Start web with origin, as `make run` does, and wait until it answers."""
        command = ["-m", "granian", "--interface", "asgi", "--loop", "uvloop", "--no-ws"]
        command += ["--port", str(self.port), "--log-level", "warning", "cms.asgi:application"]
        self.start(*command)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{self.base}/robots.txt", timeout=2).close()
                return
            time.sleep(0.2)
        raise SystemExit(f"Siar did not come up: see {self.var}/log")

    def start_worker(self) -> "subprocess.Popen[bytes]":
        """Start one worker process."""
        return self.start("manage.py", "run_huey", "--quiet")

    def start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """Start a child in a process group of its own."""
        with (self.var / "log").open("ab") as log:
            child = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.children.append(child)
        return child

    def _run(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(done.stderr)
        return done.stdout


def kill(child: "subprocess.Popen[bytes]") -> None:
    """Kill a child and all of its group at once, as a power cut does."""
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()


@contextlib.contextmanager
def running(**settings: str) -> Iterator[Install]:
    """Give an install in a temporary folder; end its processes and remove the folder after."""
    folder = Path(tempfile.mkdtemp(prefix="siar-benchmark-"))
    install = None
    # Whoever stops a benchmark in the background does not leave its workers behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        install = Install(folder / "var", **settings)
        yield install
    finally:
        for child in install.children if install else []:
            kill(child)
        shutil.rmtree(folder, ignore_errors=True)


def make_film(
    path: Path, *, seconds: int, size: str = "1280x720", rate: int = 25, hue: int = 0
) -> Path:
    """Make a film with a moving picture and a tone: ten seconds, as often as it takes."""
    from media_pipeline.tools.binaries import ffmpeg

    once = min(seconds, 10)
    reel = path.with_name(f"{path.stem}-once.mp4")
    picture = f"testsrc2=s={size}:r={rate}:d={once},hue=h={hue}"
    command = [ffmpeg(), "-v", "error", "-y", "-nostdin", "-f", "lavfi", "-i", picture]
    command += ["-f", "lavfi", "-i", f"sine={330 + hue}:d={once}", "-c:v", "libx264"]
    command += ["-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", str(reel)]
    subprocess.run(command, check=True)
    loops = -(-seconds // once) - 1
    command = [ffmpeg(), "-v", "error", "-y", "-nostdin", "-stream_loop", str(loops)]
    command += ["-i", str(reel), "-c", "copy", "-t", str(seconds), "-movflags", "+faststart"]
    subprocess.run([*command, str(path)], check=True)
    reel.unlink()
    return path

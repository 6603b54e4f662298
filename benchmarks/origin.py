"""Playlists a second of one origin process against nginx serving the same bytes as files.

    python benchmarks/origin.py [--channels 200] [--seconds 5] [--rounds 3]

Prints requests a second, the 99th percentile, requests a second of the server's own
CPU (which other work on the machine hardly moves), and their ratios; needs nginx and wrk.
Both are asked for every rendition of every channel in turn, by the same loader,
one after the other in each round, so that a busy machine troubles both alike.
"""

import argparse
import contextlib
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from benchmarks.ports import free_port

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from media_pipeline.model.keys import publication_file, rundown_file
from media_pipeline.model.publication import (
    Publication,
    Rendition,
    Segment,
    Span,
    encode_publication,
)
from media_pipeline.model.rundown import Rundown, encode_value
from media_pipeline.model.ticks import ticks_in, ticks_of
from media_pipeline.playout import Item, Reel, append
from media_pipeline.stores import LocalStore

RUNGS = {144: 256, 240: 426, 360: 640, 480: 854, 720: 1280, 1080: 1920}
PLAYLISTS = [*(f"v{rung}" for rung in RUNGS), "a48"]
SERVE = "import sys; from media_pipeline.origin.serve import serve; serve(sys.argv[1], int(sys.argv[2]))"


class Figures(msgspec.Struct):
    """Requests a second, the 99th percentile in milliseconds, requests a CPU second."""

    rate: float
    p99: float
    by_cpu: float


class Server(msgspec.Struct):
    """A server under test."""

    address: str
    pid: int

    def cpu_seconds(self) -> float:
        """What the process and its children have used so far (proc(5), fields 14 and 15)."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        used = 0
        for pid in (str(self.pid), *children):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            used += int(fields[11]) + int(fields[12])
        return used / os.sysconf("SC_CLK_TCK")


def main() -> int:
    wanted = _arguments()
    missing = [name for name in ("nginx", "wrk") if shutil.which(name) is None]
    if missing:
        print(f"This benchmark needs {' and '.join(missing)}: apt install {' '.join(missing)}")
        return 1
    with tempfile.TemporaryDirectory(prefix="siar-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        channels = [f"saluran-{n}" for n in range(wanted.channels)]
        store = LocalStore(folder / "published")
        store.create()
        _fill(store, channels)
        paths = [f"/live/{c}/{p}.m3u8" for c in channels for p in PLAYLISTS]
        with _origin(folder) as origin:
            _copy(origin.address, paths, folder / "files")
            with _nginx(folder) as nginx:
                script = _script(folder, paths)
                ours, theirs = _rounds(wanted, script, origin, nginx)
    _report(len(paths), ours, theirs)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--channels", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


def _fill(store: LocalStore, channels: list[str]) -> None:
    """Twelve items of 10 s to 8 min, and for each channel a day of them in its own order."""
    lengths = [10 + 43 * n for n in range(12)]
    made = [made_publication(n, seconds) for n, seconds in enumerate(lengths)]
    for publication in made:
        store.write(publication_file(publication.id), encode_publication(publication))
    reels = [Reel.of(publication) for publication in made]
    now = datetime.now(UTC)
    for number, channel in enumerate(channels):
        rundown = Rundown(channel, channel, "Asia/Jakarta", 1, now, (), slate=made[0].id)
        items, length = [], 0
        while length < ticks_in(86_400):
            reel = reels[(number * 7 + len(items) * (1 + number % 5)) % len(reels)]
            items.append(Item(f"e{len(items)}", reel, "programme", "Contoh"))
            length += reel.duration
        rundown = append(rundown, *items, start=ticks_of(now) - ticks_in(600 + number))
        store.write(rundown_file(channel), encode_value(rundown))


def made_publication(number: int, seconds: int) -> Publication:
    whole, rest = divmod(seconds * 90_000, 360_000)
    durations = [360_000] * whole + ([rest] if rest else [])
    return Publication(
        id=f"{number:032x}",
        state="whole",
        created=datetime(2026, 1, 1, tzinfo=UTC),
        frame_rate=25,
        width=1920,
        height=1080,
        renditions=(
            *(_rendition(f"v{r}", durations, 90_000, w, r) for r, w in RUNGS.items()),
            _rendition("a48", [d * 48 // 90 for d in durations], 48_000),
        ),
    )


def _rendition(
    name: str, durations: list[int], timescale: int, width: int = 0, height: int = 0
) -> Rendition:
    return Rendition(
        name=name,
        kind="video" if height else "audio",
        codec="avc1.64001f" if height else "mp4a.40.2",
        timescale=timescale,
        init=Span(f"{name}/init.mp4", 0, 800),
        segments=tuple(
            Segment(f"{name}/{n:05d}.m4s", 0, 100_000, d) for n, d in enumerate(durations, 1)
        ),
        bandwidth=(height or 24) * 2_000,
        average_bandwidth=(height or 24) * 1_500,
        width=width,
        height=height,
    )


@contextlib.contextmanager
def _origin(folder: Path) -> Iterator[Server]:
    port = free_port()
    command = [sys.executable, "-c", SERVE, str(folder / "published"), str(port)]
    with _process(command, f"http://127.0.0.1:{port}", "/healthz") as server:
        yield server


@contextlib.contextmanager
def _nginx(folder: Path) -> Iterator[Server]:
    port = free_port()
    config = folder / "nginx.conf"
    config.write_text(
        f"""
        daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log stderr error;
        {"user root;" if os.geteuid() == 0 else ""}
        events {{ worker_connections 1024; }}
        http {{
          access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000;
          open_file_cache max=100000; types {{ application/vnd.apple.mpegurl m3u8; }}
          client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2;
          fastcgi_temp_path {folder}/t3; uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
          server {{ listen 127.0.0.1:{port}; root {folder}/files;
                    add_header Access-Control-Allow-Origin *; }}
        }}"""
    )
    command = ["nginx", "-p", str(folder), "-c", str(config)]
    address = f"http://127.0.0.1:{port}"
    with _process(command, address, f"/live/saluran-0/{PLAYLISTS[0]}.m3u8") as server:
        yield server


@contextlib.contextmanager
def _process(command: list[str], address: str, path: str) -> Iterator[Server]:
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        for _ in range(600):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(address + path, timeout=5).close()
                break
            if process.poll() is not None:
                raise SystemExit(f"{command[0]} did not start")
            time.sleep(0.05)
        yield Server(address, process.pid)
    finally:
        process.terminate()
        process.wait(15)


def _copy(origin: str, paths: list[str], files: Path) -> None:
    """Write what the origin answers as files, for nginx to serve the same bytes."""
    for path in paths:
        target = files / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        with urllib.request.urlopen(origin + path, timeout=10) as answer:
            target.write_bytes(answer.read())


def _script(folder: Path, paths: list[str]) -> Path:
    """A wrk script that asks for every path in turn and prints its figures in one line."""
    listed = ",".join(f'"{path}"' for path in paths)
    script = folder / "wrk.lua"
    script.write_text(
        f"local paths = {{{listed}}}\nlocal n = 0\n"
        "request = function() n = n % #paths + 1; return wrk.format('GET', paths[n]) end\n"
        "done = function(s, l, r) print(string.format('FIGURES %f %f %d %d',"
        " s.requests / s.duration * 1e6, l:percentile(99) / 1e3, s.errors.status,"
        " s.requests)) end\n"
    )
    return script


def _rounds(
    wanted: argparse.Namespace, script: Path, origin: Server, nginx: Server
) -> tuple[list[Figures], list[Figures]]:
    ours: list[Figures] = []
    theirs: list[Figures] = []
    _load(origin, script, 1)
    for _ in range(wanted.rounds):
        ours.append(_load(origin, script, wanted.seconds))
        theirs.append(_load(nginx, script, wanted.seconds))
    return ours, theirs


def _load(server: Server, script: Path, seconds: int) -> Figures:
    command = ["wrk", "-t1", "-c32", f"-d{seconds}s", "-s", str(script), server.address]
    before = server.cpu_seconds()
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = re.search(r"FIGURES ([\d.]+) ([\d.]+) (\d+) (\d+)", done.stdout)
    if found is None or int(found[3]):
        raise SystemExit(f"the loader failed: {done.stdout}{done.stderr}")
    used = max(server.cpu_seconds() - before, 0.01)
    return Figures(float(found[1]), float(found[2]), int(found[4]) / used)


def _report(playlists: int, ours: list[Figures], theirs: list[Figures]) -> None:
    def middle(figures: list[Figures]) -> Figures:
        return Figures(
            *(statistics.median(getattr(f, k) for f in figures) for k in Figures.__struct_fields__)
        )

    one, other = middle(ours), middle(theirs)
    print(f"{playlists} playlists, 32 connections, median of {len(ours)} rounds")
    print(f"{'':24}{'requests/s':>12}{'p99 ms':>10}{'requests/CPU s':>16}")
    for name, found in (("origin, one process", one), ("nginx, one worker", other)):
        print(f"{name:24}{found.rate:12.0f}{found.p99:10.2f}{found.by_cpu:16.0f}")
    ratios = (one.rate / other.rate, one.p99 / other.p99, one.by_cpu / other.by_cpu)
    print(f"{'ratio':24}{ratios[0]:12.2f}{ratios[1]:10.2f}{ratios[2]:16.2f}")


if __name__ == "__main__":
    raise SystemExit(main())

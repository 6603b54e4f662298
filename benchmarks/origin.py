"""Playlists a second of one origin process against nginx serving the same bytes as files.

    python -m benchmarks.origin [--channels 200] [--seconds 3] [--rounds 5]

Prints requests a second, the 99th percentile, requests a second of the server's own
CPU (which other work on the machine hardly moves), and their ratios; needs nginx and wrk.
Both are asked for every rendition of every channel in turn, by the same loader over as many
kept connections, one right after the other, so that a busy machine troubles both alike; the
ratio is the median of those of the rounds. Once as players ask, who unpack gzip (nginx has the
packed bytes beside its files, and sends those), once without.

What is compared is the same: the bytes, the headers but for each one's own (`Server`, nginx's
`Last-Modified` and `Accept-Ranges`), one process that works, no access log. CPU is that of all
processes of each. nginx has what is best for it: files in its cache of open ones, read in one
piece, where `sendfile` would take more calls for 400 bytes. The origin looks at its store each
second, makes each text anew as segments end, and writes its journal meanwhile.

Then each at 80 % of what the origin has just reached, by 256 connections that pause: what nginx
needs there is what the machine has others do.

Targets: 0.6 of nginx's requests a second of CPU, both ways; a 99th percentile of 20 ms.
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
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from benchmarks import targets
from benchmarks.ports import free_port
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

ROOT = Path(__file__).resolve().parents[1]
TARGET, LATENCY = 0.6, 20.0
"""Of nginx's requests a second of CPU; ms at LOAD of the most."""
LOAD, REACHED, PAUSING = 0.8, 0.75, 256
WAYS = {"gzip": {"Accept-Encoding": "gzip"}, "plain": {}}
"""Headers that a client sends."""
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
        """What the process and all below it have used so far (proc(5), fields 14 and 15)."""
        used, left = 0, [str(self.pid)]
        while left:
            here = Path("/proc", left.pop())
            fields = (here / "stat").read_text().rpartition(")")[2].split()
            used += int(fields[11]) + int(fields[12])
            for children in here.glob("task/*/children"):
                left += children.read_text().split()
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
                found = {way: _rounds(wanted, folder, paths, way, origin, nginx) for way in WAYS}
                most = statistics.median(ours.rate for ours, _ in found["gzip"])
                paced, other = (
                    _paced(server, folder, paths, LOAD * most, 2 * wanted.seconds)
                    for server in (origin, nginx)
                )
    ratios = [_tell(way, rounds) for way, rounds in found.items()]
    print(f"{len(paths)} playlists; load of the machine: {os.getloadavg()[0]:.1f}")
    for name, each in (("origin", paced), ("nginx", other)):
        print(f"{name} at {each.rate / most:.0%} of {most:.0f} requests/s, p99: {each.p99:.1f} ms")
    verdicts = [
        targets.verdict(f"requests a second of CPU over nginx, {way}", ratio, TARGET, least=True)
        for way, ratio in zip(WAYS, ratios, strict=True)
    ]
    # At less than it was to be, the wait tells nothing of it.
    reached = targets.verdict(
        "part of the load that was reached", paced.rate / most, REACHED, least=True
    )
    return targets.status(
        *verdicts, reached, targets.verdict("p99 at 80 %, ms", paced.p99, LATENCY)
    )


def _arguments() -> argparse.Namespace:
    parser = targets.parser(__doc__)
    parser.add_argument("--channels", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=5)
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
    with process(command, f"http://127.0.0.1:{port}", "/healthz") as server:
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
          access_log off; sendfile off; gzip_static on; keepalive_requests 1000000000;
          open_file_cache max=100000; types {{ application/vnd.apple.mpegurl m3u8; }}
          client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2;
          fastcgi_temp_path {folder}/t3; uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
          server {{ listen 127.0.0.1:{port} backlog=2048; root {folder}/files;
                    add_header Access-Control-Allow-Origin *;
                    add_header Timing-Allow-Origin *; add_header Vary accept-encoding;
                    add_header Cache-Control "public, max-age=3"; }}
        }}"""
    )
    command = ["nginx", "-p", str(folder), "-c", str(config)]
    address = f"http://127.0.0.1:{port}"
    with process(command, address, f"/live/saluran-0/{PLAYLISTS[0]}.m3u8") as server:
        yield server


@contextlib.contextmanager
def process(command: list[str], address: str, path: str) -> Iterator[Server]:
    """Run `command` until `path` is answered at `address` and then for as long as it is used."""
    running = subprocess.Popen(command, cwd=ROOT)
    try:
        for _ in range(600):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(address + path, timeout=5).close()
                break
            if running.poll() is not None:
                raise SystemExit(f"{command[0]} did not start")
            time.sleep(0.05)
        yield Server(address, running.pid)
    finally:
        running.terminate()
        running.wait(15)


def _copy(origin: str, paths: list[str], files: Path) -> None:
    """Write what the origin answers as files, for nginx to serve the same bytes."""
    for path in paths:
        for headers in WAYS.values():
            packed = ".gz" * bool(headers)
            target = files / f"{path.lstrip('/')}{packed}"
            target.parent.mkdir(parents=True, exist_ok=True)
            request = urllib.request.Request(origin + path, headers=headers)
            with urllib.request.urlopen(request, timeout=10) as answer:
                assert answer.headers.get("content-encoding", "") == "gzip" * bool(headers)
                target.write_bytes(answer.read())


def _script(
    folder: Path, paths: list[str], headers: dict[str, str], pause: float | None = None
) -> Path:
    """A wrk script that asks for every path in turn and prints its figures in one line.

    `pause`: each connection pauses for about so many seconds before it asks again.
    """
    listed = ",".join(f'"{path}"' for path in paths)
    sent = ",".join(f'["{name}"]="{value}"' for name, value in headers.items())
    script = folder / "wrk.lua"
    script.write_text(
        f"local paths, asked, n = {{{listed}}}, {{}}, 0\n"
        f"init = function() for i, p in ipairs(paths) do"
        f" asked[i] = wrk.format('GET', p, {{{sent}}}) end end\n"
        "request = function() n = n % #asked + 1; return asked[n] end\n"
        "done = function(s, l, r) print(string.format('FIGURES %f %f %d %d',"
        " s.requests / s.duration * 1e6, l:percentile(99) / 1e3, s.errors.status,"
        " s.requests)) end\n"
    )
    if pause is not None:
        with script.open("a") as more:
            more.write(f"delay = function() return math.random(0, {round(2000 * pause)}) end\n")
    return script


def _rounds(
    wanted: argparse.Namespace,
    folder: Path,
    paths: list[str],
    way: str,
    origin: Server,
    nginx: Server,
) -> list[tuple[Figures, Figures]]:
    """The figures of both servers in each round."""
    script = _script(folder, paths, WAYS[way])
    for server in (origin, nginx):
        _load(server, script, 1)
    return [
        (_load(origin, script, wanted.seconds), _load(nginx, script, wanted.seconds))
        for _ in range(wanted.rounds)
    ]


def _paced(server: Server, folder: Path, paths: list[str], rate: float, seconds: int) -> Figures:
    """The figures at about `rate` requests a second by PAUSING connections.

    Besides its pause each waits for its answer and for the loader: how long, two tries tell.
    """
    turn = pause = PAUSING / rate
    for _ in range(2):
        tried = _load(server, _script(folder, paths, WAYS["gzip"], pause), 2, PAUSING)
        pause = max(0.0, pause + turn - PAUSING / tried.rate)
    return _load(server, _script(folder, paths, WAYS["gzip"], pause), seconds, PAUSING)


def _load(server: Server, script: Path, seconds: int, connections: int = 32) -> Figures:
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(script)]
    before = server.cpu_seconds()
    done = subprocess.run([*command, server.address], capture_output=True, text=True, check=True)
    found = re.search(r"FIGURES ([\d.]+) ([\d.]+) (\d+) (\d+)", done.stdout)
    if found is None or int(found[3]):
        raise SystemExit(f"the loader failed: {done.stdout}{done.stderr}")
    used = max(server.cpu_seconds() - before, 0.01)
    return Figures(float(found[1]), float(found[2]), int(found[4]) / used)


def _tell(way: str, rounds: list[tuple[Figures, Figures]]) -> float:
    """Print the medians of `rounds`; return that of their ratios by CPU."""

    def middle(figures: Iterable[Figures]) -> Figures:
        listed = list(figures)
        names = Figures.__struct_fields__
        return Figures(*(statistics.median(getattr(f, k) for f in listed) for k in names))

    ratio = middle(
        Figures(one.rate / other.rate, one.p99 / other.p99, one.by_cpu / other.by_cpu)
        for one, other in rounds
    )
    print(f"{way + ', 32 connections':24}{'requests/s':>12}{'p99 ms':>10}{'requests/CPU s':>16}")
    for number, name in enumerate(("origin, one process", "nginx, one worker")):
        found = middle(both[number] for both in rounds)
        print(f"{name:24}{found.rate:12.0f}{found.p99:10.2f}{found.by_cpu:16.0f}")
    print(f"{'ratio':24}{ratio.rate:12.2f}{ratio.p99:10.2f}{ratio.by_cpu:16.2f}")
    return ratio.by_cpu


if __name__ == "__main__":
    raise SystemExit(main())

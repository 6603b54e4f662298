"""What a channel for every market costs one origin: memory, start, how soon an edit is seen.

    python -m benchmarks.channels [--channels 2968] [--hours 48] [--publications 1000]

Fills a store with rundowns of items of about 98 s in day files, starts the origin on
it, and prints how long it takes until every channel is on air, its resident memory
(its own, and mapped files), the share of a core that it uses while nobody watches, how
soon a new rundown is seen and how long others wait meanwhile, and memory and processor
against one `ffmpeg -re -c copy` a channel, as others run it.

Targets: on air within 3 s, 300 MiB beside mapped files, a new rundown seen within 2 s,
and who watches another channel meanwhile waits 50 ms at most in 99 of 100 requests.
"""

import argparse
import contextlib
import http.client
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from benchmarks import targets
from benchmarks.origin import ROOT, SERVE, Server, made_publication
from benchmarks.ports import free_port
from media_pipeline.model.joint import Joint
from media_pipeline.model.keys import (
    day_file,
    generation_mark,
    publication_file,
    rundown_file,
)
from media_pipeline.model.publication import encode_publication
from media_pipeline.model.rundown import Rundown
from media_pipeline.model.stored import INHERITS, Index, encode_index, pack_entries, split
from media_pipeline.model.ticks import ticks_in, ticks_of
from media_pipeline.playout import Item, Reel, append
from media_pipeline.tools import binaries

MIB = 1 << 20
PROVINCES = 37
START, MEMORY, SEEN, PAUSE = 3.0, 300.0, 2.0, 50.0
"""Targets: seconds, MiB, seconds, ms."""


class Memory(msgspec.Struct):
    """Resident MiB of a process: what is its own, and what are pages of mapped files."""

    own: float
    mapped: float

    @classmethod
    def of(cls, pid: int) -> "Memory":
        """Read proc(5) of `pid`."""
        text = Path(f"/proc/{pid}/status").read_text()
        kib = {k: int(v) for k, v in re.findall(r"(Rss\w+):\s+(\d+) kB", text)}
        return cls(kib["RssAnon"] / 1024, (kib["RssFile"] + kib["RssShmem"]) / 1024)


def main() -> int:
    wanted = _arguments()
    with tempfile.TemporaryDirectory(prefix="siar-bench-", dir="/var/tmp") as name:
        folder = Path(name) / "published"
        channels = [f"saluran-{n}" for n in range(wanted.channels)]
        entries, size = _fill(folder, channels, wanted)
        begin = time.monotonic()
        with _origin(folder) as origin:
            _wait_for(origin, channels[-1])
            started, busy = time.monotonic() - begin, origin.cpu_seconds()
            idle = _idle(origin)
            before = Memory.of(origin.pid)
            _ask_all(origin, channels)
            after = Memory.of(origin.pid)
            with _watching(origin, channels[-1]) as waits:
                seen = [_seen(origin, folder, channels[0], f"baru-{n}") for n in range(5)]
        ffmpeg = _ffmpeg(Path(name))
    print(f"{len(channels)} channels, {entries} entries, {size / MIB:.0f} MiB of day files")
    _line("of the start the processor worked, s", busy)
    _line("resident, nobody watches, MiB", before.own)
    _line("beside it, mapped pages, MiB", after.mapped)
    _line("share of a core, nobody watches", idle)
    _line("ratio: memory of ffmpegs / ours", ffmpeg.memory * len(channels) / after.own)
    _line("ratio: cores of ffmpegs / ours", ffmpeg.cores * len(channels) / idle)
    print(f"load of the machine: {os.getloadavg()[0]:.1f}")
    return targets.status(
        targets.verdict("start until all are on air, s", started, START),
        targets.verdict("resident, all were watched, MiB", after.own, MEMORY),
        targets.verdict("a new rundown is seen after, s", max(seen), SEEN),
        targets.verdict("others wait meanwhile, p99, ms", _p99(waits), PAUSE),
    )


def _arguments() -> argparse.Namespace:
    parser = targets.parser(__doc__)
    parser.add_argument("--channels", type=int, default=2968)
    parser.add_argument("--hours", type=int, default=48)
    parser.add_argument("--publications", type=int, default=1000)
    parser.add_argument(
        "--inherit",
        action="store_true",
        help="one national channel, 37 provinces that follow it, and markets that follow those",
    )
    return parser.parse_args()


def _line(name: str, found: float) -> None:
    print(f"{name:38}{found:10.2f}")


def _fill(folder: Path, channels: list[str], wanted: argparse.Namespace) -> tuple[int, int]:
    """Write publications and each channel's rundown; return entries and bytes of day files."""
    chance = random.Random(4)
    made = [made_publication(n, chance.randint(15, 181)) for n in range(wanted.publications)]
    for publication in made:
        _put(folder, publication_file(publication.id), encode_publication(publication))
    reels = [Reel.of(publication) for publication in made]
    now = datetime.now(UTC)
    entries = size = 0
    for number, channel in enumerate(channels):
        if wanted.inherit and number:
            above = channels[0 if number <= PROVINCES else 1 + number % PROVINCES]
            size += _write_heir(folder, channel, above, reels, chance, now)
            continue
        rundown = _rundown(channel, reels, chance, now, wanted.hours)
        size += _write(folder, rundown)
        entries += len(rundown.entries)
    _put(folder, generation_mark(), b"0")
    return entries, size


def _rundown(
    channel: str, reels: list[Reel], chance: random.Random, now: datetime, hours: int
) -> Rundown:
    items, length = [], 0
    while length < ticks_in(hours * 3600):
        reel = chance.choice(reels)
        item = Item(
            f"{reel.publication[-6:]}-{length}",
            reel,
            "programme",
            f"Acara contoh {reel.publication[-4:]}",
            programme=f"{channel}-{reel.publication[-8:]}",
        )
        items.append(item)
        length += reel.duration
    empty = Rundown(channel, channel, "Asia/Jakarta", 1, now, (), slate=reels[0].publication)
    return append(empty, *items, start=ticks_of(now) - ticks_in(600 + chance.randint(0, 90)))


def _write(folder: Path, rundown: Rundown) -> int:
    index, days = split(rundown)
    for name, data in days.items():
        _put(folder, day_file(rundown.channel, name), data)
    _put(folder, rundown_file(rundown.channel), encode_index(index))
    return sum(len(data) for data in days.values())


def _write_heir(
    folder: Path,
    channel: str,
    above: str,
    reels: list[Reel],
    chance: random.Random,
    now: datetime,
) -> int:
    """Write a channel that follows `above` but in four own runs; return its bytes."""
    refs, size = [], 0
    empty = Rundown(channel, channel, "Asia/Jakarta", 1, now, (), slate="")
    for hour in (0.2, 7, 24, 31):
        start = ticks_of(now) + ticks_in(3600 * (hour + chance.random()))
        items = [
            Item(f"{channel}-{hour}-{n}", chance.choice(reels), "programme", "Sendiri")
            for n in range(10)
        ]
        run = append(empty, *items, start=start).entries
        ref, data = pack_entries(run)
        refs.append(msgspec.structs.replace(ref, msn_end=run[-1].msn + run[-1].count))
        _put(folder, day_file(channel, ref.name), data)
        size += len(data)
    first = Joint("relay", ticks_of(now) - ticks_in(500), 0, 0, 0, 0)
    index = Index(
        *(channel, channel, "Asia/Jakarta", 1, now, reels[0].publication, tuple(refs), INHERITS),
        parent=above,
        joints=(first,),
    )
    _put(folder, rundown_file(channel), encode_index(index))
    return size


def _put(folder: Path, key: str, data: bytes) -> None:
    """Write in one step, without the store's care for power cuts."""
    target = folder / key
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = folder / "writing"
    beside.write_bytes(data)
    beside.replace(target)


@contextlib.contextmanager
def _origin(folder: Path) -> Iterator[Server]:
    port = free_port()
    process = subprocess.Popen([sys.executable, "-c", SERVE, str(folder), str(port)], cwd=ROOT)
    try:
        yield Server(f"http://127.0.0.1:{port}", process.pid)
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(origin: Server, channel: str, timeout: float = 120) -> None:
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{origin.address}/live/{channel}/v360.m3u8", timeout=60).close()
            return
        time.sleep(0.02)
    raise SystemExit(f"{channel} did not come on air")


def _idle(origin: Server, seconds: float = 10) -> float:
    before = origin.cpu_seconds()
    time.sleep(seconds)
    return (origin.cpu_seconds() - before) / seconds


def _ask_all(origin: Server, channels: list[str]) -> None:
    """Ask for the master and two renditions of each channel, as its viewers do."""
    for channel in channels:
        for name in ("master", "v360", "a48"):
            with urllib.request.urlopen(f"{origin.address}/live/{channel}/{name}.m3u8") as answer:
                answer.read()


def _seen(origin: Server, folder: Path, like: str, name: str) -> float:
    """Put another channel in force that plays what `like` plays; return when it is on air."""
    index = msgspec.json.decode((folder / rundown_file(like)).read_bytes())
    for day in index["days"]:
        data = (folder / day_file(like, day["name"])).read_bytes()
        _put(folder, day_file(name, day["name"]), data)
    begin = time.monotonic()
    _put(folder, rundown_file(name), msgspec.json.encode({**index, "channel": name}))
    _put(folder, generation_mark(), name.encode())
    _wait_for(origin, name)
    return time.monotonic() - begin


@contextlib.contextmanager
def _watching(origin: Server, channel: str) -> Iterator[list[float]]:
    """Ask for a playlist of `channel` a hundred times a second; give what each took, in ms."""
    waits, over = list[float](), threading.Event()

    def watch() -> None:
        host, _, port = origin.address.rpartition("/")[2].partition(":")
        with contextlib.closing(http.client.HTTPConnection(host, int(port), timeout=60)) as line:
            while not over.wait(0.01):
                begin = time.monotonic()
                line.request("GET", f"/live/{channel}/v360.m3u8")
                line.getresponse().read()
                waits.append((time.monotonic() - begin) * 1000)

    viewer = threading.Thread(target=watch)
    viewer.start()
    try:
        yield waits
    finally:
        over.set()
        viewer.join()


def _p99(waits: list[float]) -> float:
    return statistics.quantiles(waits, n=100)[98]


class Other(NamedTuple):
    """What one process of others' way takes: resident MiB, share of a core."""

    memory: float
    cores: float


def _ffmpeg(folder: Path, seconds: float = 10) -> Other:
    """What the process takes that others run for each channel; the median of three."""
    film = folder / "contoh.mp4"
    make = [binaries.ffmpeg(), "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=640x360:r=25:d=30"]
    subprocess.run([*make, "-preset", "ultrafast", str(film)], check=True)
    play = [binaries.ffmpeg(), "-v", "error", "-re", "-stream_loop", "-1", "-i", str(film)]
    command = [*play, "-c", "copy", "-f", "hls", "-hls_flags", "delete_segments"]
    running = [subprocess.Popen([*command, str(folder / f"{n}.m3u8")]) for n in range(3)]
    servers = [Server("", each.pid) for each in running]
    try:
        time.sleep(2)
        before = [each.cpu_seconds() for each in servers]
        time.sleep(seconds)
        used = [each.cpu_seconds() - first for each, first in zip(servers, before, strict=True)]
        memory = statistics.median(Memory.of(each.pid).own for each in running)
        return Other(memory, statistics.mean(used) / seconds)
    finally:
        for each in running:
            each.terminate()
            each.wait(15)


if __name__ == "__main__":
    raise SystemExit(main())

"""A channel that is left on: a day on a clock that runs fast, and half an hour in a browser.

    python -m benchmarks.soak [--hours 24] [--minutes 30] [--only day|browser]

The day: an origin is asked each second of a clock of its own, and every playlist that is
new is read by m3u8, which knows nothing of Siar. Numbers must go on by one and never
name anything else, each segment begin where the last one ended, moments and lengths
agree to the end, and memory stay.

The browser: a channel of real media in Chromium, played by the site's engine with
hls.js. Counted are stalls; measured are the distance behind live and, after a collection
of garbage, the heap of scripts, each at the beginning and at the end.

Targets: no fault, 0.1 s of drift, 8 MiB of growth; no stall, 1 s of drift, 4 MiB of growth.
"""

import argparse
import contextlib
import json
import math
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import imageio_ffmpeg
from playwright.sync_api import Page, sync_playwright

from benchmarks import following, targets
from benchmarks.origin import ROOT, SERVE, Server, process
from benchmarks.ports import free_port
from media_pipeline import pipeline
from media_pipeline.model.keys import rundown_file
from media_pipeline.model.rundown import Rundown, encode_value
from media_pipeline.model.ticks import ticks_of
from media_pipeline.playout import Item, Reel, append
from media_pipeline.stores import LocalStore
from setup.services import chromium, install_chromium

DRIFT, MEMORY = 0.1, 8.0
"""Of the simulated day: seconds, MiB."""
BEHIND, HEAP = 1.0, 4.0
"""Of the browser: seconds, MiB."""

RENDITIONS = ("v360", "a48")
CLIPS = {"a": 31.32, "b": 12.0, "c": 47.04, "d": 4.6, "e": 61.8, "f": 21.0}
"""Seconds of the clips that the browser's channel plays in turn."""
EVERY = 15.0
"""Seconds between two looks at the browser."""

PAGE = """<!doctype html><title>Contoh</title>
<video muted playsinline width="640" height="360"></video>
<script src="/uji/hls.js"></script><script src="/uji/engine.js"></script><script>
const video = document.querySelector("video");
const seen = { waiting: 0, faults: [], playing: false };
video.addEventListener("playing", () => (seen.playing = true));
video.addEventListener("waiting", () => (seen.waiting += seen.playing ? 1 : 0));
const told = (kind) => (detail) => kind === "fault" && seen.faults.push(String(detail));
const listener = new Proxy({}, { get: (_, kind) => told(kind) });
window.play = (master) => {
  const chosen = { variants: [], choice: "", sounds: [], sound: "" };
  const source = { master, live: true, behind: false, growing: false, start: 0, ...chosen };
  window.engine = new site.HlsEngine(Hls, "", video, source, listener);
  video.play();
};
window.state = () => ({
  ...seen, at: video.currentTime, behind: Date.now() - (engine.moment()?.getTime() ?? 0),
});
</script>"""


def main() -> int:
    wanted = _arguments()
    met: list[bool] = []
    if wanted.only != "browser":
        met += _day(wanted.hours)
    if wanted.only != "day":
        met += _browser(wanted.minutes)
    return targets.status(*met)


def _arguments() -> argparse.Namespace:
    parser = targets.parser(__doc__)
    parser.add_argument("--hours", type=float, default=24)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--only", choices=("day", "browser"))
    return parser.parse_args()


def _day(hours: float) -> list[bool]:
    memory: list[float] = []

    def each_hour(hour: int) -> None:
        memory.append(_resident())
        print(f"hour {hour:3}: {memory[-1]:6.1f} MiB", flush=True)

    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="siar-bench-") as name:
        followers = following.follow(Path(name) / "published", hours, list(RENDITIONS), each_hour)
    for each in followers:
        print("\n".join(each.faults), end="\n" * bool(each.faults))
    joins, segments = followers[0].joins, followers[0].segments
    print(f"{hours:g} h in {time.monotonic() - begin:.0f} s: {segments} segments, {joins} joins")
    # The first hours fill what is kept: texts, publications, a day of rundown.
    settled = memory[len(memory) // 4 :]
    # Two hours at least: one tells of no growth.
    growth = settled[-1] - settled[0] if len(settled) > 1 else math.inf
    return [
        targets.verdict("faults in a day", sum(len(each.faults) for each in followers), 0),
        targets.verdict("drift in a day, s", max(each.drift for each in followers), DRIFT),
        targets.verdict("growth in a day, MiB", growth, MEMORY),
    ]


def _resident() -> float:
    """MiB of this process that are no files (proc(5))."""
    found = re.search(r"RssAnon:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def _browser(minutes: float) -> list[bool]:
    with tempfile.TemporaryDirectory(prefix="siar-bench-") as name:
        folder = Path(name)
        engine = _engine(folder)
        store = LocalStore(folder / "published")
        store.create()
        _put_on_air(store, folder, minutes)
        with _origin(store.folder) as origin:
            looks = _watched(origin, engine, minutes)
    first, last = looks[: max(1, len(looks) // 5)], looks[-max(1, len(looks) // 5) :]

    def grown(what: str) -> float:
        return statistics.median(each[what] for each in last) - statistics.median(
            each[what] for each in first
        )

    end = looks[-1]
    print(f"{len(looks)} looks, {end['at']:.0f} s played, {end['behind']:.1f} s behind live")
    print("\n".join(end["faults"]), end="\n" * bool(end["faults"]))
    return [
        targets.verdict("stalls and faults", end["waiting"] + len(end["faults"]), 0),
        # At first it catches up to its distance: nearer is no drift.
        targets.verdict("drift behind live, s", grown("behind"), BEHIND),
        targets.verdict("growth of the heap, MiB", grown("heap"), HEAP),
    ]


def _engine(folder: Path) -> Path:
    """The site's engine for channels as one script, with the name `site`."""
    made = folder / "engine.js"
    front = ROOT / "frontend"
    bundle = [str(front / "node_modules/.bin/esbuild"), "src/player/hls-engine.ts", "--bundle"]
    shape = ["--format=iife", "--global-name=site", f"--outfile={made}", "--log-level=error"]
    subprocess.run([*bundle, *shape], cwd=front, check=True)
    return made


def _put_on_air(store: LocalStore, folder: Path, minutes: float) -> None:
    """A channel that began two minutes ago and plays for longer than anybody watches."""
    reels = {name: _published(store, folder, name) for name in CLIPS}
    now = datetime.now(UTC)
    start = now - timedelta(minutes=2)
    rundown = Rundown("contoh", "Contoh", "Asia/Jakarta", 1, now, (), slate=reels["b"].publication)
    items = (
        Item(f"{name}{n}", reel, "programme", "Contoh")
        for n in range(1_000)
        for name, reel in reels.items()
    )
    entries, length = [], 0
    for item in items:
        entries.append(item)
        length += item.duration
        if length > ticks_of(now + timedelta(minutes=minutes + 10)) - ticks_of(start):
            break
    rundown = append(rundown, *entries, start=ticks_of(start))
    store.write(rundown_file("contoh"), encode_value(rundown))


def _published(store: LocalStore, folder: Path, name: str) -> Reel:
    source, seconds = folder / f"{name}.mp4", CLIPS[name]
    picture = f"testsrc2=size=426x240:rate=25:duration={seconds}"
    sound = f"sine=frequency={220 + 110 * ord(name) % 500}:duration={seconds}"
    make = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-y"]
    make += ["-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound]
    subprocess.run(
        [*make, "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", str(source)], check=True
    )
    publication = pipeline.publish(
        source,
        store,
        name * 32,
        on_progress=lambda _: None,
        cancelled=lambda: False,
        scratch=folder,
        now=lambda: datetime.now(UTC),
    )
    return Reel.of(publication)


@contextlib.contextmanager
def _origin(folder: Path) -> Iterator[Server]:
    port = free_port()
    command = [sys.executable, "-c", SERVE, str(folder), str(port)]
    with process(command, f"http://127.0.0.1:{port}", "/live/contoh/master.m3u8") as server:
        yield server


def _watched(origin: Server, engine: Path, minutes: float) -> list[dict[str, Any]]:
    """Watch for `minutes`; return what was seen each EVERY seconds."""
    hls = ROOT / "frontend/node_modules/hls.js/dist/hls.min.js"
    install_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(),
            args=["--autoplay-policy=no-user-gesture-required", "--no-sandbox"],
        )
        page = browser.new_page()
        page.route("**/uji/hls.js", lambda route: route.fulfill(path=hls))
        page.route("**/uji/engine.js", lambda route: route.fulfill(path=engine))
        page.route("**/uji/", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
        page.goto(f"{origin.address}/uji/")
        page.evaluate(f"play('{origin.address}/live/contoh/master.m3u8')")
        page.wait_for_function("seen.playing", timeout=30_000)
        found = _looks(page, minutes)
        browser.close()
    return found


def _looks(page: Page, minutes: float) -> list[dict[str, Any]]:
    inspector = page.context.new_cdp_session(page)
    end, found = time.monotonic() + minutes * 60, []
    while time.monotonic() < end:
        page.wait_for_timeout(EVERY * 1000)
        inspector.send("HeapProfiler.collectGarbage")
        look: dict[str, Any] = page.evaluate("state()")
        look["behind"] /= 1000
        look["heap"] = inspector.send("Runtime.getHeapUsage")["usedSize"] / (1 << 20)
        print(json.dumps({k: look[k] for k in ("at", "behind", "heap", "waiting")}), flush=True)
        found.append(look)
    return found


if __name__ == "__main__":
    raise SystemExit(main())

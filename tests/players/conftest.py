"""A channel of real media in a process of its own, and a page with players of other makers."""

import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import imageio_ffmpeg
import pytest
from playwright.sync_api import Browser, Page, Route

from media_pipeline import pipeline
from media_pipeline.model.keys import publication_file
from media_pipeline.model.publication import Publication, decode_publication
from media_pipeline.stores import LocalStore
from setup import services
from tests.encoded import once

HERE = Path(__file__).parent
FILES = {
    "hls.js": HERE / "node_modules/hls.js/dist/hls.min.js",
    "shaka.js": HERE / "node_modules/shaka-player/dist/shaka-player.compiled.js",
    "watch.js": HERE / "watch.js",
    "page.html": HERE / "page.html",
}
PROGRAM = """
import sys
from media_pipeline.model.ticks import ticks_in
from media_pipeline.origin import captions
from media_pipeline.origin.serve import serve
captions.AGAIN = ticks_in(15)
serve(sys.argv[1], int(sys.argv[2]))
"""
"""Serves a folder at a port. New captions are on air after 15 s instead of 60."""

CLIPS = {
    # name: (size, seconds): each with another ladder, none a whole number of segments
    "a": ("640x360", 7.32),
    "b": ("256x144", 5.0),
    "c": ("426x240", 6.04),
    "d": ("480x854", 4.6),
    "e": ("640x360", 9.8),
    "f": ("426x240", 5.0),  # has AV1 as well
}


@pytest.fixture(scope="session")
def installed() -> None:
    """The players of package-lock.json, installed here once."""
    services.players()


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site's player of channels as one script, with the name `site`."""
    made = tmp_path_factory.mktemp("engine") / "engine.js"
    front = HERE.parents[1] / "frontend"
    bundle = [str(front / "node_modules/.bin/esbuild"), "src/player/hls-engine.ts", "--bundle"]
    shape = ["--format=iife", "--global-name=site", f"--outfile={made}", "--log-level=error"]
    subprocess.run([*bundle, *shape], cwd=front, check=True)
    return made


@dataclass
class Station:
    """A store with media, and the origin that plays it."""

    store: LocalStore
    publications: dict[str, Publication]
    address: str


@pytest.fixture(scope="session")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    folder = tmp_path_factory.mktemp("station")
    shutil.copytree(once("station", _encode, CLIPS), folder / "published")
    store = LocalStore(folder / "published")
    files = {name: store.read(publication_file(name * 32)) for name in CLIPS}
    publications = {name: decode_publication(file or b"") for name, file in files.items()}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, store.folder, str(port)])
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/healthz", process)
        yield Station(store, publications, address)
    finally:
        process.terminate()
        process.wait(10)


def make_film(folder: Path, name: str, size: str, seconds: float) -> Path:
    """Make a film with a moving picture and a tone that is each name's own."""
    source = folder / f"{name}.mp4"
    picture = f"testsrc2=size={size}:rate=25:duration={seconds}"
    sound = f"sine=frequency={220 + 110 * ord(name[0]) % 500}:duration={seconds}"
    subprocess.run(
        [
            *(imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-y"),
            *("-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound),
            *("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", str(source)),
        ],
        check=True,
    )
    return source


def _encode(folder: Path) -> None:
    store = LocalStore(folder)
    store.create()
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        for clip, shape in CLIPS.items():
            pipeline.publish(
                make_film(scratch, clip, *shape),
                store,
                clip * 32,
                on_progress=lambda _: None,
                cancelled=lambda: False,
                scratch=scratch,
                now=lambda: datetime.now(UTC),
                av1=clip == "f",
                opus=True,
            )


def _wait_for(address: str, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        assert process.poll() is None
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the origin did not start")


@pytest.fixture
def page(browser: Browser, station: Station, installed: None) -> Iterator[Page]:
    """The players' page, as if the origin had it: no other address is involved."""

    def serve(route: Route) -> None:
        route.fulfill(path=FILES[route.request.url.rpartition("/")[2]])

    page = browser.new_page()
    page.route("**/uji/*", serve)
    page.goto(f"{station.address}/uji/page.html")
    yield page
    page.close()

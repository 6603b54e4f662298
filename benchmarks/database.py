"""The channels of a web process whose database is taken away under load.

    python -m benchmarks.database [--minutes 10]

Starts Siar as `make run` does, puts a channel on air, and lets viewers ask for its
playlists without a pause while others open pages of the site. After some seconds the
database is moved away; pages fail from then on. At the end it is put back, and pages
must come again. An origin of its own has no database that could be taken away.

Targets: not one playlist fails, pages come back; the longest wait for a playlist is printed.
"""

import contextlib
import http.client
import statistics
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec

from benchmarks import targets
from benchmarks.install import Install, running
from benchmarks.origin import PLAYLISTS, made_publication
from media_pipeline.model.keys import publication_file, rundown_file
from media_pipeline.model.publication import encode_publication
from media_pipeline.model.rundown import Rundown, encode_value
from media_pipeline.model.ticks import ticks_of
from media_pipeline.playout import Item, Reel, append
from media_pipeline.stores import LocalStore

VIEWERS, READERS = 4, 2
PAUSE = 0.02
"""Seconds before a viewer asks again."""
BEFORE = 10.0
"""Seconds of load before the database goes, and after it is back."""


class Asked(msgspec.Struct):
    """How often somebody asked, in vain how often, and the ms that each took."""

    waits: list[float] = []
    failed: int = 0


def main() -> int:
    parser = targets.parser(__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    wanted = parser.parse_args()
    with running() as install:
        _put_on_air(install)
        install.start_web()
        _wait_for(install, f"/live/contoh/{PLAYLISTS[0]}.m3u8")
        paths = [f"/live/contoh/{name}.m3u8" for name in (*PLAYLISTS, "master")]
        with _asking(install, paths, VIEWERS, PAUSE) as viewers:
            with _asking(install, ["/"], READERS, 0.5) as readers:
                time.sleep(BEFORE)
                calm = sum(each.failed for each in readers)
                with _taken_away(install):
                    time.sleep(wanted.minutes * 60)
            _wait_for(install, "/")
            time.sleep(BEFORE)
    waits = [wait for each in viewers for wait in each.waits]
    pages = sum(len(each.waits) for each in readers)
    failed = sum(each.failed for each in readers)
    print(f"{pages} pages, of which {failed - calm} failed while the database was away")
    print(f"{len(waits)} playlists: p99 {statistics.quantiles(waits, n=100)[98]:.1f} ms,", end=" ")
    print(f"at most {max(waits):.0f} ms")
    return targets.status(
        targets.verdict("pages that failed without a database", failed - calm, 1, least=True),
        targets.verdict("playlists that failed", sum(each.failed for each in viewers), 0),
    )


def _put_on_air(install: Install) -> None:
    store = LocalStore(install.var / "published")
    store.create()
    made = [made_publication(n, seconds) for n, seconds in enumerate((31, 98, 15, 245))]
    for each in made:
        store.write(publication_file(each.id), encode_publication(each))
    reels = [Reel.of(each) for each in made]
    now = datetime.now(UTC)
    empty = Rundown("contoh", "Contoh", "Asia/Jakarta", 1, now, (), slate=made[0].id)
    items = [Item(f"e{n}", reels[n % 4], "programme", "Contoh") for n in range(400)]
    start = ticks_of(now - timedelta(minutes=2))
    store.write(rundown_file("contoh"), encode_value(append(empty, *items, start=start)))


def _wait_for(install: Install, path: str) -> None:
    for _ in range(300):
        with contextlib.suppress(OSError):
            urllib.request.urlopen(install.base + path, timeout=30).close()
            return
        time.sleep(0.2)
    raise SystemExit(f"{path} does not come: see {install.var}/log")


@contextlib.contextmanager
def _taken_away(install: Install) -> Iterator[None]:
    """Put folders in the place of the database's files: nothing can open it or make it anew."""
    files = [path for path in install.var.glob("siar.sqlite3*") if path.is_file()]
    away = install.var / "away"
    away.mkdir()
    for path in files:
        path.rename(away / path.name)
        path.mkdir()
    try:
        yield
    finally:
        for path in files:
            path.rmdir()
            (away / path.name).rename(path)


@contextlib.contextmanager
def _asking(install: Install, paths: list[str], many: int, pause: float) -> Iterator[list[Asked]]:
    """Have `many` ask for `paths` in turn; give what they found."""
    over, found = threading.Event(), [Asked() for _ in range(many)]
    threads = [
        threading.Thread(target=_ask, args=(install, paths, pause, each, over)) for each in found
    ]
    for each in threads:
        each.start()
    try:
        yield found
    finally:
        over.set()
        for each in threads:
            each.join()


def _ask(
    install: Install, paths: list[str], pause: float, asked: Asked, over: threading.Event
) -> None:
    line = http.client.HTTPConnection("localhost", install.port, timeout=60)
    turn = 0
    while not over.wait(pause):
        turn += 1
        begin = time.monotonic()
        try:
            line.request("GET", paths[turn % len(paths)])
            answer = line.getresponse()
            answer.read()
            asked.failed += answer.status != 200
        except (OSError, http.client.HTTPException):
            line.close()
            asked.failed += 1
        asked.waits.append((time.monotonic() - begin) * 1000)
    line.close()


if __name__ == "__main__":
    raise SystemExit(main())

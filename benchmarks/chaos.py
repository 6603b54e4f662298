"""Fifty random kills over a set of titles: nothing is lost, and the bytes are the same.

    python -m benchmarks.chaos [--kills 50] [--titles 6] [--workers 3] [--seed 1]

Starts an install of its own with several worker processes, asks for the encodes of small
titles of different lengths, and kills a random worker (with all that it started, by
SIGKILL) at random moments; another is started for each. When the kills are used up the
workers end what is left. Then every title must be whole, its segments byte for byte
those of an undisturbed encode of the same file, and neither scratch nor store may hold
anything else. Prints the counts; the exit status is 1 if anything is amiss.
"""

import argparse
import hashlib
import random
import sqlite3
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.install import Install, kill, make_film, running

SIZES = ("256x144", "426x240", "640x360")

CREATE = """
from pathlib import Path
from cms.cooperatives.models import Cooperative
from cms.core import clock
from cms.videos.actions import do_create_video
market = Cooperative.objects.get()
for path in {paths!r}:
    video = do_create_video(market, Path(path).stem + " (contoh)", Path(path), None, clock.now())
    print(video.pk)
"""
AGAIN = """
from cms.core import clock
from cms.videos.actions import do_request_encode
from cms.videos.models import Video
for video in Video.objects.filter(pk__in={videos!r}):
    do_request_encode(video, clock.now())
"""
AT_WORK = "select distinct lease_owner from videos_encodetask where state = 'working'"
STATES = "select state, count(*) from videos_encode group by state"
COUNTS = """
select count(*), sum(setbacks), sum(losses), sum(alone) from videos_encodetask
"""
IN_USE = """
select m.video_id, m.publication from videos_media m where m.video_id in ({})
"""


def main() -> int:
    """Kill, wait, compare, print."""
    arguments = _arguments()
    chance = random.Random(arguments.seed)
    with running(SIAR_ENCODE_WORKERS=str(arguments.workers)) as install:
        films = [
            make_film(
                install.var / f"film-{n}.mp4",
                seconds=chance.randint(8, arguments.longest),
                size=SIZES[n % len(SIZES)],
                hue=n * 40,
            )
            for n in range(arguments.titles)
        ]
        began = time.monotonic()
        plain = _encode(install, films, arguments.workers)
        print(f"undisturbed: {len(films)} titles in {time.monotonic() - began:.0f} s", flush=True)
        began = time.monotonic()
        videos = install.python(CREATE.format(paths=list(map(str, films)))).split()
        busy, rounds = _disturb(install, videos, arguments, chance)
        _wait(install)
        took = time.monotonic() - began
        print(
            f"disturbed: {rounds} rounds in {took:.0f} s, {arguments.kills} kills, {busy} at work"
        )
        return _judge(install, plain, videos)


def _encode(install: Install, films: list[Path], workers: int) -> list[dict[str, str]]:
    """Encode `films` without kills; return the hashes of each one's files."""
    videos = install.python(CREATE.format(paths=list(map(str, films)))).split()
    for _ in range(workers):
        install.start_worker()
    _wait(install)
    return [_hashes(install, publication) for publication in _in_use(install, videos)]


def _disturb(
    install: Install, videos: list[str], arguments: argparse.Namespace, chance: random.Random
) -> tuple[int, int]:
    """Kill random workers at random moments; return how many were at work, and the rounds.

    A moment at which all are still starting would show nothing and is passed over. When
    all titles are whole before the kills are used up, their encodes are asked for again.
    """
    killed, busy, rounds = 0, 0, 1
    while killed < arguments.kills:
        time.sleep(chance.uniform(0, arguments.pause))
        if not _open(install):
            install.python(AGAIN.format(videos=videos))
            rounds += 1
        at_work = {int(owner.split("|")[1]) for (owner,) in _query(install, AT_WORK)}
        workers = [child for child in install.children if child.poll() is None]
        if at_work & {child.pid for child in workers}:
            victim = chance.choice(workers)
            killed, busy = killed + 1, busy + (victim.pid in at_work)
            kill(victim)
            install.start_worker()
    return busy, rounds


def _judge(install: Install, plain: list[dict[str, str]], videos: list[str]) -> int:
    """Compare, print, and return the exit status."""
    publications = _in_use(install, videos)
    lost = [video for video, made in zip(videos, publications, strict=True) if not made]
    made = [_hashes(install, publication) for publication in publications if publication]
    same = sum(one == other for one, other in zip(plain, made, strict=False))
    scratch = [path.name for path in (install.var / "scratch").glob("*")]
    store = install.var / "published" / "publications"
    known = {path.name for path in store.iterdir() if not path.name.startswith(".")}
    stray = known - set(_all_publications(install))
    half = [path for path in store.glob(".*/*") if path.is_file()]
    leftovers = [name for files in made for name in files if name.startswith(("parts/", "job"))]
    tasks, setbacks, losses, alone = _query(install, COUNTS)[0]
    print(f"states: {dict(_query(install, STATES))}")
    print(f"tasks: {tasks}, put back {setbacks} times, ran alone {alone}, lost alone {losses}")
    print(f"titles lost: {len(lost)}; same bytes: {same} of {len(plain)}")
    print(f"left in scratch: {len(scratch)}, in the store: {len(stray) + len(leftovers)}")
    print(f"half-written files, which the store removes after an hour: {len(half)}")
    return int(bool(lost or same < len(plain) or scratch or stray or leftovers))


def _hashes(install: Install, publication: str) -> dict[str, str]:
    """Return the hash of each file of a publication; its own id and dates do not count."""
    folder = install.var / "published" / "publications" / publication
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            name = path.relative_to(folder).as_posix()
            found[name] = "" if name in DATED else hashlib.sha256(path.read_bytes()).hexdigest()
    return found


DATED = ("publication.json", "manifest.mpd", "master.m3u8")
"""Files that tell when the publication was made, or its id: they must be there."""


def _wait(install: Install, patience: float = 1800) -> None:
    """Wait until nothing is open and everything is cleared up."""
    deadline = time.monotonic() + patience
    while _open(install):
        time.sleep(0.2)
        if time.monotonic() > deadline:
            raise SystemExit(f"titles are stuck: see {dict(_query(install, STATES))}")
    time.sleep(2)


def _open(install: Install) -> bool:
    return any(
        state not in ("ready", "failed", "cancelled") for state, _ in _query(install, STATES)
    )


def _in_use(install: Install, videos: list[str]) -> list[str]:
    found = dict(_query(install, IN_USE.format(",".join(videos))))
    return [found[int(video)] for video in videos]


def _all_publications(install: Install) -> Iterator[str]:
    yield from (row[0] for row in _query(install, "select id from videos_publication"))


def _query(install: Install, query: str) -> list[tuple]:  # type: ignore[type-arg]
    with sqlite3.connect(f"file:{install.var}/siar.sqlite3?mode=ro", uri=True) as database:
        return database.execute(query).fetchall()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--titles", type=int, default=6)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--longest", type=int, default=40, help="seconds of the longest title")
    parser.add_argument("--pause", type=float, default=6.0, help="most seconds between two kills")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

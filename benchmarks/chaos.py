"""Fifty random kills over a set of titles: nothing is lost, and the bytes are the same.

    python -m benchmarks.chaos [--kills 50] [--titles 6] [--workers 3] [--seed 1]

Starts an install of its own with several worker processes, asks for the encodes of small
titles of different lengths, and kills workers (with all that they started, by SIGKILL):
every second time a random one at a random moment, else one that is at a task of a kind
whose turn it is, so that short ones (the look at a file, the end of a title) are hit too.
Another worker is started for each. When the kills are used up the workers end what is left.

Then every title must be whole, each of its files byte for byte that of an undisturbed
encode of the same file (of publication.json, `id` and `created` are another encode's),
no kill may have cost more than one chunk of picture, and neither scratch nor store may
hold anything else. Prints the counts; every one of what is amiss has to be 0.
"""

import argparse
import hashlib
import json
import random
import sqlite3
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import NamedTuple

from benchmarks import targets
from benchmarks.install import Install, kill, make_film, running
from media_pipeline import pipeline
from media_pipeline.stores import LocalStore

KINDS = ("prepare", "finish", "sound", "picture")
"""Kinds of tasks that are hit in turn."""

EARLY = ("prepare", "sound")
"""Those that are over soon after a title was asked for: for them all are asked for anew."""

PATIENCE = 15
"""Seconds to wait for a worker that is at a task of the kind whose turn it is."""

OF_ANOTHER = ("id", "created")
"""What publication.json says that another encode of the same file says otherwise."""

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
AT_WORK = """
select t.lease_owner, t.kind, t.name, e.publication from videos_encodetask t
join videos_encode e on e.id = t.encode_id where t.state = 'working'
"""
STATES = "select state, count(*) from videos_encode group by state"
COUNTS = """
select count(*), sum(setbacks), sum(losses), sum(alone) from videos_encodetask
"""
IN_USE = """
select m.video_id, m.publication from videos_media m where m.video_id in ({})
"""


class Task(NamedTuple):
    """What a worker is at."""

    pid: int
    kind: str
    name: str
    publication: str


class Toll(NamedTuple):
    """What one kill cost: the tasks that were at work, and seconds of picture to do again.

    `picture` is that of all titles that were hit: a worker has an opening of one beside a
    chunk of another. `over` are the titles of which more than their longest chunk is lost.
    """

    kinds: tuple[str, ...]
    picture: float
    over: tuple[str, ...]


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
        tolls, rounds = _disturb(install, videos, arguments, chance)
        _wait(install)
        took = time.monotonic() - began
        print(f"disturbed: {rounds} rounds in {took:.0f} s, {len(tolls)} kills")
        return targets.status(*_judge(install, plain, videos), *_judge_tolls(tolls))


def _encode(install: Install, films: list[Path], workers: int) -> list[dict[str, str]]:
    """Encode `films` without kills; return the hashes of each one's files."""
    videos = install.python(CREATE.format(paths=list(map(str, films)))).split()
    for _ in range(workers):
        install.start_worker()
    _wait(install)
    return [_hashes(install, publication) for publication in _in_use(install, videos)]


def _disturb(
    install: Install, videos: list[str], arguments: argparse.Namespace, chance: random.Random
) -> tuple[list[Toll], int]:
    """Kill workers; return what each kill cost, and how many rounds of titles it took.

    A moment at which all are still starting would show nothing and is passed over. When
    all titles are whole before the kills are used up, their encodes are asked for again.
    """
    tolls: list[Toll] = []
    rounds = 1
    for turn in count():
        if len(tolls) == arguments.kills:
            return tolls, rounds
        kind = KINDS[turn // 2 % len(KINDS)] if turn % 2 else ""
        if kind in EARLY:
            _wait(install)
        if not _open(install):
            install.python(AGAIN.format(videos=videos))
            rounds += 1
        if kind:
            victim = _at(install, kind, chance)
        else:
            time.sleep(chance.uniform(0, arguments.pause))
            victim = chance.choice([c.pid for c in install.children if c.poll() is None])
        if victim is not None and _at_work(install):
            child = next(child for child in install.children if child.pid == victim)
            # Looked at before: what ends in between is not done again, so this is the most.
            tolls.append(_toll(install, victim))
            kill(child)
            install.start_worker()
    raise AssertionError


def _at(install: Install, kind: str, chance: random.Random) -> int | None:
    """Wait for a worker at a task of `kind`, and a little more; None if none comes."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and _open(install):
        found = [task.pid for task in _at_work(install) if task.kind == kind]
        if found:
            # The look at a file and the end of a title last a few tenths of a second.
            time.sleep(chance.choice((0, 0, 0.05, 0.2)))
            return chance.choice(found)
        time.sleep(0.01)
    return None


def _at_work(install: Install) -> list[Task]:
    """Return what the workers that live are at."""
    alive = {child.pid for child in install.children if child.poll() is None}
    rows = (Task(int(owner.split("|")[1]), *rest) for owner, *rest in _query(install, AT_WORK))
    return [task for task in rows if task.pid in alive]


def _toll(install: Install, pid: int) -> Toll:
    """Return what killing the worker `pid` costs now."""
    store = LocalStore(install.var / "published")
    lost = [task for task in _at_work(install) if task.pid == pid]
    pictures: defaultdict[str, float] = defaultdict(float)
    longest: dict[str, float] = {}
    for task in lost:
        job = pipeline.found_job(store, task.publication)
        if job is not None and task.kind == "picture":
            lengths = [(c.end - c.first) / job.plan.frame_rate for c in job.plan.chunks]
            pictures[task.publication] += lengths[job.task(task.name).chunk]
            longest[task.publication] = max(lengths)
    over = tuple(title for title in pictures if pictures[title] > longest[title])
    return Toll(tuple(task.kind for task in lost), sum(pictures.values()), over)


def _judge_tolls(tolls: list[Toll]) -> Iterator[bool]:
    """Print what the kills cost; yield whether none cost more than a chunk of picture."""
    idle = sum(not toll.kinds for toll in tolls)
    hit = Counter(kind for toll in tolls for kind in toll.kinds)
    told = ", ".join(f"{kind} {hit[kind]}" for kind in KINDS)
    print(f"tasks that were hit: {told}; kills of workers without one: {idle}")
    print(f"most done again for one kill: {max(toll.picture for toll in tolls):.1f} s of picture")
    over = [toll for toll in tolls if toll.over]
    for toll in over:
        print(f"more than a chunk of one title: {toll.picture:.1f} s, at {', '.join(toll.kinds)}")
    yield targets.verdict("kills that cost more than a chunk", len(over), 0)


def _judge(install: Install, plain: list[dict[str, str]], videos: list[str]) -> Iterator[bool]:
    """Compare and print; yield whether each target was met."""
    publications = _in_use(install, videos)
    lost = sum(not publication for publication in publications)
    made = [_hashes(install, publication) if publication else {} for publication in publications]
    differing = [_differing(one, other) for one, other in zip(plain, made, strict=True)]
    others = sum(map(bool, differing))
    scratch = [path.name for path in (install.var / "scratch").glob("*")]
    store = install.var / "published" / "publications"
    known = {path.name for path in store.iterdir() if not path.name.startswith(".")}
    stray = known - set(_all_publications(install))
    half = [path for path in store.glob(".*/*") if path.is_file()]
    leftovers = [name for files in made for name in files if name.startswith(("parts/", "job"))]
    tasks, setbacks, losses, alone = _query(install, COUNTS)[0]
    print(f"states: {dict(_query(install, STATES))}")
    print(f"tasks: {tasks}, put back {setbacks} times, ran alone {alone}, lost alone {losses}")
    for number, names in enumerate(differing):
        if names:
            print(f"title {number} differs in {len(names)} files: {', '.join(names[:9])}")
    print(f"half-written files, which the store removes after an hour: {len(half)}")
    yield targets.verdict("titles lost", lost, 0)
    yield targets.verdict("titles with other bytes", others, 0)
    yield targets.verdict("left in scratch", len(scratch), 0)
    yield targets.verdict("left in the store", len(stray) + len(leftovers), 0)


def _differing(one: dict[str, str], other: dict[str, str]) -> list[str]:
    """Return the names of the files that are not the same in both, or only in one."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def _hashes(install: Install, publication: str) -> dict[str, str]:
    """Return the hash of each file of a publication: playlists and manifest too.

    The name of the job's folder is another encode's, so it is taken out of names and texts.
    """
    folder = install.var / "published" / "publications" / publication
    mark = next((path.name for path in folder.iterdir() if path.is_dir()), "no job")
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            data = path.read_bytes()
            if path.suffix in (".json", ".m3u8", ".mpd"):
                data = data.replace(mark.encode(), b"MARK")
            if path.name == "publication.json":
                told = {k: v for k, v in json.loads(data).items() if k not in OF_ANOTHER}
                data = json.dumps(told).encode()
            name = path.relative_to(folder).as_posix().replace(mark, "MARK")
            found[name] = hashlib.sha256(data).hexdigest()
    return found


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
    parser = targets.parser(__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--titles", type=int, default=6)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--longest", type=int, default=40, help="seconds of the longest title")
    parser.add_argument("--pause", type=float, default=6.0, help="most seconds between two kills")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())

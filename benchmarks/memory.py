"""Peak memory of Python (not of ffmpeg) while it works on an original of 10 GB.

    python -m benchmarks.memory [--gigabytes 10] [case …]

Each case runs in a process of its own, which says its peak RSS and what of it was there before
the work began. Target: 150 MB. `fetch-s3`, `look-s3` and `worker` are workers of the CMS: of
theirs, Django, Wagtail and boto3 are all but a few. Packages that only tests need cannot be
imported: libraries take what they find (redis cryptography, say).
The original is sparse and the bucket is a server in another process that says yes,
keeps nothing and gives a sparse film, so that neither disk nor memory of the machine fills.

publish    a film whose file has 10 GB, from probe to publication, in a local store
put-local  a file of 10 GB into a local store; it is written for real, 2 GB of it at most
put-s3     a file of 10 GB into a bucket, in parts
fetch-s3   an original of 10 GB out of a bucket into scratch, whole
look-s3    a look at a film of 10 GB in a bucket, whose index is its last bytes, by ranges
worker     a worker of the CMS with its lanes, from the row of such a film to its publication
"""

import argparse
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cms.videos.encoding.fetching import Copy

from benchmarks import targets

ROOT = Path(__file__).resolve().parents[1]
TARGET = 150
"""Megabytes."""
GIGABYTE = 10**9
BLOCK = 2**20
BUCKET = "contoh"
SCALE = {"psycopg", "psycopg-binary", "psycopg-pool", "redis"}
"""What an install on several machines has beside requirements/run.txt (pyproject.toml)."""


def main() -> int:
    """Run the cases and print a line each; return 1 if one was above the target."""
    parser = targets.parser(__doc__)
    parser.add_argument("cases", nargs="*", default=[], choices=[*CASES, []], metavar="case")
    parser.add_argument("--gigabytes", type=float, default=10)
    parser.add_argument("--here", help=argparse.SUPPRESS)
    parser.add_argument("--bucket", help=argparse.SUPPRESS)
    parser.add_argument("--without", default="", help=argparse.SUPPRESS)
    given = parser.parse_args()
    size = round(given.gigabytes * GIGABYTE)
    if given.here:
        for package in filter(None, given.without.split(",")):
            sys.modules.setdefault(package, None)  # type: ignore[arg-type]  # cannot be imported
        return measured(given.here, size, given.bucket)
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "benchmarks.memory",
            "--here",
            "server",
            "--gigabytes",
            str(given.gigabytes),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        bucket = server.stdout.readline().strip()
        # Here, not in the cases: what all packages tell of themselves takes memory to read.
        without = not_installed()
        cases = given.cases or CASES
        peaks = {case: told(case, given.gigabytes, bucket, without) for case in cases}
    finally:
        server.terminate()
        server.wait()
    return targets.status(
        *(targets.verdict(f"peak of {case}, MB", peak, TARGET) for case, peak in peaks.items())
    )


def told(case: str, gigabytes: float, bucket: str, without: list[str]) -> float:
    """Run one case, in which the packages `without` cannot be imported; print and return its
    peak in MB."""
    command = [
        *(sys.executable, "-m", "benchmarks.memory", "--here", case),
        *("--gigabytes", str(gigabytes), "--bucket", bucket, "--without", ",".join(without)),
    ]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    moved, rest, peak = map(float, done.stdout.split())
    print(
        f"{case:10} {moved:6.3f} GB   peak {peak:4.0f} MB, of which at rest {rest:4.0f} MB",
        flush=True,
    )
    return peak


def not_installed() -> list[str]:
    """Return the packages of this environment that no install has: tests need them."""
    lock = (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")
    installed = SCALE.union(re.findall(r"^([a-z0-9-]+)(?:\[.*\])?==", lock, re.MULTILINE))
    return sorted(
        package
        for package, owners in packages_distributions().items()
        if installed.isdisjoint(re.sub(r"[-_.]+", "-", owner).lower() for owner in owners)
    )


def measured(case: str, size: int, bucket: str) -> int:
    """Be the process of one case: print the GB that were moved and the peak RSS in MB."""
    if case == "server":
        return serve(size)
    with tempfile.TemporaryDirectory(prefix="siar-memory-") as folder:
        moved, rest = CASES[case](Path(folder), size, bucket)
    print(moved / GIGABYTE, rest, peak_now())
    return 0


def peak_now() -> float:
    """Return the peak RSS of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def publish(folder: Path, size: int, _bucket: str) -> tuple[int, float]:
    """A short film in front of a box of nothing that fills the file up to `size`."""
    from media_pipeline import pipeline
    from media_pipeline.stores import LocalStore

    film = long_film(folder, size)
    store = LocalStore(folder / "published")
    store.create()
    rest = peak_now()
    pipeline.publish(
        film,
        store,
        "0" * 32,
        on_progress=lambda _progress: None,
        cancelled=lambda: False,
        scratch=folder,
        now=lambda: datetime.now(UTC),
    )
    return size, rest


def worker(folder: Path, size: int, _bucket: str) -> tuple[int, float]:
    """Be the worker of an embedded install in which a film of `size` bytes waits."""
    film = long_film(folder, size)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "cms.settings.development",
        "SIAR_SECRET_KEY": "contoh",
        "SIAR_VAR": str(folder / "var"),
    }
    manage = [sys.executable, str(ROOT / "manage.py")]
    subprocess.run([*manage, "migrate", "--verbosity=0"], check=True)
    subprocess.run([*manage, "shell", "--verbosity=0", "-c", WAITS.format(str(film))], check=True)
    import django

    django.setup()
    from cms.core.management.commands.run_huey import keep_arenas_few
    from cms.videos.models import Encode
    from cms.videos.tasks import lanes

    keep_arenas_few()
    rest = peak_now()
    lanes.start()
    while Encode.objects.open().exists():
        time.sleep(0.5)
    lanes.stop()
    assert Encode.objects.get().state == "ready", Encode.objects.get().error_detail
    return size, rest


WAITS = """
from pathlib import Path
from cms.cooperatives.models import Cooperative
from cms.core import clock
from cms.videos.actions import do_create_video
market = Cooperative.add_root(name="Koppas (contoh)", slug="koppas", level="koppas", city="Malang")
do_create_video(market, "Film (contoh)", Path({!r}), None, clock.now())
"""


def put_local(folder: Path, size: int, _bucket: str) -> tuple[int, float]:
    """Copy a sparse file; what is written takes real space, so never more than 2 GB."""
    from media_pipeline.stores import LocalStore

    size = min(size, 2 * GIGABYTE)
    store = LocalStore(folder / "published")
    store.create()
    rest = peak_now()
    store.put_file("film.mp4", sparse(folder, size))
    return size, rest


def put_s3(folder: Path, size: int, bucket: str) -> tuple[int, float]:
    """Send a sparse file in parts."""
    from media_pipeline.stores import open_store

    keys = {"access_key": "contoh", "secret_key": "contoh"}
    store = open_store({"kind": "s3", "bucket": BUCKET, "endpoint": bucket, **keys})
    rest = peak_now()
    store.put_file("film.mp4", sparse(folder, size))
    return size, rest


def fetch_s3(folder: Path, size: int, bucket: str) -> tuple[int, float]:
    """Fetch all of an original as a worker does; what has come is let go after each gigabyte."""
    copy = copy_of(folder, bucket)
    rest = peak_now()
    for first in range(0, size, GIGABYTE):
        copy.need([(first, min(first + GIGABYTE, size))])
        for length in (0, size):
            os.truncate(copy.path, length)
    return copy.fetched, rest


def look_s3(folder: Path, _size: int, bucket: str) -> tuple[int, float]:
    """Prepare a film whose index is its last bytes: by that, its head and a few samples."""
    copy = copy_of(folder, bucket)
    from media_pipeline import pipeline
    from media_pipeline.stores import LocalStore

    store = LocalStore(folder / "published")
    store.create()
    given = {"scratch": folder, "cancelled": lambda: False, "now": lambda: datetime.now(UTC)}
    rest = peak_now()
    pipeline.prepare(copy.path, store, "0" * 32, need=copy.need, **given)
    return copy.fetched, rest


def copy_of(folder: Path, bucket: str) -> "Copy":
    """Return what a worker of the CMS has of the original in the bucket: nothing yet."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "cms.settings.test"
    import django

    django.setup()
    from django.conf import settings
    from storages.backends.s3 import S3Storage

    from cms.videos.encoding import fetching

    settings.SCRATCH_FOLDER = folder
    keys = {"access_key": "contoh", "secret_key": "contoh", "region_name": "us-east-1"}
    storage = S3Storage(bucket_name=BUCKET, endpoint_url=bucket, **keys)
    source = fetching.BucketObject(storage, "film.mp4")
    return fetching.Copy(folder / "original", source, lambda: False)


CASES: dict[str, Callable[[Path, int, str], tuple[int, float]]] = {
    "publish": publish,
    "put-local": put_local,
    "put-s3": put_s3,
    "fetch-s3": fetch_s3,
    "look-s3": look_s3,
    "worker": worker,
}


def long_film(folder: Path, size: int) -> Path:
    """Make a film of nine seconds with a box of nothing in it that fills it up to `size`."""
    from media_pipeline import tools

    film = folder / "film.mp4"
    picture = "testsrc2=s=256x144:r=25:d=9"
    command = [tools.ffmpeg(), "-v", "error", "-f", "lavfi", "-i", picture, "-c:v", "libx264"]
    subprocess.run([*command, "-preset", "ultrafast", str(film)], check=True)
    whole = film.read_bytes()
    index = whole.rindex(b"moov") - 4
    with film.open("r+b") as file:
        file.seek(index)
        # A box of 64-bit length (ISO/IEC 14496-12, 4.2) of the type that readers skip.
        file.write(b"\0\0\0\1free" + (size - len(whole)).to_bytes(8, "big"))
        file.seek(size - (len(whole) - index))
        file.write(whole[index:])
        file.truncate(size)
    return film


def sparse(folder: Path, size: int) -> Path:
    """Make a file of `size` zeros that takes no space."""
    path = folder / "sparse"
    with path.open("wb") as file:
        file.truncate(size)
    return path


def serve(size: int) -> int:
    """Be a bucket that says yes: print its address, then answer until killed."""
    with tempfile.TemporaryDirectory(prefix="siar-memory-") as folder:
        given = {"size": size, "film": long_film(Path(folder), size)}
        server = ThreadingHTTPServer(("127.0.0.1", 0), type("Yes", (Bucket,), given))
        signal.signal(signal.SIGTERM, lambda *_given: sys.exit())
        print(f"http://127.0.0.1:{server.server_port}", flush=True)
        server.serve_forever()
    return 0


class Bucket(BaseHTTPRequestHandler):
    """Takes parts and forgets them; has one object, the file `film` of `size` bytes."""

    size = 0
    film = Path()
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self._answer(200, self.size)

    def do_GET(self) -> None:
        if "uploads" in self.path:
            body = b"<ListMultipartUploadsResult></ListMultipartUploadsResult>"
            self._answer(200, len(body))
            self.wfile.write(body)
            return
        first, last = map(int, re.findall(r"\d+", self.headers["Range"]))
        left = last + 1 - first
        self._answer(206, left)
        with self.film.open("rb") as file:
            file.seek(first)
            while left:
                left -= self.wfile.write(file.read(min(left, BLOCK)))

    def do_PUT(self) -> None:
        if "100-continue" in self.headers.get("Expect", ""):
            self.send_response_only(100)
            self.end_headers()
        self._swallow()
        self._answer(200, 0)

    def do_POST(self) -> None:
        self._swallow()
        kind = "Initiate" if "uploads" in self.path else "Complete"
        body = f"<{kind}MultipartUploadResult><UploadId>1</UploadId></{kind}MultipartUploadResult>"
        self._answer(200, len(body))
        self.wfile.write(body.encode())

    def _swallow(self) -> None:
        left = int(self.headers.get("Content-Length", 0))
        while left:
            left -= len(self.rfile.read(min(left, BLOCK)))

    def _answer(self, status: int, length: int) -> None:
        self.send_response(status)
        self.send_header("ETag", '"1"')
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    raise SystemExit(main())

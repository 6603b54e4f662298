"""What devices tell of the cards that they showed, beside pages, on the embedded set-up.

    python -m benchmarks.events [--seconds 60] [--rate 1000]

Starts Siar as `make run` does, the worker too, and reads its pages while devices tell of
`--rate` events a second in posts of four, for `--seconds` in all (the issue's ten minutes:
`--seconds 600`). Before each minute of that, or each third of less, pages are read alone for
ten seconds: a part is compared with the quiet one just before it, so that whatever else the
machine does troubles both alike. Who tells has processes of its own, apart from who reads.

Then counts what the worker has not counted yet, and prints what an event cost the web process
and the counting. The peer writes a row an event into the same SQLite by the ORM; the post that
brings an event would cost it the same, so storing is compared alone: a line of the spool and
its part of the counting, over a row.

Targets: the rate is reached and no event is lost; a page takes no more than twice as
long; storing an event costs no more than a third of a row.
"""

import json
import multiprocessing
import os
import secrets
import socket
import statistics
import time
import urllib.request
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from typing import NamedTuple

from benchmarks import targets
from benchmarks.install import Install, kill, running
from benchmarks.origin import Server
from cms.audience.events.tokens import CHANCE, token_of

IN_A_POST = 4
SENDERS = 4
QUIET, BUSY, LEAST = 10.0, 60.0, 3
"""Seconds of a quiet part, at most of one beside events; rounds of both."""
AGENT = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/142.0.0.0 Mobile Safari/537.36"
)
CARDS = 200
type Salts = dict[str, str]
"""The secret of each open day, in hexadecimal digits."""

MAKE = f"""
from cms.cooperatives.models import Cooperative
from cms.traders.models import Product, Stall
market = Cooperative.objects.get()
stall = Stall.objects.create(cooperative=market, name="Lapak (contoh)", slug="lapak")
made = Product.objects.bulk_create(
    Product(stall=stall, name=f"Produk {{n}} (contoh)", slug=f"p{{n}}", price=1000, unit="kg")
    for n in range({CARDS}))
print(*(product.key.hex for product in made))
"""

SALT = """
from cms.audience.events.messages import open_days
from cms.audience.events.salts import Salts
from cms.core import clock
salts, now = Salts(), clock.now()
print(*(f"{day}={salts.fetch(day, now).hex()}" for day in open_days(now)))
"""
"""With the secrets of the days senders sign the tokens that web would give to each device."""

COUNT = """
import time
from datetime import timedelta
from django.db.models import Sum
from cms.audience.events.rolling import do_roll_up_seen
from cms.audience.models import HourCount, ReachDay
from cms.core import clock
begin, busy = time.monotonic(), time.process_time()
counted = do_roll_up_seen(clock.now() + timedelta(minutes=2))
print((time.process_time() - busy) / counted, counted / (time.monotonic() - begin))
print(HourCount.objects.aggregate(n=Sum("impressions"))["n"] or 0, HourCount.objects.count())
"""

SPOOL = f"""
import time
from pathlib import Path
from django.conf import settings
from cms.audience import spool
from cms.core import clock
line = ("0" * 32, "pasar", "2026-11-25", "0" * 16, "0" * 16, "-")
busy = time.process_time()
for _ in range(3000):
    spool.append_all(Path(settings.SPOOL_FOLDER) / "trial", [line] * {IN_A_POST}, clock.now())
print((time.process_time() - busy) / 3000 / {IN_A_POST})
"""

PEER = """
import time
from django.db import connection, models
from cms.core import clock
class Event(models.Model):
    key = models.UUIDField(db_index=True)
    place = models.CharField(max_length=64)
    who = models.CharField(max_length=16)
    at = models.DateTimeField(db_index=True)
    class Meta:
        app_label = "peer"
with connection.schema_editor() as editor:
    editor.create_model(Event)
keys = {keys!r}.split()
begin, busy = time.monotonic(), time.process_time()
for n in range({events}):
    Event.objects.create(key=keys[n % len(keys)], place="pasar", who=f"{{n:016x}}", at=clock.now())
print(time.process_time() - busy, time.monotonic() - begin)
"""


class Part(NamedTuple):
    """What pages took (ms), what the web process used (s), and what was told meanwhile."""

    waits: list[float]
    busy: float
    seconds: float
    told: int


class Round(NamedTuple):
    """Pages alone, and pages beside events."""

    alone: Part
    beside: Part

    @property
    def slower(self) -> float:
        """A page's median wait over that without events."""
        return statistics.median(self.beside.waits) / statistics.median(self.alone.waits)


def main() -> int:
    parser = targets.parser(__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--rate", type=int, default=1000)
    wanted = parser.parse_args()
    # Each device has an address of its own: as behind one proxy.
    with running(SIAR_PROXIES="1") as install:
        keys = install.python(MAKE).split()
        salts = dict(pair.split("=") for pair in install.python(SALT).split())
        install.start_web()
        worker = install.start_worker()
        before, rounds = _rounds(install, keys, salts, wanted.seconds, wanted.rate)
        kill(worker)
        (counting, speed), (counted, rows) = _numbers(install.python(COUNT))
        [(line,)] = _numbers(install.python(SPOOL))
        [(peer, peer_took)] = _numbers(
            install.python(PEER.format(keys=" ".join(keys), events=3000))
        )
    told, seconds = (sum(getattr(r.beside, name) for r in rounds) for name in ("told", "seconds"))
    print(
        f"{before} and {told} events told, these in {seconds:.0f} s; {counted:.0f} counted in {rows:.0f} rows"
    )
    web = _of_web(rounds)
    print(f"an event: {web * 1e6:.0f} µs of the web process, {counting * 1e6:.0f} µs of counting")
    print(
        f"counted {speed:.0f} a second; ten million a day: {1e7 * (web + counting) / 864:.1f} % of a core"
    )
    ours, theirs = (line + counting) * 1e6, peer / 3000 * 1e6
    print(f"stored: {ours:.0f} µs of processor; as a row: {theirs:.0f} µs, ", end="")
    print(f"{3000 / peer_took:.0f} a second without a web server")
    return targets.status(
        targets.verdict("events a second", told / seconds, 0.98 * wanted.rate, least=True),
        targets.verdict("events lost", before + told - counted, 0),
        targets.verdict(
            "a page's median wait over that without events",
            statistics.median(each.slower for each in rounds),
            2.0,
        ),
        targets.verdict("processor of storing an event over a row", ours / theirs, 0.34),
    )


def _numbers(text: str) -> list[tuple[float, ...]]:
    return [tuple(map(float, line.split())) for line in text.splitlines()]


def _rounds(
    install: Install, keys: list[str], salts: Salts, seconds: float, rate: int
) -> tuple[int, list[Round]]:
    """Read pages, alone and beside events in turn; also return what was told before."""
    number = max(LEAST, round(seconds / BUSY))
    rounds: list[Round] = []
    with ProcessPoolExecutor(SENDERS, multiprocessing.get_context("spawn")) as senders:
        # All are up, and all caches of web full, before the first part.
        before = _part(install, senders, keys, salts, QUIET / 2, rate).told
        for _ in range(number):
            alone = _part(install, senders, keys, salts, QUIET, 0)
            rounds.append(
                Round(alone, _part(install, senders, keys, salts, seconds / number, rate))
            )
            _tell_of(rounds[-1])
    return before, rounds


def _part(
    install: Install,
    senders: ProcessPoolExecutor,
    keys: list[str],
    salts: Salts,
    seconds: float,
    rate: int,
) -> Part:
    """Read pages, and tell `rate` events a second, for so long."""
    web = Server(install.base, install.children[0].pid)
    before, begin = web.cpu_seconds(), time.monotonic()
    telling = [
        senders.submit(_tell, install.port, keys, salts, rate / SENDERS, seconds)
        for _ in range(SENDERS if rate else 0)
    ]
    waits: list[float] = []
    while time.monotonic() < begin + seconds:
        waits.append(_read(f"{install.base}/pasar/"))
        time.sleep(0.2)
    told = sum(each.result() for each in telling)
    return Part(waits, web.cpu_seconds() - before, time.monotonic() - begin, told)


def _read(address: str) -> float:
    """How long a page took, in milliseconds."""
    begin = time.monotonic()
    with urllib.request.urlopen(address, timeout=60) as answer:
        answer.read()
    return (time.monotonic() - begin) * 1000


def _tell(port: int, keys: list[str], salts: Salts, rate: float, seconds: float) -> int:
    """Post as so many devices do, each with a token and an address of its own; return how many."""
    told, begin = 0, time.monotonic()
    with socket.create_connection(("localhost", port), timeout=60) as line:
        while (passed := time.monotonic() - begin) < seconds:
            if (ahead := told / rate - passed) > 0:
                time.sleep(ahead)
            line.sendall(
                _post(port, salts, [keys[(told + k) % len(keys)] for k in range(IN_A_POST)])
            )
            answer = b""
            while b"\r\n\r\n" not in answer and (more := line.recv(4096)):
                answer += more
            told += IN_A_POST * answer.startswith(b"HTTP/1.1 204 ")
    return told


def _post(port: int, salts: Salts, keys: list[str]) -> bytes:
    now = datetime.now(UTC)
    day = now.date().isoformat()
    token = token_of(bytes.fromhex(salts[day]), secrets.token_bytes(CHANCE))
    cards = [[f"pasar {key}", k] for k, key in enumerate(keys)]
    post = {"k": token, "d": day}
    body = json.dumps(post | {"t": int(now.timestamp()), "e": cards})
    address = ".".join(str(part) for part in secrets.token_bytes(4))
    head = f"POST /seen/ HTTP/1.1\r\nHost: localhost:{port}\r\nOrigin: http://localhost:{port}\r\n"
    head += f"User-Agent: {AGENT}\r\nX-Forwarded-For: {address}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode()


def _tell_of(each: Round) -> None:
    """Print how pages fared, alone and beside events."""
    for name, part in (("alone", each.alone), ("beside events", each.beside)):
        last = statistics.quantiles(part.waits, n=100)[98]
        print(f"pages {name}: median {statistics.median(part.waits):.0f} ms,", end=" ")
        print(f"99th percentile {last:.0f} ms ({len(part.waits)})", end="; ")
    print(f"load {os.getloadavg()[0]:.1f}", flush=True)


def _of_web(rounds: list[Round]) -> float:
    """Seconds of the web process for an event, what pages and their origin need left out."""
    alone = sum(each.alone.busy for each in rounds) / sum(len(each.alone.waits) for each in rounds)
    pages = sum(len(each.beside.waits) for each in rounds)
    print(f"a page: {alone * 1e3:.0f} ms of the web process")
    told = sum(each.beside.told for each in rounds)
    return (sum(each.beside.busy for each in rounds) - alone * pages) / told


if __name__ == "__main__":
    raise SystemExit(main())

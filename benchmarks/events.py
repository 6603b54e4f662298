"""What devices tell of the cards that they showed, beside pages, on the embedded set-up.

    python -m benchmarks.events [--seconds 20] [--rate 1000]

Starts Siar as `make run` does and reads its pages: first alone, then while devices tell
of `--rate` events a second in posts of four (the issue's ten minutes: `--seconds 600`).
Then counts them as the worker does by the minute, and prints what an event cost the web
process and the worker. The peer writes a row an event into the same SQLite by the ORM; the
post that brings an event would cost it the same, so storing is compared alone: a line of
the spool and its part of the counting, over a row.

Targets: the rate is reached and no event is lost; a page takes no more than twice as
long; storing an event costs no more than a third of a row.
"""

import http.client
import json
import secrets
import statistics
import threading
import time
import urllib.request
from datetime import UTC, datetime
from typing import NamedTuple

from benchmarks import targets
from benchmarks.install import Install, running
from benchmarks.origin import Server

IN_A_POST = 4
SENDERS = 4
AGENT = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/142.0.0.0 Mobile Safari/537.36"
)
CARDS = 200

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

COUNT = """
import time
from datetime import timedelta
from django.db.models import Sum
from cms.audience.events.rolling import do_roll_up_seen
from cms.audience.models import HourCount, ReachDay
from cms.core.clock import now
begin, busy = time.monotonic(), time.process_time()
do_roll_up_seen(now() + timedelta(minutes=2))
print(time.process_time() - busy, time.monotonic() - begin)
print(HourCount.objects.aggregate(n=Sum("impressions"))["n"] or 0, HourCount.objects.count())
"""

SPOOL = f"""
import time
from pathlib import Path
from django.conf import settings
from cms.audience import spool
from cms.core.clock import now
line = ("0" * 32, "pasar", "2026-11-25", "0" * 16, "0" * 16)
busy = time.process_time()
for _ in range(3000):
    spool.append_all(Path(settings.SPOOL_FOLDER) / "trial", [line] * {IN_A_POST}, now())
print((time.process_time() - busy) / 3000 / {IN_A_POST})
"""

PEER = """
import time
from django.db import connection, models
from cms.core.clock import now
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
    Event.objects.create(key=keys[n % len(keys)], place="pasar", who=f"{{n:016x}}", at=now())
print(time.process_time() - busy, time.monotonic() - begin)
"""


class Phase(NamedTuple):
    """What pages took (ms), what the web process used (s), and what was told meanwhile."""

    waits: list[float]
    busy: float
    seconds: float
    told: int


def main() -> int:
    parser = targets.parser(__doc__)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rate", type=int, default=1000)
    wanted = parser.parse_args()
    # Each device has an address of its own: as behind one proxy.
    with running(SIAR_PROXIES="1") as install:
        keys = install.python(MAKE)
        install.start_web()
        urllib.request.urlopen(install.base + "/").close()
        calm = _phase(install, keys.split(), min(wanted.seconds, 20), 0)
        load = _phase(install, keys.split(), wanted.seconds, wanted.rate)
        (worker, took), (counted, rows) = _numbers(install.python(COUNT))
        [(line,)] = _numbers(install.python(SPOOL))
        [(peer, peer_took)] = _numbers(install.python(PEER.format(keys=keys, events=3000)))
    web = (load.busy - calm.busy * len(load.waits) / len(calm.waits)) / load.told
    ours, theirs = (line + worker / load.told) * 1e6, peer / 3000 * 1e6
    _print(load, counted, rows, web, worker, took)
    print(f"stored: {ours:.0f} µs of processor; as a row: {theirs:.0f} µs, ", end="")
    print(f"{3000 / peer_took:.0f} a second without a web server")
    slower = statistics.median(load.waits) / statistics.median(calm.waits)
    return targets.status(
        targets.verdict(
            "events a second", load.told / load.seconds, 0.98 * wanted.rate, least=True
        ),
        targets.verdict("events lost", load.told - counted, 0),
        targets.verdict("a page's median wait over that without events", slower, 2.0),
        targets.verdict("processor of storing an event over a row", ours / theirs, 0.34),
    )


def _numbers(text: str) -> list[tuple[float, ...]]:
    return [tuple(map(float, line.split())) for line in text.splitlines()]


def _print(
    load: Phase, counted: float, rows: float, web: float, worker: float, took: float
) -> None:
    median, last = statistics.median(load.waits), statistics.quantiles(load.waits, n=100)[98]
    print(
        f"{load.told} events told in {load.seconds:.0f} s, {counted:.0f} counted in {rows:.0f} rows"
    )
    print(f"pages meanwhile: median {median:.0f} ms, 99th percentile {last:.0f} ms")
    each = worker / load.told
    print(f"an event: {web * 1e6:.0f} µs of the web process, {each * 1e6:.0f} µs of the worker")
    print(f"counted in {took:.1f} s; ten million a day: {1e7 * (web + each) / 864:.1f} % of a core")


def _phase(install: Install, keys: list[str], seconds: float, rate: int) -> Phase:
    """Read pages, and tell `rate` events a second, for so long."""
    web, over = Server(install.base, install.children[0].pid), threading.Event()
    waits: list[float] = []
    told = [0] * SENDERS
    senders = [
        threading.Thread(target=_tell, args=(install, keys, rate / SENDERS, over, told, n))
        for n in range(SENDERS if rate else 0)
    ]
    reader = threading.Thread(target=_read, args=(install, over, waits))
    before, begin = web.cpu_seconds(), time.monotonic()
    for each in (*senders, reader):
        each.start()
    time.sleep(seconds)
    over.set()
    for each in (*senders, reader):
        each.join()
    return Phase(waits, web.cpu_seconds() - before, time.monotonic() - begin, sum(told))


def _read(install: Install, over: threading.Event, waits: list[float]) -> None:
    while not over.wait(0.2):
        begin = time.monotonic()
        with urllib.request.urlopen(f"{install.base}/pasar/", timeout=60) as answer:
            answer.read()
        waits.append((time.monotonic() - begin) * 1000)


def _tell(
    install: Install, keys: list[str], rate: float, over: threading.Event, told: list[int], n: int
) -> None:
    """Post as so many devices do; each with a token and an address of its own."""
    line = http.client.HTTPConnection("localhost", install.port, timeout=60)
    begin = time.monotonic()
    while not over.is_set():
        behind = begin + told[n] / rate - time.monotonic()
        if behind > 0:
            over.wait(behind)
        now = datetime.now(UTC)
        cards = [[f"pasar {keys[(told[n] + k) % len(keys)]}", k] for k in range(IN_A_POST)]
        post = {"k": secrets.token_urlsafe(15), "d": now.date().isoformat()}
        body = json.dumps(post | {"t": int(now.timestamp()), "e": cards})
        address = ".".join(str(part) for part in secrets.token_bytes(4))
        headers = {"Origin": install.base, "User-Agent": AGENT, "X-Forwarded-For": address}
        line.request("POST", "/seen/", body, headers)
        answer = line.getresponse()
        answer.read()
        if answer.status == 204:
            told[n] += IN_A_POST
    line.close()


if __name__ == "__main__":
    raise SystemExit(main())

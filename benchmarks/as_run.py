"""How long the as-run of a country's day takes, from the journals of two origins.

    python -m benchmarks.as_run [--channels 2968]

Makes an install whose channels have a day of 24 programmes with fillers, as `planning` does,
and the journals that two origins write of that day, an object a minute, of which the second
was away for an hour. Then a worker reads them all and judges every channel's day once, as after
an outage; while nothing is wrong, the same reading is spread over the day.

The peer does with half an hour of the same journals what is simplest: a row a line by the ORM,
read again for each channel in the order of time. Processor for a line is compared.

Targets: all channels' day within 300 s, as planning it; memory of that process at most
300 MiB; at most 0.34 of the peer's processor for a line.
"""

import multiprocessing
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from benchmarks import planning, targets
from media_pipeline.asrun import Line, decode_minute, encode_minute
from media_pipeline.model.keys import journal_file, journal_folder
from media_pipeline.model.rundown import Entry
from media_pipeline.model.ticks import TIMESCALE, ticks_of

SECONDS, MEMORY, RATIO = 300.0, 300.0, 0.34
MINUTE = 60 * TIMESCALE
MINUTES = 24 * 60
AWAY = range(600, 660)
"""Minutes of the day that the second origin does not know."""
OF_PEER = 30
"""Minutes whose journals the peer reads."""


class Took(NamedTuple):
    """Seconds, of the processor too, lines, and MiB of memory in the end."""

    seconds: float
    busy: float
    lines: int
    memory: float


def main() -> int:
    parser = targets.parser(__doc__)
    parser.add_argument("--channels", type=int, default=2968)
    wanted = parser.parse_args()
    day = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    spawn = multiprocessing.get_context("spawn")
    # A process for each, so that the memory of one is its own.
    with (
        tempfile.TemporaryDirectory(prefix="siar-bench-", dir="/var/tmp") as folder,
        ProcessPoolExecutor(1, spawn, max_tasks_per_child=1) as alone,
    ):
        alone.submit(_fill, folder, wanted.channels, day).result()
        read, rows = alone.submit(_read, folder, day).result()
        judged, days = alone.submit(_judge, folder, day).result()
        peer = alone.submit(_peer, folder, day).result()
    seconds, busy = read.seconds + judged.seconds, read.busy + judged.busy
    print(
        f"{read.lines} lines of {rows} hours of channels, {days} days judged: {seconds:.0f} s by the clock"
    )
    print(f"processor: {read.busy:.1f} s of reading, {judged.busy:.1f} s of judging")
    ours, theirs = busy / read.lines * 1e6, peer.busy / peer.lines * 1e6
    print(f"for a line: {ours:.1f} µs; as a row by the ORM: {theirs:.1f} µs ({peer.lines} lines)")
    return targets.status(
        targets.verdict("seconds for the day of all", seconds, SECONDS),
        targets.verdict("MiB of memory", max(read.memory, judged.memory), MEMORY),
        targets.verdict("processor for a line over a row of the ORM", ours / theirs, RATIO),
    )


def _fill(folder: str, channels: int, day: datetime) -> None:
    """Plan `channels` channels at the beginning of `day`, and write what two origins say of it."""
    planning.prepare(Path(folder))
    planning.fill(channels, day)
    from cms.channels import in_force
    from cms.channels.actions import do_extend_all
    from cms.channels.models import Channel
    from cms.core import published

    do_extend_all(day)
    start, store = ticks_of(day), published.store()
    said = [
        _of_channel(slug, in_force.between(slug, start, start + MINUTES * MINUTE), start)
        for slug in Channel.objects.values_list("slug", flat=True)
    ]
    for minute in range(MINUTES):
        data = encode_minute(line for lines in said for line in next(lines))
        stamp = f"{day + timedelta(minutes=minute):%Y%m%dT%H%MZ}"
        for origin in ("satu", "dua") if minute not in AWAY else ("satu",):
            store.write(journal_file(origin, stamp), data)


def _of_channel(slug: str, entries: Sequence[Entry], start: int) -> Iterator[list[Line]]:
    """Yield the lines of each minute of a day that begins at the tick `start`."""
    left = list(reversed(entries))
    for minute in range(MINUTES):
        begin, end = start + minute * MINUTE, start + (minute + 1) * MINUTE
        lines = []
        while left and left[-1].start < end:
            entry = left[-1]
            first, last = max(entry.start, begin), min(entry.end, end)
            lines.append(Line(slug, entry.id, entry.publication, 1, first, last))
            if entry.end > end:
                break
            left.pop()
        yield lines


def _read(folder: str, day: datetime) -> tuple[Took, int]:
    """Take in all journals of `day`; also return how many rows that makes."""
    planning.prepare(Path(folder))
    from django.db.models import Sum

    from cms.channels.asrun.journals import do_read_journals
    from cms.channels.asrun.models import AirHour, JournalObject
    from cms.core import published

    begin, busy = time.monotonic(), time.process_time()
    do_read_journals(published.store(), [day.date()], _end(day))
    took = time.monotonic() - begin, time.process_time() - busy
    lines = JournalObject.objects.aggregate(sum=Sum("lines"))["sum"]
    return Took(*took, lines, _memory()), AirHour.objects.count()


def _judge(folder: str, day: datetime) -> tuple[Took, int]:
    """Judge every channel's `day`; also return how many. Raises SystemExit if one has holes."""
    planning.prepare(Path(folder))
    from cms.channels.asrun.models import AiredEntry
    from cms.channels.asrun.rolling import do_roll_up

    begin, busy = time.monotonic(), time.process_time()
    days = 0
    while judged := do_roll_up(_end(day)):  # 5,000 at a time; early lines speak of the day before
        days += judged
    took = time.monotonic() - begin, time.process_time() - busy
    rows = AiredEntry.objects.filter(day=day.date(), kind="programme")
    if not rows.exists() or rows.exclude(status="aired").exists():
        raise SystemExit("what was on air is not what the journals say")
    return Took(*took, rows.count(), _memory()), days


def _peer(folder: str, day: datetime) -> Took:
    """Write a row a line and read each channel's in the order of time."""
    planning.prepare(Path(folder))
    from django.db import connection, models

    from cms.core import published

    class Row(models.Model):
        channel = models.CharField(max_length=120, db_index=True)
        entry = models.CharField(max_length=120)
        publication = models.CharField(max_length=32)
        start = models.BigIntegerField()
        end = models.BigIntegerField()

        class Meta:
            app_label = "peer"

        def __str__(self) -> str:
            return self.entry

    with connection.schema_editor() as editor:
        editor.create_model(Row)
    store, limit, lines = published.store(), f"{day + timedelta(minutes=OF_PEER):%Y%m%dT%H%M}", 0
    begin, busy = time.monotonic(), time.process_time()
    for key in store.keys(journal_folder(f"{day:%Y%m%d}")):
        stamp = key.rpartition("/")[2]
        if stamp < limit:
            at = datetime.strptime(stamp[:13], "%Y%m%dT%H%M").replace(tzinfo=UTC)
            said = decode_minute(store.read(key) or b"", ticks_of(at)).lines
            lines += len(said)
            Row.objects.bulk_create(
                (Row(channel=x.channel, entry=x.entry, publication=x.publication,
                     start=x.start, end=x.end) for x in said), batch_size=1000)  # fmt: skip
    for slug in Row.objects.values_list("channel", flat=True).distinct():
        list(Row.objects.filter(channel=slug).order_by("start"))
    return Took(time.monotonic() - begin, time.process_time() - busy, lines, _memory())


def _end(day: datetime) -> datetime:
    """The last moment at which it is the only day that there is to judge."""
    return day + timedelta(days=1, seconds=-1)


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    raise SystemExit(main())

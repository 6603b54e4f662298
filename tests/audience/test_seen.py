"""From a device's post to the counts: each card once, nobody known, nothing made up."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from django.db import connection
from pytest_django import Settings

from cms.audience import hours, spool, visits
from cms.audience.counts import Counts, counts_of
from cms.audience.events import pace, reach, repeats, rolling
from cms.audience.events.beacon import create_app
from cms.audience.events.messages import MOST_AIRINGS, MOST_BYTES, OLD
from cms.audience.events.pace import OF_A_TOKEN
from cms.audience.events.rolling import do_roll_up_seen
from cms.audience.events.salts import Salts, hashed
from cms.audience.events.tokens import CHANCE, token_of
from cms.audience.models import DaySalt, HourCount, ReachDay
from cms.traders.links import video_place
from cms.traders.models import FeaturedSegment, Product
from tests.audience.conftest import PHONE

NOW = datetime(2026, 11, 24, 6, 24, 10, tzinfo=UTC)
DAY = date(2026, 11, 24)
SOON = NOW + timedelta(minutes=2)
BROWSER = {
    "user-agent": PHONE,
    "origin": "http://testserver",
    "content-type": "text/plain;charset=UTF-8",
}


SALT = b"the salt of 2026-11-24"


class Device:
    """A viewer's phone that posts to the beacon, on a clock of its own."""

    def __init__(self, token: str = token_of(SALT, b"t" * CHANCE)) -> None:
        self.token = token
        self.now = NOW
        self.app = create_app(lambda: self.now)

    def body(self, *cards: str, **changed: object) -> bytes:
        post = {"k": self.token, "d": "2026-11-24", "t": int(self.now.timestamp())}
        return json.dumps(post | {"e": [[card, 2] for card in cards]} | changed).encode()

    async def send(self, body: bytes, method: str = "POST", **headers: str) -> int:
        transport = httpx.ASGITransport(app=self.app, client=("10.0.0.1", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            sent = {k: v for k, v in (BROWSER | headers).items() if v}
            answer = await client.request(method, "/seen/", content=body, headers=sent)
        assert answer.content == b""
        return answer.status_code

    async def tell(self, *cards: str) -> int:
        return await self.send(self.body(*cards))


@pytest.fixture
def seen_folder(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.SPOOL_FOLDER = tmp_path

    def fetch(salts: Salts, day: date, now: datetime) -> bytes:
        return b"the salt of " + day.isoformat().encode()

    # The database of a test lives in another thread's transaction.
    monkeypatch.setattr(Salts, "fetch", fetch)
    return tmp_path / "seen"


@pytest.fixture
def segment_a(segment_a: FeaturedSegment) -> FeaturedSegment:
    """An approved one: it has a card on the page of its video."""
    FeaturedSegment.objects.filter(pk=segment_a.pk).update(state="approved")
    return segment_a


@pytest.fixture
def device(seen_folder: Path) -> Device:
    return Device()


@pytest.fixture
def lines(seen_folder: Path) -> Callable[[], list[str]]:
    def read() -> list[str]:
        paths = sorted(seen_folder.parent.glob("seen*/*.log"))
        return [line for path in paths for line in path.read_text().splitlines()]

    return read


KEY = "0123456789abcdef" * 2


@pytest.mark.anyio
async def test_a_post_is_a_line_a_card_without_the_token(
    device: Device, lines: Callable[[], list[str]]
) -> None:
    assert await device.tell(f"pasar {KEY}", f"siaran-jatim 17/{KEY}") == 204
    first, second = (line.split(" ") for line in lines())
    assert (first[5], second[5]) == ("-", "17/")
    assert first[:3] == [KEY, "pasar", "2026-11-24"]
    assert first[3] == second[3] == hashed(SALT, device.token)
    assert first[4] != second[4]
    assert device.token not in "".join(lines())


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://jahat.example"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "http://testserver.jahat.example"},
        {"user-agent": ""},
        {"user-agent": "curl/8.5"},
        {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
        {"host": "jahat.example", "origin": "http://jahat.example"},
    ],
)
@pytest.mark.anyio
async def test_other_sites_and_programs_are_answered_alike_and_not_counted(
    device: Device, lines: Callable[[], list[str]], headers: dict[str, str], settings: Settings
) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    assert await device.send(device.body(f"pasar {KEY}"), **headers) == 204
    assert lines() == []


@pytest.mark.anyio
async def test_forged_old_and_future_posts_are_answered_alike_and_not_counted(
    device: Device, lines: Callable[[], list[str]]
) -> None:
    sent = int(NOW.timestamp())
    wrong = [b"", b"\x00", device.body(f"pasar {KEY}", t=sent - 3600)]
    wrong += [device.body(f"pasar {KEY}", t=sent + 3600), device.body(f"pasar {KEY}", d=7)]
    assert [await device.send(body) for body in wrong] == [204] * len(wrong)
    assert lines() == []


@pytest.mark.anyio
async def test_a_huge_body_and_another_method_are_refused(
    device: Device, lines: Callable[[], list[str]]
) -> None:
    assert await device.send(b"x" * (MOST_BYTES + 1)) == 413
    assert await device.send(b"", method="GET") == 405
    assert lines() == []


@pytest.mark.anyio
async def test_who_posts_too_often_is_answered_alike_and_not_counted(
    device: Device, lines: Callable[[], list[str]]
) -> None:
    for _ in range(OF_A_TOKEN + 3):
        assert await device.tell(f"pasar {KEY}") == 204
    assert len(lines()) == OF_A_TOKEN


@pytest.mark.anyio
async def test_who_makes_tokens_or_names_up_costs_little_and_keeps_nobody_from_being_counted(
    device: Device, lines: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "MEMORY", 12)
    monkeypatch.setattr(pace, "OF_AN_ADDRESS", 5)
    asked: list[str] = []
    known = visits.is_crawler
    monkeypatch.setattr(visits, "is_crawler", lambda agent: asked.append(agent) or known(agent))
    for number in range(40):
        device.token = token_of(SALT, number.to_bytes(CHANCE))
        name = f"Mozilla/5.0 {number}" + "x" * 600 * (number % 2)
        cards = [f"pasar {KEY}"] * (number >= 20)
        await device.send(device.body(*cards), **{"user-agent": name})
    assert 0 < len(asked) <= 5
    assert all(len(agent) <= visits.LONGEST_NAME for agent in asked)
    other = httpx.ASGITransport(app=device.app, client=("10.0.0.2", 1))
    before = len(lines())
    async with httpx.AsyncClient(transport=other, base_url="http://testserver") as client:
        await client.post("/seen/", content=device.body(f"pasar {KEY}"), headers=BROWSER)
    assert len(lines()) == before + 1


@pytest.mark.anyio
async def test_all_addresses_of_one_customer_tell_as_much_as_one(
    device: Device, lines: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "OF_AN_ADDRESS", 1)
    for address in ("2001:db8::1", "2001:db8::2", "2001:db8:0:1::1"):
        transport = httpx.ASGITransport(app=device.app, client=(address, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            await client.post("/seen/", content=device.body(f"pasar {KEY}"), headers=BROWSER)
    assert len(lines()) == 2


@pytest.mark.anyio
async def test_a_device_that_makes_airings_up_adds_few(
    device: Device, lines: Callable[[], list[str]]
) -> None:
    other = "f" * 32
    await device.tell(*(f"siaran-jatim {n}/{KEY}" for n in range(20)), f"pasar {other}")
    assert sorted(row.split()[0] for row in lines()) == [KEY] * MOST_AIRINGS + [other]


@pytest.mark.anyio
async def test_a_full_disk_is_no_viewers_trouble(device: Device, seen_folder: Path) -> None:
    seen_folder.write_text("not a folder")
    assert await device.tell(f"pasar {KEY}") == 204


KILLED = """
import sys
from datetime import datetime
from pathlib import Path
from cms.audience import spool
for number in range(10**9):
    spool.append_all(Path(sys.argv[1]), [(str(number),)], datetime.fromisoformat(sys.argv[2]))
    print(number, flush=True)
"""


def test_what_was_taken_before_a_kill_is_in_the_spool(tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED, str(tmp_path), NOW.isoformat()]
    writer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    for line in writer.stdout:
        if int(line) == 500:
            os.kill(writer.pid, signal.SIGKILL)
            break
    said = [int(line) for line in writer.stdout.read().splitlines()]
    assert writer.wait() == -signal.SIGKILL
    with spool.taken(tmp_path, SOON) as batches:
        [batch] = batches
        kept = [int(line) for line in batch.lines()]
    assert kept == list(range(len(kept)))
    assert kept[-1] >= max([500, *said])


def test_a_minute_of_a_flood_does_not_fill_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "MOST_BYTES", 100)
    for _ in range(11):
        spool.append(tmp_path, ("x" * 9,), NOW)
    with pytest.raises(OSError, match="too many events"):
        spool.append(tmp_path, ("x" * 9,), NOW)
    assert (tmp_path / "2026-11-24T0624.log").stat().st_size == 110


def write(folder: Path, *lines: str, at: datetime = NOW) -> None:
    spool.append_all(folder, [tuple(line.split(" ")) for line in lines], at)


def line(
    card: FeaturedSegment | Product, who: int, mark: int, place: str = "", day: str = "2026-11-24"
) -> str:
    """What the beacon writes; of a segment it was seen on the page of its own video."""
    page = video_place(card.video) if isinstance(card, FeaturedSegment) else "pasar"
    return f"{card.key.hex} {place or page} {day} {who:016x} {mark:016x} -"


def test_impressions_and_viewers_of_a_minute_are_counted_when_it_is_over(
    seen_folder: Path, segment_a: FeaturedSegment, sambal: Product
) -> None:
    write(
        seen_folder,
        line(segment_a, 1, 1),
        line(segment_a, 1, 2),
        line(segment_a, 2, 3),
        line(sambal, 2, 4, "lapak"),
    )
    assert do_roll_up_seen(NOW) == 0
    assert do_roll_up_seen(SOON) == 4
    assert counts_of([segment_a], DAY, DAY, "Asia/Jakarta") == Counts(3, 0, 2)
    assert HourCount.objects.get(key=sambal.key).impressions == 1
    assert ReachDay.objects.get(key=sambal.key).devices == 1
    write(seen_folder, line(segment_a, 2, 5), at=SOON)
    write(seen_folder, line(segment_a, 3, 6), at=SOON)
    assert do_roll_up_seen(SOON + timedelta(minutes=2)) == 2
    assert counts_of([segment_a], DAY, DAY, "Asia/Jakarta") == Counts(5, 0, 3)
    assert HourCount.objects.count() == 2


@pytest.mark.postgres
def test_more_cards_than_a_statement_takes_are_each_counted_by_place_and_day(
    seen_folder: Path,
    segment_a: FeaturedSegment,
    sambal: Product,
    tempe: Product,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for room in (hours, reach):
        monkeypatch.setattr(room, "AT_ONCE", 2)
    for minute in range(2):
        write(
            seen_folder,
            line(segment_a, 1, 10 * minute + 1),
            line(tempe, 2 + minute, 10 * minute + 2, "cari"),
            line(segment_a, 3, 10 * minute + 3, day="2026-11-25"),
            line(sambal, 1, 10 * minute + 4, "lapak"),
            line(sambal, 2, 10 * minute + 5, "cari", "2026-11-25"),
            at=NOW + timedelta(minutes=minute),
        )
    assert do_roll_up_seen(SOON + timedelta(minutes=1)) == 10
    assert set(HourCount.objects.values_list("key", "place", "impressions")) == {
        (segment_a.key, video_place(segment_a.video), 4),
        (tempe.key, "cari", 2),
        (sambal.key, "lapak", 2),
        (sambal.key, "cari", 2),
    }
    reached = ReachDay.objects.values_list("key", "day", "devices")
    assert set(reached) == {
        (segment_a.key, DAY, 1),
        (segment_a.key, DAY + timedelta(days=1), 1),
        (tempe.key, DAY, 2),
        (sambal.key, DAY, 1),
        (sambal.key, DAY + timedelta(days=1), 1),
    }


def test_the_same_card_of_an_airing_counts_once_within_ten_minutes(
    seen_folder: Path, segment_a: FeaturedSegment
) -> None:
    again = line(segment_a, 1, 7)
    write(seen_folder, again, again)
    assert do_roll_up_seen(SOON) == 1
    later = NOW + repeats.REPEAT
    write(seen_folder, again, at=later)
    assert do_roll_up_seen(later + timedelta(minutes=2)) == 0
    after = later + repeats.REPEAT + timedelta(minutes=1)
    write(seen_folder, again, at=after)
    assert do_roll_up_seen(after + timedelta(minutes=2)) == 1
    assert timedelta(seconds=2 * OLD) <= repeats.REPEAT


def test_what_a_batch_is_compared_with_is_removed_in_time(
    seen_folder: Path, segment_a: FeaturedSegment
) -> None:
    write(seen_folder, line(segment_a, 1, 7))
    do_roll_up_seen(SOON)
    assert len(list(seen_folder.glob("*.marks"))) == 1
    do_roll_up_seen(SOON + 3 * repeats.REPEAT)
    assert [path.name for path in seen_folder.iterdir()] == ["lock"]


def test_made_up_cards_and_places_and_cut_lines_do_no_harm(
    seen_folder: Path, segment_a: FeaturedSegment, sambal: Product
) -> None:
    write(
        seen_folder,
        line(Product(key=uuid4()), 1, 1),
        line(sambal, 1, 2, "siaran-tidak-ada"),
        line(sambal, 1, 3, "bukan_tempat"),
        line(segment_a, 1, 5, "pasar"),
        line(segment_a, 1, 6, f"video-{uuid4().hex}"),
        "sepotong",
        line(sambal, 1, 4).removesuffix(" -"),
    )
    assert do_roll_up_seen(SOON) == 2
    places = HourCount.objects.values_list("key", "place", "impressions")
    assert set(places) == {(sambal.key, "siaran", 1), (sambal.key, "lain", 1)}


def test_a_crash_at_any_step_counts_each_event_once(
    seen_folder: Path, segment_a: FeaturedSegment, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(seen_folder, line(segment_a, 1, 1), line(segment_a, 2, 2))
    steps = [(rolling, "_known"), (rolling, "do_add_hours"), (reach, "do_add_viewers")]
    for place, name in [*steps, (spool.Batch, "remove")]:

        def crash(*_: object) -> None:
            raise RuntimeError("power cut")

        with monkeypatch.context() as broken:
            broken.setattr(place, name, crash)
            with pytest.raises(RuntimeError):
                do_roll_up_seen(SOON)
    assert do_roll_up_seen(SOON) == 0  # the last crash came after the commit
    assert counts_of([segment_a], DAY, DAY, "Asia/Jakarta") == Counts(2, 0, 2)


def test_a_device_without_a_day_is_seen_but_reaches_nobody(
    seen_folder: Path, segment_a: FeaturedSegment
) -> None:
    write(seen_folder, line(segment_a, 0, 5, day="-").replace(f"{0:016x}", "-"))
    do_roll_up_seen(SOON)
    assert counts_of([segment_a], DAY, DAY, "Asia/Jakarta") == Counts(1, 0, 0)


def test_when_a_day_is_over_everywhere_its_salt_and_sketch_are_gone(
    seen_folder: Path, segment_a: FeaturedSegment
) -> None:
    DaySalt.objects.create(day=DAY, salt=b"x" * 32)
    write(seen_folder, line(segment_a, 1, 1))
    do_roll_up_seen(datetime(2026, 11, 25, 11, 59, tzinfo=UTC))
    assert DaySalt.objects.exists()
    assert ReachDay.objects.get().sketch
    do_roll_up_seen(datetime(2026, 11, 25, 12, 0, tzinfo=UTC))
    assert not DaySalt.objects.exists()
    assert ReachDay.objects.get().sketch is None
    write(seen_folder, line(segment_a, 2, 2), at=SOON)
    do_roll_up_seen(datetime(2026, 11, 25, 13, 0, tzinfo=UTC))
    assert counts_of([segment_a], DAY, DAY, "Asia/Jakarta") == Counts(2, 0, 1)


def test_of_a_years_rows_only_the_open_days_are_looked_through(
    db: None, django_assert_num_queries
) -> None:
    with django_assert_num_queries(1) as asked:
        reach.do_close_days(NOW)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {asked.captured_queries[0]['sql']}")
        plan = " ".join(str(row) for row in cursor.fetchall())
    assert "open_days_of_reach" in plan


def test_a_salt_is_one_for_all_processes_and_of_open_days_only(db: None) -> None:
    first, second = Salts(), Salts()
    salt = first.fetch(DAY, NOW)
    assert (len(salt), second.fetch(DAY, NOW), first.known(DAY)) == (32, salt, salt)
    later = NOW + timedelta(days=3)
    assert first.fetch(later.date(), later) != salt
    assert first.known(DAY) is None


@pytest.mark.parametrize(
    ("devices", "off"), [(50, 0.0), (1_500, 0.0), (2_000, 0.02), (20_000, 0.02)]
)
def test_reach_is_near_the_truth_and_exact_for_few(db: None, devices: int, off: float) -> None:
    key, salt = uuid4(), b"salt"
    everybody = [hashed(salt, str(n)) for n in range(devices)]
    for part in (everybody[::2], everybody[1::2], everybody[: devices // 3]):
        reach.do_add_viewers({(key, DAY): part})
    row = ReachDay.objects.get()
    assert abs(row.devices / devices - 1) <= off
    assert len(row.sketch) < 8_400

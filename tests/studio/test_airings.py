"""When a trader's segments were on air, on the first page and on their own."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from cms.channels import in_force
from cms.channels.asrun.airings import Airing
from cms.channels.models import AiredEntry, Channel, Makegood, SegmentAiring
from cms.cooperatives.models import Cooperative
from cms.core.actions import do_choose_language
from cms.core.models import User
from cms.studio import airings
from cms.traders.models import FeaturedSegment, Product, Stall
from cms.videos.models import Video
from media_pipeline.errors import StoreUnavailable
from tests.airings import make_airing
from tests.studio.pages import read

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
PAGE = "/studio/tayangan/"
Make = Callable[..., SegmentAiring]


@pytest.fixture
def channel(jatim: Cooperative) -> Channel:
    """The province's channel."""
    return Channel.objects.create(cooperative=jatim, name="Siar Jatim (contoh)", slug="jatim-tv")


@pytest.fixture
def make(channel: Channel, segment_a: FeaturedSegment) -> Make:
    """Return a function that makes an airing of segment_a."""

    def row(start: datetime, status: str = "aired", why: str = "", **fields) -> SegmentAiring:
        key = fields.pop("segment_key", segment_a.key)
        return make_airing(channel, key, start, status, seconds=30, why=why, **fields)

    return row


def test_the_page_tells_each_airing_in_the_time_of_the_market(
    studio: Client, make: Make, now: datetime
) -> None:
    debt = make(now - 4 * HOUR, "missed", "cut_in")
    make(now - 3 * HOUR, "cut", "azan")
    made = make(now - 2 * HOUR, makes_good=True)
    Makegood.objects.create(debt=debt, replacement=made, linked=now)
    said = read(studio, PAGE)
    for words in (
        "Selasa 24 November 2026, 09.24 WIB",
        "Luput",
        "0 dari 30 detik. Ada siaran sela yang mendesak.",
        "Sudah diganti Selasa 24 November 2026, 11.24 WIB.",
        "Terpotong",
        "12 dari 30 detik. Waktunya dipakai azan.",
        "Menunggu tayangan pengganti.",
        "Pengganti",
        "30 dari 30 detik",
        "Siar Jatim (contoh)",
        "Sambal bawang",
    ):
        assert words in said
    assert said.index("11.24 WIB</time>") < said.index("09.24 WIB</time>")
    assert "style=" not in said


def test_what_aired_is_told_while_the_store_is_away(
    studio: Client, make: Make, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_slug: str) -> None:
        raise StoreUnavailable("the store is away")

    monkeypatch.setattr(in_force, "read", away)
    make(now - HOUR)
    assert "30 dari 30 detik" in read(studio, PAGE)
    assert "Sambal bawang" in read(studio, PAGE)
    assert "Tayangan" in read(studio, "/studio/")


def test_a_market_in_another_zone_reads_its_own_time(
    client: Client,
    make: Make,
    now: datetime,
    pasar_c: Cooperative,
    make_user: Callable[..., User],
    video_a: Video,
) -> None:
    seller = make_user("pedagang-c", pasar_c, "trader")
    stall = Stall.objects.create(cooperative=pasar_c, trader=seller, name="Ikan", slug="ikan")
    fish = Product.objects.create(stall=stall, name="Ikan", slug="ikan", price=9, unit="kg")
    segment = FeaturedSegment.objects.create(product=fish, video=video_a, begin=50, end=60)
    make(now, segment_key=segment.key)
    client.force_login(seller)
    assert "14.24 WITA" in read(client, PAGE)


def test_airings_come_in_pages(studio: Client, make: Make, now: datetime) -> None:
    for hour in range(45):
        make(now - hour * HOUR)
    assert read(studio, PAGE).count("30 dari 30 detik") == 20
    assert read(studio, "/studio/tayangan/?halaman=3").count("30 dari 30 detik") == 5
    assert "Halaman 3 dari 3" in read(studio, "/studio/tayangan/?halaman=99")
    assert "Halaman 1 dari 3" in read(studio, "/studio/tayangan/?halaman=x")


def test_a_page_asks_the_database_as_often_for_many_airings_as_for_one(
    studio: Client, make: Make, now: datetime, django_assert_max_num_queries
) -> None:
    for hour in range(20):
        make(now - hour * HOUR)
    with django_assert_max_num_queries(25):
        read(studio, PAGE)


def test_who_has_no_airings_is_told_what_to_do(studio: Client) -> None:
    assert "Belum ada tayangan" in read(studio, PAGE)


def test_another_traders_airings_are_not_to_be_seen(
    client: Client, make: Make, now: datetime, stall_b: Stall, trader_b: User
) -> None:
    make(now, "missed", "off_air")
    client.force_login(trader_b)
    said = read(client, PAGE)
    assert "Sambal bawang" not in said
    assert "Belum ada tayangan" in said


def test_who_runs_no_stall_sees_no_airings(
    client: Client, make: Make, now: datetime, stranger: User, coordinator_b: User
) -> None:
    make(now)
    assert client.get("/studio/tayangan/").status_code == 302
    for person in (stranger, coordinator_b):
        client.force_login(person)
        answer = client.get("/studio/tayangan/")
        assert answer.status_code == 404
        assert "Sambal bawang" not in answer.content.decode()


def test_the_page_is_told_in_english(
    studio: Client, trader_a: User, make: Make, now: datetime
) -> None:
    do_choose_language(trader_a, "en")
    make(now - HOUR, "missed", "off_air")
    said = read(studio, PAGE)
    for words in ("Airings", "Missed", "0 of 30 seconds. The channel was off air."):
        assert words in said
    assert "Waits for its replacement." in said


def test_the_first_page_says_what_aired_what_made_good_and_what_is_owed(
    studio: Client, make: Make, now: datetime
) -> None:
    make(now - 30 * HOUR, "missed", "off_air")
    make(now - 2 * HOUR)
    make(now - HOUR, makes_good=True)
    said = read(studio, "/studio/")
    assert "Segmen Anda tayang 2 kali hari ini" in said
    assert "1 tayangan hari ini mengganti yang luput." in said
    assert "1 tayangan yang luput menunggu gantinya." in said
    assert 'href="/studio/tayangan/"' in said


def test_the_first_page_and_the_list_say_what_is_next(
    studio: Client,
    channel: Channel,
    segment_a: FeaturedSegment,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    soon = Airing(segment_a.key, channel, now + HOUR, 30, 0, "coming")
    monkeypatch.setattr(airings, "airings_of", lambda segments, since, until: [soon])
    said = read(studio, "/studio/")
    assert "Segmen Anda akan tayang 1 kali hari ini" in said
    assert "Berikutnya sekitar <b>14.24 WIB</b> di Siar Jatim (contoh)." in said
    assert "Akan tayang" in read(studio, PAGE)


def test_what_has_begun_is_not_said_to_come(
    studio: Client,
    channel: Channel,
    segment_a: FeaturedSegment,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun = [
        Airing(segment_a.key, channel, now - timedelta(seconds=ago), 30, 0, "coming")
        for ago in (30, 29)
    ]
    monkeypatch.setattr(airings, "airings_of", lambda segments, since, until: begun)
    said = read(studio, PAGE)
    assert "Akan tayang" not in said
    assert "Berikutnya" not in said
    assert said.index("Yang sudah lewat") < said.index("Sedang tayang")
    assert said.index("Sedang tayang") < said.index("Sedang dicatat")


def test_the_day_is_that_of_the_market(
    make: Make, segment_a: FeaturedSegment, now: datetime
) -> None:
    midnight = now - timedelta(hours=13, minutes=24)
    make(midnight - timedelta(seconds=1))
    make(midnight)
    assert airings.today_of([segment_a], "Asia/Jakarta", now).aired == 1
    assert airings.today_of([segment_a], "Asia/Makassar", now).aired == 2


def test_what_comes_at_midnight_is_for_tomorrow(
    segment_a: FeaturedSegment, channel: Channel, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    midnight = now + timedelta(hours=10, minutes=36)
    coming = [
        Airing(segment_a.key, channel, start, 30, 0, "coming")
        for start in (midnight - timedelta(seconds=1), midnight)
    ]
    monkeypatch.setattr(airings, "airings_of", lambda segments, since, until: coming)
    assert airings.today_of([segment_a], "Asia/Jakarta", now).coming == 1


def test_relays_are_listed_and_counted_once(
    studio: Client,
    make: Make,
    channel: Channel,
    pasar_a: Cooperative,
    now: datetime,
) -> None:
    def relay(name: str, above: Channel, start: float, end: float) -> Channel:
        made = Channel.objects.create(
            cooperative=pasar_a, name=name, slug=name.lower(), parent=above
        )
        stretch = [int((now.timestamp() + at) * 1000) for at in (start, end)]
        AiredEntry.objects.create(
            channel=made,
            day=now.date(),
            entry="relay-1",
            kind="relay",
            start=now + timedelta(seconds=start),
            end=now + timedelta(seconds=end),
            promised_ms=(end - start) * 1000,
            shown_ms=(end - start) * 1000,
            pieces=[stretch],
            status="aired",
        )
        return made

    first = relay("Pertama", channel, -600, 600)
    relay("Cucu", first, 0, 60)
    other = relay("Lain", channel, 60, 600)
    relay("Bukan", other, -600, 600)
    make(now)
    said = read(studio, PAGE)
    assert said.count("30 dari 30 detik") == 1
    assert "Ikut tampil di 2 saluran" in said
    assert "Cucu, Pertama" in said
    assert "Bukan" not in said

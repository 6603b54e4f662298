"""The ledger of fair turns, open to the traders under a channel and to nobody else."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256

import pytest
from django.test import Client
from django.urls import reverse

from cms.channels.models import Channel, RotationTurn, SegmentAiring, WeeklySlot
from cms.cooperatives.models import Cooperative
from cms.core.actions import do_choose_language
from cms.core.models import User
from cms.studio import turns
from cms.traders.models import Commodity, FeaturedSegment, Product, Stall
from cms.videos.models import Video
from tests.studio.pages import read

NOW = datetime(2026, 11, 24, 6, 24, tzinfo=UTC)


def fair_channel(cooperative: Cooperative, slug: str) -> Channel:
    channel = Channel.objects.create(cooperative=cooperative, name=f"Siar {slug}", slug=slug)
    WeeklySlot.objects.create(
        channel=channel, content="fair", seconds=60, weekdays=[0], clock=time(15)
    )
    return channel


@pytest.fixture
def channel(pasar_a: Cooperative) -> Channel:
    return fair_channel(pasar_a, "pasar-a-tv")


@pytest.fixture
def spots(
    pasar_a: Cooperative, stall_a: Stall, make_video: Callable[..., Video]
) -> list[FeaturedSegment]:
    """One of trader A's stall and two of others."""
    made = []
    for number in range(3):
        stall = stall_a
        if number:
            stall = Stall.objects.create(
                cooperative=pasar_a, name=f"Lapak {number} (contoh)", slug=f"lapak-{number}"
            )
        commodity = Commodity.objects.create(name=f"K{number}", slug=f"k{number}")
        product = Product.objects.create(
            stall=stall, name=f"Barang {number}", price=1, unit="kg", commodity=commodity
        )
        video = make_video(pasar_a, f"Klip {number}", seconds=15)
        made.append(
            FeaturedSegment.objects.create(
                product=product, video=video, begin=0, end=15, kind="spot", state="approved"
            )
        )
    return made


def turn(channel: Channel, segment: FeaturedSegment, minutes: int, **facts: object) -> RotationTurn:
    start = NOW + timedelta(minutes=minutes)
    return RotationTurn.objects.create(
        **{
            "channel": channel,
            "segment": segment,
            "segment_key": segment.key,
            "stall_key": segment.product.stall.key,
            "begins": start,
            "start": start,
            "milliseconds": 15000,
            "entry": f"{segment.video_id}-{minutes}",
            "reason": "new",
        }
        | facts
    )


def test_a_trader_reads_their_place_who_is_next_and_who_was_passed_over(
    studio: Client, channel: Channel, spots: list[FeaturedSegment]
) -> None:
    turn(channel, spots[0], -60)
    passed = [["commodity", 2, spots[2].key.hex]]
    turn(channel, spots[1], 30, details={"passed": passed})
    page = read(studio, "/studio/giliran/")
    assert "Urutan ke-3 dari 3 lapak" in page
    assert "2 lapak dilewati: komoditasnya sama dengan sebelahnya." in page
    assert "Yang pertama: Lapak 2 (contoh)." in page
    assert "giliran terakhirnya Selasa 24 November 2026 12.24 WIB" in page
    assert page.index("Lapak 1 (contoh)") < page.index("Menunggu giliran sesudahnya")
    assert "style=" not in page


def test_who_never_aired_stands_in_the_order_of_the_lot_that_the_page_shows(
    studio: Client, channel: Channel, spots: list[FeaturedSegment]
) -> None:
    page = read(studio, f"/studio/giliran/{channel.slug}/")
    line = page[page.index("Menunggu giliran sesudahnya") :]
    drawn = sorted(
        (sha256(f"pasar-a-tv 2026-11-24 {key}".encode()).hexdigest(), key)
        for key in (one.product.stall.key.hex for one in spots)
    )
    at = [line.index(number) for number, _ in drawn]
    assert at == sorted(at)
    assert all(key in line for _, key in drawn)
    assert page.index("Cara menghitung ulang</summary>") < page.index("sha256sum")


def test_the_page_says_how_often_one_aired_this_week_and_a_stall_on_average(
    studio: Client, channel: Channel, spots: list[FeaturedSegment]
) -> None:
    for minutes in (-60, -50, -40, -3 * 24 * 60, 30):
        turn(channel, spots[0], minutes)
    missed = turn(channel, spots[0], -20)
    SegmentAiring.objects.create(
        channel=channel,
        day=NOW.date(),
        entry=missed.entry,
        segment_key=missed.segment_key,
        start=missed.start,
        promised_ms=15_000,
        shown_ms=0,
        status="missed",
    )
    turn(channel, spots[1], -30)
    page = read(studio, "/studio/giliran/")
    # Last Saturday and what was missed are not of this week; 3, 1 and 0 of three stalls.
    assert "Minggu ini Anda 3 kali, rata-rata lapak 1,3 kali." in page


def test_two_stalls_of_a_trader_in_one_market_have_one_place(
    studio: Client, channel: Channel, spots: list[FeaturedSegment], trader_a: User
) -> None:
    Stall.objects.filter(pk=spots[2].product.stall_id).update(trader=trader_a)
    turn(channel, spots[0], -60)
    turn(channel, spots[2], -50)
    page = read(studio, "/studio/giliran/")
    assert "Urutan ke-2 dari 2 lapak" in page
    assert "Minggu ini Anda 2 kali, rata-rata lapak 1 kali." in page
    assert "2 klip bergantian" in page


def test_the_turns_of_another_day_are_a_link_away(
    studio: Client, channel: Channel, spots: list[FeaturedSegment]
) -> None:
    turn(channel, spots[1], -24 * 60)
    url = f"/studio/giliran/{channel.slug}/"
    assert "Tidak ada giliran pada hari itu." in read(studio, url)
    assert "Tidak ada giliran pada hari itu." not in read(studio, f"{url}?tanggal=2026-11-23")
    for wrong in ("2026-11-25", "kemarin", "0001-01-01", "2026-13-01"):
        assert studio.get(f"{url}?tanggal={wrong}").status_code == 404


def test_many_turns_of_a_day_go_on_on_another_page_of_that_day(
    studio: Client,
    channel: Channel,
    spots: list[FeaturedSegment],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(turns, "ON_A_PAGE", 2)
    for minutes in (-60, -50, -40):
        turn(channel, spots[1], minutes)
    url = f"/studio/giliran/{channel.slug}/?tanggal=2026-11-24"
    first, second = read(studio, url), read(studio, f"{url}&halaman=2")
    assert 'href="?tanggal=2026-11-24&amp;halaman=2"' in first
    had = [
        page[page.index('id="h-sudah"') :].count("<b>Lapak 1 (contoh)") for page in (first, second)
    ]
    assert had == [2, 1]


def test_a_market_without_fair_breaks_says_so(studio: Client) -> None:
    assert "Belum ada jeda Giliran Adil" in read(studio, "/studio/giliran/")


def test_the_nearest_channel_comes_first_and_the_others_are_linked(
    studio: Client, channel: Channel, jatim: Cooperative
) -> None:
    fair_channel(jatim, "jatim-tv")
    page = read(studio, "/studio/giliran/")
    assert "Giliran saya · Siar pasar-a-tv" in page
    assert reverse("studio:turns_of", args=["jatim-tv"]) in page


def test_the_ledger_is_there_for_the_traders_under_the_channel_alone(
    client: Client,
    channel: Channel,
    pasar_b: Cooperative,
    stall_a: Stall,
    stall_b: Stall,
    stranger: User,
    trader_a: User,
    trader_b: User,
    coordinator_b: User,
) -> None:
    fair_channel(pasar_b, "pasar-b-tv")
    url = f"/studio/giliran/{channel.slug}/"
    assert client.get(url).status_code == 302
    found = {}
    for user in (stranger, trader_b, coordinator_b, trader_a):
        client.force_login(user)
        found[user.username] = client.get(url).status_code
    assert found == {
        "orang-luar": 404,
        "pedagang-b": 404,
        "pengurus-b": 404,
        "pedagang-a": 200,
    }


def test_the_ledger_is_told_in_english_too(
    studio: Client, trader_a: User, channel: Channel, spots: list[FeaturedSegment]
) -> None:
    turn(channel, spots[1], 30)
    do_choose_language(trader_a, "en")
    page = read(studio, "/studio/giliran/")
    assert "of 3 stalls" in page
    assert "It has never aired on this channel." in page

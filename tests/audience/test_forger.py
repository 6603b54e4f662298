"""Somebody who makes viewers and taps up, on a clock that is moved: what it brings them."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.test import Client
from pytest_django import Settings
from time_machine import Traveller

from cms.audience import networks, spool, views
from cms.audience.actions import do_roll_up
from cms.audience.events import beacon
from cms.audience.events.beacon import create_app, on_air_folder
from cms.audience.events.rolling import do_roll_up_seen
from cms.audience.events.salts import Salts, hashed
from cms.audience.events.tokens import CHANCE, token_of
from cms.audience.models import DaySalt, HourCount, NetworkUse, ReachDay, TapCount
from cms.audience.networks import FEW, FEW_OF_48, FEW_OF_SHARED
from cms.channels.asrun.promoted import SegmentAiring
from cms.channels.models import Channel
from cms.cooperatives.models import Cooperative
from cms.traders.links import tap_path
from cms.traders.models import FeaturedSegment
from tests.airings import make_airing
from tests.audience.conftest import PHONE
from tests.races import at_once

NOW = datetime(2026, 11, 24, 6, 24, tzinfo=UTC)
SOON = timedelta(minutes=2)
TEN = [f"203.0.113.{n}" for n in range(10)]


class Visitor:
    """Whoever asks the beacon, from any address; `now` is the server's clock."""

    def __init__(self) -> None:
        self.now = NOW
        self.app = create_app(lambda: self.now)

    def ask(self, address: str, day: str = "2026-11-24", **headers: str) -> str:
        """Ask for a token; return it, "" for none."""
        return self._post("/seen/token/", day.encode(), address, headers)

    def tell(self, token: str, *cards: str, address: str = "10.0.0.1") -> None:
        """Post `cards` as seen two seconds ago."""
        post = {"k": token, "d": "2026-11-24", "t": int(self.now.timestamp())}
        body = json.dumps(post | {"e": [[card, 2] for card in cards]}).encode()
        assert self._post("/seen/", body, address, {}) == ""

    def _post(self, path: str, body: bytes, address: str, headers: dict[str, str]) -> str:
        said = {"host": "testserver", "origin": "http://testserver", "user-agent": PHONE} | headers
        scope = {"type": "http", "method": "POST", "path": path, "client": (address, 1)}
        scope["headers"] = [(k.encode(), v.encode()) for k, v in said.items() if v]
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        async_to_sync(self.app)(scope, receive, send)
        assert sent[0]["status"] == (200 if sent[1]["body"] else 204)
        return str(sent[1]["body"].decode())


@pytest.fixture
def visitor(
    db: None, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Visitor:
    settings.SPOOL_FOLDER = tmp_path
    # A sketch of a thousand hashes is exact but for one in a hundred secrets, where two collide.
    DaySalt.objects.create(day=NOW.date(), salt=b"the salt of one day")

    async def in_this_thread(work: Callable[..., Any], *arguments: Any) -> Any:
        return await sync_to_async(work, thread_sensitive=True)(*arguments)

    # The database of a test lives in this thread's transaction.
    monkeypatch.setattr(beacon, "in_thread", in_this_thread)
    monkeypatch.setattr(views, "salts", Salts())
    return Visitor()


@pytest.fixture
def channel(pasar_a: Cooperative) -> Channel:
    return Channel.objects.create(cooperative=pasar_a, name="Siar Pasar A", slug="siar-a")


@pytest.fixture
def airing(channel: Channel, segment_a: FeaturedSegment) -> SegmentAiring:
    """segment_a on air ten minutes ago."""
    return make_airing(channel, segment_a, NOW - timedelta(minutes=10), "aired")


def card_of(airing: SegmentAiring) -> str:
    """What a player tells of the card."""
    return f"siaran-{airing.channel.slug} {airing.entry}/{airing.segment_key.hex}"


def reach(now: datetime) -> int:
    """Count what was told until `now`; return viewer-days."""
    do_roll_up_seen(now + SOON)
    return sum(ReachDay.objects.values_list("devices", flat=True))


def test_ten_addresses_for_an_hour_add_at_most_two_in_a_hundred_to_a_thousand(
    visitor: Visitor, airing: SegmentAiring
) -> None:
    salt = Salts().fetch(NOW.date(), NOW)
    viewers = [token_of(salt, n.to_bytes(CHANCE)) for n in range(1000)]
    lines = [
        f"{airing.segment_key.hex} siaran-siar-a 2026-11-24 {hashed(salt, token)}"
        f" {hashed(salt, token, 'x')} {airing.entry}/"
        for token in viewers
    ]
    spool.append_all(on_air_folder(), [tuple(line.split(" ")) for line in lines], NOW)
    true = reach(NOW)
    assert true == 1000
    held: list[str] = []
    for minute in range(0, 61, 4):
        visitor.now = NOW + timedelta(minutes=minute)
        for number, address in enumerate(TEN):
            for day in ("2026-11-24", "2026-11-24", "2026-11-24"):
                held += filter(None, [visitor.ask(address, day)])
            made_up = token_of(b"guessed", (1000 * minute + number).to_bytes(CHANCE))
            for token in (made_up, *held[-3:]):
                visitor.tell(token, card_of(airing), address=address)
    assert len(held) == FEW * len(TEN)
    forged = reach(visitor.now) - true
    assert 0 < forged <= 0.02 * true


def test_invented_tokens_count_nothing(visitor: Visitor, airing: SegmentAiring) -> None:
    for number in range(50):
        visitor.tell(token_of(b"", number.to_bytes(CHANCE)), card_of(airing))
    assert reach(NOW) == 0
    assert not HourCount.objects.exists()


def test_a_token_is_of_its_own_day(visitor: Visitor, airing: SegmentAiring) -> None:
    visitor.tell(visitor.ask(TEN[0], "2026-11-25"), card_of(airing))
    assert reach(NOW) == 0
    visitor.tell(visitor.ask(TEN[0], "2026-11-24"), card_of(airing))
    assert reach(NOW) == 1


@pytest.mark.parametrize("day", ["2026-11-22", "2026-11-27", "", "besok", "2026-11-24x"])
def test_no_token_is_given_for_another_day_or_to_programs_and_other_sites(
    visitor: Visitor, day: str
) -> None:
    assert visitor.ask(TEN[0], day) == ""
    for headers in (
        {"origin": "https://jahat.example"},
        {"origin": ""},
        {"user-agent": "curl/8.5"},
        {"user-agent": ""},
    ):
        assert visitor.ask(TEN[0], "2026-11-24", **headers) == ""
    assert not NetworkUse.objects.exists()


def test_the_hour_does_not_begin_again_at_midnight(visitor: Visitor) -> None:
    visitor.now = datetime(2026, 11, 24, 23, 50, tzinfo=UTC)
    assert all(visitor.ask(TEN[0], "2026-11-25") for _ in range(FEW))
    for minutes in (1, 20, 64):
        visitor.now = datetime(2026, 11, 24, 23, 50, tzinfo=UTC) + timedelta(minutes=minutes)
        assert visitor.ask(TEN[0], "2026-11-25") == ""
    visitor.now += timedelta(minutes=1)
    assert visitor.ask(TEN[0], "2026-11-25")


def test_a_market_hall_whose_line_is_known_gets_a_token_for_each_phone(
    visitor: Visitor, settings: Settings
) -> None:
    settings.SHARED_NETWORKS = ["203.0.113.0/29", "2001:db8:1::/48"]
    for address in ("203.0.113.7", "2001:db8:1::5", "::ffff:203.0.113.6"):
        given = [visitor.ask(address) for _ in range(FEW_OF_SHARED + 1)]
        assert len(set(given)) == FEW_OF_SHARED + 1
        assert given[-1] == ""
    assert [bool(visitor.ask("203.0.113.8")) for _ in range(FEW + 1)] == [True] * FEW + [False]


def test_one_customers_many_addresses_of_ipv6_are_one_network(visitor: Visitor) -> None:
    in_one = [visitor.ask(f"2001:db8::{n:x}") for n in range(FEW + 1)]
    assert [bool(token) for token in in_one] == [True] * FEW + [False]
    in_48 = [visitor.ask(f"2001:db8:0:{n:x}::1") for n in range(1, FEW_OF_48)]
    assert sum(map(bool, in_48)) == FEW_OF_48 - FEW


def test_no_address_is_kept(visitor: Visitor, airing: SegmentAiring) -> None:
    visitor.tell(visitor.ask(TEN[0]), card_of(airing), address=TEN[0])
    rows = [*NetworkUse.objects.values_list("who", flat=True)]
    files = "".join(p.read_text() for p in on_air_folder().parent.rglob("*.log"))
    assert rows
    assert files
    assert TEN[0] not in f"{rows} {files}"
    do_roll_up_seen(NOW + timedelta(days=2))
    assert not NetworkUse.objects.exists()
    assert not DaySalt.objects.exists()


@pytest.mark.parametrize(
    ("minutes", "status", "counted"),
    [
        (10, "aired", 1),
        (10, "cut", 1),
        (10, "missed", 0),
        (-2, "aired", 0),
        (7 * 24 * 60, "aired", 1),
        (8 * 24 * 60, "aired", 0),
    ],
)
def test_a_card_on_a_channel_counts_if_it_was_on_air_up_to_a_catch_up_ago(
    visitor: Visitor,
    channel: Channel,
    segment_a: FeaturedSegment,
    minutes: int,
    status: str,
    counted: int,
) -> None:
    airing = make_airing(channel, segment_a, NOW - timedelta(minutes=minutes), status)
    visitor.tell(visitor.ask(TEN[0]), card_of(airing))
    assert reach(NOW) == counted


def test_another_channel_or_entry_or_card_was_not_on_air(
    visitor: Visitor, airing: SegmentAiring, jatim: Cooperative
) -> None:
    Channel.objects.create(cooperative=jatim, name="Siar Jatim", slug="siar-jatim")
    key = airing.segment_key.hex
    token = visitor.ask(TEN[0])
    for card in (
        f"siaran-siar-jatim {airing.entry}/{key}",
        f"siaran-tidak-ada {airing.entry}/{key}",
        f"siaran-siar-a uji-0/{key}",
        f"siaran-siar-a {key}",
        f"siaran {airing.entry}/{'0' * 32}",
        f"pasar {airing.entry}/{key}",
    ):
        visitor.tell(token, card)
        visitor.now += timedelta(minutes=1)
    assert reach(visitor.now) == 0
    assert not HourCount.objects.exists()


def test_what_was_seen_on_a_channel_waits_for_the_journals(
    visitor: Visitor, airing: SegmentAiring, monkeypatch: pytest.MonkeyPatch
) -> None:
    complete = [NOW]
    monkeypatch.setattr("cms.audience.on_air.complete_until", lambda: complete[0])
    visitor.tell(visitor.ask(TEN[0]), card_of(airing))
    assert reach(NOW + timedelta(hours=1)) == 0
    complete[0] = NOW + SOON
    assert reach(NOW + timedelta(hours=1)) == 1


def test_taps_of_ten_addresses_with_many_names_are_few(
    visitor: Visitor, segment_a: FeaturedSegment, frozen: Traveller
) -> None:
    door = tap_path(segment_a.product, "lapak")
    frozen.move_to(NOW)
    for minute in range(0, 61, 6):
        frozen.move_to(NOW + timedelta(minutes=minute))
        for number, address in enumerate(TEN):
            client = Client(
                headers={"user-agent": f"{PHONE} {minute} {number}"}, REMOTE_ADDR=address
            )
            answer = client.get(door + "&s=" + f"{minute * 100 + number:032x}")
            assert answer.status_code == 302
        do_roll_up(NOW + timedelta(minutes=minute) + SOON)
    assert sum(TapCount.objects.values_list("taps", flat=True)) == FEW * len(TEN)


def test_a_tap_on_a_card_of_a_channel_counts_for_the_segment_only_if_it_was_on_air(
    visitor: Visitor, airing: SegmentAiring, segment_a: FeaturedSegment, frozen: Traveller
) -> None:
    frozen.move_to(NOW)
    phone = Client(headers={"user-agent": PHONE})
    phone.get(tap_path(segment_a.product, "siaran-siar-a", segment_a))
    SegmentAiring.objects.update(start=NOW + timedelta(hours=1))
    do_roll_up(NOW + SOON)
    taps = HourCount.objects.values_list("key", "taps")
    assert set(taps) == {(segment_a.product.key, 1)}
    frozen.move_to(NOW + timedelta(hours=2))
    phone.get(tap_path(segment_a.product, "siaran-siar-a", segment_a))
    do_roll_up(NOW + timedelta(hours=2) + SOON)
    assert (segment_a.key, 1) in set(taps.all())
    assert sum(TapCount.objects.values_list("taps", flat=True)) == 2


def test_limits_forget_nobody_within_the_hour_and_keep_nothing_after(db: None) -> None:
    limits = networks.limits_of("203.0.113.1")
    assert all(networks.do_use(limits, "token", NOW) for _ in range(FEW))
    assert not networks.do_use(limits, "token", NOW + networks.WINDOW - timedelta(seconds=1))
    assert networks.do_use(limits, "tap", NOW)
    assert networks.do_use(limits, "token", NOW + networks.WINDOW)
    networks.do_forget_networks(NOW + timedelta(days=1))
    assert not NetworkUse.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_several_processes_together_give_no_more() -> None:
    limits = networks.limits_of("203.0.113.1")
    at_once(*(lambda: networks.do_use(limits, "token", NOW) for _ in range(6)))
    assert len(NetworkUse.objects.get().times) == FEW

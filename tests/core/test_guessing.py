"""Guessing a PIN is slowed down and stopped; the owner's own device never waits for others."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from cms.core import clock, guessing
from cms.core.models import User

PASSWORD = "kata sandi contoh"
MARKET = "114.10.9.9"
"""The address that all of a market share."""


@pytest.fixture
def few(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three wrong tries are many."""
    settings.AXES_ENABLED, settings.PROXIES = True, 1
    monkeypatch.setattr(guessing, "LIMIT", 3)


def _addresses() -> Iterator[str]:
    return (f"114.10.1.{n}" for n in range(1, 250))


def _try(client: Client, user: User, password: str, address: str) -> int:
    form = {"username": user.username, "password": password, "remember": "on"}
    return client.post("/masuk/", form, headers={"X-Forwarded-For": address}).status_code


def test_wrong_tries_from_ever_new_addresses_come_to_an_end(trader_a: User, few: None) -> None:
    where = _addresses()
    assert [_try(Client(), trader_a, "402916", next(where)) for _n in range(3)] == [200] * 3
    assert _try(Client(), trader_a, PASSWORD, next(where)) == 429


def test_a_device_that_was_let_in_before_still_is(trader_a: User, few: None) -> None:
    where, own = _addresses(), Client()
    assert _try(own, trader_a, PASSWORD, next(where)) == 302
    own.post("/keluar/")
    for _n in range(4):
        _try(Client(), trader_a, "402916", next(where))
    assert _try(own, trader_a, PASSWORD, next(where)) == 302


@pytest.mark.parametrize("how", ["another's", "before the phone was lost", "made up"])
def test_no_other_cookie_makes_a_device_known(
    trader_a: User, trader_b: User, few: None, how: str
) -> None:
    where, device = _addresses(), Client()
    _try(device, trader_b if how == "another's" else trader_a, PASSWORD, next(where))
    device.post("/keluar/")
    if how == "before the phone was lost":
        User.objects.filter(pk=trader_a.pk).update(sessions_ended_at=clock.now())
    if how == "made up":
        device.cookies[guessing.COOKIE] = f"{trader_a.pk}-x:x"
    for _n in range(3):
        _try(Client(), trader_a, "402916", next(where))
    assert _try(device, trader_a, PASSWORD, next(where)) == 429


def test_a_rival_at_the_same_address_does_not_shut_out_the_own_device(
    trader_a: User, settings: Settings
) -> None:
    settings.AXES_ENABLED, settings.PROXIES = True, 1
    own, rival = Client(), Client()
    assert _try(own, trader_a, PASSWORD, MARKET) == 302
    own.post("/keluar/")
    assert [_try(rival, trader_a, "402916", MARKET) for _n in range(10)] == [200] * 9 + [429]
    assert _try(rival, trader_a, PASSWORD, MARKET) == 429
    assert _try(own, trader_a, "402917", MARKET) == 200  # a slip costs her no wait either
    assert _try(own, trader_a, PASSWORD, MARKET) == 302


def test_a_known_device_in_other_hands_waits_wherever_it_goes(
    trader_a: User, settings: Settings
) -> None:
    settings.AXES_ENABLED, settings.PROXIES = True, 1
    where, lost = _addresses(), Client()
    _try(lost, trader_a, PASSWORD, next(where))
    lost.post("/keluar/")
    tries = [_try(lost, trader_a, "402916", next(where)) for _n in range(10)]
    assert tries == [200] * 9 + [429]
    assert _try(lost, trader_a, PASSWORD, next(where)) == 429
    assert _try(Client(), trader_a, PASSWORD, next(where)) == 302


def test_each_further_wrong_try_doubles_the_wait_up_to_an_hour(
    trader_a: User, settings: Settings, frozen: time_machine.Traveller
) -> None:
    settings.AXES_ENABLED, settings.PROXIES, settings.AXES_FAILURE_LIMIT = True, 1, 3
    rival, waits = Client(), []
    for _n in range(2):
        assert _try(rival, trader_a, "402916", MARKET) == 200
    for _n in range(8):
        form = {"username": trader_a.username, "password": "402916"}
        answer = rival.post("/masuk/", form, headers={"X-Forwarded-For": MARKET})
        waits.append(int(answer["Retry-After"]) // 60)
        frozen.shift(timedelta(minutes=waits[-1]))
        assert _try(Client(), trader_a, PASSWORD, "114.10.2.1") == 302
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    assert _try(rival, trader_a, PASSWORD, MARKET) == 302


def test_the_limit_is_one_of_a_day(trader_a: User, few: None) -> None:
    where = _addresses()
    for _n in range(3):
        _try(Client(), trader_a, "402916", next(where))
    assert guessing.is_guessed_at(trader_a, clock.now())
    assert not guessing.is_guessed_at(trader_a, clock.now() + timedelta(days=1, minutes=1))


def test_nobody_shuts_the_door_of_the_cms_that_way(
    editor_a: User, synced_tree: None, few: None
) -> None:
    where = _addresses()
    for _n in range(4):
        _try(Client(), editor_a, "402916", next(where))
    assert _try(Client(), editor_a, PASSWORD, next(where)) == 302


def test_a_pin_does_not_open_the_cms(editor_a: User, trader_a: User, synced_tree: None) -> None:
    """A trader who becomes an editor needs a password from then on."""
    for user, status in ((trader_a, 302), (editor_a, 200)):
        user.set_password("402916")
        user.save()
        client = Client()
        form = {"username": user.username, "password": "402916"}
        assert client.post("/masuk/", form).status_code == status
        assert ("_auth_user_id" in client.session) == (user == trader_a)

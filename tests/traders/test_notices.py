"""Letters about certificates that end: in time, once, and to those whom it concerns."""

from datetime import datetime, timedelta

import pytest
from django.core import mail

from cms.core.models import User
from cms.traders.models import Certificate, Product
from cms.traders.notices import do_tell_endings
from tests.traders.made import make_certificate


def _certificate(product: Product, until: datetime, kind: str = "halal") -> Certificate:
    return make_certificate(product, until.date(), kind=kind)


@pytest.fixture
def addresses(coordinator_a: User, coordinator_b: User, trader_a: User) -> None:
    """People who read mail."""
    for user in (coordinator_a, coordinator_b, trader_a):
        user.email = f"{user.username}@pasar.example"
        user.save()


@pytest.mark.usefixtures("addresses")
def test_trader_and_own_coordinator_are_told_once_and_two_weeks_before(
    sambal: Product, now: datetime
) -> None:
    _certificate(sambal, now + timedelta(days=15))
    assert do_tell_endings(now) == 0
    assert do_tell_endings(now + timedelta(days=1)) == 1
    assert do_tell_endings(now + timedelta(days=2)) == 0
    to = sorted(address for letter in mail.outbox for address in letter.to)
    assert to == ["pedagang-a@pasar.example", "pengurus-a@pasar.example"]
    assert "Sambal bawang, Lapak Bumbu (contoh): Halal ID-1 berlaku" in mail.outbox[0].body


@pytest.mark.usefixtures("addresses")
def test_several_endings_of_one_day_make_one_letter(sambal: Product, now: datetime) -> None:
    _certificate(sambal, now)
    _certificate(sambal, now, "pirt")
    assert do_tell_endings(now) == 2
    assert len(mail.outbox) == 2
    assert "Halal ID-1" in mail.outbox[0].body
    assert "P-IRT ID-1" in mail.outbox[0].body


def test_who_has_no_address_gets_no_letter(sambal: Product, now: datetime) -> None:
    _certificate(sambal, now)
    assert do_tell_endings(now) == 1
    assert mail.outbox == []


@pytest.mark.usefixtures("addresses")
def test_a_renewed_certificate_is_not_told_of(sambal: Product, now: datetime) -> None:
    _certificate(sambal, now)
    _certificate(sambal, now + timedelta(days=400))
    assert do_tell_endings(now) == 0

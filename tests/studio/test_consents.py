"""A trader sees the own consents and takes them back; nobody else's."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from cms.core.models import User
from cms.traders.links import contact_of
from cms.traders.models import Consent, Stall
from tests.traders.made import make_consent

LIST = "/studio/persetujuan/"


@pytest.fixture
def consent(stall_a: Stall, now: datetime) -> Consent:
    """Name and number of stall A may show."""
    return make_consent(stall_a, "contact", given_at=now)


def test_a_trader_withdraws_a_consent_and_the_number_is_hidden(
    studio: Client, stall_a: Stall, consent: Consent
) -> None:
    assert "Saya setuju (contoh)." in studio.get(LIST).content.decode()
    address = reverse("studio:consent_withdraw", args=[consent.pk])
    assert studio.get(address).status_code == 405
    assert studio.post(address)["Location"] == LIST
    page = studio.get(LIST).content.decode()
    assert "Ditarik" in page
    assert address not in page
    stall_a.refresh_from_db()
    assert contact_of(stall_a) is None


@pytest.mark.parametrize("who", ["trader_b", "coordinator_a", "coordinator_b", "stranger"])
def test_nobody_else_sees_or_withdraws_it(
    client: Client,
    stall_b: Stall,
    consent: Consent,
    who: str,
    request: pytest.FixtureRequest,
) -> None:
    client.force_login(request.getfixturevalue(who))
    assert "Saya setuju (contoh)." not in client.get(LIST).content.decode()
    address = reverse("studio:consent_withdraw", args=[consent.pk])
    assert client.post(address).status_code == 404
    consent.refresh_from_db()
    assert consent.withdrawn_at is None


def test_who_is_not_signed_in_is_led_to_the_door(client: Client, consent: Consent) -> None:
    assert client.get(LIST)["Location"].startswith("/studio/masuk/")
    address = reverse("studio:consent_withdraw", args=[consent.pk])
    assert client.post(address)["Location"].startswith("/studio/masuk/")


def test_showing_the_number_again_is_a_consent_of_its_own(
    studio: Client, stall_a: Stall, consent: Consent, trader_a: User
) -> None:
    studio.post(reverse("studio:consent_withdraw", args=[consent.pk]))
    own = {"name": stall_a.name, "whatsapp": stall_a.whatsapp}
    studio.post(reverse("studio:stall", args=[stall_a.key]), own)
    stall_a.refresh_from_db()
    assert contact_of(stall_a) is not None
    new = Consent.objects.exclude(pk=consent.pk).get()
    assert (new.way, new.recorded_by, new.withdrawn_at) == ("studio", trader_a, None)

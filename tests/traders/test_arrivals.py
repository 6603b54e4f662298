"""The coordinator's pages: add a trader, invite, end sessions, keep the log of consent."""

import re
from datetime import datetime
from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import reverse

from cms.cooperatives.models import Cooperative
from cms.core.models import User
from cms.traders.links import Contact, contact_of
from cms.traders.models import Commodity, Consent, Invitation, Stall
from tests.traders.made import make_consent

pytestmark = pytest.mark.usefixtures("synced_tree")
Kind = Consent.Kind
SPELLINGS = ("0813-1111-2222", "+62 813 1111 2222", "62 813.1111.2222", "0062 813 1111 2222")


def _url(view: str, *args: object) -> str:
    return reverse(f"wagtailsnippets_traders_stall:{view}", args=args)


@pytest.fixture
def desk(client: Client, coordinator_a: User) -> Client:
    """The coordinator of market A at the CMS."""
    client.force_login(coordinator_a)
    return client


def _trader(cooperative: Cooperative, **changes: object) -> dict[str, object]:
    data = {
        "cooperative": cooperative.pk,
        "name": "Lapak Bu Sri (contoh)",
        "block": "C-3",
        "whatsapp": "0813-1111-2222",
        "contact": "on",
        "contact_wording": "Saya setuju.",
        "way": "spoken",
        "given_on": "2026-11-20",
    }
    return data | changes


@pytest.mark.parametrize("number", SPELLINGS)
def test_a_trader_is_added_on_one_page(desk: Client, pasar_a: Cooperative, number: str) -> None:
    own = [Commodity.objects.create(name=name, slug=name) for name in ("cabai", "bawang", "ikan")]
    data = _trader(pasar_a, whatsapp=number, commodities=[each.pk for each in own[:2]])
    answer = desk.post(_url("add_trader"), data)
    stall = Stall.objects.get()
    assert answer["Location"] == _url("trader", stall.pk)
    assert (stall.whatsapp, stall.block, stall.trader) == ("+6281311112222", "C-3", None)
    assert not stall.hide_number
    assert set(stall.commodities.all()) == set(own[:2])
    consent = Consent.objects.get()
    assert (consent.kind, consent.way, consent.wording) == (Kind.CONTACT, "spoken", "Saya setuju.")
    assert consent.given_at.date().isoformat() == "2026-11-20"
    page = desk.get(_url("trader", stall.pk)).content.decode()
    assert "Belum diundang." in page
    assert "Saya setuju." in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"whatsapp": "031 5678901"}, "Ini nomor telepon rumah."),
        ({"whatsapp": "0812"}, "Nomor telepon belum benar."),
        ({"contact_wording": ""}, "Tulis kalimat yang disetujui pedagang."),
        ({"given_on": "2999-01-01"}, "Tanggal setuju belum lewat."),
    ],
)
def test_what_cannot_be_gets_one_sentence_and_saves_nothing(
    desk: Client, pasar_a: Cooperative, changes: dict[str, str], sentence: str
) -> None:
    page = desk.post(_url("add_trader"), _trader(pasar_a, **changes))
    assert sentence in page.content.decode()
    assert not Stall.objects.exists()
    assert not Consent.objects.exists()


def test_a_button_that_is_pressed_twice_adds_one_trader(desk: Client, pasar_a: Cooperative) -> None:
    desk.post(_url("add_trader"), _trader(pasar_a))
    again = desk.post(_url("add_trader"), _trader(pasar_a, whatsapp="+6281311112222"))
    assert "sudah tercatat" in again.content.decode()
    assert Stall.objects.count() == 1


def test_without_consent_the_number_is_hidden(desk: Client, pasar_a: Cooperative) -> None:
    desk.post(_url("add_trader"), _trader(pasar_a, contact=""))
    assert Stall.objects.get().hide_number


def test_a_trader_cannot_be_put_into_another_market(desk: Client, pasar_b: Cooperative) -> None:
    assert desk.post(_url("add_trader"), _trader(pasar_b)).status_code == 200
    assert not Stall.objects.exists()


def test_the_link_is_shown_once_with_a_share_to_the_traders_number(
    desk: Client, pasar_a: Cooperative
) -> None:
    desk.post(_url("add_trader"), _trader(pasar_a))
    stall = Stall.objects.get()
    answer = desk.post(_url("invite", stall.pk), {"after": ""})
    page = answer.content.decode()
    [share] = re.findall(r'href="(https://wa\.me/6281311112222\?text=[^"]+)"', page)
    [link] = re.findall(r'value="(http://testserver/studio/undangan/[^"]+)"', page)
    assert link in unquote(share)
    assert "Koppas A (contoh) mengundang Anda" in unquote(share)
    assert "no-store" in answer["Cache-Control"]
    assert Client().get(link).status_code == 200
    secret = link.rstrip("/").rsplit("/", 1)[1].split(".")[0]
    assert secret not in str(list(Invitation.objects.values()))
    assert secret not in desk.get(_url("trader", stall.pk)).content.decode()
    assert "Diundang" in desk.get(_url("history", stall.pk)).content.decode()


def test_a_page_that_is_loaded_again_does_not_end_the_link_that_was_sent(
    desk: Client, stall_a: Stall
) -> None:
    def invite(after: str) -> tuple[str, str]:
        page = desk.post(_url("invite", stall_a.pk), {"after": after}, follow=True).content.decode()
        [link] = re.findall(r'value="(http://testserver/studio/undangan/[^"]+)"', page) or [""]
        [mark] = re.findall(r'name="after" value="(\d*)"', page)
        return link, mark

    link, mark = invite("")
    assert invite("") == ("", mark)
    assert Client().get(link).status_code == 200
    assert invite(mark)[0]
    assert Client().get(link).status_code == 410


def test_a_lost_phone_is_signed_out_from_the_page_of_the_trader(
    desk: Client, stall_a: Stall, trader_a: User
) -> None:
    phone = Client()
    phone.force_login(trader_a)
    assert phone.get("/studio/").status_code == 200
    assert "HP hilang" in desk.get(_url("trader", stall_a.pk)).content.decode()
    desk.post(_url("lock_out", stall_a.pk))
    assert phone.get("/studio/").status_code == 302
    assert desk.get(_url("trader", stall_a.pk)).status_code == 200


def test_a_withdrawn_consent_hides_the_number_and_stays_in_the_log(
    desk: Client, stall_a: Stall, coordinator_a: User, now: datetime
) -> None:
    desk.post(_url("consent", stall_a.pk), _trader(stall_a.cooperative))
    consent = Consent.objects.get()
    assert contact_of(stall_a) == Contact(stall_a.whatsapp, stall_a.name)
    desk.post(_url("withdraw", stall_a.pk, consent.pk))
    consent.refresh_from_db()
    stall_a.refresh_from_db()
    assert consent.withdrawn_at is not None
    assert contact_of(stall_a) is None
    page = desk.get(_url("trader", stall_a.pk)).content.decode()
    assert "Ditarik" in page
    assert "Saya setuju." in page
    first = consent.withdrawn_at
    desk.post(_url("withdraw", stall_a.pk, consent.pk))
    consent.refresh_from_db()
    assert consent.withdrawn_at == first


def test_after_a_withdrawal_only_another_consent_shows_the_number_again(
    desk: Client, stall_a: Stall, trader_a: User
) -> None:
    desk.post(_url("consent", stall_a.pk), _trader(stall_a.cooperative))
    desk.post(_url("withdraw", stall_a.pk, Consent.objects.get().pk))
    data = {"cooperative": stall_a.cooperative_id, "name": stall_a.name, "active": "on"}
    desk.post(_url("edit", stall_a.pk), data | {"whatsapp": stall_a.whatsapp})
    stall_a.refresh_from_db()
    assert stall_a.hide_number
    studio = Client()
    studio.force_login(trader_a)
    own = {"name": stall_a.name, "whatsapp": stall_a.whatsapp}
    Stall.objects.filter(pk=stall_a.pk).update(trader=trader_a)
    studio.post(reverse("studio:stall", args=[stall_a.key]), own)
    stall_a.refresh_from_db()
    assert not stall_a.hide_number
    assert Consent.objects.standing(stall_a, Kind.CONTACT).get().way == Consent.Way.STUDIO
    assert Consent.objects.count() == 2


def test_nothing_ticked_is_no_consent(desk: Client, stall_a: Stall) -> None:
    page = desk.post(_url("consent", stall_a.pk), _trader(stall_a.cooperative, contact=""))
    assert "Tandai yang disetujui pedagang." in page.content.decode()
    assert not Consent.objects.exists()


@pytest.mark.parametrize(
    ("who", "statuses"),
    [
        ("coordinator_b", {404}),
        ("editor_a", {404}),
        ("moderator_a", {404}),
        ("editor_sulsel", {404}),
        ("trader_a", {302, 403}),
        ("trader_b", {302, 403}),
        ("stranger", {302, 403}),
    ],
)
def test_nobody_else_reaches_a_traders_pages(
    client: Client,
    stall_a: Stall,
    coordinator_a: User,
    who: str,
    statuses: set[int],
    request: pytest.FixtureRequest,
) -> None:
    consent = make_consent(stall_a, "contact")
    client.force_login(request.getfixturevalue(who))
    assert client.get(_url("trader", stall_a.pk)).status_code in statuses
    for view, args in (
        ("invite", ()),
        ("lock_out", ()),
        ("consent", ()),
        ("withdraw", (consent.pk,)),
    ):
        answer = client.post(_url(view, stall_a.pk, *args), _trader(stall_a.cooperative))
        assert answer.status_code in statuses, view
    client.post(_url("add_trader"), _trader(stall_a.cooperative))
    assert Stall.objects.count() == 1
    consent.refresh_from_db()
    assert consent.withdrawn_at is None
    assert Consent.objects.count() == 1
    assert not Invitation.objects.exists()


def test_a_consent_of_another_stall_is_not_withdrawn_by_the_own_stalls_address(
    desk: Client, stall_a: Stall, stall_b: Stall
) -> None:
    consent = make_consent(stall_b, "contact")
    assert desk.post(_url("withdraw", stall_a.pk, consent.pk)).status_code == 404
    consent.refresh_from_db()
    assert consent.withdrawn_at is None

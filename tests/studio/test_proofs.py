"""A trader makes the proof of their own segment, and sends it on."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from cms.audience.proofs.models import Proof
from cms.channels.models import Channel, SegmentAiring
from cms.studio import proofs
from cms.traders.models import FeaturedSegment
from tests.airings import make_airing

pytestmark = pytest.mark.django_db


@pytest.fixture
def aired(segment_a, pasar_a) -> FeaturedSegment:
    """segment_a, on air once in November and cut once."""
    channel = Channel.objects.create(cooperative=pasar_a, name="Siar Pasar A", slug="siar-a")
    for day, status in ((2, "aired"), (9, "cut")):
        start = datetime(2026, 11, day, 3, tzinfo=UTC)
        make_airing(channel, segment_a, start, status, why="" if status == "aired" else "azan")
    return segment_a


@pytest.fixture
def made(studio: Client, aired: FeaturedSegment) -> Proof:
    """The proof that the trader made."""
    studio.post(f"/studio/bukti/{aired.key}/2026-11/")
    return Proof.objects.get()


def test_the_list_says_what_became_of_each_segment(studio, aired):
    page = studio.get("/studio/bukti/").content.decode()
    assert "2 dijanjikan = 1 tayang + 1 terpotong + 0 tidak tayang" in page
    assert f"/studio/bukti/{aired.key}/2026-11/" in page
    assert (
        "Belum ada tayangan di Oktober 2026"
        in studio.get("/studio/bukti/", {"bulan": "2026-10"}).content.decode()
    )
    assert not Proof.objects.exists()


def test_a_proof_is_made_by_one_press_and_is_ready_to_be_sent(studio, aired):
    response = studio.post(f"/studio/bukti/{aired.key}/2026-11/", follow=True)
    page, proof = response.content.decode(), Proof.objects.get()
    assert response.redirect_chain[-1][0] == f"/studio/bukti/{proof.number}/"
    assert proof.issued_by.username == "pedagang-a"
    assert "https://wa.me/?text=Bukti%20tayang%20saya%20di%20Siar" in page
    assert f"http%3A//testserver/b/{proof.shown_code}/" in page
    assert f"{proof.path}kartu.png" in page
    assert f"{proof.path}bukti.pdf" in page
    assert "Waktunya dipakai azan." in page
    assert proof.number in studio.get("/studio/bukti/").content.decode()


def test_no_proof_is_offered_of_a_month_in_which_nothing_was_promised(studio, segment_a, pasar_a):
    channel = Channel.objects.create(cooperative=pasar_a, name="Siar Pasar A", slug="siar-a")
    at = datetime(2026, 11, 2, 3, tzinfo=UTC)
    make_airing(channel, segment_a, at, "aired", makes_good=True)
    page = studio.get("/studio/bukti/").content.decode()
    assert "1 tayangan pengganti." in page
    assert "0 dijanjikan" not in page
    assert f"/studio/bukti/{segment_a.key}/2026-11/" not in page
    for month in ("2026-11", "2026-10"):
        answer = studio.post(f"/studio/bukti/{segment_a.key}/{month}/", follow=True)
        assert "Belum ada tayangan yang dijanjikan di bulan itu" in answer.content.decode()
    assert not Proof.objects.exists()


def test_looking_at_the_address_of_the_press_makes_nothing(studio, aired):
    assert studio.get(f"/studio/bukti/{aired.key}/2026-11/").status_code == 405
    assert not Proof.objects.exists()


def test_another_trader_finds_neither_the_segment_nor_the_proof(made, aired, trader_b, stall_b):
    client = Client()
    client.force_login(trader_b)
    assert client.post(f"/studio/bukti/{aired.key}/2026-11/").status_code == 404
    assert client.get(f"/studio/bukti/{made.number}/").status_code == 404
    page = client.get("/studio/bukti/").content.decode()
    assert made.number not in page
    assert "Sambal" not in page
    assert Proof.objects.count() == 1


def test_strangers_are_sent_to_the_door(made, aired, stranger):
    client = Client()
    for url in ("/studio/bukti/", f"/studio/bukti/{made.number}/"):
        assert client.get(url).status_code == 302
    client.force_login(stranger)
    for url in ("/studio/bukti/", f"/studio/bukti/{made.number}/"):
        assert client.get(url).status_code == 404
    assert client.post(f"/studio/bukti/{aired.key}/2026-11/").status_code == 404


@pytest.mark.parametrize("month", ["2026-12", "2026-13", "kapan", "%00"])
def test_a_month_that_has_not_begun_is_not_there(studio, aired, month):
    assert studio.post(f"/studio/bukti/{aired.key}/{month}/").status_code == 404
    assert studio.get("/studio/bukti/", {"bulan": month}).status_code == 404


def test_proofs_that_were_made_go_on_on_another_page(studio, made, monkeypatch):
    monkeypatch.setattr(proofs, "ON_A_PAGE", 1)
    SegmentAiring.objects.filter(status="cut").update(status="aired", shown_ms=15_000)
    studio.post(f"/studio/bukti/{made.segment.key}/2026-11/")
    newest = Proof.objects.latest("pk").number
    first = studio.get("/studio/bukti/", {"bulan": "2026-11"}).content.decode()
    assert newest in first
    assert made.number not in first
    assert 'rel="next" href="?bulan=2026-11&amp;halaman=2"' in first
    second = studio.get("/studio/bukti/", {"bulan": "2026-11", "halaman": "2"}).content.decode()
    assert made.number in second
    assert newest not in second

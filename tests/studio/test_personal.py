"""Data saya: for its trader alone."""

import json
from datetime import datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from cms.core.models import User
from cms.traders.models import Clip, Consent, Product, Stall
from cms.videos.models.machine import originals
from tests.traders.made import make_consent

PAGES = ["/studio/data/", "/studio/data/unduh/", "/studio/data/turunkan/", "/studio/data/hapus/"]
PASSWORD = "kata sandi contoh"


@pytest.fixture
def consent(stall_a: Stall, coordinator_a: User, now: datetime) -> Consent:
    wording = "Saya setuju nama dan nomor tampil."
    return make_consent(
        stall_a, "contact", way="spoken", wording=wording, given_at=now, recorded_by=coordinator_a
    )


def test_the_page_shows_what_is_kept_and_what_was_agreed_to(studio: Client, consent, sambal):
    page = studio.get("/studio/data/").content.decode()
    assert "0812-3456-7890" in page
    assert "Saya setuju nama dan nomor tampil." in page
    assert "lisan di depan pengurus" in page


def test_a_copy_is_one_click_and_has_nobody_else_in_it(
    studio: Client, consent, sambal: Product, tempe: Product, coordinator_a: User, now: datetime
):
    User.objects.filter(pk=coordinator_a.pk).update(first_name="Pengurus Sari")
    for product in (sambal, tempe):
        Clip.objects.create(
            product=product, source="film", film_name=f"{product.name}.mp4", created_at=now
        )
    answer = studio.get("/studio/data/unduh/")
    archive = ZipFile(BytesIO(answer.getvalue()))
    text = archive.read("data.json").decode()
    data = json.loads(text)
    assert data["person"]["username"] == "pedagang-a"
    [stall] = data["stalls"]
    assert stall["whatsapp"] == "+6281234567890"
    assert [row["name"] for row in stall["products"]] == ["Sambal bawang"]
    assert [row["film_name"] for row in stall["products"][0]["clips"]] == ["Sambal bawang.mp4"]
    assert stall["consents"][0]["wording"] == "Saya setuju nama dan nomor tampil."
    assert len(data["sessions"]) == 1
    assert not [each for each in ("Tempe", "Sari", "pengurus-a", "98765432") if each in text]
    assert "private" in answer["Cache-Control"]


def test_a_copy_has_the_films_that_were_sent(studio: Client, sambal: Product, tempe: Product, now):
    for product in (sambal, tempe):
        name = originals().save(f"{product.slug}.mp4", ContentFile(product.slug.encode()))
        Clip.objects.create(product=product, source="film", film=name, created_at=now)
    Clip.objects.create(product=sambal, source="film", film="tidak-ada.mp4", created_at=now)
    archive = ZipFile(BytesIO(studio.get("/studio/data/unduh/").getvalue()))
    [film] = [name for name in archive.namelist() if name.startswith("film/")]
    assert archive.read(film) == sambal.slug.encode()


def test_taking_down_asks_first_and_is_undone_by_a_button(studio: Client, sambal, client: Client):
    assert "Turunkan semuanya?" in studio.get("/studio/data/turunkan/").content.decode()
    assert client.get("/lapak/lapak-bumbu/").status_code == 200
    studio.post("/studio/data/turunkan/")
    for path in ("/lapak/lapak-bumbu/", "/lapak/lapak-bumbu/sambal-bawang/"):
        assert client.get(path).status_code == 404
    answer = client.get(f"/chat/{sambal.key}/?di=lapak")
    assert answer.status_code == 410
    assert "Lapak Bumbu" not in answer.content.decode()
    assert "Lapak Anda sedang diturunkan" in studio.get("/studio/data/").content.decode()
    studio.post("/studio/data/pulihkan/")
    assert client.get("/lapak/lapak-bumbu/").status_code == 200


def test_erasing_asks_for_the_pin_and_signs_out(studio: Client, sambal, trader_a: User, tmp_path):
    page = studio.post("/studio/data/hapus/", {"secret": "000000"}).content.decode()
    assert "PIN atau kata sandi ini salah." in page
    assert Stall.objects.exists()
    page = studio.post("/studio/data/hapus/", {"secret": PASSWORD}).content.decode()
    assert "Data Anda sudah dihapus" in page
    assert not Stall.objects.exists()
    assert studio.get("/studio/data/").status_code == 302
    trader_a.refresh_from_db()
    assert not trader_a.is_active


def test_a_password_with_a_blank_at_its_end_erases_as_it_signs_in(
    client: Client, stall_a: Stall, trader_a: User
):
    trader_a.set_password(f"{PASSWORD} ")
    trader_a.save()
    client.force_login(trader_a)
    page = client.post("/studio/data/hapus/", {"secret": f"{PASSWORD} "}).content.decode()
    assert "Data Anda sudah dihapus" in page


@pytest.mark.parametrize("who", ["coordinator_a", "coordinator_b", "stranger"])
def test_who_runs_no_stall_has_no_such_page(client: Client, request, who, stall_a: Stall):
    client.force_login(request.getfixturevalue(who))
    for page in PAGES:
        for answer in (client.get(page), client.post(page, {"secret": PASSWORD})):
            assert answer.status_code == 404, page
            assert "Lapak Bumbu" not in answer.content.decode()
    assert client.post("/studio/data/pulihkan/").status_code == 404
    assert Stall.objects.filter(active=True).exists()


def test_visitors_are_sent_to_the_door(client: Client, stall_a: Stall):
    for page in PAGES:
        assert client.get(page).status_code == 302


def test_another_trader_touches_ones_own_alone(client: Client, stall_a, stall_b, trader_b):
    client.force_login(trader_b)
    assert "Lapak Bumbu" not in client.get("/studio/data/").content.decode()
    client.post("/studio/data/turunkan/")
    client.post("/studio/data/hapus/", {"secret": PASSWORD})
    stall_a.refresh_from_db()
    assert stall_a.active
    assert not Stall.objects.filter(pk=stall_b.pk).exists()


def test_only_the_markets_own_coordinator_restores(
    client: Client, studio: Client, stall_a: Stall, coordinator_a, coordinator_b, synced_tree
):
    studio.post("/studio/data/turunkan/")
    address = f"/admin/snippets/traders/stall/pulihkan/{stall_a.pk}/"
    client.force_login(coordinator_b)
    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 404
    client.force_login(coordinator_a)
    assert "Pulihkan hanya bila pedagangnya meminta" in client.get(address).content.decode()
    client.post(address)
    stall_a.refresh_from_db()
    assert stall_a.active

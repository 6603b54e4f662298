"""A trader's own area: own rows only, saved by plain forms, refused in one sentence."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cms.audience.models import TapCount
from cms.cooperatives.models import Cooperative
from cms.core.actions import do_choose_language
from cms.core.models import User
from cms.traders.actions import do_approve_segment, do_refuse_segment
from cms.traders.models import FeaturedSegment, Product, Stall
from cms.videos.models import Video
from tests.studio.pages import product_form

Photo = Callable[..., SimpleUploadedFile]
State = FeaturedSegment.State


def test_the_first_page_answers_and_has_the_doors(
    studio: Client, segment_a: FeaturedSegment, now: datetime
) -> None:
    TapCount.objects.create(product=segment_a.product, minute=now, place="lapak", taps=7)
    page = studio.get("/studio/").content.decode()
    assert "Selasa 24 November 2026, 13.24\u00a0WIB" in page
    assert "7 orang membuka chat hari ini." in page
    for name in ("segment_new", "products", "segments", "taps"):
        assert f'href="{reverse(f"studio:{name}")}"' in page
    assert "style=" not in page
    assert "<script>" not in page


def test_a_refused_segment_says_why_on_the_first_page(
    studio: Client, segment_a: FeaturedSegment, coordinator_a: User, now: datetime
) -> None:
    do_refuse_segment(segment_a, coordinator_a, "Harga di foto berbeda.", now)
    assert "Harga di foto berbeda." in studio.get("/studio/").content.decode()
    assert "Harga di foto berbeda." in studio.get("/studio/segmen/").content.decode()


def test_who_is_not_signed_in_is_asked_to_sign_in(client: Client) -> None:
    answer = client.get("/studio/")
    assert answer.status_code == 302
    assert "next=/studio/" in answer["Location"]


def test_who_has_no_stall_is_told_what_to_do(client: Client, stranger: User) -> None:
    client.force_login(stranger)
    answer = client.get("/studio/")
    assert answer.status_code == 404
    assert "belum punya lapak" in answer.content.decode()


def test_a_trader_changes_the_own_stall(studio: Client, stall_a: Stall) -> None:
    address = reverse("studio:stall", args=[stall_a.key])
    data = {"name": "Lapak Bumbu Baru (contoh)", "block": "A-13", "whatsapp": "0857-1111-2222"}
    assert studio.post(address, data).status_code == 302
    stall_a.refresh_from_db()
    assert (stall_a.name, stall_a.whatsapp) == ("Lapak Bumbu Baru (contoh)", "+6285711112222")


def test_a_wrong_number_gets_a_sentence_and_keeps_what_was_typed(
    studio: Client, stall_a: Stall
) -> None:
    address = reverse("studio:stall", args=[stall_a.key])
    page = studio.post(address, {"name": "Lapak", "block": "B-1", "whatsapp": "031 5678901"})
    text = page.content.decode()
    assert "Ini nomor telepon rumah" in text
    assert 'value="031 5678901"' in text
    assert 'aria-invalid="true"' in text
    stall_a.refresh_from_db()
    assert stall_a.whatsapp == "+6281234567890"


@pytest.mark.parametrize("field", ["cooperative", "trader", "verified_at", "active"])
def test_what_is_not_in_the_form_cannot_be_posted(
    studio: Client, stall_a: Stall, stall_b: Stall, field: str
) -> None:
    before = getattr(stall_a, field)
    data = {"name": "Lapak", "whatsapp": "081234567890", field: stall_b.cooperative_id}
    studio.post(reverse("studio:stall", args=[stall_a.key]), data)
    stall_a.refresh_from_db()
    assert getattr(stall_a, field) == before


def test_a_product_with_a_photo_is_added_to_the_own_stall(
    studio: Client, stall_a: Stall, photo: Photo, media_folder: Path, synced_tree: None
) -> None:
    answer = studio.post("/studio/produk/tambah/", product_form(photo=photo()))
    assert answer.status_code == 302
    product = Product.objects.get()
    assert (product.stall, product.price, product.slug) == (stall_a, 21_000, "sambal-terasi")
    assert product.image is not None
    stall_a.cooperative.refresh_from_db()
    assert product.image.collection == stall_a.cooperative.collection
    assert "Rp21.000/botol" in studio.get("/studio/produk/").content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"price": "0"}, "Harga belum benar. Tulis angka lebih dari 0."),
        ({"price": "18.500,5"}, "Harga belum benar."),
        ({"price": "9" * 30}, "Harga terlalu besar."),
        ({"price_high": "20000"}, "Harga tertinggi harus lebih besar"),
        ({"name": ""}, "Bagian ini belum diisi."),
        ({"unit": "<b>"}, "&lt;b&gt;"),
    ],
)
def test_a_product_that_cannot_be_gets_one_sentence(
    studio: Client, changes: dict[str, str], sentence: str
) -> None:
    page = studio.post("/studio/produk/tambah/", product_form(**changes)).content.decode()
    assert sentence in page
    assert not Product.objects.exists()


@pytest.mark.parametrize("typed", ["12750", "12.750", "Rp12.750", " Rp 12.750 "])
def test_a_price_is_read_as_people_write_it(studio: Client, sambal: Product, typed: str) -> None:
    studio.post(f"/studio/produk/{sambal.key}/", product_form(price=typed))
    sambal.refresh_from_db()
    assert sambal.price == 12750


@pytest.mark.parametrize("typed", ["-5", "0", "12.75", "12,750"])
def test_a_price_that_cannot_be_is_refused_in_our_words(
    studio: Client, sambal: Product, typed: str
) -> None:
    answer = studio.post(f"/studio/produk/{sambal.key}/", product_form(price=typed))
    assert "Harga belum benar." in answer.content.decode()
    before = sambal.price
    sambal.refresh_from_db()
    assert sambal.price == before


def test_a_broken_photo_keeps_the_product_as_it_was(
    studio: Client, sambal: Product, media_folder: Path
) -> None:
    address = reverse("studio:product", args=[sambal.key])
    upload = SimpleUploadedFile("a.jpg", b"bukan foto sama sekali")
    page = studio.post(address, product_form(photo=upload)).content.decode()
    assert "Berkas ini bukan foto, atau rusak." in page
    sambal.refresh_from_db()
    assert sambal.name == "Sambal bawang"
    assert not list(media_folder.rglob("*.jpg"))


def test_a_product_is_deleted_after_a_question(studio: Client, sambal: Product) -> None:
    address = reverse("studio:product_delete", args=[sambal.key])
    assert "Hapus Sambal bawang?" in studio.get(address).content.decode()
    assert Product.objects.exists()
    studio.post(address)
    assert not Product.objects.exists()


def test_a_segment_goes_to_the_co_operative_and_comes_back_approved(
    studio: Client, sambal: Product, video_a: Video, coordinator_a: User, now: datetime
) -> None:
    data = {"product": sambal.pk, "video": video_a.pk, "begin": "5", "end": "20"}
    assert studio.post("/studio/segmen/tambah/", data).status_code == 302
    segment = FeaturedSegment.objects.get()
    assert segment.state == State.SUBMITTED
    do_approve_segment(segment, coordinator_a, now)
    page = studio.get("/studio/segmen/").content.decode()
    assert "Disetujui" in page
    studio.post(reverse("studio:segment", args=[segment.key]), data | {"end": "25"})
    segment.refresh_from_db()
    assert segment.state == State.SUBMITTED


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"end": "4"}, "Selesai harus sesudah mulai."),
        ({"end": "91"}, "Video ini hanya 90,0 detik."),
        ({"begin": "-1"}, "Mulai tidak boleh kurang dari 0."),
        ({"begin": "12", "end": "30"}, "Saat itu sudah dipakai produk lain"),
    ],
)
def test_a_segment_that_cannot_be_gets_one_sentence(
    studio: Client, segment_a: FeaturedSegment, changes: dict[str, str], sentence: str
) -> None:
    data = {
        "product": segment_a.product_id,
        "video": segment_a.video_id,
        "begin": "30",
        "end": "40",
    }
    page = studio.post("/studio/segmen/tambah/", data | changes).content.decode()
    assert sentence in page
    assert FeaturedSegment.objects.count() == 1


def test_only_published_videos_of_the_own_market_are_offered(
    studio: Client,
    sambal: Product,
    video_a: Video,
    pasar_b: Cooperative,
    make_video: Callable[..., Video],
) -> None:
    other = make_video(pasar_b, "Kabar Pasar B")
    draft = make_video(sambal.stall.cooperative, "Belum terbit")
    Video.objects.filter(pk=draft.pk).update(live=False)
    page = studio.get("/studio/segmen/tambah/").content.decode()
    assert "Dapur Pasar (1.30)" in page
    assert "Kabar Pasar B" not in page
    assert "Belum terbit" not in page
    for video in (other, draft):
        data = {"product": sambal.pk, "video": video.pk, "begin": "0", "end": "10"}
        assert (
            "Pilih dari daftar ini." in studio.post("/studio/segmen/tambah/", data).content.decode()
        )


def test_a_product_of_one_market_is_not_put_into_another_markets_video(
    studio: Client,
    trader_a: User,
    sambal: Product,
    stall_b: Stall,
    pasar_b: Cooperative,
    make_video: Callable[..., Video],
) -> None:
    """Only the people of the product's market would approve it."""
    Stall.objects.filter(pk=stall_b.pk).update(trader=trader_a)
    video = make_video(pasar_b, "Kabar Pasar B")
    data = {"product": sambal.pk, "video": video.pk, "begin": "0", "end": "10"}
    page = studio.post("/studio/segmen/tambah/", data).content.decode()
    assert "Video ini milik koperasi lain." in page
    assert not FeaturedSegment.objects.exists()


def test_a_product_may_move_to_the_other_own_stall_that_has_one_of_its_name(
    studio: Client, trader_a: User, sambal: Product, stall_b: Stall
) -> None:
    Stall.objects.filter(pk=stall_b.pk).update(trader=trader_a)
    Product.objects.create(
        stall=stall_b, name="Sambal bawang", slug=sambal.slug, price=1, unit="kg"
    )
    address = reverse("studio:product", args=[sambal.key])
    assert studio.post(address, product_form(stall=stall_b.pk)).status_code == 302
    sambal.refresh_from_db()
    assert (sambal.stall, sambal.slug) == (stall_b, "sambal-bawang-2")


def test_another_traders_product_cannot_be_put_into_a_segment(
    studio: Client, sambal: Product, tempe: Product, video_a: Video
) -> None:
    data = {"product": tempe.pk, "video": video_a.pk, "begin": "0", "end": "10"}
    page = studio.post("/studio/segmen/tambah/", data).content.decode()
    assert "Pilih dari daftar ini." in page
    assert not FeaturedSegment.objects.exists()


def test_without_a_video_the_page_says_so(studio: Client, sambal: Product) -> None:
    assert "Belum ada video dari Koppas" in studio.get("/studio/segmen/tambah/").content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_reaches_what_another_trader_has(
    client: Client,
    method: str,
    segment_a: FeaturedSegment,
    stall_b: Stall,
    trader_b: User,
    coordinator_a: User,
) -> None:
    """Neither another market's trader nor the own coordinator: the studio is the trader's."""
    addresses = [
        reverse("studio:stall", args=[segment_a.product.stall.key]),
        reverse("studio:product", args=[segment_a.product.key]),
        reverse("studio:product_delete", args=[segment_a.product.key]),
        reverse("studio:segment", args=[segment_a.key]),
        reverse("studio:segment_delete", args=[segment_a.key]),
    ]
    for user in (trader_b, coordinator_a):
        client.force_login(user)
        for address in addresses:
            assert getattr(client, method)(address).status_code == 404, address
    client.force_login(trader_b)
    submit = reverse("studio:segment_submit", args=[segment_a.key])
    assert client.post(submit).status_code == 404
    assert FeaturedSegment.objects.filter(pk=segment_a.pk).exists()


@pytest.mark.parametrize(("part", "address"), [("produk", "product"), ("segmen", "segment")])
def test_a_long_list_goes_on_on_another_page(
    studio: Client, segment_a: FeaturedSegment, part: str, address: str
) -> None:
    product, video = segment_a.product, segment_a.video
    for number in range(24):
        more = Product(stall=product.stall, name=f"Z {number}", slug=f"z-{number}", price=1)
        more.save()
        FeaturedSegment.objects.create(product=more, video=video, begin=0, end=5)
    rows = Product.objects.all() if part == "produk" else FeaturedSegment.objects.all()
    paths = {reverse(f"studio:{address}", args=[row.key]) for row in rows}
    shown = []
    for halaman in (1, 2):
        page = studio.get(f"/studio/{part}/", {"halaman": halaman}).content.decode()
        shown.append({path for path in paths if f'href="{path}"' in page})
    assert [len(each) for each in shown] == [20, 5]
    assert shown[0] | shown[1] == paths


def test_the_pages_of_a_list_by_name_are_told_in_english(
    studio: Client, stall_a: Stall, trader_a: User
) -> None:
    do_choose_language(trader_a, "en")
    for number in range(41):
        Product.objects.create(stall=stall_a, name=f"Z {number}", slug=f"z-{number}", price=1)
    page = studio.get("/studio/produk/", {"halaman": 2}).content.decode()
    assert "Previous</a>" in page
    assert ">Next<" in page


def test_a_form_of_another_site_is_refused(stall_a: Stall, trader_a: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(trader_a)
    assert strict.post("/studio/produk/tambah/", product_form()).status_code == 403


def test_signing_out_is_a_post(studio: Client) -> None:
    address = reverse("sign_out")
    assert f'action="{address}"' in studio.get("/studio/").content.decode()
    assert studio.get(address).status_code == 405
    studio.post(address)
    assert studio.get("/studio/").status_code == 302


def test_the_chats_of_seven_days_are_shown_by_day_and_product(
    studio: Client, sambal: Product
) -> None:
    for day, taps in ((24, 3), (20, 4), (10, 50)):
        minute = datetime(2026, 11, day, 3, tzinfo=UTC)
        TapCount.objects.create(product=sambal, minute=minute, place="lapak", taps=taps)
    page = studio.get("/studio/chat/").content.decode()
    assert "7 orang membuka chat dalam 7 hari" in page
    assert "Jumat 20 November 2026: 4" in page

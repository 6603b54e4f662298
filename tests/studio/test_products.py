"""A product on the phone: prices as people write them, photos, shop link, certificates."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.images import get_image_model

from cms.core import clock
from cms.core.models import User
from cms.traders.actions import do_approve_segment, do_decline_segment
from cms.traders.models import Certificate, Commodity, FeaturedSegment, Product, Stall
from tests.studio.pages import product_form
from tests.traders.made import make_certificate

Photo = Callable[..., SimpleUploadedFile]
ADD = "/studio/produk/tambah/"


def _certificate(**changes: object) -> dict[str, object]:
    until = (clock.now() + timedelta(days=200)).date().isoformat()
    return {"kind": "pirt", "number": "P-IRT 206 3578", "expires_on": until} | changes


@pytest.fixture
def halal(sambal: Product) -> Certificate:
    """A certificate of the sambal, checked, good for ten more days."""
    until = clock.now().date() + timedelta(days=10)
    return make_certificate(sambal, until, checked_at=clock.now())


@pytest.mark.parametrize(
    ("typed", "price"), [("Rp 12.500,-", 12_500), ("12rb", 12_000), ("1,2 jt", 1_200_000)]
)
def test_a_price_may_be_written_as_people_write_it(
    studio: Client, stall_a: Stall, typed: str, price: int
) -> None:
    studio.post(ADD, product_form(price=typed, price_high="2,5 jt"))
    product = Product.objects.get()
    assert (product.price, product.price_high) == (price, 2_500_000)


def test_a_new_product_says_that_it_waits_and_for_what(
    studio: Client, client: Client, stall_a: Stall
) -> None:
    page = studio.post(ADD, product_form(), follow=True).content.decode()
    assert "Menunggu diperiksa" in page
    waits = "1 produk baru tampil di pasar sesudah pengurus memeriksa foto, tulisan, dan harganya."
    assert waits in page
    assert waits in studio.get("/studio/").content.decode()
    product = Product.objects.get()
    assert client.get(product.page_url).status_code == 404
    assert product.name not in client.get("/pasar/?tampil=produk").content.decode()
    Product.objects.update(waiting_since=None)
    assert client.get(product.page_url).status_code == 200
    assert "Menunggu diperiksa" not in studio.get("/studio/produk/").content.decode()


@pytest.mark.parametrize("typed", ["0", "-5.000", "1000000000000", "12,500", "12rb-15rb", "gratis"])
def test_a_price_that_cannot_be_gets_one_sentence_and_is_kept(
    studio: Client, stall_a: Stall, typed: str
) -> None:
    page = studio.post(ADD, product_form(price=typed)).content.decode()
    assert page.count('id="id_price_error"') == 1
    assert f'value="{typed}"' in page
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="id_price_helptext id_price_error"' in page
    assert 'value="Sambal terasi"' in page
    assert not Product.objects.exists()


def test_commodity_and_shop_are_kept(studio: Client, stall_a: Stall) -> None:
    spice = Commodity.objects.create(name="Bumbu", slug="bumbu")
    studio.post(ADD, product_form(commodity=spice.pk, shop_url="https://toko.contoh.id/bumbu"))
    product = Product.objects.get()
    assert (product.commodity, product.shop_url) == (spice, "https://toko.contoh.id/bumbu")


@pytest.mark.parametrize(
    "url",
    ["http://toko.example/", "https://a@toko.example/", "https://10.0.0.1/", "https://localhost/"],
)
def test_a_shop_link_that_leads_elsewhere_is_refused_and_kept(
    studio: Client, stall_a: Stall, url: str
) -> None:
    page = studio.post(ADD, product_form(shop_url=url)).content.decode()
    assert page.count('id="id_shop_url_error"') == 1
    assert f'value="{url}"' in page
    assert not Product.objects.exists()


def test_the_camera_opens_at_once_and_the_gallery_too(studio: Client, stall_a: Stall) -> None:
    page = studio.get(ADD).content.decode()
    assert page.count('capture="environment"') == 1
    assert 'name="photo"' in page
    assert "multiple" in page


def test_a_photo_from_the_camera_becomes_the_first_and_others_stand_behind(
    studio: Client, stall_a: Stall, photo: Photo, media_folder: Path, synced_tree: None
) -> None:
    studio.post(ADD, product_form(camera=photo(), more=[photo(), photo(400, 400)]))
    product = Product.objects.get()
    assert product.image is not None
    assert product.photos.count() == 2
    address = reverse("studio:product", args=[product.key])
    assert studio.get(address).content.decode().count("Buang foto ini") == 2
    first = product.photos.first()
    studio.post(address, product_form(removed=[first.pk], more=[photo()]))
    assert product.photos.count() == 2
    assert not product.photos.filter(pk=first.pk).exists()


def test_more_than_five_further_photos_are_refused(
    studio: Client, stall_a: Stall, photo: Photo, media_folder: Path, synced_tree: None
) -> None:
    page = studio.post(ADD, product_form(more=[photo() for _ in range(6)])).content.decode()
    assert "Foto tambahan paling banyak 5." in page
    studio.post(ADD, product_form(more=[photo() for _ in range(5)]))
    product = Product.objects.get()
    address = reverse("studio:product", args=[product.key])
    again = studio.post(address, product_form(more=[photo()])).content.decode()
    assert "Foto tambahan paling banyak 5." in again
    assert product.photos.count() == 5


def test_a_photo_of_another_stall_cannot_be_removed(
    studio: Client, sambal: Product, tempe: Product, photo: Photo, media_folder: Path
) -> None:
    image = get_image_model().objects.create(title="x", file=photo())
    other = tempe.photos.create(image=image)
    studio.post(reverse("studio:product", args=[sambal.key]), product_form(removed=[other.pk]))
    assert tempe.photos.exists()


def test_a_number_that_no_photo_can_have_is_refused_where_photos_are_removed(
    studio: Client, sambal: Product, synced_tree: None
) -> None:
    address = reverse("studio:product", args=[sambal.key])
    answer = studio.post(address, product_form(removed=[2**63]))
    assert answer.status_code == 200
    assert str(2**63) in answer.context["form"].errors["removed"][0]


def test_a_certificate_is_added_with_its_photo_and_waits_for_the_office(
    studio: Client, sambal: Product, photo: Photo, media_folder: Path, synced_tree: None
) -> None:
    address = reverse("studio:certificate_add", args=[sambal.key])
    assert studio.post(address, _certificate(camera=photo())).status_code == 302
    certificate = Certificate.objects.get()
    assert (certificate.product, certificate.checked_at) == (sambal, None)
    assert certificate.image is not None
    page = studio.get(reverse("studio:product", args=[sambal.key])).content.decode()
    assert "P-IRT P-IRT 206 3578" in page
    assert "Menunggu" in page


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"expires_on": "2020-01-01"}, "expires_on"),
        ({"expires_on": "2999-01-01"}, "expires_on"),
        ({"expires_on": "31-31-2027"}, "expires_on"),
        ({"expires_on": ""}, "expires_on"),
        ({"number": "tanpa nomor"}, "number"),
        ({"kind": "sni"}, "kind"),
    ],
)
def test_a_certificate_that_cannot_be_gets_one_sentence(
    studio: Client, sambal: Product, changes: dict[str, str], field: str
) -> None:
    address = reverse("studio:certificate_add", args=[sambal.key])
    page = studio.post(address, _certificate(**changes)).content.decode()
    assert page.count('class="fault" id="id_') == 1
    assert f'id="id_{field}_error"' in page
    assert not Certificate.objects.exists()


def test_a_date_may_be_written_as_on_the_certificate(studio: Client, sambal: Product) -> None:
    until = clock.now().date() + timedelta(days=400)
    address = reverse("studio:certificate_add", args=[sambal.key])
    studio.post(address, _certificate(expires_on=f"{until:%d-%m-%Y}"))
    assert Certificate.objects.get().expires_on == until


def test_a_new_certificate_leaves_the_segment_on_air_but_a_changed_or_deleted_one_does_not(
    studio: Client,
    halal: Certificate,
    segment_a: FeaturedSegment,
    coordinator_a: User,
    now: datetime,
) -> None:
    def state() -> str:
        segment_a.refresh_from_db()
        return segment_a.state

    do_approve_segment(segment_a, coordinator_a, now)
    studio.post(reverse("studio:certificate_add", args=[halal.product.key]), _certificate())
    assert state() == "approved"
    studio.post(reverse("studio:certificate", args=[halal.key]), _certificate(kind="halal"))
    assert state() == "submitted"
    do_approve_segment(segment_a, coordinator_a, now)
    address = reverse("studio:certificate_delete", args=[halal.key])
    assert "Hapus Halal" in studio.get(address).content.decode()
    studio.post(address)
    assert state() == "submitted"
    assert Certificate.objects.count() == 1


def test_a_certificate_that_ends_soon_is_told_on_the_first_page_and_at_the_product(
    studio: Client, halal: Certificate
) -> None:
    assert "Sertifikat segera habis" in studio.get("/studio/").content.decode()
    page = studio.get(reverse("studio:product", args=[halal.product.key])).content.decode()
    assert "Segera habis" in page
    Certificate.objects.update(expires_on=clock.now().date() - timedelta(days=2))
    assert "Sertifikat sudah lewat" in studio.get("/studio/").content.decode()


def test_a_declined_segment_says_why_and_cannot_be_changed_or_sent(
    studio: Client, segment_a: FeaturedSegment, coordinator_a: User, now: datetime
) -> None:
    do_decline_segment(segment_a, coordinator_a, "Bukan barang pasar.", now)
    page = studio.get("/studio/segmen/").content.decode()
    assert "Ditolak" in page
    assert "Bukan barang pasar." in page
    address = reverse("studio:segment", args=[segment_a.key])
    assert address not in page.replace(f"{address}hapus/", "")
    data = {"product": segment_a.product_id, "video": segment_a.video_id, "begin": 5, "end": 30}
    assert studio.post(address, data).status_code == 302
    studio.post(reverse("studio:segment_submit", args=[segment_a.key]))
    segment_a.refresh_from_db()
    assert (segment_a.state, segment_a.end) == ("declined", 20)


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_reaches_a_certificate_of_another_trader(
    client: Client,
    method: str,
    halal: Certificate,
    stall_b: Stall,
    trader_b: User,
    coordinator_b: User,
    stranger: User,
) -> None:
    addresses = [
        reverse("studio:certificate_add", args=[halal.product.key]),
        reverse("studio:certificate", args=[halal.key]),
        reverse("studio:certificate_delete", args=[halal.key]),
    ]
    for user in (trader_b, coordinator_b, stranger):
        client.force_login(user)
        for address in addresses:
            assert getattr(client, method)(address).status_code == 404, address
    client.logout()
    for address in addresses:
        assert getattr(client, method)(address).status_code == 302
    assert Certificate.objects.get() == halal

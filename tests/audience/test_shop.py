"""The door to a product's own shop, the cards that lead there, and the picture for screens."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from cms.audience import pictures, spool
from cms.audience.actions import do_note_tap, do_roll_up
from cms.audience.counts import counts_by_segment
from cms.audience.models import HourCount, TapCount
from cms.audience.networks import FEW_OF_SHARED, Limit, written
from cms.channels.models import Channel
from cms.cooperatives.models import Cooperative
from cms.traders.links import (
    Contact,
    chat_link,
    clip_path,
    qr_path,
    shop_path,
    tap_path,
    video_place,
)
from cms.traders.models import FeaturedSegment, Product, Stall
from cms.traders.shops import HOST, is_shop_address
from tests.airings import make_airing

SHARED = [Limit("f" * 16, FEW_OF_SHARED)]
"""A network behind which many stand."""
SHOP = "https://toko.contoh.id/sambal?ukuran=150&warna=merah#beli"


@pytest.fixture
def with_shop(sambal: Product) -> Product:
    sambal.shop_url = SHOP
    sambal.save()
    return sambal


def test_a_tap_on_the_shop_is_counted_and_goes_there(
    phone: Client, with_shop: Product, taps: Callable[[], int]
) -> None:
    answer = phone.get(shop_path(with_shop, "lapak"))
    assert (answer.status_code, answer["Location"]) == (302, SHOP)
    assert "no-store" in answer["Cache-Control"]
    assert taps() == 1


@pytest.mark.parametrize(
    "address", ["", "http://toko.contoh.id", "https://10.0.0.1/", "//jahat.example", "javascript:1"]
)
@pytest.mark.usefixtures("spool_folder")
def test_a_shop_that_was_not_checked_is_not_there(
    phone: Client, with_shop: Product, address: str
) -> None:
    door = shop_path(with_shop, "lapak")
    Product.objects.filter(pk=with_shop.pk).update(shop_url=address)
    assert phone.get(door).status_code == 404
    with_shop.refresh_from_db()
    assert shop_path(with_shop, "lapak") == ""


@pytest.mark.usefixtures("spool_folder")
def test_nothing_of_the_address_has_a_say_in_where_it_leads(
    phone: Client, with_shop: Product
) -> None:
    words = {"di": "https://jahat.example", "next": "https://jahat.example", "s": "//jahat.example"}
    for path in (shop_path(with_shop, "x"), tap_path(with_shop, "x")):
        answer = phone.get(path.split("?")[0], words)
        assert urlsplit(answer["Location"]).netloc in ("toko.contoh.id", "wa.me")
        assert "jahat" not in answer["Location"]


@pytest.mark.parametrize(
    "address",
    [
        "https://toko.contoh.id",
        "https://Toko.Contoh.id/",
        "https://xn--tko-1na.contoh.id/%20?q=a+b",
        "https://shopee.co.id/lapak~bumbu/1.2;3",
    ],
)
def test_an_address_of_a_shop_may_be(address: str) -> None:
    assert is_shop_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://toko.contoh.id",
        "https://localhost/",
        "https://toko",
        "https://192.168.1.1/",
        "https://0x7f.1/",
        "https://[::1]/",
        "https://toko.contoh.id:8443/",
        "https://wa.me@jahat.example/",
        "https://jahat.example\\@toko.contoh.id/",
        "https:\\\\jahat.example",
        "https:///jahat.example",
        "https://toko.contoh.id\\.jahat.example",
        "https://tokо.contoh.id/",  # a Cyrillic о
        "https://toko.contoh.id/\r\nSet-Cookie: a=b",
        "https://toko.contoh.id/ ",
        " https://toko.contoh.id/",
        "https://-toko.contoh.id/",
        "https://toko..id/",
        "https://router.lan/",
        "https://Kasir.LOCAL/",
        "https://toko.internal/",
        "https://toko.home.arpa/",
        "https://home.arpa/",
        "https://toko.localhost/",
        "https://toko.test/",
        "https://10.0.0.1/",
        "https://toko.1/",
        "https://toko.contoh.id./",
        "HTTPS://toko.contoh.id/",
        "javascript:alert(1)//https://toko.contoh.id",
        "data:text/html,x",
        "https://" + "a" * 64 + ".id/",
    ],
)
def test_an_address_of_a_shop_may_not_be(address: str) -> None:
    assert not is_shop_address(address)


@given(st.text() | st.from_regex(r"https://[ -~]{1,40}", fullmatch=True))
def test_whatever_is_let_through_is_https_to_a_named_host_for_every_reader(text: str) -> None:
    if is_shop_address(text):
        parts = urlsplit(text)
        assert parts.scheme == "https"
        assert (
            parts.netloc
            == text.removeprefix("https://").partition("/")[0].partition("?")[0].partition("#")[0]
        )
        assert HOST.fullmatch(parts.netloc.lower())
        assert text.isascii()
        assert text.isprintable()
        assert not set(text) & set(' \\"<>{}|^`')


@given(name=st.text(max_size=80), seen=st.text(max_size=60), digits=st.integers(10**6, 10**12))
def test_a_chat_leads_to_wa_me_whatever_the_names_are(name: str, seen: str, digits: int) -> None:
    product = Product(name=name, price=1, unit=name, stall=Stall(name=name))
    address = urlsplit(chat_link(product, Contact(f"+{digits}", seen), seen))
    assert (address.scheme, address.netloc, address.path) == ("https", "wa.me", f"/{digits}")
    assert address.fragment == ""


def test_a_form_says_what_is_wrong_with_a_shop(sambal: Product) -> None:
    sambal.shop_url = "https://toko.contoh.id:99/"
    with pytest.raises(ValidationError, match="Tulis alamat toko lengkap"):
        sambal.full_clean()


def test_a_tap_on_a_card_counts_for_its_segment_and_one_on_a_tile_for_the_product(
    phone: Client, sambal: Product, tempe: Product, segment_a: FeaturedSegment, spool_folder: Path
) -> None:
    phone.get(tap_path(sambal, video_place(segment_a.video), segment_a))
    phone.get(tap_path(tempe, "lapak"))
    minute = datetime.now(UTC)
    # Somebody else's segment in the address counts for the product alone.
    do_note_tap(tempe, "lapak", segment_a.key.hex, SHARED, minute)
    assert do_roll_up(minute + timedelta(minutes=2)) == 3
    days = (minute.date() - timedelta(days=1), minute.date() + timedelta(days=1), "Asia/Jakarta")
    assert counts_by_segment([segment_a], *days)[segment_a.pk].taps == 1
    of_products = HourCount.objects.filter(key__in=[sambal.key, tempe.key])
    assert list(of_products.values_list("key", "taps")) == [(tempe.key, 2)]


def test_the_code_in_a_clip_counts_for_the_clip_and_one_of_before_for_the_product(
    phone: Client,
    sambal: Product,
    segment_a: FeaturedSegment,
    spool_folder: Path,
    pasar_a: Cooperative,
    now: datetime,
) -> None:
    channel = Channel.objects.create(cooperative=pasar_a, name="Siar Pasar A", slug="siar-a")
    make_airing(channel, segment_a, now - timedelta(minutes=30), "aired")
    answer = phone.get(clip_path(sambal, segment_a.key))
    assert "di siaran Siar." in parse_qs(urlsplit(answer["Location"]).query)["text"][0]
    Client(headers={"user-agent": "Lain"}).get(tap_path(sambal, "siaran"))
    minute = datetime.now(UTC)
    assert do_roll_up(minute + timedelta(minutes=2)) == 2
    days = (minute.date() - timedelta(days=1), minute.date() + timedelta(days=1), "Asia/Jakarta")
    assert counts_by_segment([segment_a], *days)[segment_a.pk].taps == 1
    assert TapCount.objects.get().taps == 2
    assert TapCount.objects.get().place == "siaran"


def test_the_picture_leads_to_the_chat_with_place_and_segment(
    phone: Client, sambal: Product, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    drawn: list[str] = []
    monkeypatch.setattr(pictures, "_drawn", lambda address: drawn.append(address) or b"<svg/>")
    of = "0" * 32
    answer = phone.get(f"{qr_path(sambal, 'siaran-jatim')}&s={of}")
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Cache-Control"] == "public, max-age=86400"
    phone.get(f"/chat/{sambal.key}/qr.svg?di=https://jahat.example&s=x&y=z")
    assert drawn == [
        f"http://testserver/chat/{sambal.key}/?di=siaran-jatim&s={of}",
        f"http://testserver/chat/{sambal.key}/",
    ]


def test_the_picture_is_drawn_once_and_is_small(phone: Client, sambal: Product) -> None:
    first = phone.get(qr_path(sambal, "layar")).content
    assert first.startswith(b"<svg")
    assert len(first) < 8_000
    before = pictures._drawn.cache_info().hits
    assert phone.get(qr_path(sambal, "layar")).content == first
    assert pictures._drawn.cache_info().hits == before + 1


def test_lines_of_taps_name_their_card(spool_folder: Path, sambal: Product) -> None:
    now = datetime(2026, 11, 24, 6, 24, tzinfo=UTC)
    do_note_tap(sambal, "layar", "", SHARED, now)
    with spool.taken(spool_folder, now + timedelta(minutes=2)) as [batch]:
        assert batch.events() == [[sambal.key.hex, "layar", sambal.key.hex, written(SHARED)]]


def test_the_products_page_has_its_doors_and_tells_that_it_was_seen(
    phone: Client, with_shop: Product
) -> None:
    page = phone.get(with_shop.page_url).content.decode()
    for door in (shop_path, qr_path):
        assert f'"{door(with_shop, "lapak")}"' in page
    assert f'data-seen="lapak {with_shop.key.hex}"' in page
    Product.objects.update(shop_url="http://toko.contoh.id")
    assert "/toko/" not in phone.get(with_shop.page_url).content.decode()


def test_a_tile_tells_which_product_it_shows_and_where(phone: Client, sambal: Product) -> None:
    page = phone.get(sambal.stall.page_url).content.decode()
    assert f'<article class="product" data-seen="lapak {sambal.key.hex}">' in page

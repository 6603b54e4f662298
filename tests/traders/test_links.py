"""The message that a buyer sends."""

from urllib.parse import parse_qs, urlsplit

from django.utils.translation import override

from cms.traders.links import chat_link, contact_of
from cms.traders.models import Product, Stall


def _text(product: Product, seen: str) -> tuple[str, str]:
    contact = contact_of(product.stall)
    assert contact is not None
    address = urlsplit(chat_link(product, contact, seen))
    assert (address.scheme, address.netloc) == ("https", "wa.me")
    return address.path, parse_qs(address.query)["text"][0]


def test_the_buyer_names_product_price_stall_and_where_it_was_seen(sambal: Product) -> None:
    with override("en"):
        path, text = _text(sambal, "acara “Dapur Pasar” di Siar")
    assert path == "/6281234567890"
    assert text == (
        "Halo Lapak Bumbu (contoh), saya melihat Sambal bawang (Rp18.500/botol) "
        "di acara “Dapur Pasar” di Siar. Apakah masih ada?"
    )


def test_signs_of_an_address_in_a_name_stay_in_the_message(sambal: Product) -> None:
    sambal.name = "Sambal & kerupuk? #1 100%"
    path, text = _text(sambal, "Siar")
    assert path == "/6281234567890"
    assert "Sambal & kerupuk? #1 100%" in text


def test_a_hidden_number_leads_to_the_co_operatives_office(sambal: Product, stall_a: Stall) -> None:
    sambal.stall.hide_number = True
    sambal.stall.cooperative.whatsapp = "+628111111111"
    path, text = _text(sambal, "Siar")
    assert path == "/628111111111"
    assert text.startswith("Halo Koppas A (contoh), saya melihat Sambal bawang")
    assert "dari Lapak Bumbu (contoh)" in text


def test_without_any_number_there_is_nobody_to_write_to(stall_a: Stall) -> None:
    stall_a.hide_number = True
    assert contact_of(stall_a) is None


def test_an_office_answers_in_its_own_name_even_if_the_stall_is_called_like_it(
    sambal: Product,
) -> None:
    sambal.stall.hide_number, office = True, sambal.stall.cooperative
    office.whatsapp, office.name = "+6281111111111", sambal.stall.name
    contact = contact_of(sambal.stall)
    assert contact is not None
    assert contact.through_office
    assert " dari Lapak Bumbu (contoh)" in _text(sambal, "Siar")[1]

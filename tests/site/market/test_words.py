"""One way of searching for all pages and for programs; words that nobody wrote so."""

from datetime import timedelta

import pytest

from cms.site.market import known
from cms.site.market.known import Vocabulary, meant
from cms.traders.models import Commodity, Product, Stall


@pytest.fixture
def bumbu(sambal: Product) -> Commodity:
    """The sambal's commodity, which buyers know by other names."""
    row = Commodity.objects.create(name="Sambal", slug="sambal", other_names="sambel, saus")
    Product.objects.filter(pk=sambal.pk).update(commodity=row)
    return row


@pytest.mark.parametrize(
    "question", ["sambel", "SAMB", "pasar a sambal", "surabaya saus", "jawa timur saus"]
)
def test_every_search_finds_the_same_stall_and_product(client, get, bumbu, tempe, question):
    asked = question.replace(" ", "+")
    pages = [get(f"/cari/?q={asked}"), get(f"/pasar/?q={asked}").split("Semua pasar")[0]]
    for page in pages:
        assert "Lapak Bumbu" in page
        assert "Tempe" not in page
    for kind, name in (("stalls", "Lapak Bumbu (contoh)"), ("products", "Sambal bawang")):
        [row] = client.get(f"/api/v1/{kind}?q={asked}").json()["items"]
        assert row["name"] == name


def test_what_a_stall_says_it_deals_in_is_found_once_by_every_search(get, stall_b, bumbu):
    stall_b.commodities.add(bumbu, Commodity.objects.create(name="Sambal ijo", slug="ijo"))
    for path in ("/cari/?q=sambal", "/pasar/?q=sambal"):
        assert get(path).count('<h3><a href="/lapak/lapak-tempe/"') == 1


def test_the_visitors_wilayah_comes_first_in_every_search(get, sambal, pasar_c):
    far = Stall.objects.create(cooperative=pasar_c, name="Lapak Akhir bumbu", slug="akhir-bumbu")
    for path in ("/cari/?q=bumbu", "/pasar/?q=bumbu"):
        for region, first in (("sulawesi-selatan", far.slug), ("jawa-timur", "lapak-bumbu")):
            tiles = get(path, wilayah=region).split('id="h-lapak"')[1].split('<a href="/lapak/')
            assert tiles[1].startswith(first)


def test_every_search_offers_what_was_perhaps_meant(get, bumbu, video):
    assert 'href="/pasar/?q=sambal"' in get("/pasar/?q=smabal")
    assert 'href="/cari/?q=sambal"' in get("/cari/?q=smabal")
    assert 'href="/cari/?q=dapur+pasar"' in get("/cari/?q=dapru+pasar")
    assert "Maksud Anda" not in get("/pasar/?q=dapru")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("cabia", "cabai"),
        ("batu", "batu"),
        ("thau", "tahu"),
        ("tqhu", "tahu"),
        ("kooppi", "koppi"),
        ("tahu", "tahu"),
        ("kursi", "kursi"),
        ("thu", "thu"),
    ],
)
def test_the_nearest_word_has_most_letters_in_the_same_order(asked, found):
    assert Vocabulary("Cabai, tahu tempe (koppi) batik").nearest(asked) == found


def test_new_renamed_and_sold_out_names_are_known_at_once(bumbu, sambal, now):
    assert meant("smabal", now) == "sambal"
    product = Product.objects.create(
        stall=sambal.stall, name="Rengginang", slug="rengginang", price=1, unit="kg"
    )
    assert meant("rengignang", now) == "rengginang"
    Product.objects.filter(pk=product.pk).update(name="Emping melinjo")
    assert meant("melinjjo", now) == "melinjo"
    assert meant("rengignang", now) == ""
    Product.objects.filter(pk=product.pk).update(active=False)
    assert meant("melinjjo", now) == ""


def test_names_are_read_once_while_nothing_changes(bumbu, now, monkeypatch: pytest.MonkeyPatch):
    made: list[str] = []

    class Counted(Vocabulary):
        def __init__(self, text: str) -> None:
            made.append(text)
            super().__init__(text)

    monkeypatch.setattr(known, "Vocabulary", Counted)
    monkeypatch.setattr(known, "_kept", {})
    assert [meant(word, now) for word in ("smabal", "smabel", "abc")] == ["sambal", "sambel", ""]
    assert len(made) == 1
    # Another name of the same length is seen as soon as pages are made anew.
    Commodity.objects.update(name="Kemiri", other_names="kamiri, saus")
    assert meant("kemrii", now + timedelta(seconds=60)) == "kemiri"
    assert len(made) == 2

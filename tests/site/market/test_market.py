"""The directory: filters, search by other spellings, certificates, seen on TV, machines."""

import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest

from cms.channels.models import AiredEntry, Channel, SegmentAiring
from cms.traders.models import Certificate, Commodity, Product, Stall
from tests.airings import make_airing

PRODUCT = "/lapak/lapak-bumbu/sambal-bawang/"


@pytest.fixture
def bumbu(sambal: Product) -> Commodity:
    """The sambal's commodity, which buyers know by another name."""
    row = Commodity.objects.create(name="Sambal", slug="sambal", other_names="sambel, saus")
    Product.objects.filter(pk=sambal.pk).update(commodity=row)
    return row


def structured(page: str) -> dict[str, dict]:
    """Return the JSON-LD of a page by its type."""
    text = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert text
    return {each["@type"]: each for each in json.loads(text[1])}


def test_a_commodity_is_a_link_that_leaves_only_its_stalls_and_products(get, bumbu, tempe):
    page = get("/pasar/")
    assert 'href="/pasar/?komoditas=sambal"' in page
    page = get("/pasar/?komoditas=sambal")
    assert "Lapak Bumbu" in page
    assert "Lapak Tempe" not in page.split("Semua pasar")[0]
    page = get("/pasar/?tampil=produk&komoditas=sambal")
    assert PRODUCT in page
    assert "Tempe daun" not in page
    assert "Sambal bawang" not in get("/pasar/pasar-b/?tampil=produk&komoditas=sambal")


def test_a_stall_is_found_by_what_it_says_it_deals_in(get, stall_b, bumbu):
    stall_b.commodities.add(bumbu)
    page = get("/pasar/?komoditas=sambal")
    assert "Lapak Tempe" in page
    assert page.count('href="/lapak/lapak-bumbu/"') == 1


@pytest.mark.parametrize("question", ["sambel", "SAMB", "pasar a sambal", "surabaya saus"])
def test_other_spellings_beginnings_and_places_find_a_stall_and_its_product(
    get, bumbu, tempe, question
):
    for kind, found in (("", "Lapak Bumbu"), ("&tampil=produk", PRODUCT)):
        page = get(f"/pasar/?q={question.replace(' ', '+')}{kind}")
        assert found in page
        assert "Lapak Tempe" not in page.split("Semua pasar")[0]


def test_a_word_that_nobody_wrote_so_leads_to_the_nearest(get, bumbu):
    page = get("/pasar/?q=smabal")
    assert "Tidak ada yang cocok" in page
    assert 'href="/pasar/?q=sambal"' in page
    assert "Maksud Anda" not in get("/pasar/?q=kursi")


def test_an_unsold_product_finds_no_stall(get, bumbu, sambal):
    Product.objects.filter(pk=sambal.pk).update(active=False)
    assert "Tidak ada yang cocok" in get("/pasar/?q=sambel")
    assert "Lapak Bumbu" not in get("/pasar/?komoditas=sambal").split("Semua pasar")[0]


def test_wilayah_and_verification_narrow_the_list(get, sambal, pasar_c, now):
    stall = Stall.objects.create(
        cooperative=pasar_c, name="Lapak Kopi (contoh)", slug="kopi", verified_at=now
    )
    page = get("/pasar/?wilayah=sulawesi-selatan")
    assert stall.name in page
    assert "Lapak Bumbu" not in page
    page = get("/pasar/?terverifikasi=1")
    assert stall.name in page
    assert "Lapak Bumbu" not in page.split("Semua pasar")[0]


def test_verification_narrows_the_products_as_well(get, sambal, now):
    assert sambal.name in get("/pasar/?tampil=produk")
    assert sambal.name not in get("/pasar/?tampil=produk&terverifikasi=1")
    Stall.objects.filter(pk=sambal.stall_id).update(verified_at=now)
    assert sambal.name in get("/pasar/?tampil=produk&terverifikasi=1")


def test_filters_stay_on_the_other_pages_and_in_the_form(get, pasar_a, bumbu):
    for number in range(30):
        row = Stall.objects.create(
            cooperative=pasar_a, name=f"Kios {number}", slug=f"kios-{number}"
        )
        row.commodities.add(bumbu)
    page = get("/pasar/?komoditas=sambal&halaman=2")
    assert 'href="?komoditas=sambal&amp;halaman=3"' in page
    assert '<input type="hidden" name="komoditas" value="sambal">' in page
    assert 'rel="canonical" href="http://testserver/pasar/?komoditas=sambal&amp;halaman=2"' in page
    assert len(page.encode()) < 15_000


def test_questions_are_not_listed_by_machines_and_pages_have_one_address(get, bumbu):
    page = get("/pasar/?q=sambal&terverifikasi=0&x=1")
    assert '<meta name="robots" content="noindex">' in page
    assert 'rel="canonical" href="http://testserver/pasar/"' in page
    assert "noindex" not in get("/pasar/?komoditas=sambal")
    page = get("/lapak/lapak-bumbu/?dari=wa")
    assert 'rel="canonical" href="http://testserver/lapak/lapak-bumbu/"' in page


def test_certificates_show_while_they_are_valid(get, sambal, now):
    values = {"product": sambal, "kind": "halal"}
    Certificate.objects.create(
        **values, number="ID-LAMA", expires_on=now.date() - timedelta(days=1)
    )
    Certificate.objects.create(**values, number="ID-BARU", expires_on=date(2026, 11, 24))
    page = get(PRODUCT)
    assert "ID-BARU" in page
    assert "Berlaku sampai Selasa 24 November 2026" in page
    assert "ID-LAMA" not in page
    certified = structured(page)["Product"]["hasCertification"]
    assert [each["certificationIdentification"] for each in certified] == ["ID-BARU"]


def test_the_badge_says_what_it_means_and_since_when(get, sambal):
    assert "belum memeriksa lapak ini" in get(PRODUCT)
    # 23.30 UTC is the next day in WIB.
    sambal.stall.verified_at = datetime(2026, 10, 5, 23, 30, tzinfo=UTC)
    sambal.stall.save()
    for path in (PRODUCT, "/lapak/lapak-bumbu/"):
        page = get(path)
        assert "Sejak 6 Oktober 2026: pengurus Koppas A (contoh) mengenal" in page


def test_a_card_leads_to_its_second_in_the_video(get, on_tv, video):
    for path in (PRODUCT, "/lapak/lapak-bumbu/"):
        assert f'href="/video/{video.slug}/#t=5"' in get(path)


def aired(channel: Channel, on_tv, start: datetime, **values) -> AiredEntry:
    """Write that the spot of `on_tv` was on air at `start`, with its card."""
    make_airing(
        channel, on_tv, start, values.get("status", "aired"), entry=f"{start:%H%M}", seconds=90
    )
    return AiredEntry.objects.create(
        channel=channel,
        day=start.date(),
        entry=f"{start:%H%M}",
        kind="promotion",
        title="Sambal",
        programme=str(on_tv.video.key),
        publication="0" * 32,
        start=start,
        end=start + timedelta(seconds=90),
        promised_ms=90_000,
        shown_ms=90_000,
        **{"status": "aired", **values},
    )


@pytest.mark.parametrize("status", ["", "missed", "aired"])
def test_only_what_was_on_air_is_said_to_have_been_on_tv(get, on_tv, national, now, status):
    # The video itself was on long before the product's card was in it.
    aired(national, on_tv, now - timedelta(days=2))
    SegmentAiring.objects.all().delete()
    if status:
        aired(national, on_tv, now - timedelta(hours=3), status=status)
    for path in (PRODUCT, "/lapak/lapak-bumbu/"):
        page = get(path)
        assert f'href="/video/{on_tv.video.slug}/#t=5"' in page
        assert ("Juga tampil di TV" in page) == (status == "aired")
        assert ("Tampil di video" in page) == (status != "aired")


def test_what_has_no_page_of_its_own_leads_to_the_channels_past(get, on_tv, national, now):
    on_tv.video.live = False
    on_tv.video.save()
    assert "Juga tampil di TV" not in get(PRODUCT)
    start = now - timedelta(hours=3)
    aired(national, on_tv, now - timedelta(hours=5))
    aired(national, on_tv, start)
    aired(national, on_tv, now - timedelta(hours=1), status="missed")
    aired(national, on_tv, now - timedelta(days=9))
    page = get(PRODUCT)
    assert f'href="/live/nasional/ulang/{int(start.timestamp())}/#t=5"' in page
    assert "Selasa 24 November 2026, 10.24" in page
    assert "di Siar Nasional" in page


def test_of_what_aired_many_times_one_row_is_read(get, on_tv, national, now, monkeypatch):
    on_tv.video.live = False
    on_tv.video.save()
    for number in range(1, 41):
        aired(national, on_tv, now - timedelta(hours=number))
    read: list[AiredEntry] = []
    from_db = AiredEntry.from_db

    def kept(_model: type[AiredEntry], *row: object, **how: object) -> AiredEntry:
        read.append(from_db(*row, **how))
        return read[-1]

    monkeypatch.setattr(AiredEntry, "from_db", classmethod(kept))
    start = now - timedelta(hours=1)
    assert f"/live/nasional/ulang/{int(start.timestamp())}/" in get(PRODUCT)
    assert [row.start for row in read] == [start]


@pytest.mark.parametrize("mark", ["withdrawn_at", "taken_down_at"])
def test_what_was_withdrawn_is_not_to_be_watched_again(get, on_tv, national, now, mark):
    setattr(on_tv.video.media, mark, now)
    on_tv.video.media.save()
    aired(national, on_tv, now - timedelta(hours=3))
    assert "/ulang/" not in get(PRODUCT)


def test_machines_read_the_market_as_a_business_and_the_way_to_it(get, sambal, bumbu):
    data = structured(get("/pasar/pasar-a/"))
    assert data["LocalBusiness"]["name"] == "Pasar A"
    assert data["LocalBusiness"]["address"]["addressRegion"] == "Jawa Timur"
    names = [each["name"] for each in structured(get(PRODUCT))["BreadcrumbList"]["itemListElement"]]
    assert names == ["Siar", "Pasar", "Pasar A", "Lapak Bumbu (contoh)", "Sambal bawang"]
    assert structured(get(PRODUCT))["Product"]["category"] == "Sambal"


def test_programs_are_told_commodity_market_and_certificate(client, sambal, bumbu, tempe, now):
    Certificate.objects.create(
        product=sambal, kind="halal", number="ID-1", expires_on=now.date() + timedelta(days=1)
    )
    Certificate.objects.create(
        product=sambal, kind="pirt", number="ID-2", expires_on=now.date() - timedelta(days=1)
    )
    [row] = client.get("/api/v1/products?commodity=sambal").json()["items"]
    assert (row["commodity"], row["market"]) == ("sambal", "Pasar A")
    assert row["certificates"] == [{"kind": "halal", "number": "ID-1", "valid_until": "2026-11-25"}]
    [stall] = client.get("/api/v1/stalls?commodity=sambal").json()["items"]
    assert (stall["verified_since"], stall["commodities"]) == (None, [])
    [listed] = client.get("/api/v1/commodities").json()["items"]
    assert listed["other_names"] == "sambel, saus"

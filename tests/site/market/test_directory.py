"""Markets, stalls, products, search, rubrik and wilayah."""

import pytest
from django.test import Client


def test_the_directory_leads_from_market_to_stall_to_product(get, sambal, tempe):
    assert 'href="/pasar/pasar-a/"' in get("/pasar/")
    market = get("/pasar/pasar-a/")
    assert 'href="/lapak/lapak-bumbu/"' in market
    assert "Lapak Tempe" not in market
    assert 'href="/lapak/lapak-bumbu/sambal-bawang/"' in get("/lapak/lapak-bumbu/")
    page = get("/lapak/lapak-bumbu/sambal-bawang/")
    assert f"/chat/{sambal.key}/?di=lapak" in page
    assert "18.500" in page
    assert '"@type":"LocalBusiness"' in page


def test_a_price_between_two_is_shown_and_told_to_machines_as_a_range(get, sambal):
    sambal.price_high = 21000
    sambal.save()
    page = get("/lapak/lapak-bumbu/sambal-bawang/")
    assert "18.500–21.000" in page
    assert '"highPrice":21000' in page


def test_no_page_writes_a_traders_number(get, sambal):
    for path in ("/pasar/", "/lapak/lapak-bumbu/", "/lapak/lapak-bumbu/sambal-bawang/"):
        assert "81234567890" not in get(path)


def test_a_stall_that_is_not_shown_is_nowhere(get, sambal):
    sambal.stall.active = False
    sambal.stall.save()
    get("/lapak/lapak-bumbu/", status=404)
    get("/lapak/lapak-bumbu/sambal-bawang/", status=404)
    assert "Lapak Bumbu" not in get("/pasar/") + get("/cari/?q=bumbu")


def test_a_product_under_another_stall_is_404(get, sambal, tempe):
    get("/lapak/lapak-tempe/sambal-bawang/", status=404)


def test_stalls_are_found_by_what_they_sell(get, sambal, tempe):
    page = get("/pasar/?q=tempe")
    assert "Lapak Tempe" in page
    assert "Lapak Bumbu" not in page


def test_search_finds_videos_products_and_stalls_by_every_word(get, video, sambal):
    page = get("/cari/?q=pasar+dapur")
    assert f"/video/{video.slug}/" in page
    assert "Sambal bawang" in get("/cari/?q=SAMBAL")
    assert "Tidak ada hasil untuk “sambal jeruk”" in get("/cari/?q=sambal+jeruk")


@pytest.mark.parametrize("question", ["%00", "%00%00a", "%25", "'\"<b>", "a" * 5000, "🌶️", "%ff"])
def test_search_answers_any_text(get, question, db):
    assert "<b>" not in get(f"/cari/?q={question}").split("<main")[1].split("</h1>")[1][:400]


def test_rubrik_and_wilayah_collect_what_is_theirs(get, video, national):
    assert video.slug in get("/rubrik/dapur-pasar/")
    page = get("/wilayah/jawa-timur/")
    assert video.slug in page
    assert "Pasar A" in page
    get("/rubrik/tidak-ada/", status=404)


def test_choosing_a_wilayah_is_remembered_and_goes_back(client: Client, jatim):
    answer = client.post("/wilayah/", {"wilayah": "jawa-timur", "next": "/live/"})
    assert answer.headers["Location"] == "/live/"
    assert answer.cookies["wilayah"].value == "jawa-timur"
    assert "Jawa Timur" in client.get("/").content.decode()
    client.post("/wilayah/", {"wilayah": ""})
    assert "Pilih wilayah" in client.get("/").content.decode()


@pytest.mark.parametrize("target", ["https://lain.example/", "//lain.example", "javascript:x"])
def test_a_choice_never_leads_to_another_site(client: Client, db, target):
    for path in ("/wilayah/", "/bahasa/"):
        assert client.post(path, {"next": target}).headers["Location"] == "/"


def test_english_by_choice(client: Client, national):
    client.post("/bahasa/", {"language": "en", "next": "/"})
    page = client.get("/").content.decode()
    assert '<html lang="en">' in page
    assert "Up next" in page
    client.post("/bahasa/", {"language": "xx"})
    assert '<html lang="en">' in client.get("/").content.decode()

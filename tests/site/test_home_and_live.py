"""What is on now and next, on the home page and on the live pages."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from cms.channels.guide import Programme
from cms.channels.models import Channel
from cms.site.channels import channels, near
from cms.site.live import _plain
from tests.site.conftest import put_rundown


def test_home_shows_what_is_on_now_and_next(get, national):
    page = get("/")
    assert "Dapur Pasar: sambal" in page
    assert "13.00–14.00 WIB" in page.replace("\u00a0", " ")
    assert page.index("Berikutnya") < page.index("Jalan Rempah (contoh)")


def test_home_says_the_price_of_watching_before_the_tap(get, national):
    assert "3,1 MB/menit, sekitar Rp12" in get("/")


def test_home_shows_the_newest_video_and_product(get, video, on_tv):
    page = get("/")
    assert f'href="/video/{video.slug}/"' in page
    assert "Sambal bawang" in page
    assert "Promosi" in page


def test_home_without_a_channel_still_reads(get, db):
    assert "Belum ada siaran" in get("/")


def test_the_wilayah_that_a_visitor_chose_decides_the_channel(get, national, regional):
    assert "Film Jatim (contoh)" not in get("/live/").split("Saluran lain")[0]
    assert "Film Jatim (contoh)" in get("/live/", wilayah="jawa-timur").split("Saluran lain")[0]


def test_a_wilayah_that_is_not_there_is_no_choice(get, national):
    assert "Pilih wilayah" in get("/", wilayah="tidak-ada")
    assert "Pilih wilayah" in get("/", wilayah="a\\000b")


def test_the_live_page_names_the_programme_its_progress_and_the_playlist(get, national):
    page = get("/live/nasional/")
    assert 'data-src="/live/nasional/master.m3u8"' in page
    assert "24 menit berjalan" in page
    assert "sisa 36 menit" in page
    assert 'max="3600" value="1440"' in page


def test_the_live_page_offers_the_other_channels(get, national, regional):
    assert 'href="/live/jatim/"' in get("/live/nasional/").split("Saluran lain")[1]


def test_an_open_live_page_learns_what_comes(client: Client, national):
    answer = client.get("/live/nasional/now.json")
    data = json.loads(answer.content)
    titles = [programme["title"] for programme in data["programmes"]]
    assert titles == ["Dapur Pasar: sambal", "Jalan Rempah (contoh)", "Kelas Koperasi (contoh)"]
    assert data["programmes"][0]["start"] == "2026-11-24T06:00:00+00:00"
    assert data["programmes"][0]["ratingWords"] == "Semua umur"
    assert "Jalan Rempah (contoh)" in data["next"]


@pytest.mark.parametrize(("seconds", "ends"), [(14, "07:00:14"), (15, "07:00:00")])
def test_a_page_is_told_that_a_programme_is_on_until_one_that_follows_soon(national, seconds, ends):
    begin = datetime(2026, 11, 24, 6, tzinfo=UTC)
    end, then = begin + timedelta(hours=1), begin + timedelta(hours=1, seconds=seconds)
    found = [
        Programme(begin, end, "Darurat", "", "SU", "programme", "", ""),
        Programme(end, then, "Pengisi", "", "SU", "filler", "", ""),
        Programme(then, then + timedelta(hours=1), "Film", "", "SU", "programme", "", ""),
    ]
    told = _plain(found, national)
    programmes = told["programmes"]
    assert [each["title"] for each in programmes] == ["Darurat", "Film"]
    assert programmes[0]["end"][11:19] == ends
    assert programmes[0]["hours"] == "13.00–14.00\u00a0WIB"
    assert [each["title"] for each in told["breaks"]] == ["Pengisi"]


def test_a_channel_that_is_not_there_is_404_in_the_voice_of_the_house(get, national):
    assert "Halaman ini tidak ada" in get("/live/tidak-ada/", status=404)
    get("/live/tidak-ada/now.json", status=404)


def test_without_any_channel_the_live_page_says_so(get, db):
    assert "Belum ada siaran" in get("/live/", status=404)


def test_that_nothing_is_on_air_is_kept_by_no_cache(client: Client, db):
    assert "max-age" not in client.get("/live/").headers.get("Cache-Control", "")


def test_live_pages_may_be_kept_for_seconds_and_differ_by_cookie(client: Client, national):
    answer = client.get("/live/nasional/")
    assert answer.headers["Cache-Control"] == "public, max-age=15"
    assert "Cookie" in answer.headers["Vary"]


def test_a_page_shows_a_few_channels_of_many_the_visitors_region_first(national, regional, pasar_c):
    shown = channels()
    many = [*shown, *(Channel(pk=n, cooperative=pasar_c, name=str(n)) for n in range(100, 200))]
    few = near(many, regional)
    assert len(few) == 8
    assert few[:2] == [regional, national]


def test_a_live_page_beside_many_channels_fits_a_phone(get, national, inkoppas, now):
    for number in range(10):
        channel = Channel.objects.create(
            cooperative=inkoppas, name=f"Siar Kabupaten {number} (contoh)", slug=f"siar-{number}"
        )
        lines = [(f"Kabar pasar pagi hari ke-{n} (contoh)", 1200, "") for n in range(60)]
        put_rundown(channel, now.replace(hour=0), lines)
    assert len(get("/live/siar-1/").encode()) <= 15_000


def test_the_wilayah_is_chosen_from_the_live_page_and_leads_back(
    client: Client, national, regional
):
    page = client.get("/live/nasional/").content.decode()
    assert 'href="/wilayah/?next=/live/"' in page
    form = client.get("/wilayah/?next=/live/").content.decode()
    assert 'name="next" value="/live/"' in form
    answer = client.post("/wilayah/", {"wilayah": "jawa-timur", "next": "/live/"})
    assert answer.headers["Location"] == "/live/"
    assert "Film Jatim (contoh)" in client.get("/live/").content.decode().split("Saluran lain")[0]


def test_no_address_of_others_is_led_back_to(client: Client, jatim):
    form = client.get('/wilayah/?next=https://lain.example/"><b>').content.decode()
    assert "<b>" not in form
    answer = client.post("/wilayah/", {"wilayah": "", "next": "https://lain.example/"})
    assert answer.headers["Location"] == "/"

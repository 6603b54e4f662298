"""Siaran ulang: which programmes of the last week can be watched again, where, and why not."""

import html
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from cms.channels import guide
from cms.channels.models import Channel
from cms.videos.models import Media, Video
from tests.site.conftest import MINUTE, put_rundown

KABAR = int(datetime(2026, 11, 24, 5, tzinfo=UTC).timestamp())
"""12.00 WIB: Kabar Pagi begins, which has no page of its own."""
ROW = re.compile(
    r'<(a|div) class="programme[^"]*"(?: href="([^"]*)")?>.*?<b>(.*?)</b>(.*?)</\1>', re.S
)


def rows(page: str) -> list[tuple[str, str, str]]:
    """Title, address and the words below it of each row."""
    listed = page.split('<ol class="list panel">')[1:]
    found = [row for part in listed for row in ROW.findall(part.split("</ol>")[0])]
    return [(title, html.unescape(url), words) for _, url, title, words in found]


@pytest.fixture
def later(national, frozen):
    """An hour and a half on: two programmes are over, the third is on."""
    frozen.shift(timedelta(minutes=90))


def test_what_is_over_leads_to_its_page_or_to_the_channels_past(get, later, video):
    newest, first = rows(get("/guide/nasional/ulang/"))
    assert newest[:2] == ("Dapur Pasar: sambal", f"/video/{video.slug}/")
    assert first[:2] == ("Kabar Pagi (contoh)", f"/live/nasional/ulang/{KABAR}/")
    assert "Tonton" in first[2]


def test_what_is_on_and_what_comes_is_not_among_it(get, later):
    page = get("/guide/nasional/ulang/").split("<main")[1]
    assert "Jalan Rempah" not in page
    assert "Kelas Koperasi" not in page


@pytest.mark.parametrize("moment", ["withdrawn_at", "taken_down_at"])
def test_what_was_withdrawn_says_so_and_leads_nowhere(get, later, video, now, moment):
    Media.objects.update(**{moment: now})
    newest, _ = rows(get("/guide/nasional/ulang/"))
    assert newest[:2] == ("Dapur Pasar: sambal", "")
    assert "Sudah ditarik" in newest[2]
    start = KABAR + 60 * MINUTE
    assert "Sudah ditarik" in get(f"/live/nasional/ulang/{start}/", status=410)


def test_a_video_that_was_deleted_is_gone_as_well(get, later):
    Media.objects.all().delete()
    Video.objects.all().delete()
    assert "Sudah ditarik" in rows(get("/guide/nasional/ulang/"))[0][2]


def test_a_video_that_is_only_no_longer_listed_plays_from_the_channels_past(get, later):
    Video.objects.update(live=False)
    url = rows(get("/guide/nasional/ulang/"))[0][1]
    assert url == f"/live/nasional/ulang/{KABAR + 60 * MINUTE}/"
    assert f'data-src="/live/nasional/{KABAR + 3600}-{KABAR + 7200}/master.m3u8"' in get(url)


def test_a_programme_of_the_past_is_a_film_with_its_hour(get, later):
    page = get(f"/live/nasional/ulang/{KABAR}/").replace("\u00a0", " ")
    assert 'data-kind="vod"' in page
    assert f'data-src="/live/nasional/{KABAR}-{KABAR + 3600}/master.m3u8"' in page
    assert "Selasa 24 November 2026, 12.00–13.00 WIB" in page


def test_a_programme_with_a_page_leads_there_and_one_that_is_on_to_live(
    client: Client, later, video
):
    answer = client.get(f"/live/nasional/ulang/{KABAR + 3600}/")
    assert answer.headers["Location"] == f"/video/{video.slug}/"
    answer = client.get(f"/live/nasional/ulang/{KABAR + 7200}/")
    assert answer.headers["Location"] == "/live/nasional/"


def test_a_call_to_prayer_is_no_programme_to_watch_again(client: Client, get, later, monkeypatch):
    plain = guide.beginning_at

    def call(*asked):
        return replace(plain(*asked), kind="azan")

    monkeypatch.setattr(guide, "beginning_at", call)
    page = get(f"/live/nasional/ulang/{KABAR}/", status=404)
    assert "data-src" not in page
    told = guide.linked_between
    monkeypatch.setattr(
        guide, "linked_between", lambda *asked: [replace(p, kind="azan") for p in told(*asked)]
    )
    day = client.get("/api/v1/channels/nasional/programmes?since=2026-11-24T05:00").json()["items"]
    assert day
    assert {p["playlist"] for p in day} == {""}


@pytest.mark.parametrize("second", [KABAR + 1, 0, 2**33, 10**30])
def test_a_second_at_which_nothing_began_is_404(get, later, second):
    get(f"/live/nasional/ulang/{second}/", status=404)


def test_what_is_older_than_a_week_says_so(get, inkoppas, now):
    channel = Channel.objects.create(cooperative=inkoppas, name="Lama", slug="lama")
    start = now - timedelta(days=7, minutes=30)
    put_rundown(channel, start, [("Lama (contoh)", 60 * MINUTE, ""), ("Baru (contoh)", 9000, "")])
    day = start.astimezone(channel.zone)
    old, new = rows(get(f"/guide/lama/ulang/?hari={day:%Y-%m-%d}&mulai=12"))
    assert (old[1], "Lewat tujuh hari" in old[2]) == ("", True)
    assert new[1] == f"/live/lama/ulang/{int(start.timestamp()) + 3600}/"
    assert "Lewat tujuh hari" in get(f"/live/lama/ulang/{int(start.timestamp())}/", status=404)


def test_each_day_of_the_week_can_be_chosen_today_first(get, later):
    strip = get("/guide/nasional/ulang/").split('<nav class="tabs"')[1]
    names = re.findall(r">([^<]+)</a>", strip.split("</nav>")[0])
    assert names[:3] == ["Hari ini", "Kemarin", "Minggu 22"]
    assert names[-1] == "Selasa 17"


def test_a_day_that_is_none_gives_today(get, later):
    for question in ("hari=2026-99-99", "hari=2026-11-30", "hari=1900-01-01", "mulai=x%00"):
        assert "Selasa 24 November 2026" in get(f"/guide/nasional/ulang/?{question}")


def test_the_guide_says_of_what_is_over_that_it_can_be_watched(get, later):
    page = get("/guide/nasional/?hari=2026-11-24&mulai=12")
    assert f'href="/live/nasional/ulang/{KABAR}/"' in page


def test_the_guide_reminds_of_what_comes_and_of_nothing_else(get, national):
    page = get("/guide/nasional/")
    found = re.findall(r'class="remind" href="(\d+)\.ics" aria-label="([^"]*)"', page)
    assert found == [
        (str(KABAR + 7200), "Ingatkan: Jalan Rempah (contoh)"),
        (str(KABAR + 12600), "Ingatkan: Kelas Koperasi (contoh)"),
    ]


def test_the_live_page_names_what_just_aired_and_leads_to_the_days(get, later, video):
    section = get("/live/nasional/").split('id="h-ulang"')[1].split("</section>")[0]
    assert section.index(f"/video/{video.slug}/") < section.index(f"/live/nasional/ulang/{KABAR}/")
    assert 'href="/guide/nasional/ulang/?hari=2026-11-23"' in section


def test_a_bar_learns_what_was_on_in_the_last_four_hours(client: Client, later):
    found = client.get("/live/nasional/past.json").json()["programmes"]
    assert [p["title"] for p in found] == [
        "Kabar Pagi (contoh)",
        "Dapur Pasar: sambal",
        "Jalan Rempah (contoh)",
    ]
    assert client.get("/live/tidak-ada/past.json").status_code == 404


def test_a_new_channel_that_only_shows_its_card_says_break_and_no_end(get, inkoppas, now):
    channel = Channel.objects.create(cooperative=inkoppas, name="Baru", slug="baru")
    put_rundown(channel, now, [("", 54 * 3600, "")])
    page = get("/live/baru/")
    assert "54 jam" not in page
    assert "<span data-hours>jeda</span>" in page

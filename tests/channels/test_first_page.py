"""The first page of the CMS: what is on air, and the door to the day."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse

from cms.channels.actions import do_plan, do_publish_rundown
from cms.channels.admin.home import add_panels
from cms.channels.models import Channel
from cms.cooperatives.models import Membership
from cms.core import published
from cms.videos.models import Caption, Video
from media_pipeline.errors import StoreUnavailable
from tests.channels.pages import page as day_page

DOOR = "<strong>Susunan acara</strong>"
LIST = reverse("wagtailsnippets_channels_channel:list")


def today(channel):
    return reverse("wagtailsnippets_channels_channel:today", args=[channel.pk])


def first_page(client, user):
    """What `user` gets at /admin/, no-break spaces as spaces."""
    client.force_login(user)
    return client.get("/admin/").content.decode().replace("\xa0", " ")


@pytest.fixture(autouse=True)
def nothing_known():
    """Nobody has looked at a day yet."""
    cache.clear()


@pytest.fixture
def planned(channel, make_video, now):
    """On air: fillers, then a programme in ten minutes, and one on the next day."""
    do_publish_rundown(channel, now)
    do_plan(
        channel,
        make_video("Kabar Pasar (contoh)", 300),
        now + timedelta(minutes=10, seconds=30),
        now,
    )
    do_plan(channel, make_video("Dapur (contoh)", 300), now + timedelta(hours=20, seconds=30), now)
    return channel


def test_it_says_what_is_on_air_until_when_and_what_comes(client, editor_national, planned):
    page = first_page(client, editor_national)
    assert f'href="{today(planned)}"' in page
    assert "Siar Nasional" in page
    assert "Kini: Pengisi 0 (contoh) · Pengisi 1 (contoh), sampai 12.40 WIB" in page
    assert "Berikutnya 12.40 WIB: Kabar Pasar (contoh)" in page


def test_what_comes_on_another_day_is_told_with_its_day(client, editor_national, planned, frozen):
    frozen.shift(timedelta(minutes=12))
    page = first_page(client, editor_national)
    assert "Kini: Kabar Pasar (contoh), sampai 12.45 WIB" in page
    assert "Berikutnya Rabu 25 November 2026 08.30 WIB: Dapur (contoh)" in page


def test_a_channel_that_never_was_on_air_says_so(client, editor_national, channel):
    assert "Belum mengudara" in first_page(client, editor_national)


def test_one_channel_opens_at_its_day_and_several_at_their_list(
    client, editor_national, channel, inkoppas
):
    page = first_page(client, editor_national)
    assert f'href="{today(channel)}"' in page.split(DOOR)[0]
    Channel.objects.create(cooperative=inkoppas, name="Siar Dua", slug="dua")
    page = first_page(client, editor_national)
    assert f'class="siar-door" href="{LIST}"' in page.split(DOOR)[0]


def test_a_coordinator_sees_what_is_on_air_but_gets_no_door(client, make_user, inkoppas, planned):
    coordinator = make_user("pengurus-nasional", inkoppas, Membership.Role.COORDINATOR)
    page = first_page(client, coordinator)
    assert "Kini: Pengisi" in page
    assert DOOR not in page


def test_another_regions_editor_sees_nothing_of_it(client, editor_sulsel, editor_jatim, jatim):
    made = Channel.objects.create(cooperative=jatim, name="Siar Jatim", slug="jatim")
    assert "Siar Jatim" in first_page(client, editor_jatim)
    page = first_page(client, editor_sulsel)
    assert "Siar Jatim" not in page
    assert today(made) not in page
    assert "siar-channels" not in page
    assert DOOR not in page


def test_six_channels_are_shown_those_higher_in_the_tree_first(
    client, editor_national, inkoppas, jatim
):
    Channel.objects.create(cooperative=jatim, name="Awal Jatim", slug="awal")
    for number in range(6):
        Channel.objects.create(cooperative=inkoppas, name=f"Siar {number}", slug=f"siar-{number}")
    page = first_page(client, editor_national)
    assert "Siar 5" in page
    assert "Awal Jatim" not in page
    assert "Semua saluran" in page


def test_the_page_opens_while_the_store_is_away(client, editor_national, planned, monkeypatch):
    class Away:
        def version(self, key: str) -> str:
            raise StoreUnavailable("made")

    monkeypatch.setattr(published, "store", Away)
    page = first_page(client, editor_national)
    assert "Penyimpanan tidak terjangkau" in page
    assert DOOR in page


def test_what_is_to_mend_tomorrow_stands_first_with_the_count_of_the_day_it_leads_to(
    client, editor_national, planned
):
    page = first_page(client, editor_national)
    assert page.index('id="siar-needs-section"') < page.index('class="siar-doors"')
    tomorrow = day_page("day", planned, "2026-11-25")
    assert f'<a href="{tomorrow}">Siar Nasional</a> <span>Besok: 1 hal perlu Anda</span>' in page
    told = client.get(tomorrow).content.decode().split('id="planner-advice"')[1]
    assert told.split("</section>")[0].count("<details>") == 1


def test_who_does_not_plan_is_told_of_nothing_to_mend(client, make_user, inkoppas, planned):
    coordinator = make_user("pengurus-nasional", inkoppas, Membership.Role.COORDINATOR)
    assert "hal perlu Anda" not in first_page(client, coordinator)


def test_what_was_found_of_a_day_holds_until_its_rundown_changes(
    client, editor_national, planned, make_video, now
):
    assert "Besok: 1 hal perlu Anda" in first_page(client, editor_national)
    for video in Video.objects.filter(title__in=("Dapur (contoh)", "Kabar Pasar (contoh)")):
        Caption.objects.create(video=video, language="id")
    assert "Besok: 1 hal perlu Anda" in first_page(client, editor_national)
    do_plan(planned, make_video("Lusa (contoh)", 300), now + timedelta(hours=44), now)
    assert "hal perlu Anda" not in first_page(client, editor_national)


def test_the_list_opens_the_day_of_who_has_one_channel(client, editor_national, channel, inkoppas):
    client.force_login(editor_national)
    assert client.get(LIST)["Location"] == today(channel)
    page = client.get(today(channel), follow=True).content.decode()
    assert f'href="{LIST}?semua=1"' in page
    assert client.get(f"{LIST}?semua=1").status_code == 200
    Channel.objects.create(cooperative=inkoppas, name="Siar Dua", slug="dua")
    assert client.get(LIST).status_code == 200


def test_a_look_at_the_next_day_of_a_channel_asks_so_many_queries(
    rf, editor_national, planned, django_assert_max_num_queries
):
    request = rf.get("/admin/")
    request.user = editor_national
    # Once a minute for each of six channels; the page of the day asks them as well.
    with django_assert_max_num_queries(4 + 22):
        add_panels(request, [])


def test_more_channels_ask_no_more_queries(
    rf, editor_national, planned, inkoppas, django_assert_num_queries
):
    Channel.objects.create(cooperative=inkoppas, name="Siar Dua", slug="dua")
    request = rf.get("/admin/")
    request.user = editor_national
    add_panels(request, [])
    for number in range(3):
        panels: list[Any] = []
        # Where the person plans and where they look, each with its rows: two and two.
        with django_assert_num_queries(4):
            add_panels(request, panels)
            shown = "".join(panel.render_html({"request": request}) for panel in panels)
        assert "Siar Dua" in shown
        Channel.objects.create(cooperative=inkoppas, name=f"Siar {number}", slug=f"siar-{number}")

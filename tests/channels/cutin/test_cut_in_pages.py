"""The pages of cut-ins and notices: what they say, and to whom."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from cms.channels import in_force
from cms.channels.actions import do_plan, do_publish_rundown
from cms.channels.models import Channel, CutIn, Notice
from cms.core import published
from media_pipeline.model.keys import notice_file
from media_pipeline.model.notice import decode_notice
from tests.channels.pages import page, text

NOW = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)  # 12.30 WIB


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.fixture
def now():
    return after(600)


@pytest.fixture
def on_air(channel, make_video):
    do_plan(channel, make_video("Film (contoh)", 3600), NOW, NOW)
    do_publish_rundown(channel, NOW)
    return channel


@pytest.fixture
def news(make_video):
    return make_video("Kabar darurat (contoh)", 120)


@pytest.fixture
def editor(client, on_air, editor_national):
    client.force_login(editor_national)
    return client


def press(client, channel, video, **more):
    given = {"video": video.pk, "returns": "rejoins", **more}
    return client.post(page("confirm_cut_in", channel), given, follow=True)


def test_the_day_leads_to_both_pages(editor, on_air):
    day = editor.get(page("today", on_air), follow=True).content.decode()
    assert page("cut_in", on_air) in day
    assert page("notice", on_air) in day


def test_before_the_button_it_is_said_what_will_be_cut_and_who_shows_it(
    editor, on_air, news, jatim
):
    heir = Channel.objects.create(cooperative=jatim, name="Siar Jatim", slug="jatim", parent=on_air)
    do_publish_rundown(heir, NOW)
    asked = {"video": news.pk, "returns": "resumes"}
    told = text(editor.get(page("confirm_cut_in", on_air), asked))
    assert "Film (contoh), sampai 13.30." in told
    assert "Kabar darurat (contoh)" in told
    assert "sekitar 12.40.0" in told
    assert "dilanjutkan dari tempatnya" in told
    assert "Ikut tayang: Siar Jatim." in told
    assert not CutIn.objects.exists()
    assert "Wajib relay" in told


def test_from_the_first_page_a_cut_in_takes_three_taps(editor, on_air, news):
    first = editor.get("/admin/").content.decode()
    assert f'href="{page("cut_in", on_air)}"' in first
    choose = editor.get(page("cut_in", on_air)).content.decode()
    tap = f"{page('confirm_cut_in', on_air)}?video={news.pk}"
    assert f'href="{tap}"' in choose
    fields = re.findall(
        r'<input type="(?:hidden|radio)" name="(video|returns)" value="([^"]*)"([^>]*)>',
        editor.get(tap).content.decode(),
    )
    given = {name: value for name, value, more in fields if name == "video" or "checked" in more}
    editor.post(page("confirm_cut_in", on_air), given)
    assert CutIn.objects.get().video == news


def test_the_videos_that_may_cut_in_are_searched_by_words_and_shown_by_pages(
    editor, on_air, make_video
):
    for number in range(13):
        make_video(f"Warta pasar {number:02} (contoh)")
    shown = text(editor.get(page("cut_in", on_air), {"q": "pasar warta"}))
    assert shown.count("Warta pasar") == 12
    assert "Warta pasar 00" in text(editor.get(page("cut_in", on_air), {"q": "warta", "p": "2"}))
    assert "Tidak ada video yang cocok" in text(editor.get(page("cut_in", on_air), {"q": "zz"}))
    for odd in ({"p": "x"}, {"category": "x"}, {"q": "\x00"}):
        assert editor.get(page("cut_in", on_air), odd).status_code == 200


def test_the_button_cuts_and_the_page_offers_to_end_it(editor, on_air, news, editor_national):
    told = text(press(editor, on_air, news))
    made = CutIn.objects.get()
    assert made.by == editor_national
    assert "Siaran sela tayang mulai 12.40.0" in told
    assert "Hentikan siaran sela" in told
    assert any(e.id == made.entry_id for e in in_force.read("nasional").entries)
    told = text(editor.post(page("end_cut_in", on_air, made.pk), follow=True))
    assert "Siaran sela berhenti 12.40." in told
    assert "Hentikan siaran sela" not in told


def test_a_video_that_the_person_does_not_see_or_that_is_not_ready_is_not_taken(
    editor, on_air, make_video
):
    draft = make_video("Draf (contoh)", live=False)
    told = text(press(editor, on_air, draft))
    assert not CutIn.objects.exists()
    assert "Pilih yang akan tayang" in told


def test_wajib_relay_is_offered_where_somebody_follows(editor, on_air, news, jatim):
    asked = {"video": news.pk}
    assert "Wajib relay" not in text(editor.get(page("confirm_cut_in", on_air), asked))
    Channel.objects.create(cooperative=jatim, name="J", slug="j", parent=on_air)
    assert "Wajib relay" in text(editor.get(page("confirm_cut_in", on_air), asked))
    press(editor, on_air, news, must_carry="on")
    assert CutIn.objects.get().must_carry
    assert in_force.read("nasional").index.must_carry


def test_a_channel_that_is_not_on_air_says_so(client, channel, editor_national, news):
    client.force_login(editor_national)
    assert "belum mengudara" in text(client.get(page("cut_in", channel)))
    assert "belum mengudara" in text(press(client, channel, news))


@pytest.mark.parametrize(
    ("name", "extra"),
    [
        ("cut_in", ()),
        ("confirm_cut_in", ()),
        ("end_cut_in", (1,)),
        ("notice", ()),
        ("take_back", (1,)),
    ],
)
@pytest.mark.parametrize(
    "who", ["editor_jatim", "editor_b", "coordinator_b", "trader_a", "stranger"]
)
def test_nobody_of_another_co_operative_sees_or_does_anything(
    request, client, on_air, news, who, name, extra
):
    client.force_login(request.getfixturevalue(who))
    before = published.store().version("channels/nasional/rundown.json")
    for answer in (
        client.get(page(name, on_air, *extra)),
        client.post(page(name, on_air, *extra), {"video": news.pk, "returns": "rejoins"}),
    ):
        assert answer.status_code in (302, 403, 404)
        assert (
            answer.status_code != 302
            or "/cms/" not in answer["location"].split("?")[0]
            or "login" in answer["location"]
        )
    assert not CutIn.objects.exists()
    assert not Notice.objects.exists()
    assert published.store().version("channels/nasional/rundown.json") == before


def test_a_coordinator_may_look_at_the_day_and_not_cut_in(client, jatim, pasar_a, coordinator_a):
    own = Channel.objects.create(cooperative=pasar_a, name="Pasar A", slug="a")
    client.force_login(coordinator_a)
    assert client.get(page("cut_in", own)).status_code in (302, 403)
    assert page("cut_in", own) not in text(client.get(page("today", own), follow=True))


def test_editors_above_may_cut_in_on_a_channel_below(
    client, on_air, news, pasar_a, editor_jatim, editor_national
):
    below = Channel.objects.create(cooperative=pasar_a, name="Pasar A", slug="a", parent=on_air)
    do_publish_rundown(below, NOW)
    for editor in (editor_jatim, editor_national):
        client.force_login(editor)
        assert client.get(page("cut_in", below)).status_code == 200


def test_a_cut_in_of_another_channel_cannot_be_ended_here(editor, on_air, news, inkoppas):
    other = Channel.objects.create(cooperative=inkoppas, name="Lain", slug="lain")
    press(editor, on_air, news)
    made = CutIn.objects.get()
    assert editor.post(page("end_cut_in", other, made.pk)).status_code == 404


def test_a_sentence_is_told_and_taken_away(editor, on_air, editor_national):
    given = {"text": "Pasar  tutup\npukul 15.00", "minutes": 10}
    told = text(editor.post(page("notice", on_air), given, follow=True))
    assert "Pasar tutup pukul 15.00" in told
    kept = decode_notice(published.store().read(notice_file("nasional")))
    assert kept.text == "Pasar tutup pukul 15.00"
    made = Notice.objects.get()
    assert (made.by, made.until) == (editor_national, after(1200))
    told = text(editor.post(page("take_back", on_air, made.pk), follow=True))
    assert "Pengumuman dicabut." in told
    assert published.store().read(notice_file("nasional")) is None


@pytest.mark.parametrize(
    "given",
    [
        {"text": "", "minutes": 5},
        {"text": " \n ", "minutes": 5},
        {"text": "x" * 121, "minutes": 5},
        {"text": "Baik", "minutes": 0},
        {"text": "Baik", "minutes": 31},
        {"text": "Baik", "minutes": "lima"},
    ],
)
def test_what_is_no_sentence_or_lasts_too_long_is_not_told(editor, on_air, given):
    assert editor.post(page("notice", on_air), given).status_code == 200
    assert not Notice.objects.exists()
    assert published.store().read(notice_file("nasional")) is None


def test_another_sentence_takes_the_place_of_the_first(editor, on_air, clock):
    editor.post(page("notice", on_air), {"text": "Satu", "minutes": 10})
    clock(660)
    editor.post(page("notice", on_air), {"text": "Dua", "minutes": 1})
    first = Notice.objects.get(text="Satu")
    assert first.until == after(660)
    # The button of a page from before takes nothing away that it did not show.
    editor.post(page("take_back", on_air, first.pk))
    assert decode_notice(published.store().read(notice_file("nasional"))).text == "Dua"
    clock(721)
    assert "Dua" not in text(editor.get(page("notice", on_air)))

"""The page of a channel's azan in the CMS, and what the planner says of it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cms.channels import in_force
from cms.channels.actions import do_plan, do_set_azan
from cms.channels.models import Azan
from cms.channels.prayer.cities import city_named
from cms.channels.prayer.times import prayer_times
from cms.channels.publishing import do_publish_rundown
from tests.channels.pages import page, text

NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)  # 08.00 WIB
GIVEN = {
    "enabled": "on",
    "city": "0",
    "prayers": ["zuhur", "magrib"],
    "minutes": "4",
    "lead_seconds": "0",
    "interrupts": "resumes",
    "ramadan": "auto",
    "ramadan_shift": "0",
}


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def on_air(channel):
    channel.repeats_daily = False
    channel.save()
    do_publish_rundown(channel, NOW)
    return channel


@pytest.fixture
def editor(client, on_air, editor_national):
    client.force_login(editor_national)
    return client


def called(channel):
    in_force.forget()
    return [e for e in in_force.read(channel.slug).entries if e.kind == "azan"]


def test_saving_puts_the_azan_on_air_and_shows_the_times_of_two_days(editor, on_air):
    assert "Azan belum ditayangkan" in text(editor.get(page("azan", on_air)))
    told = text(editor.post(page("azan", on_air), GIVEN, follow=True))
    assert "Azan belum ditayangkan" not in told
    assert "Jakarta, Selasa 24 November 2026" in told
    assert "Jakarta, Rabu 25 November 2026" in told
    local = prayer_times(city_named("Jakarta"), date(2026, 11, 24))["zuhur"]
    assert f"{local + timedelta(hours=7):%H.%M} WIB" in told
    assert {e.title for e in called(on_air)} == {"Azan Zuhur · Jakarta", "Azan Magrib · Jakarta"}


def test_a_city_may_be_chosen_and_one_that_is_not_known_is_refused(editor, on_air):
    on_air.cooperative.city = "Negeri Antah"
    on_air.cooperative.save()
    answer = text(editor.post(page("azan", on_air), GIVEN))
    assert "Letak kota koperasi ini tidak dikenal. Pilih kota yang paling dekat." in answer
    denpasar = city_named("Denpasar")
    editor.post(page("azan", on_air), {**GIVEN, "city": denpasar.pk})
    assert called(on_air)[0].title == "Azan Zuhur · Denpasar"


def test_a_number_out_of_bounds_is_refused_and_nothing_changes(editor, on_air):
    answer = editor.post(page("azan", on_air), {**GIVEN, "minutes": "9"})
    assert answer.status_code == 200
    assert not Azan.objects.exists()
    assert called(on_air) == []


def test_who_may_not_edit_the_channel_changes_nothing(client, on_air, editor_sulsel):
    client.force_login(editor_sulsel)
    assert client.post(page("azan", on_air), GIVEN).status_code in (302, 403, 404)
    assert not Azan.objects.exists()


def test_the_planner_says_which_programmes_the_azan_meets(editor, on_air, make_video):
    do_set_azan(Azan(channel=on_air), NOW)
    zuhur = prayer_times(city_named("Jakarta"), date(2026, 11, 24))["zuhur"]
    do_plan(on_air, make_video("Pasar (contoh)", 3600), zuhur - timedelta(minutes=20), NOW)
    day = text(editor.get(page("day", on_air, "2026-11-24")))
    assert "1 acara terpotong azan dan dilanjutkan sesudahnya." in day
    assert "“Pasar (contoh)” pada" in day
    assert "Azan Zuhur · Jakarta" in day


def test_in_ramadan_the_countdown_is_one_line_by_the_citys_clock(editor, on_air):
    cooperative = on_air.cooperative
    cooperative.city, cooperative.zone = "Jayapura", "Asia/Jayapura"
    cooperative.save()
    on_air.refresh_from_db()
    do_set_azan(Azan(channel=on_air, ramadan="on"), NOW)
    answer = editor.get(page("day", on_air, "2026-11-25"))
    lines = [line for line in answer.context["all_lines"] if line.is_call]
    assert [line.title.removesuffix(" · Jayapura") for line in lines] == [
        "Imsak",
        "Azan Subuh",
        "Azan Zuhur",
        "Azan Asar",
        "Menuju buka puasa",
        "Azan Magrib",
        "Azan Isya",
    ]
    countdown, magrib = lines[4:6]
    assert 292 <= countdown.seconds <= 308
    assert countdown.end == magrib.start
    assert f"{magrib.start.astimezone(ZoneInfo('Asia/Jayapura')):%H.%M.%S} WIT" in text(answer)

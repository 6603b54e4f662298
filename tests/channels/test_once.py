"""One date that differs from the weekly template."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from cms.channels import in_force
from cms.channels.actions import do_publish_rundown
from cms.channels.models import SlotChange, WeeklySlot
from cms.channels.planning.template import Once
from cms.channels.template.actions import do_change_once
from cms.core.refusals import Refused
from tests.channels.pages import NOW, page, text
from tests.channels.weeks import do_add_slot

WIB = ZoneInfo("Asia/Jakarta")
DAY = date(2026, 11, 25)


@pytest.fixture
def slot(channel, make_video):
    do_publish_rundown(channel, NOW)
    do_add_slot(channel, make_video("Harga Pagi (contoh)", 120), range(5), time(5), NOW)
    return WeeklySlot.objects.get()


def aired(channel):
    in_force.forget()
    found = []
    for e in in_force.read(channel.slug).entries:
        if e.kind == "programme":
            local = datetime.fromtimestamp(e.start / 90_000 + 2, WIB)
            found.append((local.day, f"{local:%H.%M}", e.title.removesuffix(" (contoh)")))
    return found


def test_one_date_is_left_out_and_the_template_stays(channel, slot):
    do_change_once(slot, DAY, Once(skips=True), NOW)
    assert aired(channel) == [(26, "05.00", "Harga Pagi")]


def test_one_date_moves(channel, slot):
    do_change_once(slot, DAY, Once(clock=time(6, 15)), NOW)
    assert aired(channel) == [(25, "06.15", "Harga Pagi"), (26, "05.00", "Harga Pagi")]


def test_one_date_has_another_video(channel, slot, make_video):
    video = make_video("Khusus (contoh)", 120)
    do_change_once(slot, DAY, Once(video=video.pk), NOW)
    assert aired(channel) == [(25, "05.00", "Khusus"), (26, "05.00", "Harga Pagi")]
    assert channel in type(channel).objects.using_video(video.pk)


def test_what_has_passed_and_a_day_without_it_are_refused(channel, slot):
    for day in (date(2026, 11, 24), date(2026, 11, 28)):
        with pytest.raises(Refused):
            do_change_once(slot, day, Once(skips=True), NOW)
    assert not SlotChange.objects.exists()


def test_a_slot_that_was_taken_out_meanwhile_is_refused(channel, slot):
    seen = WeeklySlot.objects.get()
    slot.delete()
    with pytest.raises(Refused):
        do_change_once(seen, DAY, Once(skips=True), NOW)


def test_the_page_leaves_out_moves_replaces_and_puts_back(
    client, channel, slot, make_video, editor_national
):
    client.force_login(editor_national)
    url = page("once", channel, DAY, slot.pk)
    assert url in client.get(page("day", channel, DAY)).content.decode()
    assert "Harga Pagi (contoh)" in text(client.get(url))
    told = text(client.post(url, {"what": "skip"}, follow=True))
    assert "“Harga Pagi (contoh)” 05.00.00 WIB tidak tayang" in told
    told = text(client.post(url, {"what": "move", "start": "06:00"}, follow=True))
    assert "pindah ke 06.00.00 WIB" in told
    video = make_video("Khusus (contoh)", 120)
    told = text(client.post(url, {"what": "replace", "video": video.pk}, follow=True))
    assert "diganti “Khusus (contoh)”" in told
    client.post(page("restore_once", channel, DAY, slot.pk))
    assert aired(channel) == [(25, "05.00", "Harga Pagi"), (26, "05.00", "Harga Pagi")]


@pytest.mark.parametrize("wrong", [{"what": "move"}, {"what": "replace"}, {"what": "x"}, {}])
def test_what_is_missing_is_told(client, channel, slot, editor_national, wrong):
    client.force_login(editor_national)
    assert client.post(page("once", channel, DAY, slot.pk), wrong).status_code == 200
    assert not SlotChange.objects.exists()


def test_another_regions_editor_changes_nothing(client, channel, slot, editor_sulsel):
    client.force_login(editor_sulsel)
    answer = client.post(page("once", channel, DAY, slot.pk), {"what": "skip"})
    assert answer.status_code == 404
    assert not SlotChange.objects.exists()

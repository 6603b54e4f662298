"""The weekly template: what it gives, how it meets a day's own plan, and its page."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.channels import catalogue, in_force
from cms.channels.actions import do_own_day, do_plan
from cms.channels.admin.weekly import days_in_words
from cms.channels.models import WeeklySlot
from cms.channels.planning import Slot, weekly
from cms.channels.publishing import do_publish_rundown
from cms.channels.template.actions import do_remove_slot
from cms.channels.times import local_date
from cms.core.refusals import Refused
from tests.channels.pages import page, text
from tests.channels.weeks import do_add_slot

NOW = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)  # Tuesday, 12.30 WIB
WIB = ZoneInfo("Asia/Jakarta")
WORKDAYS = range(5)


def aired(channel, video):
    """Return when `video` begins, as (weekday, hour) by the channel's clock."""
    in_force.forget()
    starts = [
        datetime.fromtimestamp(e.start / 90_000, WIB)
        for e in in_force.read(channel.slug).entries
        if e.title == video.title
    ]
    return [(s.weekday(), f"{s + timedelta(seconds=2):%H.%M}") for s in starts]


@given(
    st.sets(st.integers(0, 6)),
    st.times(timezones=st.none()),
    st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    st.integers(0, 40),
    st.sampled_from(["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]),
)
def test_a_slot_stands_once_on_each_of_its_days_at_its_hour(days, clock, first, length, zone):
    last = first + timedelta(days=length)
    clock = clock.replace(microsecond=0, fold=0)
    found = weekly([Slot(1, 7, days, clock)], first, last, ZoneInfo(zone))
    local = [one.start.astimezone(ZoneInfo(zone)) for one in found]
    every = [first + timedelta(days=n) for n in range(length + 1)]
    assert [moment.date() for moment in local] == [d for d in every if d.weekday() in days]
    assert {moment.time() for moment in local} <= {clock}


def test_a_slot_holds_from_its_first_to_its_last_day():
    first, last = date(2026, 11, 25), date(2026, 11, 26)
    slot = Slot(1, 7, range(7), time(5), first=first, last=last)
    found = weekly([slot], date(2026, 11, 1), date(2026, 12, 31), WIB)
    assert [one.start.astimezone(WIB).date() for one in found] == [first, last]


def test_it_airs_each_workday_at_its_hour(channel, make_video):
    do_publish_rundown(channel, NOW)
    video = make_video("Harga Pagi (contoh)", 120)
    do_add_slot(channel, video, WORKDAYS, time(5), NOW)
    assert aired(channel, video) == [(2, "05.00"), (3, "05.00")]


def test_it_comes_beside_what_a_day_repeats_and_what_it_has_of_its_own(channel, make_video):
    do_publish_rundown(channel, NOW)
    own, video = make_video("Sore (contoh)", 120), make_video("Harga Pagi (contoh)", 120)
    do_plan(channel, own, NOW + timedelta(hours=3), NOW)
    do_add_slot(channel, video, WORKDAYS, time(5), NOW)
    assert aired(channel, video) == [(2, "05.00"), (3, "05.00")]
    assert aired(channel, own) == [(1, "15.30"), (2, "15.30"), (3, "15.30")]
    # A day that gets a plan of its own takes over what it repeats, not the template.
    assert do_own_day(channel, date(2026, 11, 25)) == 1


def test_what_is_planned_at_the_hour_of_the_template_is_there_once(channel, make_video):
    video = make_video("Harga Pagi (contoh)", 120)
    do_publish_rundown(channel, NOW)
    do_add_slot(channel, video, [2], time(5), NOW)
    start = datetime(2026, 11, 25, 5, tzinfo=WIB).astimezone(UTC)
    do_plan(channel, video, start, NOW, "Edisi khusus")
    (wish,) = [w for w in catalogue.dated_of(channel, date(2026, 11, 25)) if w.video == video.pk]
    assert (wish.note, wish.weekly) == ("Edisi khusus", False)
    assert aired(channel, video)[0] == (2, "05.00")


def test_a_channel_of_nothing_but_a_template_goes_on_air(channel, make_video):
    channel.fillers.all().delete()
    video = make_video("Harga Pagi (contoh)", 120)
    edit = do_add_slot(channel, video, range(7), time(13), NOW)
    assert edit.published is not None
    assert local_date(channel, NOW).weekday() == 1
    assert aired(channel, video)[0] == (1, "13.00")


def test_taken_out_it_airs_no_more(channel, make_video):
    do_publish_rundown(channel, NOW)
    video = make_video("Harga Pagi (contoh)", 120)
    do_add_slot(channel, video, WORKDAYS, time(5), NOW)
    do_remove_slot(WeeklySlot.objects.get(), NOW + timedelta(minutes=1))
    assert aired(channel, video) == []


def test_the_same_twice_and_what_cannot_air_are_refused(channel, make_video):
    video = make_video("Harga Pagi (contoh)", 120)
    do_add_slot(channel, video, [0, 1], time(5), NOW)
    with pytest.raises(Refused, match="sudah ada"):
        do_add_slot(channel, video, [1, 2], time(5), NOW)
    with pytest.raises(Refused, match="satu hari"):
        do_add_slot(channel, video, [], time(6), NOW)
    with pytest.raises(Refused, match="belum dapat ditayangkan"):
        do_add_slot(channel, make_video("Draf", 60, live=False), [1], time(6), NOW)


def test_a_video_of_the_template_that_is_withdrawn_plans_its_channel_anew(channel, make_video):
    video = make_video("Harga Pagi (contoh)", 120)
    do_add_slot(channel, video, [0], time(5), NOW)
    assert channel in type(channel).objects.using_video(video.pk)


def test_the_page_lists_adds_and_removes(client, channel, make_video, editor_national):
    do_publish_rundown(channel, NOW)
    client.force_login(editor_national)
    video = make_video("Harga Pagi (contoh)", 120)
    assert "Belum ada acara mingguan." in text(client.get(page("weekly", channel)))
    given = {"video": video.pk, "weekdays": [0, 1, 2, 3, 4], "start": "05:00", "note": ""}
    told = text(client.post(page("weekly", channel), given, follow=True))
    assert "05.00 WIB" in told
    assert "Senin–Jumat" in told
    day = text(client.get(page("day", channel, "2026-11-25")))
    assert "Harga Pagi (contoh)" in day
    assert "mingguan" in day
    slot = WeeklySlot.objects.get()
    client.post(page("remove_slot", channel, slot.pk))
    assert not WeeklySlot.objects.exists()


def test_an_end_before_the_begin_is_refused(client, channel, make_video, editor_national):
    client.force_login(editor_national)
    video = make_video("Harga Pagi (contoh)", 120)
    given = {"video": video.pk, "weekdays": [0], "start": "05:00", "note": ""}
    dates = {"first": "2026-12-02", "last": "2026-12-01"}
    answer = text(client.post(page("weekly", channel), {**given, **dates}))
    assert "Tanggal akhir lebih awal daripada tanggal mulai." in answer
    assert not WeeklySlot.objects.exists()


def test_an_editor_of_elsewhere_changes_nothing(client, channel, make_video, editor_sulsel):
    video = make_video("Harga Pagi (contoh)", 120)
    do_add_slot(channel, video, [0], time(5), NOW)
    client.force_login(editor_sulsel)
    slot = WeeklySlot.objects.get()
    assert client.post(page("remove_slot", channel, slot.pk)).status_code in (302, 403, 404)
    assert WeeklySlot.objects.exists()


def test_days_are_named_as_people_say_them():
    assert days_in_words([0, 1, 2, 3, 4]) == "Senin–Jumat"
    assert days_in_words([6, 0, 2]) == "Senin, Rabu, Minggu"


def test_the_day_says_what_manners_object_to_and_that_the_next_one_is_empty(
    client, channel, make_video, editor_national
):
    channel.repeats_daily = False
    channel.save()
    do_publish_rundown(channel, NOW)
    video = make_video("Film Dewasa (contoh)", 600)
    video.rating = "D"
    video.save()
    do_plan(channel, video, NOW + timedelta(hours=3), NOW)
    client.force_login(editor_national)
    day = text(client.get(page("day", channel, "2026-11-24")))
    assert "1 acara dewasa (D) tayang di luar pukul 22.00–03.00. Geser jamnya." in day
    assert "1 acara belum punya takarir." in day
    assert "Hari berikutnya belum punya acara" in day


def test_an_entry_may_air_again_some_days_later_at_the_same_hour(
    client, channel, make_video, editor_national
):
    channel.repeats_daily = False
    channel.save()
    do_publish_rundown(channel, NOW)
    video = make_video("Pasar (contoh)", 600)
    client.force_login(editor_national)
    given = {"video": video.pk, "start": "15:00:00", "note": "", "repeat_days": "3"}
    client.post(page("day", channel, "2026-11-24"), given)
    planned = channel.planned.values_list("start", "note")
    start = datetime(2026, 11, 24, 8, tzinfo=UTC)
    assert list(planned) == [(start, ""), (start + timedelta(days=3), "Siaran ulang")]


def test_without_the_repeat_nothing_is_planned_if_the_repeat_cannot_be(
    client, channel, make_video, editor_national
):
    do_publish_rundown(channel, NOW)
    video = make_video("Pasar (contoh)", 600)
    do_plan(channel, video, datetime(2026, 11, 25, 8, tzinfo=UTC), NOW)
    client.force_login(editor_national)
    given = {"video": video.pk, "start": "15:00:00", "note": "", "repeat_days": "1"}
    answer = text(client.post(page("day", channel, "2026-11-24"), given))
    assert "Acara ini sudah ada pada jam itu." in answer
    assert channel.planned.count() == 1


def test_a_refused_repeat_leaves_nothing_on_air(client, channel, make_video, editor_national):
    channel.repeats_daily = False
    channel.save()
    do_publish_rundown(channel, NOW)
    video = make_video("Pasar (contoh)", 600)
    do_plan(channel, video, datetime(2026, 11, 25, 8, tzinfo=UTC), NOW)
    before = in_force.read(channel.slug).entries
    client.force_login(editor_national)
    given = {"video": video.pk, "start": "15:00:00", "note": "", "repeat_days": "1"}
    answer = text(client.post(page("day", channel, "2026-11-24"), given))
    assert "Acara ini sudah ada pada jam itu." in answer
    in_force.forget()
    assert in_force.read(channel.slug).entries == before


def test_a_repeat_on_a_day_that_repeats_is_planned_and_both_are_taken_back(
    client, channel, make_video, editor_national
):
    assert channel.repeats_daily
    do_publish_rundown(channel, NOW)
    do_plan(channel, make_video("Sore (contoh)", 120), NOW + timedelta(hours=3), NOW)
    video = make_video("Pasar (contoh)", 600)
    client.force_login(editor_national)
    given = {"video": video.pk, "start": "15:00:00", "note": "", "repeat_days": "2"}
    client.post(page("day", channel, "2026-11-24"), given)
    start = datetime(2026, 11, 24, 8, tzinfo=UTC)
    rows = channel.planned.filter(video=video).values_list("start", "note")
    assert list(rows) == [(start, ""), (start + timedelta(days=2), "Siaran ulang")]
    assert [w.title for w in in_force.read(channel.slug).entries if w.note == "Siaran ulang"]
    # The later day keeps what it repeated.
    assert len(catalogue.dated_of(channel, date(2026, 11, 26))) == 2
    client.post(page("undo", channel, "2026-11-24"))
    assert not channel.planned.filter(video=video).exists()
    assert aired(channel, video) == []


def test_what_is_taken_back_in_part_is_refused_and_stays_on_air(
    client, channel, make_video, editor_national
):
    do_publish_rundown(channel, NOW)
    video = make_video("Pasar (contoh)", 600)
    client.force_login(editor_national)
    given = {"video": video.pk, "start": "15:00:00", "note": "", "repeat_days": "2"}
    client.post(page("day", channel, "2026-11-24"), given)
    channel.planned.get(note="Siaran ulang").delete()
    told = text(client.post(page("undo", channel, "2026-11-24"), follow=True))
    assert "Acara ini sudah diubah lagi." in told
    assert aired(channel, video)[0] == (1, "15.00")


def test_the_same_at_the_same_hour_is_refused_only_where_the_dates_meet(channel, make_video):
    do_publish_rundown(channel, NOW)
    video = make_video("Harga Pagi (contoh)", 120)
    until, since = date(2026, 12, 31), date(2027, 1, 1)
    do_add_slot(channel, video, WORKDAYS, time(5), NOW, last=until)
    do_add_slot(channel, video, WORKDAYS, time(5), NOW, first=since)
    assert channel.weekly.count() == 2
    with pytest.raises(Refused):
        do_add_slot(channel, video, [4], time(5), NOW, first=until, last=until)

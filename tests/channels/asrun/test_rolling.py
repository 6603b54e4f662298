"""From the origins' journals to the rows of what aired."""

import gzip
import logging
from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from cms.channels import guide, tasks
from cms.channels.actions import do_plan, do_publish_rundown, do_unplan
from cms.channels.asrun import journals, rolling
from cms.channels.asrun.journals import complete_until, days_to_read, do_read_journals
from cms.channels.asrun.models import AiredEntry, AirHour, AsRunDay, JournalObject
from cms.channels.asrun.personal import do_forget_titles
from cms.channels.asrun.rolling import do_forget_as_run, do_roll_up
from cms.channels.models import Channel, OwnWindow
from cms.traders.personal.doors import Leaving
from cms.videos.models import Media
from media_pipeline.model.keys import journal_file
from media_pipeline.origin import create_origin
from tests.channels.asrun.conftest import NOW, after

DAY = 86_400


@pytest.fixture
def planned(channel, make_video):
    """The channel on air with one programme ten minutes after NOW, five minutes long."""
    entry = do_plan(channel, make_video("Kabar (contoh)", 300), after(600), NOW).entry
    do_publish_rundown(channel, NOW)
    return entry


def rows(**which) -> list[tuple[str, str, int, int, str]]:
    found = AiredEntry.objects.exclude(kind__in=("filler", "slate")).filter(**which)
    return [(r.title, r.status, r.shown_seconds, r.promised_seconds, r.why) for r in found]


def test_a_programme_that_an_origin_played_aired(planned, channel, store, roll):
    clock = {"now": NOW}
    origin = create_origin(store, media_url="/media/", clock=lambda: clock["now"], name="uji")
    for second in range(560, 960):
        clock["now"] = after(second)
        origin.refresh()
    assert roll(1600) > 0
    assert rows() == [("Kabar (contoh)", "aired", 300, 300, "")]
    (row,) = AiredEntry.objects.filter(kind="programme")
    assert abs((row.first - after(600)).total_seconds()) < 4
    assert (row.last - row.first).total_seconds() == 300
    assert row.channel == channel


def test_what_no_origin_played_was_missed_ten_minutes_later(planned, channel, roll):
    roll(1000)
    assert rows() == []
    roll(1700)
    assert rows() == [("Kabar (contoh)", "missed", 0, 300, "off_air")]


def test_a_title_that_was_forgotten_is_not_learned_again_from_the_history(planned, roll):
    roll(1700)
    key = AiredEntry.objects.get(kind="programme").programme
    do_forget_titles(Leaving(now=after(1800), stalls=(), products=(), segments=(), videos=(key,)))
    assert rows() == [("", "missed", 0, 300, "off_air")]
    AsRunDay.objects.update(touched=F("touched") + 1)
    assert roll(2600) > 0
    assert rows() == [("", "missed", 0, 300, "off_air")]


def test_a_journal_that_comes_late_keeps_the_row_and_moves_it(planned, channel, journal, roll):
    roll(1600)
    missed = AiredEntry.objects.get(kind="programme")
    journal(channel, 590, 700, origin="satu")
    roll(2300)
    cut = AiredEntry.objects.get(kind="programme")
    assert (cut.pk, cut.status, cut.why) == (missed.pk, "cut", "off_air")
    journal(channel, 600, 950, origin="dua")
    roll(3000)
    aired = AiredEntry.objects.get(kind="programme")
    assert (aired.pk, aired.status, aired.shown_ms) == (missed.pk, "aired", 300_000)


def test_days_of_before_are_judged_again_when_a_journal_speaks_of_them(
    planned, channel, store, journal, roll
):
    roll(1600)
    roll(2 * DAY)
    journal(channel, 590, 950)
    now = after(5 * DAY)
    do_read_journals(store, [NOW.date()], now)
    assert do_roll_up(now) > 0
    assert rows(day=NOW.date()) == [("Kabar (contoh)", "aired", 300, 300, "")]


def test_after_days_without_a_worker_each_of_them_is_read_before_it_is_judged(
    planned, channel, store, journal, make_video, roll, monkeypatch
):
    roll(1000)
    do_plan(channel, make_video("Lusa (contoh)", 300), after(2 * DAY), after(1000))
    do_publish_rundown(channel, after(1000))
    journal(channel, 590, 950)
    journal(channel, 2 * DAY - 60, 2 * DAY + 400)
    later = after(4 * DAY)
    assert days_to_read(later) == [(NOW + timedelta(days=n)).date() for n in range(5)]
    monkeypatch.setattr(journals, "AT_ONCE", 2)
    steps = iter([True, True, True, True, False])
    do_read_journals(store, days_to_read(later), later, lambda: next(steps))
    # The first day is read to its end, the second has nothing, the third is begun.
    assert complete_until() == datetime(2026, 11, 26, tzinfo=UTC)
    do_roll_up(later)
    assert rows(title="Lusa (contoh)") == []
    roll(4 * DAY + 700)
    assert complete_until() == after(4 * DAY + 100)
    assert rows(title="Lusa (contoh)") == [("Lusa (contoh)", "aired", 300, 300, "")]
    assert {d.day.day for d in AsRunDay.objects.filter(channel=channel)} >= {24, 25, 26}


def test_days_of_before_alone_complete_nothing(planned, channel, journal, store, roll):
    roll(1000)
    before = complete_until()
    now = after(3 * DAY)
    do_read_journals(store, [(now - timedelta(days=n)).date() for n in (2, 1)], now)
    assert complete_until() == before


def test_a_day_that_nobody_saw_is_judged_when_there_is_a_worker_again(planned, channel, roll):
    do_publish_rundown(channel, after(DAY))
    roll(4 * DAY)
    assert rows(day=NOW.date()) == [("Kabar (contoh)", "missed", 0, 300, "off_air")]


def test_the_same_journals_again_change_nothing(planned, channel, journal, roll, store):
    journal(channel, 0, 960)
    roll(1600)
    programmes = AiredEntry.objects.filter(kind="programme")
    before = list(programmes.values())
    hours = list(AirHour.objects.values("hour", "coverage"))
    JournalObject.objects.all().delete()
    roll(2300)
    assert list(programmes.values()) == before
    assert list(AirHour.objects.values("hour", "coverage")) == hours


def test_an_object_is_read_once_and_again_when_it_has_grown(planned, channel, journal, store):
    journal(channel, 0, 30)
    assert do_read_journals(store, [NOW.date()], after(40)) == 1
    assert do_read_journals(store, [NOW.date()], after(41)) == 0
    journal(channel, 0, 50)
    assert do_read_journals(store, [NOW.date()], after(52)) == 1
    assert AirHour.objects.count() == 1
    assert JournalObject.objects.count() == 1


def test_it_is_complete_as_far_as_every_origin_that_speaks_has_spoken(
    planned, channel, journal, store
):
    assert complete_until() is None
    journal(channel, 0, 1190, origin="satu")
    journal(channel, 0, 900, origin="dua")
    do_read_journals(store, [NOW.date()], after(1200))
    assert complete_until() == after(900 - 20)
    # The second one is silent for ten minutes: it has stopped.
    journal(channel, 0, 1790, origin="satu")
    do_read_journals(store, [NOW.date()], after(1800))
    assert complete_until() == after(1800 - 20)
    # And without any journal the wait alone counts.
    do_read_journals(store, [NOW.date()], after(9000))
    assert complete_until() == after(9000 - 600)


def test_garbage_is_passed_over_and_told_in_one_sentence(
    planned, channel, journal, store, roll, caplog
):
    journal(channel, 590, 950)
    for name, data in {
        "rusak": b"\x00garbage",
        "baris": gzip.compress(b'{"channel": 7}\nnothing\n'),
    }.items():
        store.write(journal_file(name, "20261124T0540Z"), data)
    store.write("journal/20261124/uji/readme.txt", b"?")
    with caplog.at_level(logging.WARNING, "cms.channels.asrun.journals"):
        roll(1600)
    assert [record.args[0] for record in caplog.records] == [3]
    assert rows() == [("Kabar (contoh)", "aired", 300, 300, "")]


def test_an_origin_whose_clock_is_hours_ahead_proves_nothing(planned, channel, journal, roll):
    journal(channel, 3600, 4200)
    roll(1600)
    assert AirHour.objects.count() == 0
    roll(5000)
    assert AirHour.objects.count() == 0


def test_journals_of_channels_that_are_gone_are_nobodys(planned, channel, journal, roll):
    journal(channel, 590, 950)
    Channel.objects.filter(pk=channel.pk).update(slug="lain")
    roll(1600)
    assert AirHour.objects.count() == 0


def test_what_an_editor_took_away_was_missed_and_says_so(planned, channel, journal, roll):
    do_unplan(planned, after(30))
    journal(channel, 0, 1500)
    roll(1600)
    assert rows() == []
    planned_again = do_plan(channel, planned.video, after(4000), after(1600)).entry
    do_unplan(planned_again, after(3000))
    roll(6000)
    assert rows() == [("Kabar (contoh)", "missed", 0, 300, "edited")]


def test_a_video_that_was_taken_down_is_why(planned, channel, journal, roll):
    Media.objects.filter(video=planned.video).update(taken_down_at=after(700))
    journal(channel, 590, 700)
    journal(channel, 700, 950, origin="sesudah", lack="taken_down")
    roll(1600)
    (row,) = rows()
    assert row[1] == "cut"
    assert row[4] == "taken_down"


def test_fillers_are_folded(planned, channel, journal, roll):
    journal(channel, 0, 960)
    roll(1600)
    fillers = AiredEntry.objects.filter(kind="filler", start__gte=NOW, start__lt=after(600))
    assert fillers.count() <= 1
    run = AiredEntry.objects.filter(kind="filler").first()
    assert run.label == guide.on_air(channel, run.start).title
    assert AiredEntry.objects.count() < 6


def test_one_channel_that_fails_does_not_keep_the_others_waiting(
    planned, channel, inkoppas, make_video, roll, monkeypatch
):
    other = Channel.objects.create(cooperative=inkoppas, name="Zamrud", slug="zamrud")
    do_plan(other, make_video("Lain (contoh)", 300), after(600), NOW)
    judge = rolling.do_roll_up_day

    def fail(day, *rest):
        if day.channel == channel:
            raise ValueError("not JSON")
        return judge(day, *rest)

    monkeypatch.setattr(rolling, "do_roll_up_day", fail)
    assert roll(1600) == 1
    assert rows() == [("Lain (contoh)", "missed", 0, 300, "off_air")]


def test_a_day_is_judged_every_ten_minutes_and_when_it_is_over_no_more(planned, roll):
    assert roll(1600) == 1
    assert roll(1700) == 0
    assert roll(2300) == 1
    # Eighteen and a half hours later its day has ended, and six and a half more have passed.
    roll(26 * 3600)
    days = AsRunDay.objects.filter(day=NOW.date())
    assert days.get().complete >= after(18.5 * 3600 + 6.4 * 3600)
    with CaptureQueriesContext(connection) as queries:
        roll(27 * 3600)
    judged = [q for q in queries if "channels_airedentry" in q["sql"] and "2026-11-24" in q["sql"]]
    assert judged == []


def test_a_programme_longer_than_the_morning_has_a_row_when_it_is_over(
    channel, make_video, journal, roll
):
    # From 17.30 to 09.30 UTC: three hours longer than a day is judged in any case.
    begin, length = 12 * 3600, 16 * 3600
    do_plan(channel, make_video("Maraton (contoh)", length), after(begin), NOW)
    do_publish_rundown(channel, NOW)
    journal(channel, begin - 60, begin + length - 3600, origin="satu")
    roll(begin + length - 3600)
    day = AsRunDay.objects.get(channel=channel, day=NOW.date())
    assert not day.over
    assert abs((day.ends - after(begin + length)).total_seconds()) < 1
    journal(channel, begin + length - 3600, begin + length, origin="dua")
    roll(begin + length + 900)
    assert [row[:2] for row in rows()] == [("Maraton (contoh)", "aired")]
    assert AsRunDay.objects.get(pk=day.pk).over


def test_a_late_journal_of_its_last_hours_reaches_a_long_programme(
    channel, make_video, journal, roll
):
    begin, length = 12 * 3600, 16 * 3600
    do_plan(channel, make_video("Maraton (contoh)", length), after(begin), NOW)
    do_publish_rundown(channel, NOW)
    journal(channel, begin - 60, begin + length - 7200)
    roll(begin + length + 900)
    assert [row[1] for row in rows()] == ["cut"]
    journal(channel, begin + length - 7200, begin + length, origin="terlambat")
    roll(begin + length + 1800)
    assert [row[1] for row in rows()] == ["aired"]


def test_the_time_that_is_given_is_kept(planned, channel, journal, store, monkeypatch):
    monkeypatch.setattr(journals, "AT_ONCE", 2)
    journal(channel, 0, 960)
    steps = iter([True, True, False])
    read = do_read_journals(store, [NOW.date()], after(1000), lambda: next(steps))
    assert read == 4
    assert complete_until() is None
    assert do_roll_up(after(1000), lambda: False) == 0


def test_an_heir_has_rows_of_its_own_entries_and_relays_the_rest(
    planned, channel, jatim, make_video, journal, roll
):
    heir = Channel.objects.create(
        cooperative=jatim, name="Jatim", slug="jatim", parent=channel, repeats_daily=False
    )
    OwnWindow.objects.create(channel=heir, start=time(13), end=time(14))
    do_plan(heir, make_video("Pasar Turi (contoh)", 600), after(1900), NOW)
    do_publish_rundown(heir, NOW)
    journal(channel, 0, 3600)
    journal(heir, 1800, 2700, origin="jatim")
    roll(4300)
    assert rows(channel=heir, kind="programme") == [("Pasar Turi (contoh)", "aired", 600, 600, "")]
    relays = AiredEntry.objects.filter(channel=heir, kind="relay")
    assert [row.status for row in relays] == ["missed", "missed"]
    # What the heir takes from its parent counts once, on the parent.
    assert rows(title="Kabar (contoh)") == [("Kabar (contoh)", "aired", 300, 300, "")]


def test_old_rows_go_and_promises_stay_longer_than_fillers(planned, channel, journal, roll):
    journal(channel, 0, 960)
    roll(1600)
    do_forget_as_run(after(36 * DAY))
    assert set(AiredEntry.objects.values_list("kind", flat=True)) == {"programme"}
    assert not AirHour.objects.exists()
    assert not JournalObject.objects.exists()
    do_forget_as_run(after(402 * DAY))
    assert not AiredEntry.objects.exists()
    assert not AsRunDay.objects.exists()


def test_a_filler_that_showed_a_product_stays_as_long_as_promises(planned, channel, journal, roll):
    journal(channel, 0, 950)
    roll(1600)
    showed = AiredEntry.objects.filter(kind="filler").first()
    AiredEntry.objects.filter(pk=showed.pk).update(cards=["a" * 32])
    do_forget_as_run(after(36 * DAY))
    assert list(AiredEntry.objects.filter(kind="filler")) == [showed]


def test_what_is_in_the_record_no_more_has_no_row(planned, channel, journal, roll):
    journal(channel, 590, 950)
    roll(1600)
    kept = set(AiredEntry.objects.values_list("entry", flat=True))
    gone = AiredEntry.objects.get(kind="programme")
    gone.pk, gone.entry = None, "dulu-1"
    gone.save()
    AsRunDay.objects.update(touched=F("touched") + 1)
    assert roll(2600) > 0
    assert kept <= set(AiredEntry.objects.values_list("entry", flat=True))
    assert not AiredEntry.objects.filter(entry="dulu-1").exists()


def test_old_rows_are_looked_for_where_an_index_leads(planned, roll):
    roll(1600)
    with CaptureQueriesContext(connection) as queries:
        do_forget_as_run(after(402 * DAY))
    for table in ("channels_airedentry", "channels_airhour"):
        deletes = [q["sql"] for q in queries if q["sql"].startswith(f'DELETE FROM "{table}"')]
        assert deletes
        assert all(f'"{table}"."channel_id" = ' in sql for sql in deletes)


def test_the_days_of_a_channel_are_judged_one_after_the_other(
    planned, channel, inkoppas, make_video, roll, monkeypatch
):
    other = Channel.objects.create(cooperative=inkoppas, name="Zamrud", slug="zamrud")
    do_plan(other, make_video("Lain (contoh)", 300), after(600), NOW)
    do_publish_rundown(other, NOW)
    judged: list[str] = []
    judge = rolling.do_roll_up_day

    def note(day, *rest):
        judged.append(day.channel.slug)
        return judge(day, *rest)

    monkeypatch.setattr(rolling, "do_roll_up_day", note)
    AsRunDay.objects.bulk_create(
        AsRunDay(channel=each, day=NOW.date() - timedelta(days=back), touched=1)
        for back in (1, 0)
        for each in (channel, other)
    )
    assert roll(1600) == 4
    assert judged == ["nasional", "nasional", "zamrud", "zamrud"]


def test_reading_and_judging_share_the_seconds_of_a_minute(planned, channel, monkeypatch):
    held = {"now": 1000.0}
    monkeypatch.setattr(tasks, "monotonic", lambda: held["now"])
    spent: list[float] = []

    def work(*given):
        begun = held["now"]
        while given[-1]():
            held["now"] += 1
        spent.append(held["now"] - begun)

    monkeypatch.setattr(tasks, "do_read_journals", work)
    monkeypatch.setattr(tasks, "do_roll_up", work)
    tasks.roll_up.call_local()
    assert spent == [10, 5]


def test_a_channel_without_a_rundown_has_no_days(channel, roll):
    assert roll(1600) == 0
    assert not AsRunDay.objects.exists()


def test_the_tasks_of_the_queue_read_judge_and_forget(planned, channel, journal, clock):
    clock(1000)
    journal(channel, 590, 950)
    tasks.roll_up.call_local()
    clock(1700)
    tasks.roll_up.call_local()
    assert rows() == [("Kabar (contoh)", "aired", 300, 300, "")]
    journal(channel, 600, 900, origin="terlambat")
    clock(5 * DAY)
    tasks.read_late_journals.call_local()
    assert JournalObject.objects.filter(origin="terlambat").count() == 5
    clock(402 * DAY)
    tasks.forget_as_run.call_local()
    assert not AiredEntry.objects.exists()

"""What goes wrong on one channel, or for one of two editors, stays there."""

import logging
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cms.channels import actions, catalogue, in_force
from cms.channels.actions import (
    Contradiction,
    Refused,
    do_change,
    do_extend_all,
    do_own_day,
    do_plan,
    do_publish_all,
    do_publish_if_ready,
    do_publish_rundown,
    do_repeat_day,
    do_set_azan,
    do_unplan,
)
from cms.channels.models import Azan, Channel, Filler, OwnWindow, PlannedEntry, WeeklySlot
from cms.videos.models import Media
from media_pipeline.errors import StepFailed, StoreUnavailable
from tests.channels.weeks import do_add_slot

NOW = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.fixture
def on_air(channel):
    do_publish_rundown(channel, NOW)
    return channel


@pytest.fixture
def second(inkoppas, channel, make_video):
    made = Channel.objects.create(cooperative=inkoppas, name="Siar Zamrud", slug="zamrud")
    Filler.objects.create(channel=made, video=make_video("Pengisi Z (contoh)", 20), sort_order=0)
    return made


@pytest.fixture
def broken(monkeypatch):
    """Returns a function that makes publishing the named channel raise `failure`."""

    def break_it(slug: str, failure: Exception) -> None:
        publish = actions.do_publish_rundown

        def fail(channel, now, free):
            if channel.slug == slug:
                raise failure
            return publish(channel, now, free)

        monkeypatch.setattr(actions, "do_publish_rundown", fail)

    return break_it


@pytest.mark.parametrize("failure", [Contradiction("x"), StoreUnavailable("x")])
def test_one_channel_that_fails_does_not_stop_the_others_and_is_told_at_the_end(
    channel, second, broken, failure
):
    broken("nasional", failure)
    with pytest.raises(type(failure)):
        do_publish_all([channel, second], NOW)
    assert in_force.read("nasional") is None
    assert in_force.read("zamrud") is not None


def test_a_card_that_cannot_be_made_does_not_stop_the_extension(channel, monkeypatch):
    def fail(_now):
        raise StepFailed("x")

    monkeypatch.setattr(actions, "do_ensure_slate", fail)
    assert do_extend_all(NOW) == 1


def test_a_file_that_cannot_be_read_stops_its_own_channel_only(channel, second, broken):
    broken("nasional", ValueError("not JSON"))
    assert do_extend_all(NOW) == 1
    assert in_force.read("zamrud") is not None


def test_a_channel_on_air_that_cannot_go_on_is_an_error_and_one_before_launch_is_not(
    on_air, second, slate, caplog
):
    Media.objects.filter(video=slate).update(taken_down_at=NOW)
    with caplog.at_level(logging.INFO, "cms.channels.actions"):
        do_publish_if_ready(on_air, after(60))
        do_publish_if_ready(second, after(60))
    assert [record.levelname for record in caplog.records] == ["ERROR", "INFO"]


@pytest.mark.parametrize("failure", [Contradiction("x"), StoreUnavailable("x")])
def test_an_editor_reads_a_sentence_and_nothing_typed_is_lost(
    client, on_air, editor_national, make_video, broken, monkeypatch, failure
):
    entry = do_plan(on_air, make_video("Kabar (contoh)"), after(600), NOW).entry
    broken("nasional", failure)
    client.force_login(editor_national)
    wish = f"{entry.video_id}-{int(entry.start.timestamp())}"
    planner = "wagtailsnippets_channels_channel"
    edit = reverse(f"{planner}:entry", args=[on_air.pk, "2026-11-24", wish])
    given = {"video": entry.video_id, "start": "14:00:00", "note": "Siang"}
    answer = client.post(edit, given)
    assert "Tidak ada yang berubah." in answer.content.decode()
    assert 'value="Siang"' in answer.content.decode()
    removal = reverse(f"{planner}:remove", args=[on_air.pk, "2026-11-24", wish])
    assert "Tidak ada yang berubah." in client.post(removal, follow=True).content.decode()
    entry.refresh_from_db()
    assert entry.start == after(600)


@pytest.mark.parametrize("failure", [Contradiction("x"), StoreUnavailable("x")])
def test_saving_a_channel_says_that_it_is_not_on_air_yet(rf, on_air, monkeypatch, failure):
    from django.contrib.messages.storage.cookie import CookieStorage

    from cms.channels import wagtail_hooks

    def fail(_channel, _now):
        raise failure

    monkeypatch.setattr(wagtail_hooks, "do_publish_if_ready", fail)
    request = rf.post("/")
    request._messages = CookieStorage(request)
    wagtail_hooks.put_on_air(request, on_air)
    assert ["belum berubah" in str(m) for m in request._messages] == [True]


def test_a_second_editors_older_copy_of_an_entry_is_refused(on_air, make_video):
    entry = do_plan(on_air, make_video("Kabar (contoh)"), after(600), NOW).entry
    stale = PlannedEntry.objects.get(pk=entry.pk)
    do_change(entry, entry.video, after(1200), NOW, "")
    for late in (
        lambda: do_change(stale, stale.video, after(1800), NOW, ""),
        lambda: do_unplan(stale, NOW),
    ):
        with pytest.raises(Refused, match="diubah orang lain"):
            late()
    assert PlannedEntry.objects.get().start == after(1200)


def test_each_edit_locks_its_channel_before_it_reads_the_plan(on_air, make_video):
    video = make_video("Kabar (contoh)")
    entry = do_plan(on_air, video, after(600), NOW).entry
    entry = PlannedEntry.objects.select_related("channel", "video").get(pk=entry.pk)
    for edit in (
        lambda: do_plan(on_air, video, after(1200), NOW),
        lambda: do_change(entry, video, after(1800), NOW, ""),
        lambda: do_unplan(on_air.planned.get(start=after(1800)), NOW),
        lambda: do_own_day(on_air, date(2026, 11, 26)),
        lambda: do_repeat_day(on_air, date(2026, 11, 26), NOW),
    ):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            edit()
        reads = [q["sql"] for q in queries if q["sql"].startswith("SELECT")]
        locked = next(n for n, sql in enumerate(reads) if 'FROM "channels_channel"' in sql)
        plans = [n for n, sql in enumerate(reads) if "JOIN" in sql or "own" in sql]
        assert all(locked < n for n in plans)
        assert connection.vendor == "sqlite" or "FOR UPDATE" in reads[locked]


def test_the_same_video_cannot_stand_twice_at_one_moment(on_air, make_video):
    twin = {"channel": on_air, "video": make_video("Kabar (contoh)"), "start": after(600)}
    PlannedEntry.objects.create(**twin)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlannedEntry.objects.create(**twin)


def test_a_move_onto_the_same_video_of_a_day_that_repeats_is_refused(on_air, make_video):
    video = make_video("Kabar (contoh)")
    do_plan(on_air, video, after(600), NOW)
    entry = do_plan(on_air, video, after(1200), NOW).entry
    with pytest.raises(Refused, match="sudah ada"):
        do_change(entry, video, after(600) + DAY, NOW, "")


def test_years_of_past_plans_are_not_loaded(on_air, make_video):
    video = make_video("Kabar (contoh)")
    PlannedEntry.objects.bulk_create(
        PlannedEntry(channel=on_air, video=video, start=after(600) - DAY * n) for n in range(3, 400)
    )
    with CaptureQueriesContext(connection) as queries:
        found = catalogue.dated_wishes(on_air, NOW, NOW + DAY)
    assert [(d.start, d.repeated) for d in found] == [(after(600), True), (after(600) + DAY, True)]
    reads = [q["sql"] for q in queries if 'FROM "channels_plannedentry"' in q["sql"]]
    (read,) = [sql for sql in reads if '"note"' in sql and "LIMIT" not in sql]
    with connection.cursor() as cursor:
        assert len(cursor.execute(read).fetchall()) == 1


def test_rundowns_that_are_read_again_stay_decoded(channel, second, monkeypatch):
    do_publish_all([channel, second], NOW)
    first = in_force.read("nasional")
    monkeypatch.setattr(in_force, "_MOST", len(first.entries))
    assert in_force.read("nasional") is first
    in_force.read("zamrud")  # over the bound: the one that was asked for longest ago goes
    assert list(in_force._kept) == ["zamrud"]
    monkeypatch.setattr(in_force, "_MOST", 10_000_000)
    in_force.forget()
    first = in_force.read("nasional")
    in_force.read("zamrud")
    assert in_force.read("nasional") is first
    assert list(in_force._kept) == ["zamrud", "nasional"]


def test_an_editor_of_one_region_changes_neither_hours_nor_azan_nor_template_of_another(
    client, second, jatim, editor_sulsel, make_video
):
    heir = Channel.objects.create(cooperative=jatim, name="Jatim", slug="jatim", parent=second)
    OwnWindow.objects.create(channel=heir, start=time(14), end=time(16))
    do_set_azan(Azan(channel=heir), NOW)
    do_add_slot(heir, make_video("Pagi (contoh)"), [0], time(5), NOW)
    client.force_login(editor_sulsel)
    planner = "wagtailsnippets_channels_channel"
    slot = WeeklySlot.objects.get()
    pages = [
        reverse(f"{planner}:edit", args=[heir.pk]),
        reverse(f"{planner}:azan", args=[heir.pk]),
        reverse(f"{planner}:weekly", args=[heir.pk]),
        reverse(f"{planner}:remove_slot", args=[heir.pk, slot.pk]),
    ]
    given = {"parent": "", "own_windows-TOTAL_FORMS": "0", "own_windows-INITIAL_FORMS": "0"}
    for url in pages:
        assert client.post(url, given).status_code in (302, 403, 404)
    heir.refresh_from_db()
    assert heir.parent == second
    assert heir.own_windows.count() == heir.weekly.count() == 1
    assert Azan.objects.get().enabled

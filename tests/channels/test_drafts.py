"""Drafts of days and copies of them: nothing shows before it is published, what aired stands."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.channels import in_force
from cms.channels.actions import do_own_day, do_plan
from cms.channels.admin import undo
from cms.channels.admin.desk import Desk
from cms.channels.drafts.actions import (
    as_if_published,
    do_begin_draft,
    do_discard_draft,
    do_edit_draft,
    do_publish_draft,
    draft_of,
    entries_of,
)
from cms.channels.drafts.copies import do_copy_day
from cms.channels.drafts.days import fingerprint, has_own_plan, plan_of
from cms.channels.models import DayDraft, LastEdit, PlannedEntry
from cms.channels.planning.differences import Wanted
from cms.core.refusals import Refused
from cms.videos.models import Media
from tests.channels.pages import NOW, after, page, text

DAY, TOMORROW = "2026-11-24", "2026-11-25"


def add(client, channel, video, start, day=DAY):
    given = {"video": video.pk, "start": start, "note": ""}
    return text(client.post(page("day", channel, day), given, follow=True))


def seen(client, channel, day=DAY):
    return client.get(page("day", channel, day)).context["seen"]


def publish(client, channel, mark, day=DAY):
    return text(client.post(page("publish", channel, day), {"seen": mark}, follow=True))


def titles(channel):
    in_force.forget()
    return [e.title for e in in_force.read(channel.slug).entries if e.kind == "programme"]


def test_without_a_draft_an_edit_is_on_air_at_once(editor, on_air, make_video):
    add(editor, on_air, make_video("Kabar (contoh)"), "13:00:00")
    assert titles(on_air)[:1] == ["Kabar (contoh)"]


def test_a_draft_gathers_edits_and_viewers_see_them_once_it_is_published(
    editor, on_air, make_video
):
    stays = do_plan(on_air, make_video("Tetap (contoh)"), after(1800), NOW).entry
    moves = do_plan(on_air, make_video("Pindah (contoh)"), after(3600), NOW).entry
    goes = do_plan(on_air, make_video("Hilang (contoh)"), after(7200), NOW).entry
    before = in_force.read("nasional").entries
    editor.post(page("draft", on_air, DAY))
    told = add(editor, on_air, make_video("Baru (contoh)"), "20:00:00")
    assert "Tersimpan di draf." in told
    wish = f"{moves.video_id}-{int(moves.start.timestamp())}"
    given = {"video": moves.video_id, "start": "16:00:00", "note": ""}
    editor.post(page("entry", on_air, DAY, wish), given)
    wish = f"{goes.video_id}-{int(goes.start.timestamp())}"
    told = text(editor.post(page("remove", on_air, DAY, wish), follow=True))
    for line in (
        "<b>Ditambah</b> 20.00.00 WIB Baru (contoh)",
        "<b>Dipindah</b> 13.30.00 WIB Pindah (contoh) → 16.00.00 WIB",
        "<b>Dihapus</b> 14.30.00 WIB Hilang (contoh)",
    ):
        assert line in told
    assert "Tetap" not in told.split("planner-draft")[1].split("</section>")[0]
    # The list shows the day as it will be; what is on air and in the rows is as before.
    assert "Baru (contoh)</b>" in told
    in_force.forget()
    assert in_force.read("nasional").entries == before
    assert set(on_air.planned.values_list("pk", flat=True)) == {stays.pk, moves.pk, goes.pk}
    told = publish(editor, on_air, seen(editor, on_air))
    assert "Perubahan tayang mulai" in told
    assert titles(on_air)[:3] == ["Tetap (contoh)", "Pindah (contoh)", "Baru (contoh)"]
    assert not DayDraft.objects.exists()


def test_a_published_draft_is_undone_as_one(editor, on_air, make_video):
    do_plan(on_air, make_video("Lama (contoh)"), after(1800), NOW)
    before = plan_of(on_air, date(2026, 11, 24))
    editor.post(page("draft", on_air, DAY))
    for hour in (14, 15, 16):
        add(editor, on_air, make_video(f"Baru {hour} (contoh)"), f"{hour}:00:00")
    publish(editor, on_air, seen(editor, on_air))
    assert on_air.planned.count() == 4
    editor.post(page("undo", on_air, DAY))
    assert plan_of(on_air, date(2026, 11, 24)) == before
    assert titles(on_air)[0] == "Lama (contoh)"


def test_a_discarded_draft_changes_nothing_and_comes_back_by_undo(editor, on_air, make_video):
    editor.post(page("draft", on_air, DAY))
    add(editor, on_air, make_video("Baru (contoh)"), "14:00:00")
    told = text(editor.post(page("discard", on_air, DAY), follow=True))
    assert "Draf dibuang." in told
    assert not PlannedEntry.objects.exists()
    assert draft_of(on_air, date(2026, 11, 24)) is None
    editor.post(page("undo", on_air, DAY))
    assert len(entries_of(draft_of(on_air, date(2026, 11, 24)))) == 1


def test_an_edit_of_a_draft_is_undone_in_the_draft(editor, on_air, make_video):
    editor.post(page("draft", on_air, DAY))
    add(editor, on_air, make_video("Satu (contoh)"), "14:00:00")
    add(editor, on_air, make_video("Dua (contoh)"), "15:00:00")
    editor.post(page("undo", on_air, DAY))
    (left,) = entries_of(draft_of(on_air, date(2026, 11, 24)))
    assert left.start == after(5400)


def test_what_airs_meanwhile_is_told_and_stands(editor, on_air, make_video, clock):
    soon = do_plan(on_air, make_video("Segera (contoh)", 300), after(600), NOW).entry
    editor.post(page("draft", on_air, DAY))
    wish = f"{soon.video_id}-{int(soon.start.timestamp())}"
    editor.post(page("remove", on_air, DAY, wish))
    add(editor, on_air, make_video("Nanti (contoh)"), "15:00:00")
    early = seen(editor, on_air)
    clock(700)
    shown = text(editor.get(page("day", on_air, DAY)))
    assert "terlambat: sudah atau segera tayang" in shown
    assert "Susunan berubah sejak Anda memeriksanya." in publish(editor, on_air, early)
    told = publish(editor, on_air, seen(editor, on_air))
    assert "1 perubahan datang terlambat" in told
    assert titles(on_air)[:2] == ["Segera (contoh)", "Nanti (contoh)"]


def test_two_editors_do_not_publish_what_one_has_not_read(editor, on_air, make_video):
    editor.post(page("draft", on_air, DAY))
    add(editor, on_air, make_video("Satu (contoh)"), "14:00:00")
    read = seen(editor, on_air)
    add(editor, on_air, make_video("Dua (contoh)"), "15:00:00")
    publish(editor, on_air, read)
    assert not PlannedEntry.objects.exists()


def test_the_same_twice_what_aired_and_a_day_that_is_over_are_refused_in_a_draft(
    editor, on_air, make_video
):
    video = make_video("Satu (contoh)")
    editor.post(page("draft", on_air, DAY))
    add(editor, on_air, video, "14:00:00")
    assert "Acara ini sudah ada pada jam itu." in add(editor, on_air, video, "14:00:00")
    assert "sudah tayang" in add(editor, on_air, video, "08:00:00")
    told = text(editor.post(page("draft", on_air, "2026-11-20"), follow=True))
    assert "Hari ini sudah lewat." in told


def test_a_draft_of_a_day_that_repeats_gives_it_its_own_plan_only_when_published(
    editor, on_air, make_video
):
    do_plan(on_air, make_video("Kabar (contoh)"), after(1800), NOW)
    editor.post(page("draft", on_air, TOMORROW))
    add(editor, on_air, make_video("Baru (contoh)"), "15:00:00", TOMORROW)
    assert not has_own_plan(on_air, date(2026, 11, 25))
    publish(editor, on_air, seen(editor, on_air, TOMORROW), TOMORROW)
    assert len(plan_of(on_air, date(2026, 11, 25))) == 2
    editor.post(page("undo", on_air, TOMORROW))
    assert not has_own_plan(on_air, date(2026, 11, 25))


def test_a_day_is_copied_to_others_and_taken_back(editor, on_air, make_video):
    on_air.repeats_daily = False
    on_air.save()
    do_plan(on_air, make_video("Kabar (contoh)"), after(1800), NOW, "Pagi")
    do_plan(on_air, make_video("Lama (contoh)"), after(2 * 86_400), NOW)
    shown = text(editor.get(page("copy", on_air, DAY)))
    assert "Rabu 25 November 2026: kosong" in shown
    assert "Kamis 26 November 2026: 1 acara sendiri" in shown
    given = {"days": ["2026-11-26", "2026-11-29"], "keeps": ""}
    told = text(editor.post(page("copy", on_air, DAY), given, follow=True))
    assert "Disalin ke 2 hari." in told
    for day in (26, 29):
        (one,) = plan_of(on_air, date(2026, 11, day))
        assert (one.note, one.start) == ("Pagi", after(1800) + timedelta(days=day - 24))
    editor.post(page("undo", on_air, DAY))
    (left,) = plan_of(on_air, date(2026, 11, 26))
    assert left.start == after(2 * 86_400)
    assert not has_own_plan(on_air, date(2026, 11, 29))


def test_the_copy_page_says_what_each_day_has_and_asks_once_for_all_of_them(
    editor, on_air, make_video
):
    video = make_video("Kabar (contoh)")
    do_plan(on_air, video, after(1800), NOW)
    for days in (2, 5):
        do_plan(on_air, video, after(days * 86_400 + days), NOW)
        do_plan(on_air, video, after(days * 86_400 + 3600 + days), NOW)
    do_own_day(on_air, date(2026, 11, 30))
    on_air.planned.filter(start__date=date(2026, 11, 30)).delete()
    editor.post(page("draft", on_air, "2026-11-27"))
    with CaptureQueriesContext(connection) as asked:
        told = text(editor.get(page("copy", on_air, DAY)))
    for line in (
        "25 November 2026: mengulang Selasa 24 November 2026",
        "26 November 2026: 3 acara sendiri",
        "27 November 2026: punya draf",
        "28 November 2026: mengulang Kamis 26 November 2026",
        "29 November 2026: 5 acara sendiri",
        "30 November 2026: 0 acara sendiri",
        "1 Desember 2026: mengulang Senin 30 November 2026",
    ):
        assert line in told
    tables = ("channels_plannedentry", "channels_ownday", "channels_daydraft")
    assert sum(any(name in one["sql"] for name in tables) for one in asked) < 20


def test_a_copy_beside_what_is_there_keeps_it(on_air, make_video):
    news = do_plan(on_air, make_video("Kabar (contoh)"), after(1800), NOW).entry
    there = do_plan(on_air, make_video("Lama (contoh)"), after(2 * 86_400), NOW).entry
    do_copy_day(on_air, date(2026, 11, 24), [date(2026, 11, 26)], NOW, keeps=True)
    found = plan_of(on_air, date(2026, 11, 26))
    assert [one.video for one in found] == [there.video_id, news.video_id]


def test_a_copy_to_today_leaves_what_aired(on_air, make_video):
    early = do_plan(on_air, make_video("Tadi (contoh)", 300), after(600), NOW).entry
    do_plan(on_air, make_video("Besok (contoh)"), after(86_400 + 60), NOW)
    now = after(700)
    do_copy_day(on_air, date(2026, 11, 25), [date(2026, 11, 24)], now, keeps=False)
    assert [one.video for one in plan_of(on_air, date(2026, 11, 24))] == [early.video_id]


def test_a_copy_to_today_shows_again_what_aired_and_says_what_came_too_late(
    editor, on_air, make_video, clock
):
    on_air.repeats_daily = False
    on_air.save()
    early = do_plan(on_air, make_video("Tadi (contoh)", 300), after(600), NOW).entry
    again = after(86_400 + 7200)
    do_plan(on_air, early.video, again, NOW)
    clock(700)
    given = {"days": [DAY], "keeps": ""}
    told = text(editor.post(page("copy", on_air, TOMORROW), given, follow=True))
    starts = [one.start for one in plan_of(on_air, date(2026, 11, 24))]
    assert starts == [early.start, again - timedelta(days=1)]
    assert "Disalin ke 1 hari." in told
    assert "perubahan datang terlambat" in told


def test_looking_at_a_draft_writes_nothing_and_shows_the_days_that_repeat_it(
    editor, on_air, make_video
):
    do_plan(on_air, make_video("Lama (contoh)"), after(1800), NOW)
    editor.post(page("draft", on_air, DAY))
    add(editor, on_air, make_video("Baru (contoh)"), "14:00:00")
    with CaptureQueriesContext(connection) as asked:
        shown = text(editor.get(page("day", on_air, DAY)))
    assert "Baru (contoh)</b>" in shown
    wrote = re.compile(r'(INSERT INTO|UPDATE|DELETE FROM) "channels_')
    assert [q["sql"] for q in asked if wrote.match(q["sql"])] == []
    draft = draft_of(on_air, date(2026, 11, 24))
    with as_if_published(draft, NOW):
        assert len(plan_of(draft.channel, date(2026, 11, 25))) == 2
    assert len(plan_of(draft.channel, date(2026, 11, 25))) == 1


def test_undo_leaves_what_another_editor_put_in_the_draft_since(
    editor, on_air, make_video, superuser
):
    editor.post(page("draft", on_air, DAY))
    add(editor, on_air, make_video("Satu (contoh)"), "14:00:00")
    other = Client()
    other.force_login(superuser)
    add(other, on_air, make_video("Dua (contoh)"), "15:00:00")
    told = text(editor.post(page("undo", on_air, DAY), follow=True))
    assert "Susunannya sudah diubah lagi." in told
    assert len(entries_of(draft_of(on_air, date(2026, 11, 24)))) == 2
    publish(other, on_air, seen(other, on_air))
    editor.post(page("undo", on_air, DAY))
    assert draft_of(on_air, date(2026, 11, 24)) is None


def test_an_edit_is_undone_to_what_the_draft_held_when_it_was_made(
    rf, on_air, make_video, editor_national
):
    request = rf.post("/")
    request.user = editor_national
    day = date(2026, 11, 24)
    draft = do_begin_draft(on_air, day, NOW)
    desk = Desk(request, on_air, day, NOW)
    theirs = Wanted(make_video("Dua (contoh)").pk, after(7200))
    do_edit_draft(draft, None, theirs, NOW)
    desk.add(make_video("Satu (contoh)"), after(3600), "", None)
    undo.do_undo(request, on_air, day, NOW)
    assert entries_of(draft_of(on_air, day)) == [theirs]


def test_undo_leaves_a_copied_day_that_was_edited_since(editor, on_air, make_video):
    do_plan(on_air, make_video("Kabar (contoh)"), after(1800), NOW)
    editor.post(page("copy", on_air, DAY), {"days": [TOMORROW, "2026-11-26"], "keeps": ""})
    do_plan(on_air, make_video("Lain (contoh)"), after(2 * 86_400), NOW)
    told = text(editor.post(page("undo", on_air, DAY), follow=True))
    assert "Susunannya sudah diubah lagi." in told
    assert len(plan_of(on_air, date(2026, 11, 26))) == 2


def test_a_draft_is_undone_on_a_day_that_only_repeated_and_has_begun(
    editor, on_air, make_video, clock
):
    do_plan(on_air, make_video("Kabar (contoh)"), after(1800), NOW)
    clock(86_400)
    before = plan_of(on_air, date(2026, 11, 25))
    editor.post(page("draft", on_air, TOMORROW))
    add(editor, on_air, make_video("Baru (contoh)"), "15:00:00", TOMORROW)
    publish(editor, on_air, seen(editor, on_air, TOMORROW), TOMORROW)
    assert len(plan_of(on_air, date(2026, 11, 25))) == 2
    editor.post(page("undo", on_air, TOMORROW))
    assert plan_of(on_air, date(2026, 11, 25)) == before


def test_what_is_to_be_undone_is_not_in_the_session(editor, on_air, make_video):
    editor.post(page("draft", on_air, DAY))
    add(editor, on_air, make_video("Satu (contoh)"), "14:00:00")
    assert "channels.undo" not in editor.session
    assert LastEdit.objects.count() == 1


def test_a_draft_that_is_no_more_is_refused(on_air, make_video):
    draft = do_begin_draft(on_air, date(2026, 11, 24), NOW)
    do_discard_draft(draft_of(on_air, draft.date))
    wanted = Wanted(make_video("Satu (contoh)").pk, after(3600))
    with pytest.raises(Refused):
        do_edit_draft(draft, None, wanted, NOW)
    with pytest.raises(Refused):
        do_publish_draft(draft, fingerprint([]), NOW)


def test_a_draft_is_refused_once_the_channels_zone_has_changed(on_air, make_video):
    draft = do_begin_draft(on_air, date(2026, 11, 24), NOW)
    late = datetime(2026, 11, 24, 16, 30, tzinfo=UTC)
    do_edit_draft(draft, None, Wanted(make_video("Satu (contoh)").pk, late), NOW)
    on_air.cooperative.zone = "Asia/Jayapura"
    on_air.cooperative.save()
    wanted = Wanted(make_video("Dua (contoh)").pk, after(3600))
    with pytest.raises(Refused, match="Zona waktu"):
        do_edit_draft(draft, None, wanted, NOW)


def test_a_copy_to_itself_to_nowhere_to_the_past_and_onto_a_draft_is_refused(
    editor, on_air, make_video
):
    do_plan(on_air, make_video("Kabar (contoh)"), after(1800), NOW)
    today = date(2026, 11, 24)
    editor.post(page("draft", on_air, "2026-11-26"))
    for days in ([today], [], [date(2026, 11, 20)], [date(2026, 11, 26)]):
        with pytest.raises(Refused):
            do_copy_day(on_air, today, days, NOW, keeps=False)


def test_a_move_on_the_timeline_keeps_video_and_note(editor, on_air, make_video):
    entry = do_plan(on_air, make_video("Kabar (contoh)"), after(1800), NOW, "Pagi").entry
    url = page("move", on_air, DAY, f"{entry.video_id}-{int(entry.start.timestamp())}")
    assert url in editor.get(page("day", on_air, DAY)).content.decode()
    assert "Tulis jam mulainya." in text(editor.post(url, {"start": "kapan"}, follow=True))
    editor.post(url, {"start": "14.05.00"})
    entry.refresh_from_db()
    assert (entry.start, entry.note) == (after(5700), "Pagi")
    editor.post(page("undo", on_air, DAY))
    entry.refresh_from_db()
    assert entry.start == after(1800)


def test_what_began_the_evening_before_does_not_move_on_the_page_of_the_day_after(
    editor, on_air, make_video
):
    late = after(11 * 3600 + 1500)  # 23.55 WIB
    entry = do_plan(on_air, make_video("Malam (contoh)", 900), late, NOW).entry
    wish = f"{entry.video_id}-{int(entry.start.timestamp())}"
    shown = editor.get(page("day", on_air, TOMORROW)).content.decode()
    assert page("entry", on_air, TOMORROW, wish) in shown
    assert page("move", on_air, TOMORROW, wish) not in shown
    assert page("move", on_air, DAY, wish) in editor.get(page("day", on_air, DAY)).content.decode()
    answer = editor.post(page("move", on_air, TOMORROW, wish), {"start": "00.10.00"})
    assert answer.status_code == 404
    entry.refresh_from_db()
    assert entry.start == late


def test_a_move_that_is_refused_says_what_is_wrong_with_it(editor, on_air, make_video):
    entry = do_plan(on_air, make_video("Kabar (contoh)"), after(1800), NOW).entry
    Media.objects.filter(video=entry.video_id).delete()
    url = page("move", on_air, DAY, f"{entry.video_id}-{int(entry.start.timestamp())}")
    told = text(editor.post(url, {"start": "14.05.00"}, follow=True))
    assert "Tulis jam mulainya." not in told
    assert "messages" in told
    entry.refresh_from_db()
    assert entry.start == after(1800)


def test_another_regions_editor_finds_none_of_it(client, on_air, editor_sulsel):
    client.force_login(editor_sulsel)
    for name in ("draft", "publish", "discard", "copy"):
        assert client.post(page(name, on_air, DAY)).status_code == 404
    assert not DayDraft.objects.exists()

"""Drafts of the weekly template, and the way back from an edit of it."""

from datetime import date, time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cms.channels import in_force
from cms.channels.actions import do_plan
from cms.channels.drafts.coming import coming_changes
from cms.channels.drafts.weeks import lines_of_draft, week_draft_of
from cms.channels.models import BlockRun, Playlist, PlaylistItem, WeekDraft, WeeklySlot
from cms.channels.planning.template import Once
from cms.channels.template.actions import do_change_once
from tests.channels.pages import NOW, page, text
from tests.channels.weeks import NewBlock, do_add_block, do_add_slot

WORKDAYS = range(5)
WEDNESDAY = date(2026, 11, 25)


def add(client, channel, video, start, days=WORKDAYS, **more):
    given = {"video": video.pk, "weekdays": list(days), "start": start, "note": "", **more}
    return text(client.post(page("weekly", channel), given, follow=True))


def remove(client, channel, key):
    return text(client.post(page("remove_slot", channel, key), follow=True))


def begin(client, channel):
    return text(client.post(page("week_draft", channel), follow=True))


def publish(client, channel, mark=None):
    seen = mark or client.get(page("weekly", channel)).context["seen"]
    return text(client.post(page("publish_week", channel), {"seen": seen}, follow=True))


def undo(client, channel):
    return text(client.post(page("undo_week", channel), follow=True))


def draft_section(told):
    return told.split('id="planner-draft"')[1].split("</section>")[0]


def titles(channel):
    in_force.forget()
    return {e.title for e in in_force.read(channel.slug).entries if e.kind == "programme"}


def hours(channel):
    return [(f"{line.clock:%H.%M}", line.title) for line in channel.weekly.all()]


@pytest.fixture
def prices(on_air, make_video):
    """A line of Monday to Friday, 05.00."""
    do_add_slot(on_air, make_video("Harga Pagi (contoh)", 120), WORKDAYS, time(5), NOW)
    return WeeklySlot.objects.get()


def test_without_a_draft_a_line_is_on_air_at_once_and_undo_takes_it_back(
    editor, on_air, make_video
):
    told = add(editor, on_air, make_video("Kabar (contoh)"), "13:00")
    assert "Urungkan perubahan terakhir" in told
    assert titles(on_air) == {"Kabar (contoh)"}
    told = undo(editor, on_air)
    assert "Urungkan perubahan terakhir" not in told
    assert titles(on_air) == set()
    assert not on_air.weekly.exists()


def test_undo_brings_a_line_back_with_the_dates_that_differ_from_it(editor, on_air, prices):
    do_change_once(prices, WEDNESDAY, Once(clock=time(6)), NOW)
    remove(editor, on_air, prices.pk)
    assert titles(on_air) == set()
    undo(editor, on_air)
    line = WeeklySlot.objects.get()
    assert (line.title, line.clock, line.weekdays) == (prices.title, time(5), [0, 1, 2, 3, 4])
    assert [(one.date, one.clock) for one in line.changes.all()] == [(WEDNESDAY, time(6))]
    assert titles(on_air) == {"Harga Pagi (contoh)"}


def test_undo_is_refused_once_somebody_put_the_line_back(editor, on_air, prices):
    remove(editor, on_air, prices.pk)
    do_add_slot(on_air, prices.video, WORKDAYS, time(5), NOW)
    assert "Perubahan tidak dapat diurungkan." in undo(editor, on_air)
    assert on_air.weekly.count() == 1


def test_undo_is_refused_once_the_video_is_gone(editor, on_air, prices):
    remove(editor, on_air, prices.pk)
    prices.video.delete()
    assert "Videonya sudah dihapus." in undo(editor, on_air)
    assert not on_air.weekly.exists()


def test_a_draft_gathers_lines_and_viewers_see_them_once_it_is_published(
    editor, on_air, prices, make_video
):
    before = in_force.read("nasional").entries
    begin(editor, on_air)
    assert "Draf ini sama dengan yang tayang." in text(editor.get(page("weekly", on_air)))
    told = add(editor, on_air, make_video("Sore (contoh)"), "17:00", [1, 2])
    assert "Tersimpan di draf." in told
    told = draft_section(remove(editor, on_air, prices.pk))
    assert "<b>Ditambah</b> 17.00 WIB <b>Sore (contoh)</b>" in told
    assert "<b>Dihapus</b> 05.00 WIB <b>Harga Pagi (contoh)</b>" in told
    in_force.forget()
    assert in_force.read("nasional").entries == before
    assert hours(on_air) == [("05.00", "Harga Pagi (contoh)")]
    assert "Tersimpan." in publish(editor, on_air)
    assert titles(on_air) == {"Sore (contoh)"}
    assert hours(on_air) == [("17.00", "Sore (contoh)")]
    assert not WeekDraft.objects.exists()
    undo(editor, on_air)
    assert hours(on_air) == [("05.00", "Harga Pagi (contoh)")]
    assert titles(on_air) == {"Harga Pagi (contoh)"}


def test_the_draft_says_which_of_the_coming_days_change_and_how(editor, on_air, prices, make_video):
    do_change_once(prices, WEDNESDAY, Once(skips=True), NOW)
    begin(editor, on_air)
    remove(editor, on_air, prices.pk)
    add(editor, on_air, prices.video, "06:00", [2, 3])
    told = draft_section(add(editor, on_air, make_video("Kini (contoh)"), "05:00", [4]))
    days = told.split("Tujuh hari mulai hari ini")[1]
    # Today's 05.00 has passed, and Wednesday was without it already.
    assert "Selasa" not in days
    assert (
        'Rabu 25 November 2026</b></p> <ul><li class="planner-change-added">'
        "<b>Ditambah</b> 06.00.00 WIB Harga Pagi (contoh)</li></ul>"
    ) in days
    assert "<b>Dipindah</b> 05.00.00 WIB Harga Pagi (contoh) → 06.00.00 WIB" in days
    assert "<b>Diganti</b> 05.00.00 WIB Harga Pagi (contoh) → Kini (contoh)" in days
    assert "<b>Dihapus</b> 05.00.00 WIB Harga Pagi (contoh)" in days


def test_what_a_day_has_of_its_own_at_that_hour_does_not_change(editor, on_air, prices):
    on_air.repeats_daily = False
    on_air.save()
    start = NOW.replace(hour=22, minute=0)  # Wednesday 05.00 WIB
    do_plan(on_air, prices.video, start, NOW)
    found = coming_changes(on_air, [], NOW)
    assert WEDNESDAY not in found.days
    assert date(2026, 11, 26) in found.days


def test_a_line_that_begins_later_changes_none_of_the_coming_days(editor, on_air, make_video):
    begin(editor, on_air)
    video = make_video("Nanti (contoh)")
    told = add(editor, on_air, video, "17:00", first="2027-01-01", last="")
    assert "Tidak ada yang berubah pada tujuh hari ini." in told
    assert "sejak Jumat 1 Januari 2027" in draft_section(told)


def test_blocks_are_told_with_their_name_and_length(editor, on_air):
    begin(editor, on_air)
    given = {"content": "break", "minutes": "3", "weekdays": [2], "start": "09:00", "note": ""}
    editor.post(page("weekly", on_air), given)
    told = draft_section(text(editor.get(page("weekly", on_air))))
    assert "<b>Ditambah</b> 09.00.00 WIB Jeda (3.00)" in told


def test_edits_of_a_draft_are_undone_in_the_draft(editor, on_air, prices, make_video):
    begin(editor, on_air)
    add(editor, on_air, make_video("Satu (contoh)"), "14:00")
    remove(editor, on_air, prices.pk)
    undo(editor, on_air)
    lines = lines_of_draft(week_draft_of(on_air))
    assert [line.title for line in lines] == ["Harga Pagi (contoh)", "Satu (contoh)"]
    told = remove(editor, on_air, lines[1].pk)
    assert "Draf ini sama dengan yang tayang." in told


def test_a_discarded_draft_changes_nothing_and_comes_back_by_undo(
    editor, on_air, prices, make_video
):
    begin(editor, on_air)
    add(editor, on_air, make_video("Satu (contoh)"), "14:00")
    told = text(editor.post(page("discard_week", on_air), follow=True))
    assert "Draf dibuang." in told
    assert hours(on_air) == [("05.00", "Harga Pagi (contoh)")]
    undo(editor, on_air)
    assert len(lines_of_draft(week_draft_of(on_air))) == 2


def test_nobody_publishes_changes_that_were_not_read(editor, on_air, make_video):
    begin(editor, on_air)
    add(editor, on_air, make_video("Satu (contoh)"), "14:00")
    mark = editor.get(page("weekly", on_air)).context["seen"]
    add(editor, on_air, make_video("Dua (contoh)"), "15:00")
    assert "Susunan berubah sejak Anda memeriksanya." in publish(editor, on_air, mark)
    assert not on_air.weekly.exists()
    assert "Tersimpan." in publish(editor, on_air)
    answer = editor.post(page("publish_week", on_air), {"seen": mark})
    assert answer.status_code == 404


def test_the_same_twice_is_refused_in_a_draft_too(editor, on_air, prices):
    begin(editor, on_air)
    assert "Acara ini sudah ada pada jam itu." in add(editor, on_air, prices.video, "05:00", [0])
    assert "sudah ada" not in add(editor, on_air, prices.video, "05:00", [6])


def test_what_is_put_back_as_it_was_is_no_change_and_keeps_its_row(editor, on_air, prices):
    begin(editor, on_air)
    remove(editor, on_air, prices.pk)
    told = add(editor, on_air, prices.video, "05:00")
    assert "Draf ini sama dengan yang tayang." in told
    assert [line.pk for line in on_air.weekly.all()] == [prices.pk]


def test_a_line_whose_video_is_deleted_leaves_the_draft(editor, on_air, prices, make_video):
    begin(editor, on_air)
    video = make_video("Hilang (contoh)")
    add(editor, on_air, video, "14:00")
    video.delete()
    told = text(editor.get(page("weekly", on_air)))
    assert "Hilang (contoh)" not in told
    assert "Draf ini sama dengan yang tayang." in told


def test_a_block_on_air_that_comes_back_goes_on_with_what_it_was_to_play(
    editor, on_air, make_video, inkoppas, clock
):
    listed = Playlist.objects.create(cooperative=inkoppas, name="Serial (contoh)")
    for number in range(6):
        video = make_video(f"Babak {number} (contoh)", 600)
        PlaylistItem.objects.create(playlist=listed, video=video, sort_order=number)
    block = NewBlock(WeeklySlot.Content.IN_ORDER, listed, 3600)
    do_add_block(on_air, block, range(7), time(12, 35), NOW)
    in_force.forget()
    before = [e.title for e in in_force.read("nasional").entries if e.kind == "programme"]
    clock(900)
    remove(editor, on_air, WeeklySlot.objects.get().pk)
    clock(960)
    undo(editor, on_air)
    in_force.forget()
    after = [e.title for e in in_force.read("nasional").entries if e.kind == "programme"]
    assert after == before
    assert BlockRun.objects.filter(slot__isnull=True).count() == 0


def test_another_persons_edit_is_not_offered_for_undo(
    client, editor, on_air, make_video, superuser
):
    add(editor, on_air, make_video("Kabar (contoh)"), "13:00")
    client.force_login(superuser)
    assert "Urungkan perubahan terakhir" not in text(client.get(page("weekly", on_air)))


@pytest.mark.parametrize("name", ["week_draft", "undo_week", "publish_week", "discard_week"])
def test_an_editor_of_elsewhere_touches_no_draft(client, editor, on_air, editor_sulsel, name):
    begin(editor, on_air)
    client.force_login(editor_sulsel)
    assert client.post(page(name, on_air)).status_code in (403, 404)
    assert WeekDraft.objects.count() == 1


def test_the_page_asks_the_same_for_many_lines_as_for_few(editor, on_air, make_video):
    begin(editor, on_air)
    video = make_video("Satu (contoh)")

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            editor.get(page("weekly", on_air))
        return len(asked)

    add(editor, on_air, video, "11:00")
    add(editor, on_air, video, "12:00")
    few = queries()
    for hour in range(13, 18):
        add(editor, on_air, video, f"{hour}:00")
    assert queries() == few


def test_a_day_with_a_week_draft_says_so(editor, on_air):
    day = str(WEDNESDAY)
    assert "Mingguan (draf)" not in text(editor.get(page("day", on_air, day)))
    begin(editor, on_air)
    assert "Mingguan (draf)" in text(editor.get(page("day", on_air, day)))

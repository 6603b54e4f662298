"""Several entries of a day moved, removed or added as one edit."""

from datetime import timedelta

import pytest

from cms.channels.actions import do_plan
from cms.channels.models import PlannedEntry, Playlist, PlaylistItem
from cms.channels.planning.gaps import fitted
from tests.channels.pages import NOW, after, page, text

DAY = "2026-11-24"


@pytest.fixture
def planned(on_air, make_video):
    """Three entries: in 30, 60 and 90 minutes."""
    return [
        do_plan(on_air, make_video(f"Acara {n} (contoh)"), after(n * 1800), NOW).entry
        for n in (1, 2, 3)
    ]


def wish_of(entry):
    return f"{entry.video_id}-{int(entry.start.timestamp())}"


def do(client, channel, act, entries=(), **given):
    given = {"act": act, "wish": [wish_of(entry) for entry in entries], **given}
    return text(client.post(page("many", channel, DAY), given, follow=True))


def starts():
    return list(PlannedEntry.objects.order_by("start").values_list("start", flat=True))


def test_chosen_entries_are_removed_and_come_back_by_one_undo(editor, on_air, planned):
    before = starts()
    assert "2 acara dihapus." in do(editor, on_air, "remove", planned[:2])
    assert starts() == before[2:]
    editor.post(page("undo", on_air, DAY))
    assert starts() == before


@pytest.mark.parametrize(("act", "minutes"), [("later", 20), ("earlier", -20)])
def test_chosen_entries_are_moved_and_the_others_stay(editor, on_air, planned, act, minutes):
    stays, *_ = before = starts()
    assert "2 acara digeser." in do(editor, on_air, act, planned[1:], minutes=20)
    assert starts() == [stays, *(start + timedelta(minutes=minutes) for start in before[1:])]
    editor.post(page("undo", on_air, DAY))
    assert starts() == before


def test_a_day_is_emptied_but_for_what_has_begun(editor, on_air, planned, frozen):
    frozen.move_to(planned[1].start - timedelta(seconds=10))
    told = do(editor, on_air, "clear")
    assert "1 acara dihapus." in told
    assert "2 perubahan datang terlambat" in told
    assert starts() == [entry.start for entry in planned[:2]]


def test_a_draft_gathers_what_is_done_with_many(editor, on_air, planned):
    before = starts()
    editor.post(page("draft", on_air, DAY))
    assert "Tersimpan di draf." in do(editor, on_air, "clear")
    assert starts() == before
    assert len(on_air.drafts.get().entries) == 0
    editor.post(page("undo", on_air, DAY))
    assert len(on_air.drafts.get().entries) == 3


@pytest.mark.parametrize(
    ("act", "count", "given", "sentence"),
    [
        ("remove", 0, {}, "Pilih paling sedikit satu acara."),
        ("later", 1, {"minutes": ""}, "Isi berapa menit acaranya digeser."),
        ("later", 1, {"minutes": "1441"}, "Isi menitnya dengan angka dari 1 sampai 1440."),
        ("later", 1, {"minutes": "900"}, "tidak dapat digeser melewati tengah malam"),
        ("earlier", 1, {"minutes": "40"}, "Acara 1 (contoh)"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    editor, on_air, planned, act, count, given, sentence
):
    before = starts()
    assert sentence in do(editor, on_air, act, planned[:count], **given)
    assert starts() == before


def test_one_that_meets_its_own_twin_is_refused(editor, on_air, planned):
    first = planned[0]
    PlannedEntry.objects.create(
        channel=on_air, video=first.video, start=first.start + timedelta(minutes=15)
    )
    told = do(editor, on_air, "later", [first], minutes=15)
    assert "Acara ini sudah ada pada jam itu." in told
    assert len(starts()) == 4


@pytest.mark.parametrize(
    ("gaps", "videos", "found"),
    [
        ([(0, 10)], [(1, 4), (2, 6)], [(1, 0), (2, 4)]),
        ([(0, 9)], [(1, 4), (2, 6)], [(1, 0), (1, 4)]),
        ([(0, 4), (20, 30)], [(1, 4), (2, 6)], [(1, 0), (2, 20), (1, 26)]),
        ([(0, 3)], [(1, 4)], []),
        ([(0, 3)], [], []),
    ],
)
def test_whole_videos_fill_gaps_in_turn(gaps, videos, found):
    assert fitted(gaps, videos) == found


@pytest.fixture
def playlist(on_air, make_video):
    made = Playlist.objects.create(cooperative=on_air.cooperative, name="Serial (contoh)")
    for n, seconds in enumerate((3000, 2000)):
        video = make_video(f"Serial {n} (contoh)", seconds)
        PlaylistItem.objects.create(playlist=made, video=video, sort_order=n)
    return made


def test_gaps_are_filled_from_a_playlist_around_what_is_planned(editor, on_air, planned, playlist):
    shown = text(editor.get(page("day", on_air, DAY)))
    assert "Isi otomatis" in shown
    before = starts()
    told = text(editor.post(page("fill", on_air, DAY), {"playlist": playlist.pk}, follow=True))
    assert "acara ditambah." in told
    assert " mundur " not in told
    added = PlannedEntry.objects.exclude(pk__in=[entry.pk for entry in planned])
    assert {one.video.title for one in added} == {"Serial 0 (contoh)", "Serial 1 (contoh)"}
    editor.post(page("undo", on_air, DAY))
    assert starts() == before


@pytest.mark.parametrize("playlist", ["", "x", str(2**63)])
def test_a_list_that_cannot_be_is_not_found(editor, on_air, playlist):
    assert editor.post(page("fill", on_air, DAY), {"playlist": playlist}).status_code == 404


def test_a_playlist_of_another_cooperative_is_not_found(
    editor_a, client, on_air, playlist, pasar_b
):
    Playlist.objects.filter(pk=playlist.pk).update(cooperative=pasar_b)
    client.force_login(editor_a)
    answer = client.post(page("fill", on_air, DAY), {"playlist": playlist.pk})
    assert answer.status_code == 404

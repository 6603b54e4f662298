"""The day of a channel in the CMS: what editors see, do and may not do."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from cms.channels import in_force
from cms.channels.actions import do_plan, do_publish_rundown
from cms.channels.models import Channel, PlannedEntry
from tests.channels.pages import NOW, after, page, text

DAY = "2026-11-24"


def wish_of(entry):
    return f"{entry.video_id}-{int(entry.start.timestamp())}"


def add(client, channel, video, start, day=DAY, **more):
    given = {"video": video.pk, "start": start, "note": "", **more}
    return client.post(page("day", channel, day), given, follow=True)


def test_the_list_leads_to_the_day_and_says_what_is_on(editor, on_air):
    listing = text(editor.get(reverse("wagtailsnippets_channels_channel:list") + "?semua=1"))
    assert page("today", on_air) in listing
    assert "Pengisi" in listing
    answer = editor.get(page("today", on_air), follow=True)
    assert answer.redirect_chain == [(page("day", on_air, DAY), 302)]
    assert "Selasa 24 November 2026" in text(answer)


@pytest.mark.parametrize("filler_seconds", [(20, 33.6)])
def test_an_editor_adds_an_entry_and_reads_from_when_it_shows(editor, on_air, make_video):
    answer = add(
        editor, on_air, make_video("Kabar Pasar (contoh)", 60), "12:40:00", note="Langsung"
    )
    assert "Tersimpan. Perubahan tayang mulai 12.39." in text(answer)
    assert "Kabar Pasar (contoh)" in text(answer)
    entry = PlannedEntry.objects.get()
    assert (entry.start, entry.note) == (after(600), "Langsung")
    assert [e.note for e in in_force.read("nasional").entries if e.note][:1] == ["Langsung"]


def test_a_time_that_has_aired_is_refused_in_one_sentence_and_nothing_typed_is_lost(
    editor, on_air, make_video
):
    answer = add(editor, on_air, make_video("Kabar (contoh)"), "08:00:00", note="Pagi")
    assert "Pukul 08.00.00 WIB sudah tayang. Pilih waktu mulai sesudah 12.30.12 WIB." in text(
        answer
    )
    assert 'value="Pagi"' in text(answer)
    assert not PlannedEntry.objects.exists()


def test_only_videos_that_may_air_and_that_the_editor_sees_are_offered(
    client, on_air, make_video, pasar_a, pasar_b, editor_a
):
    local = Channel.objects.create(cooperative=pasar_a, name="Siar A", slug="siar-a")
    mine = make_video("Milik A (contoh)", cooperative=pasar_a)
    theirs = make_video("Milik B (contoh)", cooperative=pasar_b)
    make_video("Draf A (contoh)", cooperative=pasar_a, live=False)
    client.force_login(editor_a)
    chooser = reverse("airable_videos:choose")
    assert chooser in client.get(page("day", local, DAY)).content.decode()
    shown = text(client.get(chooser))
    assert "Milik A (contoh)" in shown
    assert "Milik B (contoh)" not in shown
    assert "Draf A (contoh)" not in shown
    add(client, local, theirs, "13:00:00")
    assert not PlannedEntry.objects.exists()
    add(client, local, mine, "13:00:00")
    assert PlannedEntry.objects.get().video == mine


def test_another_regions_editor_finds_nothing(client, on_air, make_video, editor_sulsel, jatim):
    local = Channel.objects.create(cooperative=jatim, name="Siar Jatim", slug="jatim")
    entry = PlannedEntry.objects.create(
        channel=local, video=make_video("Kabar (contoh)"), start=after(600)
    )
    client.force_login(editor_sulsel)
    wish = wish_of(entry)
    for name, extra in [
        ("today", []),
        ("day", [DAY]),
        ("entry", [DAY, wish]),
        ("remove", [DAY, wish]),
        ("undo", [DAY]),
        ("repeat", [DAY]),
    ]:
        assert client.get(page(name, local, *extra)).status_code == 404
        assert client.post(page(name, local, *extra)).status_code == 404
    assert PlannedEntry.objects.get() == entry


def test_a_coordinator_may_look_and_not_edit(client, on_air, make_video, pasar_a, coordinator_a):
    local = Channel.objects.create(cooperative=pasar_a, name="Siar A", slug="siar-a")
    client.force_login(coordinator_a)
    shown = client.get(page("day", local, DAY))
    assert shown.status_code == 200
    assert "Tambah acara" not in text(shown)
    add(client, local, make_video("Kabar (contoh)"), "13:00:00")
    assert not PlannedEntry.objects.exists()


def test_the_form_carries_the_token_without_which_it_is_refused(
    on_air, editor, editor_national, make_video
):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor_national)
    given = {"video": make_video("Kabar (contoh)").pk, "start": "13:00:00"}
    url = page("day", on_air, DAY)
    assert strict.post(url, given).status_code == 403
    assert not PlannedEntry.objects.exists()
    form = strict.get(url).content.decode().split('class="planner-form"')[1]
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)[1]
    assert strict.post(url, given | {"csrfmiddlewaretoken": token}).status_code == 302
    assert PlannedEntry.objects.exists()


def test_an_entry_is_moved_and_the_move_is_undone(editor, on_air, make_video):
    entry = do_plan(on_air, make_video("Kabar (contoh)"), after(600), NOW).entry
    url = page("entry", on_air, DAY, wish_of(entry))
    assert 'value="12:40:00"' in text(editor.get(url))
    given = {"video": entry.video_id, "start": "14.00.00", "note": "Siang"}
    answer = editor.post(url, given, follow=True)
    assert "Perubahan tayang mulai" in text(answer)
    entry.refresh_from_db()
    assert (entry.start, entry.note) == (after(5400), "Siang")
    editor.post(page("undo", on_air, DAY))
    entry.refresh_from_db()
    assert (entry.start, entry.note) == (after(600), "")


def test_an_entry_is_removed_after_a_question_and_the_removal_is_undone(editor, on_air, make_video):
    entry = do_plan(on_air, make_video("Kabar (contoh)"), after(600), NOW, "Pagi").entry
    url = page("remove", on_air, DAY, wish_of(entry))
    assert "pukul 12.40.00 WIB dihapus dari susunan" in text(editor.get(url))
    assert PlannedEntry.objects.exists()
    answer = editor.post(url, follow=True)
    assert "Urungkan perubahan terakhir" in text(answer)
    assert not PlannedEntry.objects.exists()
    answer = editor.post(page("undo", on_air, DAY), follow=True)
    back = PlannedEntry.objects.get()
    assert (back.video, back.start, back.note) == (entry.video, after(600), "Pagi")
    assert "Urungkan perubahan terakhir" not in text(answer)


def test_an_addition_is_undone(editor, on_air, make_video):
    add(editor, on_air, make_video("Kabar (contoh)"), "12:40:00")
    editor.post(page("undo", on_air, DAY))
    assert not PlannedEntry.objects.exists()


def test_what_aired_has_no_buttons_and_an_edit_of_it_is_refused(editor, on_air, make_video, clock):
    entry = do_plan(on_air, make_video("Kabar (contoh)"), after(600), NOW).entry
    url = page("entry", on_air, DAY, wish_of(entry))
    clock(900)
    assert url not in text(editor.get(page("day", on_air, DAY)))
    given = {"video": entry.video_id, "start": "14:00:00", "note": ""}
    assert "Yang sudah tayang tidak berubah." in text(editor.post(url, given, follow=True))
    removal = page("remove", on_air, DAY, wish_of(entry))
    assert "Yang sudah tayang tidak berubah." in text(editor.post(removal, follow=True))
    assert PlannedEntry.objects.get().start == after(600)


def test_what_is_on_now_is_marked(editor, on_air, make_video, clock):
    do_plan(on_air, make_video("Kabar (contoh)"), after(600), NOW)
    clock(620)
    shown = text(editor.get(page("day", on_air, DAY)))
    marked = shown.split('aria-current="true"')[1].split("</li>")[0]
    assert "Kabar (contoh)" in marked


def test_a_day_that_repeats_says_so_and_an_edit_gives_it_its_own_plan(editor, on_air, make_video):
    entry = do_plan(on_air, make_video("Kabar (contoh)"), after(600), NOW).entry
    tomorrow = "2026-11-25"
    shown = text(editor.get(page("day", on_air, tomorrow)))
    assert "Hari ini mengulang Selasa 24 November 2026" in shown
    wish = f"{entry.video_id}-{int(after(600 + 86_400).timestamp())}"
    assert page("remove", on_air, tomorrow, wish) in shown
    editor.post(page("remove", on_air, tomorrow, wish))
    shown = text(editor.get(page("day", on_air, tomorrow)))
    assert "Hari ini mengulang" not in shown
    assert page("remove", on_air, tomorrow, wish) not in shown
    editor.post(page("repeat", on_air, tomorrow))
    assert "Hari ini mengulang" in text(editor.get(page("day", on_air, tomorrow)))
    assert PlannedEntry.objects.get() == entry


def test_what_needs_mending_is_said_with_what_to_do(editor, on_air, make_video):
    first, second = make_video("Panjang (contoh)", 90), make_video("Telat (contoh)")
    draft = make_video("Ditarik (contoh)")
    do_plan(on_air, first, after(600), NOW)
    do_plan(on_air, second, after(630), NOW)
    do_plan(on_air, draft, after(1200), NOW)
    type(draft).objects.filter(pk=draft.pk).update(live=False)
    shown = text(editor.get(page("day", on_air, DAY)))
    assert "“Telat (contoh)” mundur" in shown
    assert "“Ditarik (contoh)” pukul 12.50.00 WIB belum dapat ditayangkan." in shown
    assert "direncanakan 12.40.30 WIB" in shown
    assert "Belum siap" in shown


def test_one_entry_that_pushes_many_is_one_thing_to_mend(editor, on_air, make_video):
    pusher = make_video("Terlalu panjang (contoh)", 90)
    films = [make_video(f"Film {n} (contoh)", 60) for n in range(6)]
    for n, film in enumerate(films):
        PlannedEntry.objects.create(channel=on_air, video=film, start=after(660 + 60 * n))
    long, alone = make_video("Panjang (contoh)", 90), make_video("Sendiri (contoh)", 60)
    PlannedEntry.objects.create(channel=on_air, video=long, start=after(3000))
    PlannedEntry.objects.create(channel=on_air, video=alone, start=after(3060))
    do_plan(on_air, pusher, after(600), NOW)
    shown = text(editor.get(page("day", on_air, DAY)))
    assert (
        "“Terlalu panjang (contoh)” memundurkan 6 acara, dari “Film 0 (contoh)” (12.41.00 WIB) "
        "sampai “Film 5 (contoh)” (12.46.00 WIB)." in shown
    )
    assert re.search(r"“Film 3 \(contoh\)”, direncanakan 12.44.00.WIB: terlambat 0.[23]\d", shown)
    assert shown.count("mundur ") == 1
    assert "“Sendiri (contoh)” mundur 0." in shown


def test_each_cause_is_one_line_with_its_count_and_a_way_to_mend_it(editor, on_air, make_video):
    """However often it is met: no line only says how much more there is."""
    drafts = [make_video(f"Draf {n} (contoh)", 60, live=False) for n in range(30)]
    films = [make_video(f"Film {n} (contoh)", 700) for n in range(10)]
    PlannedEntry.objects.bulk_create(
        [
            PlannedEntry(channel=on_air, video=v, start=after(7200 + 60 * n))
            for n, v in enumerate(drafts)
        ]
        + [
            PlannedEntry(channel=on_air, video=v, start=after(10_000 + 600 * n + 900 * (n // 2)))
            for n, v in enumerate(films)
        ]
    )
    do_publish_rundown(on_air, NOW)
    shown = text(editor.get(page("day", on_air, DAY)))
    advice = shown.split('id="planner-advice"')[1].split("</section>")[0]
    assert "30 acara belum dapat ditayangkan. Terbitkan videonya, atau ganti acaranya." in advice
    assert "5 acara mundur karena acara sebelumnya lebih panjang." in advice
    assert "Dan 10 acara lain." in advice
    assert advice.count(">Ubah acara pertama</a>") == 2
    first = f"{drafts[0].pk}-{int(after(7200).timestamp())}"
    assert page("entry", on_air, DAY, first) in advice
    assert "hal lain" not in advice


def test_a_start_after_the_line_above_is_offered(editor, on_air, make_video):
    do_plan(on_air, make_video("Kabar (contoh)", 60), after(600), NOW)
    line = next(e for e in in_force.read("nasional").entries if e.kind == "programme")
    shown = text(editor.get(page("day", on_air, DAY)))
    ends = after(600 + 60)
    assert f'value="{ends + timedelta(hours=7):%H:%M}:' in shown
    assert line.id == wish_of(PlannedEntry.objects.get())


def test_a_channel_that_waits_for_its_still_card_says_so(editor, on_air, slate, make_video):
    slate.media.publication = ""
    slate.media.save()
    shown = text(editor.get(page("day", on_air, DAY)))
    assert "Kartu jeda masih disiapkan." in shown


@pytest.mark.parametrize("day", ["kemarin", "2026-13-40", "2027-11-24"])
def test_a_day_that_is_none_is_not_found(editor, on_air, day):
    assert editor.get(page("day", on_air, day)).status_code == 404


def test_the_page_speaks_english_to_who_chose_it(editor, on_air, editor_national):
    editor_national.language = "en"
    editor_national.save()
    shown = text(editor.get(page("day", on_air, DAY)))
    assert "On air now" in shown
    assert "Tambah acara" not in shown


def test_fillers_that_are_edited_are_on_air_at_once(editor, on_air, make_video):
    version = in_force.read("nasional").rundown.version
    url = reverse("wagtailsnippets_channels_channel:edit", args=[on_air.pk])
    filler = on_air.fillers.first()
    given = {
        "cooperative": on_air.cooperative_id,
        "name": "Siar Nasional",
        "slug": "nasional",
        "colour": "#7b1e4e",
        "horizon_hours": 48,
        "repeats_daily": "on",
        "listed": "on",
        "fillers-TOTAL_FORMS": 1,
        "fillers-INITIAL_FORMS": 1,
        "fillers-MIN_NUM_FORMS": 0,
        "fillers-MAX_NUM_FORMS": 1000,
        "fillers-0-id": filler.pk,
        "fillers-0-video": make_video("Pengisi baru (contoh)", 28).pk,
        "fillers-0-ORDER": 1,
        "own_windows-TOTAL_FORMS": 0,
        "own_windows-INITIAL_FORMS": 0,
        "own_windows-MIN_NUM_FORMS": 0,
        "own_windows-MAX_NUM_FORMS": 1000,
    }
    answer = editor.post(url, given)
    assert answer.status_code == 302, [f.errors for f in answer.context["form"].formsets["fillers"]]
    assert in_force.read("nasional").rundown.version == version + 1


def test_a_day_with_many_lines_is_shown_in_parts(editor, on_air, make_video):
    video = make_video("Kabar (contoh)", 60)
    PlannedEntry.objects.bulk_create(
        PlannedEntry(channel=on_air, video=video, start=after(600 + 200 * n)) for n in range(100)
    )
    do_publish_rundown(on_air, NOW)
    shown = text(editor.get(page("day", on_air, DAY)))
    assert 'href="?bagian=4" aria-current="page"' in shown
    assert ">12.43." in shown
    assert ">15.43." not in shown
    assert ">15.43." in text(editor.get(page("day", on_air, DAY) + "?bagian=5"))
    assert editor.get(page("day", on_air, DAY) + "?bagian=99").status_code == 200


@pytest.mark.parametrize(
    "after",
    ["2026-11-24T14:00:00", "9999-12-31T23:59:59.5+00:00", "0001-01-01T00:00:00+14:00", "x"],
)
def test_a_strange_moment_in_the_address_is_no_failure(editor, on_air, after):
    answer = editor.get(page("day", on_air, DAY), {"setelah": after})
    assert answer.status_code == 200


@pytest.mark.parametrize("day", ["0001-01-01", "2019-12-31", "9999-12-31"])
def test_a_day_without_end_is_not_there(editor, on_air, day):
    assert editor.get(page("day", on_air, day)).status_code == 404
    chosen = editor.get(page("today", on_air), {"tanggal": day})
    assert chosen.status_code == (302 if day.startswith("9") else 404)

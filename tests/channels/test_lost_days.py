"""A day file of the rundown in force is lost or broken: one channel has no programme list."""

import logging
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from cms.channels import guide, in_force, past
from cms.channels.actions import do_extend_all, do_plan, do_publish_all, do_publish_rundown
from cms.channels.admin.failures import told_broken
from cms.channels.in_force import Unreadable
from cms.channels.models import Channel, Filler
from cms.core import facts
from cms.videos import publications
from cms.videos.actions import do_delete_video, do_take_down
from cms.videos.models import Media, Publication
from media_pipeline.model.keys import day_file, publication_folder, rundown_file
from media_pipeline.model.ticks import moment_of
from tests.channels.pages import NOW, after, page, text

DAYS = {"yesterday": "20261123", "today": "20261124", "tomorrow": "20261125"}
PAGES = (
    "/",
    "/live/",
    "/live/nasional/",
    "/live/nasional/now.json",
    "/live/nasional/past.json",
    "/guide/",
    "/guide/nasional/",
    "/guide/nasional/ulang/",
    "/guide/nasional/kalender.ics",
    "/tv/saluran/nasional.xml",
    "/tv.xml",
    "/tv.m3u",
    "/live/jatim/",
    "/guide/jatim/",
    "/api/v1/channels",
    "/api/v1/channels/nasional",
    "/api/v1/channels/nasional/guide",
    "/api/v1/channels/nasional/programmes",
    "/api/v1/channels/jatim/guide",
    "/admin/",
)


@pytest.fixture(autouse=True)
def empty(store):
    past.forget()


@pytest.fixture
def film(channel, make_video):
    return make_video("Kabar (contoh)", 300)


@pytest.fixture
def line(channel, film, jatim):
    """A nation on air since the day before yesterday, with a film a day, and a province below."""
    do_publish_rundown(channel, after(-2 * 86_400))
    do_plan(channel, film, after(-2 * 86_400 + 600), after(-2 * 86_400))
    heir = Channel.objects.create(cooperative=jatim, name="Jatim", slug="jatim", parent=channel)
    for hours in (-48, -24, 0):
        do_extend_all(after(hours * 3600))
    return channel, heir


@pytest.fixture
def other(inkoppas, channel, make_video):
    """A channel that is not on air yet."""
    made = Channel.objects.create(cooperative=inkoppas, name="Siar Zamrud", slug="zamrud")
    Filler.objects.create(channel=made, video=make_video("Pengisi Z (contoh)", 20), sort_order=0)
    return made


@pytest.fixture(params=DAYS.values(), ids=DAYS.keys())
def lost(request, line, store):
    """The file of a day that the nation lost, and what was in it."""
    (name,) = (name for name in in_force.days_of("nasional") if name.startswith(request.param))
    key = day_file("nasional", name)
    data = store.read(key)
    store.delete(key)
    forget()
    return key, data


def forget() -> None:
    in_force.forget()
    past.forget()


def errors(caplog) -> list[str]:
    return [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR]


def test_every_page_that_shows_the_channel_goes_on_without_its_programmes(
    lost, client, editor_national, caplog
):
    client.force_login(editor_national)
    for path in PAGES:
        assert client.get(path).status_code == 200, path
    assert client.get(reverse("wagtailsnippets_channels_channel:list")).status_code == 200
    assert any("nasional" in told and lost[0] in told for told in errors(caplog))


def test_a_reading_is_logged_once_with_the_channel_and_the_file(lost, line, caplog):
    nation, heir = line
    assert guide.now_and_next(nation, NOW) == (None, None)
    (told,) = errors(caplog)
    assert told.startswith("nasional: ")
    assert lost[0] in told
    assert guide.upcoming(heir, NOW, 3) == []
    assert errors(caplog)[1].startswith("jatim: ")
    assert lost[0] in errors(caplog)[1]


def test_the_planner_says_what_is_broken_and_who_mends_it(lost, line, client, editor_national):
    client.force_login(editor_national)
    for channel in line:
        told = [page("day", channel, day) for day in ("2026-11-23", "2026-11-24", "2026-11-30")]
        for path in (*told, page("copy", channel, "2026-11-24"), page("cut_in", channel)):
            answer = client.get(path)
            assert answer.status_code == 200
            assert f"Berkas siaran {lost[0]} hilang atau rusak" in text(answer)
            assert "memulihkan berkas itu dari cadangan" in text(answer)
        for name in ("weekly", "azan", "fair", "notice"):
            assert client.get(page(name, channel)).status_code == 200


def test_an_edit_meanwhile_changes_nothing_and_is_told(lost, line, film, client, editor_national):
    client.force_login(editor_national)
    nation, _ = line
    before = list(nation.planned.values_list("pk", "start"))
    given = {"video": film.pk, "start": "20:00:00", "note": ""}
    answer = client.post(page("day", nation, "2026-11-25"), given)
    assert f"Berkas siaran {lost[0]} hilang atau rusak" in text(answer)
    assert list(nation.planned.values_list("pk", "start")) == before


def test_the_other_channels_are_planned_and_who_asked_asks_again(lost, line, other, store):
    before = store.read(rundown_file("nasional"))
    with pytest.raises(Unreadable):
        do_publish_all([*line, other], after(60))
    assert in_force.read("zamrud") is not None
    assert store.read(rundown_file("nasional")) == before
    assert store.read(lost[0]) is None


def test_a_video_taken_down_meanwhile_leaves_the_future_once_the_file_is_back(lost, film, store):
    do_take_down(film, NOW)
    facts.deliver_due(NOW)
    store.write(*lost)
    assert in_force.read("nasional") is not None
    facts.deliver_due(after(3600))
    assert not shows(film)


def test_a_video_deleted_meanwhile_leaves_the_future_once_the_file_is_back(lost, film, store):
    do_delete_video(film, NOW)
    facts.deliver_due(NOW)
    store.write(*lost)
    facts.deliver_due(after(3600))
    assert not shows(film)


def shows(film) -> bool:
    later = after(2 * 3600)
    entries = in_force.read("nasional").entries
    programme = str(film.key)
    return any(e.programme == programme and moment_of(e.start) > later for e in entries)


def retire(film) -> str:
    """Give the film no publication any more; return the one it had."""
    old = film.media.publication
    Media.objects.filter(video=film).update(publication="")
    long_ago = NOW - timedelta(days=30)
    Publication.objects.create(id=old, video=film, created=long_ago, retired_at=long_ago)
    return old


def test_no_publication_is_removed_while_a_day_is_lost(lost, film, store):
    folder = publication_folder(retire(film))
    files = sorted(store.keys(folder))
    assert files
    with pytest.raises(Unreadable, match=lost[0]):
        publications.do_remove_unused(NOW)
    assert sorted(store.keys(folder)) == files
    assert not Publication.objects.filter(removed_at__isnull=False).exists()


@pytest.mark.parametrize("left", [None, b"", b"{", b'{"format": 9}'])
def test_no_publication_is_removed_while_the_rundown_itself_cannot_be_read(line, film, store, left):
    retire(film)
    key = rundown_file("nasional")
    store.delete(key) if left is None else store.write(key, left)
    forget()
    with pytest.raises(Unreadable, match=key):
        publications.do_remove_unused(NOW)
    assert not Publication.objects.filter(removed_at__isnull=False).exists()


def test_no_publication_is_removed_while_an_older_day_of_catch_up_is_broken(line, film, store):
    for hours in (24, 48, 72, 96):
        do_extend_all(after(hours * 3600))
    key = day_file("nasional", min(in_force.days_of("nasional")))
    store.write(key, store.read(key)[:-1])
    forget()
    retire(film)
    with pytest.raises(Unreadable, match=key):
        publications.do_remove_unused(after(4 * 86_400))


def test_a_rundown_whose_index_is_broken_is_shown_as_none_and_named(line, store, caplog):
    nation, _ = line
    store.write(rundown_file("nasional"), b"{")
    forget()
    assert guide.on_air(nation, NOW) is None
    assert (
        f"nasional: it is shown without its programmes: {rundown_file('nasional')}"
        in (errors(caplog)[0])
    )


def test_the_sentence_is_there_in_english(lost, line):
    with pytest.raises(Unreadable) as caught:
        in_force.read("jatim")
    assert (caught.value.slug, caught.value.file) == ("nasional", lost[0])
    with translation.override("en"):
        assert told_broken(caught.value).startswith(f"The broadcast file {lost[0]} is lost")

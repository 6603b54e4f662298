"""Blocks of the template on air: playlists, rotations, breaks, and what stays when they are edited."""

import itertools
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cms.channels import in_force
from cms.channels.actions import do_plan, do_publish_if_ready, do_publish_rundown
from cms.channels.admin.block_advice import block_advice
from cms.channels.models import BlockRun, Playlist, PlaylistItem, WeeklySlot
from cms.channels.template.actions import do_remove_slot
from cms.core.refusals import Refused
from tests.channels.pages import page, text
from tests.channels.weeks import NewBlock, do_add_block

NOW = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)  # Tuesday, 12.30 WIB
WIB = ZoneInfo("Asia/Jakarta")
Content = WeeklySlot.Content
HOUR = 3600


@pytest.fixture
def films(make_video):
    return [make_video(f"Film {n} (contoh)", 600 * n) for n in (1, 2, 3, 4)]


@pytest.fixture
def playlist(inkoppas, films):
    made = Playlist.objects.create(cooperative=inkoppas, name="Serial (contoh)")
    for order, film in enumerate(films):
        PlaylistItem.objects.create(playlist=made, video=film, sort_order=order)
    return made


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def aired(channel, kinds=("programme", "promotion")):
    """Return (day, hour, title) of what plays, by the channel's clock."""
    in_force.forget()
    found = []
    for e in in_force.read(channel.slug).entries:
        if e.kind in kinds:
            local = datetime.fromtimestamp(e.start / 90_000 + 2, WIB)
            found.append((local.day, f"{local:%H.%M}", e.title.removesuffix(" (contoh)")))
    return found


def add(channel, playlist, content, clock=time(15), seconds=HOUR, days=range(7), now=NOW, **more):
    return do_add_block(channel, NewBlock(content, playlist, seconds), days, clock, now, **more)


def test_a_playlist_goes_on_the_next_day_where_it_stopped(channel, playlist):
    do_publish_rundown(channel, NOW)
    add(channel, playlist, Content.IN_ORDER)
    assert aired(channel) == [
        *((24, "15.00", "Film 1"), (24, "15.10", "Film 2"), (24, "15.30", "Film 3")),
        *((25, "15.00", "Film 4"), (25, "15.40", "Film 1")),
        *((26, "15.00", "Film 2"), (26, "15.20", "Film 3")),
    ]


def test_planning_again_at_any_moment_moves_nothing(channel, playlist):
    do_publish_rundown(channel, NOW)
    add(channel, playlist, Content.IN_ORDER)
    add(channel, playlist, Content.ROTATION, time(20))
    first = {e.start: e for e in in_force.read("nasional").entries}
    for hours in (1, 2.6, 3, 8, 20, 27, 40, 46):
        do_publish_if_ready(channel, after(hours * HOUR))
        in_force.forget()
        now = in_force.read("nasional").entries
        both = [e for e in now if e.start in first]
        assert both == [first[e.start] for e in both]
        assert len(both) > 100
        first = {e.start: e for e in now}


def test_a_rotation_goes_on_with_the_least_recently_aired(channel, playlist):
    do_publish_rundown(channel, NOW)
    add(channel, playlist, Content.ROTATION, seconds=2400)
    titles = [title for _, _, title in aired(channel)]
    # Film 4 does not fit behind film 3 and keeps its turn; film 1 does.
    assert titles == ["Film 1", "Film 2", "Film 3", "Film 1", "Film 4"]


def test_an_edited_list_changes_what_is_to_come_and_not_what_began(channel, playlist, films):
    do_publish_rundown(channel, NOW)
    add(channel, playlist, Content.IN_ORDER, time(13))
    later = after(2000)  # 13.03: the first block is on
    do_publish_if_ready(channel, later)
    playlist.items.filter(video=films[1]).delete()
    do_publish_if_ready(channel, later)
    assert [title for day, _, title in aired(channel) if day == 24] == [
        *("Film 1", "Film 2", "Film 3"),
    ]
    assert [title for day, _, title in aired(channel) if day == 25] == ["Film 4", "Film 1"]
    assert [title for day, _, title in aired(channel) if day == 26] == ["Film 3"]


@pytest.mark.parametrize("filler_seconds", [(20, 33.6)])
def test_a_break_without_a_list_is_filled_by_fillers_of_the_channel_and_ends_in_time(
    channel, make_video
):
    do_publish_rundown(channel, NOW)
    film = make_video("Film (contoh)", 600)
    do_plan(channel, film, after(1800), NOW)  # 13.00
    add(channel, None, Content.BREAK, time(13, 10), 180, [1])
    do_plan(channel, make_video("Sesudah (contoh)", 600), after(1800 + 780), NOW)
    assert aired(channel)[:2] == [(24, "13.00", "Film"), (24, "13.13", "Sesudah")]
    entries = in_force.read("nasional").entries
    begin = next(n for n, e in enumerate(entries) if e.title == "Film (contoh)")
    end = next(n for n, e in enumerate(entries) if e.title == "Sesudah (contoh)")
    shown = entries[begin + 1 : end]
    assert {e.kind for e in shown} <= {"filler", "slate"}
    assert [e for e in shown if not e.id.startswith(("filler-", "slate-"))]
    assert all(one.publication != two.publication for one, two in itertools.pairwise(shown))


def test_a_video_that_is_withdrawn_gives_its_turn_to_the_next(channel, playlist, films):
    do_publish_rundown(channel, NOW)
    add(channel, playlist, Content.IN_ORDER)
    type(films[0]).objects.filter(pk=films[0].pk).update(live=False)
    assert channel in type(channel).objects.using_video(films[0].pk)
    do_publish_if_ready(channel, after(60))
    assert aired(channel)[0] == (24, "15.00", "Film 2")


def test_a_block_that_is_taken_out_leaves_its_history_to_the_next_one(channel, playlist):
    do_publish_rundown(channel, NOW)
    add(channel, playlist, Content.IN_ORDER, time(13))
    tomorrow = after(86_400)
    do_publish_if_ready(channel, tomorrow)
    do_remove_slot(WeeklySlot.objects.get(), tomorrow)
    assert BlockRun.objects.filter(slot=None).count() == 1
    add(channel, playlist, Content.IN_ORDER, time(20), now=tomorrow)
    assert next(t for day, hour, t in aired(channel) if day == 25 and hour >= "20") == "Film 4"


def test_a_video_that_was_deleted_is_missed_and_nothing_fails(channel, playlist, films):
    do_publish_rundown(channel, NOW)
    add(channel, playlist, Content.IN_ORDER, time(13))
    do_publish_if_ready(channel, after(1900))
    films[1].delete()
    assert do_publish_if_ready(channel, after(1950)) is not None
    assert "Film 2" not in [title for _, _, title in aired(channel)]


def test_a_block_for_one_date_is_there_once(channel, playlist):
    do_publish_rundown(channel, NOW)
    day = NOW.date()
    add(channel, playlist, Content.ROTATION, days=[day.weekday()], first=day, last=day)
    assert {day for day, _, _ in aired(channel)} == {24}


def test_the_same_block_twice_and_one_without_a_list_are_refused(channel, playlist):
    add(channel, playlist, Content.IN_ORDER)
    with pytest.raises(Refused, match="sudah ada"):
        add(channel, playlist, Content.IN_ORDER)
    with pytest.raises(Refused, match="daftar putarnya"):
        add(channel, None, Content.ROTATION, time(9))
    with pytest.raises(Refused, match="satu hari"):
        add(channel, playlist, Content.ROTATION, time(9), days=[])


def test_a_block_reaches_over_midnight(channel, playlist, client, editor_national):
    do_publish_rundown(channel, NOW)
    add(channel, playlist, Content.IN_ORDER, time(23, 30), days=[1])
    assert [row for row in aired(channel) if row[0] == 25][:1] == [(25, "00.00", "Film 3")]
    client.force_login(editor_national)
    shown = text(client.get(page("day", channel, "2026-11-25")))
    assert "Film 3 (contoh)" in shown
    assert "Serial (contoh)" in shown


def test_the_page_adds_a_block_and_the_day_names_it(client, channel, playlist, editor_national):
    do_publish_rundown(channel, NOW)
    client.force_login(editor_national)
    given = {"content": "in_order", "playlist": playlist.pk, "minutes": "60", "start": "15:00"}
    told = text(client.post(page("weekly", channel), given | {"weekdays": [1, 2]}, follow=True))
    assert "Daftar putar, berurutan · 1.00.00" in told
    day = text(client.get(page("day", channel, "2026-11-24")))
    assert day.count("· Serial (contoh)") == 3
    assert day.count("Hanya tanggal ini") == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"minutes": ""}, "Tulis berapa lama."),
        ({"playlist": ""}, "Pilih daftar putarnya."),
        ({"content": "video"}, "Pilih videonya."),
        ({"minutes": "99999"}, "1440"),
        ({"minutes": "-3"}, "0.5"),
    ],
)
def test_a_block_that_lacks_something_says_what(
    client, channel, playlist, editor_national, wrong, sentence
):
    client.force_login(editor_national)
    given = {"content": "rotation", "playlist": playlist.pk, "minutes": "60", "start": "15:00"}
    told = text(client.post(page("weekly", channel), given | {"weekdays": [1]} | wrong))
    assert sentence in told
    assert not WeeklySlot.objects.exists()


def test_an_empty_block_and_a_video_too_long_for_it_are_told(
    client, channel, playlist, editor_national, inkoppas
):
    do_publish_rundown(channel, NOW)
    empty = Playlist.objects.create(cooperative=inkoppas, name="Kosong (contoh)")
    add(channel, empty, Content.ROTATION, time(14))
    add(channel, playlist, Content.IN_ORDER, time(15), 1900)
    client.force_login(editor_national)
    day = text(client.get(page("day", channel, "2026-11-24")))
    assert "1 blok tidak punya video yang dapat ditayangkan" in day
    assert "“Kosong (contoh)” 14.00.00 WIB" in day
    assert "1 video lebih panjang daripada bloknya" in day
    assert "“Film 4 (contoh)” (40.00) di “Serial (contoh)”" in day


def test_an_edited_playlist_is_planned_at_once(
    client, channel, playlist, editor_national, monkeypatch
):
    do_publish_rundown(channel, NOW)
    add(channel, playlist, Content.IN_ORDER)
    client.force_login(editor_national)
    url = reverse("wagtailsnippets_channels_playlist:edit", args=[playlist.pk])
    assert "Serial (contoh)" in text(client.get(url))
    given = {"cooperative": playlist.cooperative_id, "name": "Serial (contoh)"}
    rows = list(playlist.items.all())
    given |= {
        "items-TOTAL_FORMS": len(rows),
        "items-INITIAL_FORMS": len(rows),
        "items-MIN_NUM_FORMS": 0,
        "items-MAX_NUM_FORMS": 1000,
    }
    for n, row in enumerate(rows):
        given |= {f"items-{n}-id": row.pk, f"items-{n}-video": row.video_id}
        given |= {f"items-{n}-ORDER": len(rows) - n}
    assert client.post(url, given).status_code == 302
    assert aired(channel)[0][2] == "Film 4"


def test_a_playlist_in_use_is_not_deleted(client, channel, playlist, editor_national):
    add(channel, playlist, Content.IN_ORDER)
    client.force_login(editor_national)
    url = reverse("wagtailsnippets_channels_playlist:delete", args=[playlist.pk])
    assert "dipakai di Siar Nasional" in text(client.post(url, follow=True))
    assert Playlist.objects.exists()


def test_another_regions_editor_sees_no_playlist(client, playlist, editor_sulsel):
    client.force_login(editor_sulsel)
    url = reverse("wagtailsnippets_channels_playlist:edit", args=[playlist.pk])
    assert client.get(url).status_code == 404
    listing = reverse("wagtailsnippets_channels_playlist:list")
    assert "Serial (contoh)" not in text(client.get(listing))


def test_a_list_that_a_market_edits_is_not_for_the_channel_of_those_above_it(
    client, channel, films, pasar_a, jatim, editor_national
):
    theirs = Playlist.objects.create(cooperative=pasar_a, name="Daftar Pasar (contoh)")
    PlaylistItem.objects.create(playlist=theirs, video=films[0], sort_order=0)
    with pytest.raises(Refused, match="milik koperasi lain"):
        add(channel, theirs, Content.IN_ORDER)
    client.force_login(editor_national)
    given = {"content": "in_order", "playlist": theirs.pk, "minutes": "60", "start": "15:00"}
    answer = client.post(page("weekly", channel), given | {"weekdays": [1]})
    assert "playlist" in answer.context["form"].errors
    assert not channel.weekly.exists()


def test_the_channel_of_a_market_plays_the_lists_of_its_own_and_of_those_above(
    channel, playlist, pasar_a, pasar_b, jatim
):
    channel.cooperative = pasar_a
    lists = [Playlist.objects.create(cooperative=c, name=c.name) for c in (pasar_a, pasar_b, jatim)]
    found = set(Playlist.objects.for_channel(channel))
    assert found == {playlist, lists[0], lists[2]}


def test_the_list_of_playlists_counts_their_videos_in_one(
    client, playlist, inkoppas, editor_national
):
    client.force_login(editor_national)
    url = reverse("wagtailsnippets_channels_playlist:list")

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert "Serial (contoh)" in text(client.get(url))
        return sum("channels_playlistitem" in one["sql"] for one in queries)

    before = asked()
    assert before
    for number in range(3):
        Playlist.objects.create(cooperative=inkoppas, name=f"Daftar {number} (contoh)")
    assert asked() == before


def test_advice_on_blocks_asks_no_more_for_more_of_them(channel, films, inkoppas, make_video):
    do_publish_rundown(channel, NOW)
    day = (NOW + timedelta(days=1)).date()

    def block(hour: int) -> None:
        made = Playlist.objects.create(cooperative=inkoppas, name=f"Daftar {hour} (contoh)")
        PlaylistItem.objects.create(playlist=made, video=films[0], sort_order=0)
        add(channel, made, Content.IN_ORDER, time(hour), 10)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert list(block_advice(channel, day))
        return len(queries)

    block(9)
    before = asked()
    block(11)
    block(13)
    assert asked() == before

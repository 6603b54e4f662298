"""Channels that inherit: what editors plan is theirs, what they do not is their parent's."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from cms.channels import guide, in_force
from cms.channels.actions import (
    do_extend_all,
    do_plan,
    do_publish_rundown,
    do_set_azan,
    do_unplan,
)
from cms.channels.admin.manners import manners_advice
from cms.channels.models import Azan, Channel, OwnWindow, PlannedEntry
from cms.channels.prayer.times import prayer_times
from cms.channels.publishing import NotReady, preview
from cms.channels.reels import reels
from cms.core import published
from media_pipeline.model.keys import rundown_file
from media_pipeline.model.ticks import TIMESCALE, ticks_of
from media_pipeline.playout import check_rundown, on_air, window

NOW = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)
"""12.30 WIB."""


def at(hours: float) -> datetime:
    return NOW + timedelta(hours=hours)


@pytest.fixture
def country(channel, make_video):
    """The national channel, on air with a film that repeats."""
    film = make_video("Film nasional (contoh)", 3000)
    PlannedEntry.objects.bulk_create(
        PlannedEntry(channel=channel, video=film, start=at(hour + 0.1)) for hour in range(12)
    )
    do_publish_rundown(channel, NOW)
    return channel


@pytest.fixture
def province(country, jatim):
    made = Channel.objects.create(
        cooperative=jatim, name="Siar Jatim", slug="jatim", parent=country, repeats_daily=False
    )
    OwnWindow.objects.create(channel=made, start=time(14), end=time(16))
    return made


def put_on_air(channel: Channel, now: datetime = NOW) -> in_force.InForce:
    do_publish_rundown(channel, now)
    found = in_force.read(channel.slug)
    assert found is not None
    return found


def segments(found: in_force.InForce, now: datetime) -> list[str]:
    """What a player reads, but for how long a programme lasts: an edit may change that."""
    text = window(found.lineup, reels, "v360", ticks_of(now))
    return [line for line in text.splitlines() if not line.startswith("#EXT-X-DATERANGE")]


def title_at(channel: Channel, hours: float) -> str:
    found = in_force.read(channel.slug)
    assert found is not None
    entry = on_air(found.lineup, ticks_of(at(hours)))
    return entry.title if entry else ""


def test_where_nothing_is_planned_the_parent_is_shown(province, country):
    found = put_on_air(province)
    assert check_rundown(found.lineup, reels) == ()
    assert [e.publication for e in found.entries][-20:] == [
        e.publication for e in in_force.read("nasional").entries
    ][-20:]
    assert found.index.days == ()


def test_own_entries_are_shown_in_an_own_window_and_the_parent_before_and_after(
    province, make_video
):
    own = make_video("Pasar Turi (contoh)", 1800)
    do_plan(province, own, at(2), NOW)
    put_on_air(province)
    assert title_at(province, 1.9) == "Film nasional (contoh)"
    assert title_at(province, 2.1) == "Pasar Turi (contoh)"
    assert title_at(province, 2.7) == "Film nasional (contoh)"
    playing = guide.on_air(province, at(2.1))
    assert playing is not None
    assert playing.title == "Pasar Turi (contoh)"


def test_what_is_planned_outside_an_own_window_does_not_take_the_parents_place(
    province, make_video
):
    do_plan(province, make_video("Terlalu malam (contoh)", 600), at(6), NOW)
    put_on_air(province)
    assert "Terlalu malam (contoh)" not in {e.title for e in in_force.read("jatim").entries}


def test_the_planner_says_what_is_outside_the_own_windows(
    client, province, make_video, editor_national, monkeypatch
):
    do_plan(province, make_video("Terlalu malam (contoh)", 600), at(6), NOW)
    client.force_login(editor_national)
    url = reverse("wagtailsnippets_channels_channel:day", args=[province.pk, "2026-11-24"])
    told = client.get(url).content.decode()
    assert "tidak tayang karena di luar jam siaran sendiri." in told
    assert "Di luar jam siaran sendiri" in told
    assert "Belum siap" not in told


def test_a_day_repeats_only_what_the_own_windows_can_show(province, make_video):
    province.repeats_daily = True
    province.save()
    do_plan(province, make_video("Sore (contoh)", 600), at(2), NOW)
    do_plan(province, make_video("Terlalu malam (contoh)", 600), at(6), NOW)
    tomorrow = preview(province, NOW, at(48))
    said = [c.title for c in tomorrow.cautions if c.kind == "outside"]
    assert said == ["Terlalu malam (contoh)"]
    assert title_at(province, 26.1) == "Sore (contoh)"


def test_own_entries_end_with_their_window(province, make_video):
    do_plan(province, make_video("Panjang (contoh)", 3 * 3600), at(2), NOW)
    put_on_air(province)
    assert title_at(province, 3.45) == "Panjang (contoh)"
    assert title_at(province, 3.52) == "Film nasional (contoh)"


def test_what_begins_after_the_end_of_a_window_is_dropped_with_what_overruns_it(
    province, make_video
):
    do_plan(province, make_video("Panjang (contoh)", 3 * 3600), at(1.5), NOW)
    do_plan(province, make_video("Sore (contoh)", 3600), at(2.5), NOW)
    put_on_air(province)
    assert title_at(province, 3.45) == "Panjang (contoh)"
    assert title_at(province, 3.52) == "Film nasional (contoh)"
    assert title_at(province, 4.6) == "Film nasional (contoh)"


@pytest.mark.parametrize("minutes", [5, 37.31, 70])
def test_an_azan_of_a_channel_that_inherits_is_never_late(province, make_video, minutes):
    azan = Azan(channel=province)
    setting = azan.setting()
    asar = prayer_times(setting.city, NOW.date())["asar"]
    do_plan(province, make_video("Film (contoh)", 3600), asar - timedelta(minutes=minutes), NOW)
    do_set_azan(azan, NOW)
    found = in_force.read("jatim")
    (call,) = [e for e in found.entries if e.id.startswith("azan-asar")][:1]
    assert ticks_of(asar) - 9 * TIMESCALE < call.start <= ticks_of(asar)


def test_what_the_parent_changes_is_shown_without_another_rundown_of_those_who_follow(
    province, country, make_video
):
    put_on_air(province)
    store = published.store()
    before = store.read(rundown_file("jatim"))
    do_plan(country, make_video("Berita (contoh)", 300), at(1), NOW + timedelta(minutes=1))
    assert title_at(province, 1.02) == title_at(country, 1.02)
    assert store.read(rundown_file("jatim")) == before


def test_a_parents_edit_changes_nothing_that_was_shown(province, country, make_video):
    put_on_air(province)
    later = NOW + timedelta(minutes=20)
    shown = segments(in_force.read("jatim"), later)
    do_plan(country, make_video("Berita (contoh)", 300), at(0.4), later)
    assert segments(in_force.read("jatim"), later) == shown


def test_an_extension_writes_down_what_was_joined_and_the_numbers_go_on(province, make_video):
    do_plan(province, make_video("Pasar Turi (contoh)", 1800), at(2), NOW)
    first = put_on_air(province)
    do_extend_all(at(9))
    found = in_force.read("jatim")
    assert found.index.version > first.index.version
    assert [j.source for j in found.index.joints] == ["relay", "own", "relay"]
    old = {e.start: (e.msn, e.dsn, e.publication) for e in first.entries}
    same = [e for e in found.entries if e.start in old and e.start < ticks_of(at(9))]
    assert len(same) > 10
    assert all(old[e.start] == (e.msn, e.dsn, e.publication) for e in same)


def test_an_extension_without_news_writes_nothing(province):
    put_on_air(province)
    before = published.store().read(rundown_file("jatim"))
    do_extend_all(at(7))
    do_extend_all(at(7))
    assert published.store().read(rundown_file("jatim")) == before


def test_a_third_channel_follows_the_second(province, jatim, make_video):
    market = Channel.objects.create(
        cooperative=jatim, name="Pasar Turi", slug="turi", parent=province, repeats_daily=False
    )
    OwnWindow.objects.create(channel=market, start=time(14, 15), end=time(14, 45))
    do_plan(province, make_video("Provinsi (contoh)", 3600), at(2), NOW)
    do_plan(market, make_video("Pasar (contoh)", 600), at(2.25 - 0.5), NOW)
    do_plan(market, make_video("Sayur (contoh)", 600), at(1.75), NOW)
    put_on_air(province)
    found = put_on_air(market)
    assert check_rundown(found.lineup, reels) == ()
    assert title_at(market, 2.7) == "Provinsi (contoh)"
    assert title_at(market, 3.4) == "Film nasional (contoh)"


def test_a_channel_waits_for_its_parent(jatim, channel):
    heir = Channel.objects.create(cooperative=jatim, name="J", slug="j", parent=channel)
    with pytest.raises(NotReady):
        do_publish_rundown(heir, NOW)


def test_a_channel_that_begins_to_follow_keeps_what_it_showed(country, jatim, make_video):
    own = Channel.objects.create(cooperative=jatim, name="Sendiri", slug="sendiri")
    do_plan(own, make_video("Sebelum (contoh)", 3600), at(0.01), NOW)
    first = put_on_air(own)
    later = NOW + timedelta(minutes=10)
    shown = segments(first, later)
    own.parent = country
    own.save()
    found = put_on_air(own, later)
    assert segments(found, later) == shown
    assert title_at(own, 0.5) == "Film nasional (contoh)"
    own.parent = None
    own.save()
    after = later + timedelta(minutes=10)
    shown = segments(found, after)
    again = put_on_air(own, after)
    assert again.index.parent == ""
    assert segments(again, after) == shown


def test_a_removed_programme_gives_its_hour_back_to_the_parent(province, make_video):
    edit = do_plan(province, make_video("Pasar Turi (contoh)", 1800), at(2), NOW)
    put_on_air(province)
    do_unplan(edit.entry, NOW + timedelta(minutes=1))
    assert title_at(province, 2.1) == "Film nasional (contoh)"


def test_a_channel_cannot_follow_itself_through_others(province, country):
    country.parent = province
    with pytest.raises(ValidationError, match="dirinya sendiri"):
        country.clean()


def test_a_line_of_channels_ends_at_eight(inkoppas):
    above = None
    for level in range(10):
        made = Channel(cooperative=inkoppas, name=f"S{level}", slug=f"s{level}", parent=above)
        if level <= 8:
            made.clean()
            made.save()
        above = made
    with pytest.raises(ValidationError, match="Paling banyak 8"):
        made.clean()


def test_a_line_of_channels_is_counted_with_those_below(inkoppas, country):
    above = None
    for level in range(8):
        above = Channel.objects.create(
            cooperative=inkoppas, name=f"S{level}", slug=f"s{level}", parent=above
        )
    top = Channel.objects.get(slug="s0")
    top.parent = country
    top.clean()
    top.parent = Channel.objects.create(
        cooperative=inkoppas, name="Tengah", slug="tengah", parent=country
    )
    with pytest.raises(ValidationError, match="Paling banyak 8"):
        top.clean()


def test_a_record_that_was_lost_is_made_again_where_nothing_is_new(province):
    put_on_air(province)
    before = province.rundowns.values("version", "checksum", "days").get()
    province.rundowns.all().delete()
    later = NOW + timedelta(minutes=1)
    assert do_publish_rundown(province, later) is None
    assert province.rundowns.values("version", "checksum", "days").get() == before
    assert do_extend_all(later + timedelta(minutes=1)) == 0
    assert province.rundowns.get().ends > at(48)


def test_what_the_parent_shows_is_not_for_the_editors_of_those_who_follow(province, make_video):
    put_on_air(province)
    entries = in_force.read("jatim").entries
    assert list(manners_advice(province, NOW.date(), entries)) == []
    do_plan(province, make_video("Pasar Turi (contoh)", 600), at(2), NOW)
    (advice,) = manners_advice(province, NOW.date(), in_force.read("jatim").entries)
    assert "1 acara belum punya takarir." in advice.sentence


def test_a_decoded_parent_is_let_go_with_those_who_follow_it(province, country, make_video):
    put_on_air(province)
    held = in_force.read("nasional")
    do_plan(country, make_video("Berita (contoh)", 300), at(1), NOW + timedelta(minutes=1))
    assert in_force.read("nasional") is not held
    assert list(in_force._kept) == ["nasional"]


def test_of_those_who_follow_a_number_is_kept(province, monkeypatch):
    monkeypatch.setattr(in_force, "_MOST_HEIRS", 1)
    other = Channel.objects.create(
        cooperative=province.cooperative, name="Lain", slug="lain", parent=province.parent
    )
    put_on_air(province)
    put_on_air(other)
    assert list(in_force._kept) == ["nasional", "lain"]


def test_a_window_is_of_a_weekday_or_a_date_but_not_both(province):
    day = NOW.date()
    with pytest.raises(ValidationError, match="tidak keduanya"):
        OwnWindow(channel=province, weekday=1, date=day, start=time(1), end=time(2)).clean()
    once = OwnWindow(date=day, start=time(1), end=time(2))
    weekly = OwnWindow(weekday=day.weekday(), start=time(1), end=time(2))
    daily = OwnWindow(start=time(1), end=time(2))
    week = [day + timedelta(days=n) for n in range(7)]
    assert [sum(w.holds_on(d) for d in week) for w in (once, weekly, daily)] == [1, 1, 7]

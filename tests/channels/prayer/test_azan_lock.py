"""A channel that keeps prayer times: what its rundown holds, in every zone of the country."""

from datetime import UTC, date, datetime, timedelta
from itertools import groupby

import pytest

from cms.channels import card, guide, in_force
from cms.channels.actions import do_extend_all, do_plan, do_set_azan, do_unplan
from cms.channels.admin.lines import lines_of
from cms.channels.models import Azan, InstallCard
from cms.channels.prayer.cards import SECONDS, do_ensure_card, words
from cms.channels.prayer.cities import city_named
from cms.channels.prayer.schedule import Setting, calls
from cms.channels.prayer.times import PRAYERS, prayer_times
from cms.channels.publishing import do_publish_rundown, preview
from cms.cooperatives.actions import do_tell_place
from cms.core import clock, facts
from cms.videos.models import Encode, Video
from media_pipeline.model.entry_ids import whole_of
from media_pipeline.model.ticks import moment_of
from media_pipeline.steps.probing import probe
from tests.channels.conftest import put_publication

NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)  # 08.00 WIB
DAY = date(2026, 11, 24)
SEGMENT = timedelta(seconds=4)


def entries(channel):
    in_force.forget()
    return in_force.read(channel.slug).entries


def called(channel):
    return {e.id: moment_of(e.start) for e in entries(channel) if e.kind == "azan"}


def turns(channel, prayer):
    """The entries of one call."""
    return [e for e in entries(channel) if whole_of(e.id) == f"azan-{prayer}-{DAY}"]


def in_turn(names):
    """Return `names` with neighbours that are the same as one."""
    return [name for name, _ in groupby(names)]


def live(channel, city, zone, **chosen):
    """Put `channel` on air with the azan of `city`."""
    channel.cooperative.city, channel.cooperative.zone = city, zone
    channel.cooperative.save()
    channel.refresh_from_db()
    do_set_azan(Azan(channel=channel, **chosen), NOW)
    return channel


@pytest.fixture(autouse=True)
def once(channel):
    """No day repeats another: each programme is on the rundown once."""
    channel.repeats_daily = False
    channel.save()


@pytest.mark.parametrize(
    ("city", "zone"),
    [
        ("Banda Aceh", "Asia/Jakarta"),
        ("Jakarta", "Asia/Jakarta"),
        ("Denpasar", "Asia/Makassar"),
        ("Makassar", "Asia/Makassar"),
        ("Jayapura", "Asia/Jayapura"),
    ],
)
def test_every_prayer_of_two_days_is_called_at_its_moment_in_every_zone(channel, city, zone):
    begun = called(live(channel, city, zone))
    coming = 0
    for day in (DAY, DAY + timedelta(days=1), DAY + timedelta(days=2)):
        for prayer, moment in prayer_times(city_named(city), day).items():
            if NOW + timedelta(minutes=1) < moment < NOW + timedelta(hours=48):
                coming += 1
                assert moment - SEGMENT < begun[f"azan-{prayer}-{day}"] <= moment
    assert coming == 10


def test_a_programme_stops_for_the_azan_and_goes_on_with_its_next_segment(channel, make_video):
    live(channel, "Jakarta", "Asia/Jakarta")
    zuhur = prayer_times(city_named("Jakarta"), DAY)["zuhur"]
    film = make_video("Pasar Pagi (contoh)", 3600)
    do_plan(channel, film, zuhur - timedelta(minutes=20), NOW)
    parts = [e for e in entries(channel) if e.title == film.title]
    assert parts[0].count in (299, 300)
    assert [(e.first, e.first + e.count) for e in parts] == [
        (0, parts[0].count),
        (parts[0].count, 900),
    ]
    between = [e for e in entries(channel) if parts[0].end <= e.start < parts[1].start]
    assert between == turns(channel, "zuhur")
    assert sum(e.duration for e in between) == 240 * 90_000


def test_a_programme_over_two_prayers_plays_in_three_parts(channel, make_video):
    live(channel, "Makassar", "Asia/Makassar")
    film = make_video("Rapat Anggota (contoh)", 5 * 3600)
    zuhur = prayer_times(city_named("Makassar"), DAY)["zuhur"]
    do_plan(channel, film, zuhur - timedelta(minutes=30), NOW)
    found = entries(channel)
    parts = [e for e in found if e.title == film.title]
    assert sum(e.count for e in parts) == 5 * 900
    kinds = [e.kind for e in found if parts[0].start <= e.start <= parts[-1].start]
    assert in_turn(kinds) == ["programme", "azan", "programme", "azan", "programme"]


def test_two_short_programmes_around_a_prayer_are_not_split(channel, make_video):
    live(channel, "Jayapura", "Asia/Jayapura")
    asar = prayer_times(city_named("Jayapura"), DAY)["asar"]
    first, second = make_video("Iklan A (contoh)", 40), make_video("Iklan B (contoh)", 40)
    do_plan(channel, first, asar - timedelta(seconds=44), NOW)
    do_plan(channel, second, asar - timedelta(seconds=4), NOW)
    found = [e for e in entries(channel) if e.kind in ("programme", "azan")]
    titles = in_turn(e.title.partition(" ·")[0] for e in found)
    place = titles.index(first.title)
    assert titles[place : place + 3] == [
        first.title,
        "Azan Asar",
        second.title,
    ]
    assert all(e.count == 10 for e in found if e.kind == "programme")


def test_a_programme_that_is_shortened_says_so(channel, make_video):
    live(channel, "Jakarta", "Asia/Jakarta", interrupts="shortened")
    zuhur = prayer_times(city_named("Jakarta"), DAY)["zuhur"]
    film = make_video("Pasar Pagi (contoh)", 3600)
    do_plan(channel, film, zuhur - timedelta(minutes=20), NOW)
    (shown,) = [e for e in entries(channel) if e.title == film.title]
    assert shown.count in (299, 300)
    cautions = preview(channel, NOW, NOW + timedelta(hours=48)).cautions
    assert [(c.kind, c.title) for c in cautions if c.wish] == [("azan_cut", film.title)]


def test_a_programme_that_moves_begins_after_the_azan(channel, make_video):
    live(channel, "Jakarta", "Asia/Jakarta", interrupts="moves")
    zuhur = prayer_times(city_named("Jakarta"), DAY)["zuhur"]
    film = make_video("Pasar Pagi (contoh)", 3600)
    do_plan(channel, film, zuhur - timedelta(minutes=20), NOW)
    (whole,) = [e for e in entries(channel) if e.title == film.title]
    assert whole.start == turns(channel, "zuhur")[-1].end


def test_minute_after_minute_the_rundown_stays_and_what_is_interrupted_goes_on(channel, make_video):
    live(channel, "Jakarta", "Asia/Jakarta")
    zuhur = prayer_times(city_named("Jakarta"), DAY)["zuhur"]
    film = make_video("Pasar Pagi (contoh)", 4 * 3600)
    do_plan(channel, film, zuhur - timedelta(minutes=200), NOW)
    before = [e for e in entries(channel) if e.title == film.title]
    for minutes in range(0, 300, 23):
        assert do_publish_rundown(channel, NOW + timedelta(minutes=minutes)) is None
    late = NOW + timedelta(minutes=260)
    extra = make_video("Sela (contoh)", 60)
    edit = do_plan(channel, extra, late + timedelta(hours=5), late)
    assert edit.published is not None
    assert [e for e in entries(channel) if e.title == film.title] == before


def test_turned_on_while_a_programme_plays_it_is_cut_and_goes_on(channel, make_video):
    do_publish_rundown(channel, NOW)
    film = make_video("Pasar Pagi (contoh)", 6 * 3600)
    do_plan(channel, film, NOW + timedelta(minutes=5), NOW)
    later = NOW + timedelta(hours=3)
    channel.refresh_from_db()
    do_set_azan(Azan(channel=channel), later)
    parts = [e for e in entries(channel) if e.title == film.title]
    assert sum(e.count for e in parts) == 6 * 900
    assert {whole_of(e.id) for e in parts} == {parts[0].id}
    assert f"azan-zuhur-{DAY}" in called(channel)


def test_turned_off_the_calls_go_and_the_programme_is_whole_again(channel, make_video):
    live(channel, "Jakarta", "Asia/Jakarta")
    film = make_video("Pasar Pagi (contoh)", 3600)
    zuhur = prayer_times(city_named("Jakarta"), DAY)["zuhur"]
    edit = do_plan(channel, film, zuhur - timedelta(minutes=20), NOW)
    azan = channel.azan
    azan.enabled = False
    do_set_azan(azan, NOW + timedelta(minutes=1))
    assert called(channel) == {}
    assert [e.count for e in entries(channel) if e.title == film.title] == [900]
    do_unplan(edit.entry, NOW + timedelta(minutes=2))


def test_a_channel_that_moves_to_another_zone_calls_at_the_new_citys_times(channel):
    live(channel, "Jakarta", "Asia/Jakarta")
    channel.cooperative.city, channel.cooperative.zone = "Kota Jayapura", "Asia/Jayapura"
    channel.cooperative.save()
    do_publish_rundown(channel, NOW + timedelta(minutes=1))
    begun = called(channel)
    moment = prayer_times(city_named("Jayapura"), DAY)["magrib"]
    assert moment - SEGMENT < begun[f"azan-magrib-{DAY}"] <= moment


def test_a_city_that_is_corrected_has_its_azan_as_soon_as_its_channels_hear_of_it(channel):
    live(channel, "Jakarta", "Asia/Jakarta")
    channel.cooperative.city, channel.cooperative.zone = "Kota Jayapura", "Asia/Jayapura"
    channel.cooperative.save()
    do_tell_place(channel.cooperative)
    facts.deliver_due(clock.now())
    moment = prayer_times(city_named("Jayapura"), DAY)["magrib"]
    assert moment - SEGMENT < called(channel)[f"azan-magrib-{DAY}"] <= moment


def test_a_clip_plays_whole_and_its_lead_comes_before_the_moment(channel, make_video):
    clip = make_video("Azan dari masjid (contoh)", 191.2)
    live(channel, "Jakarta", "Asia/Jakarta", clip=clip, lead_seconds=30, prayers=["magrib"])
    moment = prayer_times(city_named("Jakarta"), DAY)["magrib"] - timedelta(seconds=30)
    azan = next(e for e in entries(channel) if e.kind == "azan")
    assert moment - SEGMENT < moment_of(azan.start) <= moment
    assert azan.duration == 191.2 * 90_000
    assert azan.programme == str(clip.key)
    assert {whole_of(i).split("-")[1] for i in called(channel)} == {"magrib"}


def test_a_clip_that_is_withdrawn_gives_its_place_to_the_card(channel, make_video, store):
    clip, card = make_video("Azan (contoh)", 60), make_video("Kartu", 420, live=False)
    InstallCard.objects.create(card="magrib", video=card)
    live(channel, "Jakarta", "Asia/Jakarta", clip=clip, prayers=["magrib"], minutes=5)
    Video.objects.filter(pk=clip.pk).update(live=False)
    do_publish_rundown(channel, NOW + timedelta(minutes=1))
    azan = next(e for e in entries(channel) if e.kind == "azan")
    assert (azan.publication, azan.count) == (card.media.publication, 75)


def test_without_a_known_city_there_is_no_azan(channel):
    assert called(live(channel, "Negeri Antah", "Asia/Jakarta")) == {}


def test_the_guide_names_it_with_its_city_and_it_is_no_filler(channel):
    live(channel, "Jakarta", "Asia/Jakarta")
    rows = [row for row in guide.day(channel, DAY) if row.kind == "azan"]
    assert [row.title for row in rows] == [
        "Azan Zuhur · Jakarta",
        "Azan Asar · Jakarta",
        "Azan Magrib · Jakarta",
        "Azan Isya · Jakarta",
    ]


def test_ramadan_marks_imsak_and_counts_down_to_magrib(channel):
    live(channel, "Jakarta", "Asia/Jakarta", ramadan="on")
    found = in_turn(whole_of(e.id) for e in entries(channel) if e.kind == "azan")
    tomorrow = DAY + timedelta(days=1)
    place = found.index(f"azan-magrib-{DAY}")
    assert found[place - 5 : place] == [f"buka-{left}-{DAY}" for left in (5, 4, 3, 2, 1)]
    assert found.index(f"imsak-{tomorrow}") == found.index(f"azan-subuh-{tomorrow}") - 1


def test_ramadan_comes_by_itself_and_goes():
    setting = Setting(city_named("Jakarta"), shift=1)
    asked = calls(setting, date(2026, 2, 18), date(2026, 3, 20))
    days = sorted({call.id[6:] for call in asked if call.card == "imsak"})
    assert (days[0], days[-1], len(days)) == ("2026-02-19", "2026-03-20", 30)


def test_cards_are_made_one_at_a_time_for_who_asks_for_them(channel):
    assert do_ensure_card(NOW, 1) is None
    live(channel, "Jakarta", "Asia/Jakarta", ramadan="off")
    made = [do_ensure_card(NOW, 1) for _ in range(6)]
    assert made[-1] is None
    assert sorted(InstallCard.objects.values_list("card", flat=True)) == sorted(PRAYERS)
    assert Encode.objects.filter(video__in=[v for v in made if v]).count() == 5


def test_a_card_is_not_made_beside_another_that_is_being_made(channel, monkeypatch):
    live(channel, "Jakarta", "Asia/Jakarta", prayers=["zuhur"], ramadan="off")
    film, beside = card.film, []

    def filming(*asked):
        beside.append(do_ensure_card(NOW, 1))
        return film(*asked)

    monkeypatch.setattr(card, "film", filming)
    assert do_ensure_card(NOW, 1) is not None
    assert beside == [None]


def test_a_card_is_five_segments_long(tmp_path):
    film = card.film(tmp_path / "subuh.mp4", SECONDS, words("subuh"))
    assert probe(film, tmp_path).duration == 20


def test_a_card_is_shown_in_turns_and_told_of_once(channel, store):
    live(channel, "Jakarta", "Asia/Jakarta", prayers=["zuhur"], ramadan="off", minutes=3)
    video = do_ensure_card(NOW, 1)
    video.media.publication = put_publication(store, 77, SECONDS)
    video.media.save()
    do_publish_rundown(channel, NOW + timedelta(minutes=1))
    shown = turns(channel, "zuhur")
    assert [(e.publication, e.first, e.count) for e in shown] == [
        (video.media.publication, 0, 5)
    ] * 9
    assert sum(e.duration for e in shown) == 180 * 90_000
    (row,) = [row for row in guide.day(channel, DAY) if row.kind == "azan"]
    assert (row.start, row.end) == (moment_of(shown[0].start), moment_of(shown[-1].end))
    (line,) = [line for line in lines_of(channel, DAY, None, NOW) if line.wish.startswith("azan-")]
    assert (line.start, line.end) == (row.start, row.end)


def test_planned_again_in_the_middle_of_a_call_its_turns_stay(channel, store):
    live(channel, "Jakarta", "Asia/Jakarta", prayers=["zuhur"], ramadan="off")
    before = turns(channel, "zuhur")
    middle = moment_of(before[len(before) // 2].start)
    azan = channel.azan
    azan.minutes = 5
    do_set_azan(azan, middle)
    after = turns(channel, "zuhur")
    assert after[: len(before) // 2] == before[: len(before) // 2]
    assert sum(e.duration for e in after) == 300 * 90_000
    azan.enabled = False
    do_set_azan(azan, middle + timedelta(minutes=1))
    left = turns(channel, "zuhur")
    assert before[0] in left
    assert moment_of(left[-1].end) < middle + timedelta(minutes=2)


def test_a_card_plays_as_soon_as_it_is_encoded(channel, store):
    live(channel, "Jakarta", "Asia/Jakarta", prayers=["zuhur"], ramadan="off")
    video = do_ensure_card(NOW, 1)
    video.media.publication = put_publication(store, 77, 420)
    video.media.save()
    assert channel in type(channel).objects.using_video(video.pk)
    do_publish_rundown(channel, NOW + timedelta(minutes=1))
    azan = next(e for e in entries(channel) if e.kind == "azan")
    assert (azan.publication, azan.count) == (video.media.publication, 60)


def test_the_minute_makes_the_card_that_is_missing(channel, monkeypatch):
    live(channel, "Jakarta", "Asia/Jakarta", prayers=["zuhur"], ramadan="off")
    monkeypatch.setattr("cms.channels.prayer.cards.SECONDS", 1)
    do_extend_all(NOW)
    assert InstallCard.objects.get().card == "zuhur"

"""Potong sekarang: what is cut when, what comes after, and what later planning leaves alone."""

from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise

import pytest
from wagtail.models import ModelLogEntry

from cms.channels import in_force
from cms.channels.actions import do_extend_all, do_plan, do_publish_rundown, do_set_azan, do_unplan
from cms.channels.cutin.actions import do_cut_in, do_end_cut_in
from cms.channels.models import Azan, CutIn
from cms.channels.prayer.times import prayer_times
from cms.channels.reels import reels
from cms.core import published
from cms.core.refusals import Refused
from cms.videos.actions import do_withdraw
from media_pipeline.model.entry_ids import whole_of
from media_pipeline.model.ticks import moment_of, ticks_of
from media_pipeline.origin import create_origin
from media_pipeline.playout import check_rundown

NOW = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)
"""12.30 WIB."""


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.fixture
def filler_seconds():
    """The one that stands before the film moves the borders of its segments."""
    return (20, 33.6)


@pytest.fixture
def film(channel, make_video):
    """An hour that begins with the channel, and what follows it."""
    made = make_video("Film (contoh)", 3600)
    do_plan(channel, made, NOW, NOW)
    do_plan(channel, make_video("Sesudahnya (contoh)", 600), after(3600), NOW)
    do_publish_rundown(channel, NOW)
    return made


@pytest.fixture
def news(make_video):
    return make_video("Kabar darurat (contoh)", 120)


def cut(channel, video, seconds, *, returns="rejoins", **more) -> CutIn:
    """Press the button `seconds` after NOW."""
    return do_cut_in(channel, video, returns=returns, by=None, clock=lambda: after(seconds), **more)


def entries(slug="nasional"):
    found = in_force.read(slug)
    assert found is not None
    assert check_rundown(found.lineup, reels) == ()
    return found.entries


def around(cut, slug="nasional"):
    """What is on before, as and after the cut-in: (id, first, count)."""
    listed = list(entries(slug))
    places = [n for n, e in enumerate(listed) if whole_of(e.id) == cut.entry_id]
    shown = listed[places[0] - 1 : places[-1] + 2]
    return [(e.title, e.first, e.count) for e in shown]


def test_it_is_on_air_within_twelve_seconds_of_the_press(channel, film, news):
    for seconds in (700, 801.5, 902.9, 1003.99):
        made = cut(channel, news, seconds)
        begun = next(e for e in entries() if e.id == made.entry_id)
        assert begun.start == made.at
        # An origin tells of a segment of 4 s when it has ended and 2 s have passed.
        told = (made.start - after(seconds)).total_seconds() + 4 + 2
        assert 8 <= told <= 12


@pytest.mark.parametrize(
    ("returns", "follows"),
    [("rejoins", (207, 693)), ("resumes", (177, 723)), ("restarts", (0, 900))],
)
def test_what_was_cut_goes_on_as_the_editor_chose(channel, film, news, returns, follows):
    # At 705 s the border of 708 s is the first one that is free, two segments past what is told.
    made = cut(channel, news, 705, returns=returns)
    assert around(made) == [
        ("Film (contoh)", 0, 177),
        ("Kabar darurat (contoh)", 0, 30),
        ("Film (contoh)", *follows),
    ]


def test_what_rejoins_moves_no_later_programme_and_what_resumes_makes_it_late(channel, film, news):
    before = next(e.start for e in entries() if e.title == "Sesudahnya (contoh)")
    made = cut(channel, news, 705, returns="rejoins")
    assert next(e.start for e in entries() if e.title == "Sesudahnya (contoh)") == before
    do_end_cut_in(made, None, lambda: after(705))
    cut(channel, news, 900, returns="resumes")
    late = next(e.start for e in entries() if e.title == "Sesudahnya (contoh)") - before
    assert late == 120 * 90_000


def test_an_origin_shows_it_and_never_says_another_thing_of_what_it_said(channel, film, news):
    held = {"now": after(705)}
    origins = [
        create_origin(published.store(), media_url="/m/", clock=clock, name=name)
        for name, clock in (("a", lambda: held["now"]), ("b", lambda: held["now"] + 2 * SECOND))
    ]
    told: dict[int, str] = {}
    shown: dict[str, float] = {}
    made = None
    for step in range(60):
        held["now"] = after(700 + step)
        if step == 5:
            made = cut(channel, news, 705)
        for name, origin in zip("ab", origins, strict=True):
            origin.refresh()
            for msn, uri in listed(
                origin, held["now"] + (2 * SECOND if name == "b" else 0 * SECOND)
            ):
                assert told.setdefault(msn, uri) == uri
                if made and news.media.publication in uri:
                    shown.setdefault(name, step - 5)
    # The segment of 708 s has ended at 712 s, and is told 2 s later by each one's clock.
    assert shown == {"a": 11, "b": 9}


SECOND = timedelta(seconds=1)


def listed(origin, now):
    """(number, address) of each segment that `origin` names."""
    text, _ = origin.channels.known["nasional"].playlist("v360", ticks_of(now))
    lines = text.body.decode().splitlines()
    first = next(int(line.split(":")[1]) for line in lines if "MEDIA-SEQUENCE" in line)
    uris = [line for line in lines if not line.startswith("#")]
    return list(enumerate(uris, first))


def test_later_planning_edits_and_azan_leave_it_on_air(channel, film, news, make_video):
    made = cut(channel, news, 705, returns="resumes")
    shown = around(made)
    do_extend_all(after(710))
    do_publish_rundown(channel, after(740))
    planned = do_plan(channel, make_video("Malam (contoh)", 60), after(9000), after(760)).entry
    do_unplan(planned, after(800))
    do_set_azan(Azan(channel=channel), after(820))
    assert around(made) == shown
    before = entries()
    do_publish_rundown(channel, after(7 * 3600))
    assert list(entries())[: len(before) - 1] == list(before)[:-1]


def test_it_can_be_ended_at_the_first_free_segment(channel, film, news):
    made = cut(channel, news, 705)
    ended = do_end_cut_in(made, None, lambda: after(750))
    assert 2 <= (moment_of(ended.ended) - after(750)).total_seconds() <= 6
    assert around(made) == [
        ("Film (contoh)", 0, 177),
        ("Kabar darurat (contoh)", 0, 11),
        ("Film (contoh)", 188, 712),
    ]
    with pytest.raises(Refused, match="sudah selesai"):
        do_end_cut_in(made, None, lambda: after(800))


def test_another_one_takes_its_place_and_the_film_goes_on_after_both(
    channel, film, news, make_video
):
    made = cut(channel, news, 705, returns="resumes")
    second = cut(channel, make_video("Susulan (contoh)", 60), 730, returns="resumes")
    assert around(second) == [
        ("Kabar darurat (contoh)", 0, 6),
        ("Susulan (contoh)", 0, 15),
        ("Film (contoh)", 177, 723),
    ]
    made.refresh_from_db()
    assert made.ended == second.at


def test_programmes_that_it_covers_are_not_shown_and_the_one_under_its_end_is_joined(
    channel, make_video
):
    titles = ["A (contoh)", "B (contoh)", "C (contoh)"]
    for number, title in enumerate(titles):
        do_plan(channel, make_video(title, 300), after(600 + number * 300), NOW)
    do_publish_rundown(channel, NOW)
    made = cut(channel, make_video("Panjang (contoh)", 600), 700)
    shown = around(made)
    assert [title for title, *_ in shown] == ["A (contoh)", "Panjang (contoh)", "C (contoh)"]
    joined, begun = shown[-1], next(e for e in entries() if e.title == "C (contoh)")
    assert abs((moment_of(begun.end) - after(1500)).total_seconds()) < 4
    assert joined[1] > 20
    # Ended early, it gives back what it has not covered.
    do_end_cut_in(made, None, lambda: after(990))
    assert [title for title, *_ in around(made)][-1] == "B (contoh)"


def test_an_azan_comes_on_time_and_the_cut_in_goes_on_after_it(channel, film, make_video):
    azan = Azan(channel=channel)
    do_set_azan(azan, NOW)
    asar = prayer_times(azan.setting().city, NOW.date())["asar"]
    before = (asar - NOW).total_seconds()
    made = cut(channel, make_video("Rapat (contoh)", 900), before - 300)
    coming = [e for e in entries() if e.end > made.at]
    # The card is shown in turns.
    assert [kind for kind, _ in groupby(e.kind for e in coming)][:3] == [
        "programme",
        "azan",
        "programme",
    ]
    parts = [(e.first, e.count) for e in coming if whole_of(e.id) == made.entry_id]
    assert parts[0][1] == parts[1][0]
    assert sum(count for _, count in parts) == 225
    call = next(e for e in entries() if e.id.startswith("azan-asar") and e.end > made.at)
    assert 0 <= (asar - moment_of(call.start)).total_seconds() < 4


def test_pressed_during_an_azan_it_waits_for_the_end_of_it(channel, film, news):
    azan = Azan(channel=channel)
    do_set_azan(azan, NOW)
    asar = prayer_times(azan.setting().city, NOW.date())["asar"]
    before = list(entries())
    made = cut(channel, news, (asar - NOW).total_seconds() + 2)
    turns = [e for e in entries() if whole_of(e.id).startswith("azan-asar-2026-11-24")]
    assert turns == [e for e in before if e in turns]
    following = next(two for one, two in pairwise(entries()) if one == turns[-1])
    assert following.id == made.entry_id
    do_publish_rundown(channel, asar + timedelta(seconds=40))
    assert following in list(entries())


def test_a_video_that_is_withdrawn_ends_it_and_the_film_goes_on(channel, film, news):
    made = cut(channel, news, 705, returns="resumes")
    do_withdraw(news, after(740))
    do_publish_rundown(channel, after(740))
    shown = around(made)
    assert shown[1][2] < 30
    assert shown[2][:2] == ("Film (contoh)", 177)


def test_what_is_not_on_air_or_not_ready_is_refused(channel, news, make_video):
    with pytest.raises(Refused, match="belum mengudara"):
        cut(channel, news, 0)
    do_publish_rundown(channel, NOW)
    with pytest.raises(Refused, match="belum dapat ditayangkan"):
        cut(channel, make_video("Draf (contoh)", 60, live=False), 0)
    assert not CutIn.objects.exists()


def test_the_clock_is_read_after_the_lock_was_waited_for(channel, film, news):
    asked = []

    def clock():
        asked.append(CutIn.objects.count())
        return after(705)

    do_cut_in(channel, news, returns="rejoins", by=None, clock=clock)
    assert asked == [0]


def test_both_buttons_leave_a_line_in_the_log(channel, film, news, editor_national):
    made = do_cut_in(channel, news, returns="rejoins", by=editor_national, clock=lambda: after(705))
    do_end_cut_in(made, editor_national, lambda: after(730))
    kept = ModelLogEntry.objects.filter(object_id=str(channel.pk), action__startswith="channels.")
    assert {(e.action, e.user) for e in kept} == {
        ("channels.cut_in", editor_national),
        ("channels.end_cut_in", editor_national),
    }

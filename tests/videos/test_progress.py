"""How far a title is and when it is ready: never backwards, and honest while it waits."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.videos.encoding import progress, transcoding
from cms.videos.encoding.queueing import forecast
from cms.videos.encoding.queueing.claims import do_claim
from cms.videos.encoding.queueing.waiting import places
from cms.videos.encoding.worker import do_plan
from cms.videos.models import Encode, EncodeTask
from cms.videos.models.encode import State
from cms.videos.models.task import Step
from cms.videos.words.states import shown
from tests.videos.conftest import NOW
from tests.videos.jobs import job_of

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
Tasks = EncodeTask.objects


@pytest.fixture
def encode(make_video, pasar_a) -> Encode:
    """A title of a minute whose tasks are known."""
    return planned(Encode.objects.get(video=make_video(pasar_a)))


def planned(encode) -> Encode:
    task = Tasks.get(encode=encode, name="prepare")
    do_plan(do_claim(task.pk, encode.pk, "a", NOW), job_of(encode.publication), NOW)
    encode.refresh_from_db()
    return encode


def claim(encode, name, at, owner="a") -> EncodeTask:
    """A worker takes the task, whatever it waits for."""
    Tasks.filter(encode=encode, name=name, state=Step.HELD).update(state=Step.WAITING)
    return do_claim(Tasks.get(encode=encode, name=name).pk, encode.pk, owner, NOW + at)


def beat(task, at, done, owner="a") -> Encode:
    """A second's heartbeat of a worker that has done so much of its task."""
    assert Tasks.beat(task.pk, owner, NOW + at, done)
    progress.do_write(task.encode_id, NOW + at)
    return Encode.objects.get(pk=task.encode_id)


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def test_a_title_that_is_starved_says_so_and_no_longer_once_it_is_begun_anew(encode):
    said = "Lebih lambat dari perkiraan semula; mungkin mesin sedang sibuk."
    task = claim(encode, "opening", seconds(0))
    for at in range(5, 101, 5):
        assert not beat(task, seconds(at), at / 200).slower
    assert said not in shown(encode.video, NOW + seconds(100)).detail
    for at in range(105, 401, 5):
        beat(task, seconds(at), 0.5 + (at - 100) / 2000)
    assert said in shown(encode.video, NOW + seconds(400)).detail
    assert not beat(task, seconds(401), 0.1).slower


def test_what_people_see_never_runs_backwards_through_a_death_a_setback_and_a_pause(encode):
    seen: list[float] = []
    task = claim(encode, "opening", seconds(0))
    for at in range(1, 11):
        seen.append(beat(task, seconds(at), at / 10).progress)
    Tasks.complete(task.pk, "a", NOW + seconds(10))
    task = claim(encode, "opening-rest", seconds(10))
    for at in range(11, 21):
        seen.append(beat(task, seconds(at), (at - 10) / 20).progress)
    # Its worker dies: half of the task is lost, another begins it at nothing.
    Tasks.take_back(task.pk, "a", Tasks.get(pk=task.pk).beats, NOW + seconds(50))
    task = claim(encode, "opening-rest", seconds(50), "b")
    for at in range(51, 61):
        seen.append(beat(task, seconds(at), (at - 50) / 20, "b").progress)
    # The store is away for an hour: it is put back, and goes on as fast as before.
    later = NOW + seconds(3660)
    Tasks.put_back(task.pk, "b", later, "store_unavailable", "", counts=False, short=False)
    task = claim(encode, "opening-rest", seconds(3660), "c")
    for at in range(3661, 3681):
        row = beat(task, seconds(at), (at - 3660) / 20, "c")
        seen.append(row.progress)
    assert seen == sorted(seen)
    assert seen[-1] == pytest.approx(0.3)
    # A hundredth a second: the hour in which nobody worked says nothing of the pace.
    assert row.eta_seconds == pytest.approx(70, rel=0.25)


@pytest.mark.parametrize("jump", [seconds(7200), seconds(-7200)])
def test_a_clock_that_jumps_makes_neither_progress_nor_time_left_odd(encode, jump):
    task = claim(encode, "opening-rest", seconds(0))
    for at in range(1, 21):
        before = beat(task, seconds(at), at / 40)
    for at in range(21, 41):
        row = beat(task, seconds(at) + jump, at / 40)
        assert row.progress >= before.progress
        assert row.eta_seconds is None or row.eta_seconds < 400
    assert row.eta_seconds == pytest.approx(160, rel=0.25)


@given(
    st.lists(
        st.tuples(st.floats(0, 1), st.floats(-7200, 7200)),
        min_size=1,
        max_size=30,
    )
)
def test_whatever_is_reported_and_whenever_the_fraction_only_grows(reports):
    kept: object = []
    seen, at = [0.0], NOW
    for done, passed in reports:
        at += seconds(passed)
        found = transcoding.outlook(kept, [("opening", "picture", 0, 1.0, done)], at)
        kept = found.kept
        seen.append(found.fraction)
        assert found.eta_seconds is None or found.eta_seconds >= 0
    assert seen == sorted(seen)


def made_before(make_video, cooperative, took: float) -> None:
    """A title of a minute that was ready after `took` seconds of pictures."""
    encode = planned(Encode.objects.get(video=make_video(cooperative)))
    Tasks.filter(encode=encode).update(state=Step.DONE, started=NOW, finished=NOW)
    Tasks.filter(encode=encode, name="picture-0001").update(finished=NOW + seconds(took))
    Encode.objects.filter(pk=encode.pk).update(state=State.READY, progress=1, finished=NOW)


def test_who_waits_is_told_when_it_is_ready_by_what_is_before_it(make_video, pasar_a):
    made_before(make_video, pasar_a, 120)  # two seconds of work a second of title
    first, second = (planned(Encode.objects.get(video=make_video(pasar_a))) for _ in range(2))
    order = places(NOW)
    assert forecast.ready_in(order) == pytest.approx({first.pk: 120, second.pk: 240})
    seen = shown(second.video, NOW)
    assert (seen.place, seen.eta_seconds) == (2, pytest.approx(240))
    assert seen.detail == "Giliran ke-2. Siap sekitar 4 menit lagi."
    # One is at work and says itself how long it takes.
    Encode.objects.filter(pk=first.pk).update(eta_seconds=30, progress=0.5)
    claim(first, "opening", seconds(0))
    assert shown(second.video, NOW).detail == "Giliran ke-1. Siap sekitar 2 menit lagi."
    assert shown(first.video, NOW).eta_seconds == 30


def test_a_title_that_others_overtake_says_so_and_long_waits_are_told_in_hours(make_video, pasar_a):
    made_before(make_video, pasar_a, 7800)
    first, second = (planned(Encode.objects.get(video=make_video(pasar_a))) for _ in range(2))
    Encode.objects.filter(pk=first.pk).update(progress=0.25)
    Encode.objects.put_first(second.pk, NOW)
    seen = shown(first.video, NOW)
    assert seen.detail == (
        "Ditunda: video lain didahulukan. Yang sudah jadi tetap tersimpan. "
        "Giliran ke-2. Siap sekitar 3 jam 48 menit lagi."
    )
    assert seen.percent == 25
    assert "Didahulukan. Siap sekitar 2 jam 10 menit lagi." in shown(second.video, NOW).detail


def test_a_title_that_has_just_begun_is_judged_by_those_before_it(make_video, pasar_a):
    made_before(make_video, pasar_a, 120)
    title = planned(Encode.objects.get(video=make_video(pasar_a)))
    task = claim(title, "opening", seconds(0))
    assert beat(task, seconds(0.5), 0).eta_seconds == pytest.approx(120)
    for at in range(1, 11):  # a tenth of the work in ten seconds: faster than those
        row = beat(task, seconds(at), at / 10)
    assert row.eta_seconds == pytest.approx(90, rel=0.25)


def test_more_workers_are_reckoned_with(make_video, pasar_a, settings):
    made_before(make_video, pasar_a, 120)
    settings.ENCODE_WORKERS = 4
    waits = planned(Encode.objects.get(video=make_video(pasar_a)))
    assert forecast.ready_in(places(NOW)) == pytest.approx({waits.pk: 30})


def test_where_nothing_was_made_yet_or_by_a_clock_that_was_set_nothing_is_promised(
    make_video, pasar_a
):
    waits = Encode.objects.get(video=make_video(pasar_a))
    assert forecast.ready_in(places(NOW)) == {}
    assert shown(waits.video, NOW).detail == "Giliran ke-1."
    made_before(make_video, pasar_a, -50)
    made_before(make_video, pasar_a, 10**6)
    assert forecast.ready_in(places(NOW)) == {}
    made_before(make_video, pasar_a, 30)  # a title of unknown length is as long as others
    assert forecast.ready_in(places(NOW)) == pytest.approx({waits.pk: 30})

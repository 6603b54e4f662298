"""The tables of states: each move happens once, or says that it did not."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from cms.videos.actions import do_cancel_encode, do_put_first
from cms.videos.encoding import endings
from cms.videos.encoding.queueing.claims import ClaimGate, do_claim
from cms.videos.encoding.queueing.waiting import ANYTHING, LAST, places, waiting
from cms.videos.encoding.worker import do_leave_part, do_plan
from cms.videos.models import Encode, EncodeTask, Media, Video
from cms.videos.models.encode import State
from cms.videos.models.task import LONGEST_BACKOFF, LOSSES, Kind, Step
from cms.videos.words.states import shown
from tests.videos.conftest import NOW
from tests.videos.jobs import job_of

pytestmark = pytest.mark.postgres
LATER = NOW + timedelta(minutes=5)
Tasks = EncodeTask.objects


@pytest.fixture
def encode(make_video, pasar_a) -> Encode:
    return Encode.objects.get(video=make_video(pasar_a))


@pytest.fixture
def planned(encode) -> Encode:
    """A title whose tasks are known: sound, opening, opening-rest, one body, finish."""
    do_plan(claimed(encode), job_of(encode.publication), NOW)
    return Encode.objects.get(pk=encode.pk)


def claimed(encode, name="prepare", owner="a", now=NOW) -> EncodeTask:
    task = Tasks.get(encode=encode, name=name)
    found = do_claim(task.pk, encode.pk, owner, now)
    assert found is not None
    return found


def state_of(encode) -> str:
    return Encode.objects.get(pk=encode.pk).state


def steps(encode) -> dict[str, str]:
    return dict(Tasks.filter(encode=encode).values_list("name", "state"))


@pytest.mark.django_db
def test_a_title_goes_from_task_to_task_until_its_end_is_claimed(encode):
    assert state_of(encode) == State.WAITING
    task = claimed(encode)
    assert state_of(encode) == State.PROBING
    do_plan(task, job_of(encode.publication), NOW)
    assert state_of(encode) == State.ENCODING
    assert steps(encode) == {
        "prepare": "done",
        "sound": "waiting",
        "opening": "waiting",
        "opening-rest": "held",
        "picture-0001": "held",
        "finish": "held",
    }
    do_leave_part(claimed(encode, "opening"), NOW)
    assert steps(encode)["picture-0001"] == "waiting"
    for name in ("sound", "opening-rest", "picture-0001"):
        assert steps(encode)["finish"] == "held"
        do_leave_part(claimed(encode, name), NOW)
    assert steps(encode)["finish"] == "waiting"
    claimed(encode, "finish")
    assert state_of(encode) == State.FINISHING


@pytest.mark.django_db
def test_only_the_owner_of_the_lease_moves_a_task(encode):
    task = claimed(encode)
    assert do_claim(task.pk, encode.pk, "b", NOW) is None
    assert not Tasks.beat(task.pk, "b", NOW, 0.5)
    assert not Tasks.complete(task.pk, "b", NOW)
    assert not Tasks.fail(task.pk, "b", NOW, "empty", "")
    assert not Tasks.give_up(task.pk, "b")
    assert Tasks.beat(task.pk, "a", NOW, 0.5)
    assert Tasks.complete(task.pk, "a", NOW)
    assert not Tasks.fail(task.pk, "a", NOW, "empty", "")


@pytest.mark.django_db
def test_a_worker_that_lost_its_lease_cannot_say_that_it_is_done(encode):
    task = claimed(encode, owner="frozen")
    assert Tasks.take_back(task.pk, "frozen", task.beats, NOW)
    claimed(encode, owner="fresh", now=LATER)
    assert not Tasks.complete(task.pk, "frozen", LATER)
    assert Tasks.complete(task.pk, "fresh", LATER)


@pytest.mark.django_db
def test_a_lease_that_was_renewed_meanwhile_is_not_taken_back(encode):
    task = claimed(encode)
    Tasks.beat(task.pk, "a", NOW, 0.5)
    assert not Tasks.take_back(task.pk, "a", task.beats, NOW)


@pytest.mark.django_db
def test_a_file_that_kills_its_workers_is_quarantined_and_only_what_runs_alone_is_blamed(encode):
    task = claimed(encode)
    assert Tasks.take_back(task.pk, "a", task.beats, NOW)
    task.refresh_from_db()
    assert (task.alone, task.losses, task.state) == (True, 0, Step.WAITING)
    assert endings.do_condemn(NOW) == 0
    for loss in range(1, LOSSES + 1):
        task = claimed(encode)
        Tasks.take_back(task.pk, "a", task.beats, NOW)
        task.refresh_from_db()
        assert task.losses == loss
    assert do_claim(task.pk, encode.pk, "late", LATER) is None
    assert endings.do_condemn(NOW) == 1
    failed = Encode.objects.get(pk=encode.pk)
    assert (failed.state, failed.error_code) == (State.FAILED, "worker_lost")


@pytest.mark.django_db
def test_cancelling_ends_the_title_and_each_worker_is_told_at_its_next_beat(planned):
    sound, opening = claimed(planned, "sound"), claimed(planned, "opening", "b")
    assert do_cancel_encode(planned.video, NOW)
    assert state_of(planned) == State.CANCELLED
    for task, owner in ((sound, "a"), (opening, "b")):
        assert not Tasks.beat(task.pk, owner, NOW, 0.5)
        assert not Tasks.complete(task.pk, owner, NOW)
    assert not endings.do_clear(planned.pk)
    assert Tasks.drop(sound.pk, "a", NOW)
    assert not endings.do_clear(planned.pk)  # one is still at it
    assert Tasks.drop(opening.pk, "b", NOW)
    assert endings.do_clear(planned.pk)
    assert set(steps(planned).values()) == {"done", "dropped"}
    assert not do_cancel_encode(planned.video, NOW)


@pytest.mark.django_db
def test_an_encode_of_a_deleted_video_stops_and_ends(encode):
    task = claimed(encode)
    Video.objects.all().delete()
    assert not Tasks.beat(task.pk, "a", NOW, 0.5)
    endings.do_sweep(LATER)
    assert state_of(encode) == State.CANCELLED


@pytest.mark.django_db
def test_a_video_has_one_open_encode_whatever_happens(encode):
    with pytest.raises(IntegrityError), transaction.atomic():
        Encode.objects.create(video=encode.video, publication="b" * 32, created=NOW)


@pytest.mark.django_db
def test_what_was_put_back_by_a_clock_that_was_wrong_is_not_put_back_for_ever(encode):
    Tasks.update(not_before=NOW + timedelta(days=365))
    assert Tasks.claimable(NOW).exists()
    Tasks.update(not_before=NOW + LONGEST_BACKOFF)
    assert not Tasks.claimable(NOW).exists()


@pytest.mark.django_db
def test_places_in_the_queue_follow_the_turns(planned, make_video, pasar_a):
    second, third = (Encode.objects.get(video=make_video(pasar_a)) for _ in range(2))
    assert places(NOW) == {planned.pk: 1, second.pk: 2, third.pk: 3}
    assert do_put_first(third.video, NOW)
    assert not do_put_first(third.video, NOW)
    assert places(NOW) == {third.pk: 1, planned.pk: 2, second.pk: 3}
    claimed(third)
    assert places(NOW) == {planned.pk: 1, second.pk: 2}
    again = LATER + LONGEST_BACKOFF
    Tasks.filter(encode=planned).update(not_before=LATER, setbacks=1)
    assert places(NOW) == {second.pk: 1, planned.pk: 2}
    assert {each.encode for each in waiting(NOW)} == {second.pk}
    assert {each.encode for each in waiting(again)} == {second.pk, planned.pk}


@pytest.mark.django_db
def test_putting_first_what_was_put_back_lets_it_be_tried_at_once_before_all_others(
    encode, make_video, pasar_a
):
    task = claimed(encode)
    assert Tasks.put_back(task.pk, "a", LATER, "disk_full", "", counts=False, short=False)
    other = Encode.objects.get(video=make_video(pasar_a))
    assert [each.encode for each in waiting(NOW)] == [other.pk]
    assert do_put_first(encode.video, NOW)
    assert ClaimGate().claim(NOW, ANYTHING, LAST).encode == encode
    # Once more: an editor may wish it again after another setback.
    task.refresh_from_db()
    Tasks.put_back(task.pk, task.lease_owner, LATER, "disk_full", "", counts=False, short=False)
    assert shown(encode.video, NOW).may_put_first
    assert do_put_first(encode.video, NOW)
    assert places(NOW)[encode.pk] == 1
    assert not do_put_first(encode.video, NOW)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_many_workers_one_gets_the_task(make_video, pasar_a):
    encode = Encode.objects.get(video=make_video(pasar_a))
    task = Tasks.get(encode=encode)
    gate = threading.Barrier(6)
    won: list[str] = []

    def work(name):
        try:
            gate.wait()
            if found := do_claim(task.pk, encode.pk, name, NOW):
                won.append(found.lease_owner)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(f"worker {n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    task.refresh_from_db()
    assert won == [task.lease_owner]
    assert task.beats == 1


@pytest.mark.django_db
def test_progress_never_runs_backwards(planned):
    assert Encode.objects.advance(planned.pk, 0.5, 10, [])
    assert Encode.objects.advance(planned.pk, 0.2, None, [])
    planned.refresh_from_db()
    assert (planned.progress, planned.eta_seconds) == (0.5, None)


@pytest.mark.django_db
def test_a_new_upload_is_looked_at_before_a_library_that_is_encoded_again(make_video, pasar_a):
    library = [make_video(pasar_a) for _ in range(3)]
    Media.objects.update(publication="f" * 32)
    new = Encode.objects.get(video=make_video(pasar_a))
    assert do_put_first(library[2], NOW)
    gate = ClaimGate()
    first, second = (gate.claim(NOW, {Kind.PREPARE}, 0).encode for _ in range(2))
    assert (first.video, second) == (library[2], new)  # what an editor wishes goes before all
    assert places(NOW) == {library[0].encodes.get().pk: 1, library[1].encodes.get().pk: 2}

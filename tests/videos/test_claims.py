"""A task that must run alone, and what runs beside it all the same."""

from pathlib import Path

import pytest

from cms.videos.encoding.lanes import PICTURE, SOUND
from cms.videos.encoding.queueing import memory
from cms.videos.encoding.queueing.claims import COMPANY, ROOM, ClaimGate, do_claim
from cms.videos.encoding.queueing.waiting import ANYTHING, LAST
from cms.videos.encoding.worker import do_plan
from cms.videos.models import Encode, EncodeTask, Media
from cms.videos.models.task import Kind, Step
from tests.videos.conftest import NOW
from tests.videos.jobs import job_of

pytestmark = pytest.mark.django_db
Tasks = EncodeTask.objects


@pytest.fixture
def film(make_video, pasar_a) -> Encode:
    """A film that is playable; its body, one of whose tasks must run alone, waits."""
    encode = Encode.objects.get(video=make_video(pasar_a))
    do_plan(do_claim(encode.tasks.get().pk, encode.pk, "a", NOW), job_of("0" * 32), NOW)
    Tasks.filter(encode=encode, rank__lte=1).update(state=Step.DONE)
    Tasks.filter(name="picture-0001").update(state=Step.WAITING, alone=True)
    return encode


@pytest.fixture
def new_title(make_video, pasar_a):
    """Make an upload that nobody has looked at."""
    return lambda: Encode.objects.get(video=make_video(pasar_a))


def next_of(gate: ClaimGate, kinds=ANYTHING, most_rank=LAST) -> EncodeTask | None:
    return gate.claim(NOW, kinds, most_rank)


def test_without_room_a_task_that_must_run_alone_waits_for_the_others_and_they_for_it(
    film, new_title
):
    new_title()
    gate = ClaimGate(lambda: ROOM - 1)
    first = next_of(gate, {Kind.PREPARE})
    new_title()
    assert next_of(gate, {Kind.PICTURE}) is None
    assert next_of(gate) is None  # the process is being emptied
    gate.release(first)
    alone = next_of(gate, {Kind.PICTURE})
    assert (alone.encode, alone.alone) == (film, True)
    assert next_of(gate) is None
    gate.release(alone)
    assert next_of(gate, {Kind.PREPARE})


def test_the_lane_of_sound_is_free_for_titles_that_cannot_be_played_yet(film):
    Tasks.filter(name="picture-0001").update(state=Step.DONE)
    Tasks.filter(name="sound").update(name="sound-late", rank=3, state=Step.WAITING)
    gate = ClaimGate(lambda: ROOM)
    assert next_of(gate, SOUND.kinds, SOUND.most_rank) is None
    assert next_of(gate, PICTURE.kinds, PICTURE.most_rank).name == "sound-late"


def test_new_titles_are_looked_at_and_opened_beside_a_task_that_runs_alone(film, new_title):
    gate = ClaimGate(lambda: ROOM)
    assert next_of(gate, {Kind.PICTURE}).encode == film
    new = new_title()
    look = next_of(gate, {Kind.PREPARE, Kind.PICTURE}, 0)
    assert look.encode == new
    do_plan(look, job_of("1" * 32), NOW)
    gate.release(look)
    company = [next_of(gate) for _ in range(COMPANY)]
    assert {task.name for task in company} == {"opening", "sound"}
    new_title()
    assert next_of(gate) is None  # as many as there may be
    for task in company:
        Tasks.filter(pk=task.pk).update(state=Step.DONE)
        gate.release(task)
    Tasks.filter(encode=new, name="opening-rest").update(state=Step.WAITING)
    assert next_of(gate, {Kind.PICTURE}) is None  # the new title plays: the rest can wait


def test_what_is_only_encoded_again_waits_for_a_task_that_runs_alone(film, new_title):
    gate = ClaimGate(lambda: ROOM)
    assert next_of(gate, {Kind.PICTURE}).encode == film
    Media.objects.filter(video=new_title().video).update(publication="f" * 32)
    assert next_of(gate) is None


def test_a_stream_of_new_titles_does_not_keep_a_task_from_running_alone(film, new_title):
    gate = ClaimGate(lambda: ROOM)
    new_title()
    assert next_of(gate, {Kind.PREPARE})
    new_title()
    assert next_of(gate, {Kind.PICTURE}).encode == film  # nobody it would have to wait for


def test_what_can_wait_is_not_begun_before_a_task_that_waits_to_run_alone(film, new_title):
    gate = ClaimGate(lambda: ROOM)
    other = new_title()
    do_plan(do_claim(other.tasks.get().pk, other.pk, "a", NOW), job_of("1" * 32), NOW)
    Tasks.filter(encode=other, rank__lte=1).update(state=Step.DONE)
    Tasks.filter(encode=other, name="picture-0001").update(state=Step.WAITING)
    Tasks.filter(encode=film).update(state=Step.DONE)
    body = next_of(gate, {Kind.PICTURE})
    assert body.encode == other
    Tasks.filter(encode=film, name="picture-0001").update(state=Step.WAITING)
    assert next_of(gate, {Kind.PICTURE}) is None
    new = new_title()
    assert next_of(gate, {Kind.PREPARE}).encode == new  # urgent: also while the others end
    gate.release(body)
    assert next_of(gate, {Kind.PICTURE}).encode == film


@pytest.fixture
def short(film) -> EncodeTask:
    """The task of the film that must run alone, after it came to grief for lack of memory."""
    task = do_claim(Tasks.get(name="picture-0001").pk, film.pk, "a", NOW)
    Tasks.put_back(task.pk, "a", NOW, "out_of_memory", "", counts=True, short=True)
    return task


def test_what_lacked_memory_before_has_all_of_it(short, new_title):
    gate = ClaimGate(lambda: ROOM * 9)
    alone = next_of(gate, {Kind.PICTURE})
    new_title()
    assert next_of(gate) is None
    gate.release(alone)
    assert next_of(gate)


def test_what_lacked_memory_begins_beside_nothing_and_no_stream_of_new_titles_goes_before(
    short, new_title
):
    gate = ClaimGate(lambda: ROOM * 9)
    new_title()
    look = next_of(gate, {Kind.PREPARE})
    assert next_of(gate, {Kind.PICTURE}) is None
    new_title()
    assert next_of(gate) is None  # only what is urgent is at work: it is waited for
    gate.release(look)
    assert next_of(gate, {Kind.PREPARE}) is None  # another thread's turn
    assert next_of(gate, {Kind.PICTURE}).pk == short.pk


def test_new_titles_are_looked_at_while_work_has_to_end_anyway_before_what_lacked_memory(
    short, film, new_title
):
    Tasks.filter(pk=short.pk).update(state=Step.DONE)
    Tasks.filter(encode=film, name="finish").update(state=Step.WAITING)
    gate = ClaimGate(lambda: ROOM * 9)
    end = next_of(gate)
    Tasks.filter(pk=short.pk).update(state=Step.WAITING)
    assert next_of(gate) is None
    new = new_title()
    look = next_of(gate)
    assert look.encode == new
    gate.release(end)
    new_title()
    assert next_of(gate) is None
    gate.release(look)
    assert next_of(gate).pk == short.pk


def test_what_lacked_memory_is_waited_for_no_more_once_another_process_has_it(short, new_title):
    gate = ClaimGate(lambda: ROOM * 9)
    new_title()
    look = next_of(gate, {Kind.PREPARE})
    assert next_of(gate, {Kind.PICTURE}) is None
    assert do_claim(short.pk, short.encode_id, "elsewhere", NOW)
    new_title()
    assert next_of(gate)
    gate.release(look)


def test_that_memory_was_short_is_known_after_a_beat_and_a_process_that_was_asked_to_end(
    short, new_title
):
    task = do_claim(short.pk, short.encode_id, "b", NOW)
    assert Tasks.beat(task.pk, "b", NOW, 0.5)
    assert Tasks.give_up(task.pk, "b")
    gate = ClaimGate(lambda: ROOM * 9)
    assert next_of(gate, {Kind.PICTURE}).pk == short.pk
    new_title()
    assert next_of(gate) is None


def test_a_task_that_its_process_has_twice_is_alone_until_its_second_claim_is_over(film, new_title):
    """It was put back as one that must run alone, and taken anew before it was released."""
    opening = Tasks.filter(encode=film, name="opening")
    Tasks.filter(encode=film, name="picture-0001").update(state=Step.DONE)
    opening.update(state=Step.WAITING)
    gate = ClaimGate(lambda: ROOM)
    first = next_of(gate)
    assert Tasks.take_back(first.pk, first.lease_owner, first.beats, NOW)
    second = next_of(gate)
    assert (second.pk, second.alone) == (first.pk, True)
    gate.release(first)
    Media.objects.filter(video=new_title().video).update(publication="f" * 32)
    assert next_of(gate) is None
    gate.release(second)
    assert next_of(gate)


def write(root: Path, **files: str) -> None:
    for name, text in files.items():
        path = root / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_free_memory_is_the_least_of_what_machine_and_group_have(tmp_path):
    assert memory.available(tmp_path) == 0  # nothing is told
    write(tmp_path, proc__meminfo="MemTotal: 9000 kB\nMemAvailable:    4000 kB\n")
    assert memory.available(tmp_path) == 4000 * 1024
    write(tmp_path, proc__self__cgroup="0::/siar/worker\n")
    write(tmp_path / "sys/fs/cgroup/siar/worker", memory_dot_max="max\n")
    assert memory.available(tmp_path) == 4000 * 1024
    bound = {"memory_dot_max": "3000000\n", "memory_dot_current": "2500000\n"}
    write(tmp_path / "sys/fs/cgroup/siar", **bound)
    assert memory.available(tmp_path) == 500_000
    write(tmp_path / "sys/fs/cgroup/siar", memory_dot_stat="anon 1\ninactive_file 700000\n")
    assert memory.available(tmp_path) == 1_200_000
    write(tmp_path / "sys/fs/cgroup/siar", memory_dot_current="4000000\n")
    assert memory.available(tmp_path) == 0


def test_free_memory_of_a_container_that_sees_its_group_as_the_root(tmp_path):
    write(tmp_path, proc__meminfo="MemAvailable: 4000 kB\n", proc__self__cgroup="0::/\n")
    write(tmp_path / "sys/fs/cgroup", memory_dot_max="2000\n", memory_dot_current="500\n")
    assert memory.available(tmp_path) == 1500

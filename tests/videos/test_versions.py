"""Workers of two versions of Siar at one database: the older leaves to the newer, and neither fights."""

import logging
from datetime import timedelta

import msgspec
import pytest

from cms.core import clock, published
from cms.videos.actions import do_create_video
from cms.videos.encoding import endings, owners, worker
from cms.videos.encoding.queueing.claims import ClaimGate, do_claim
from cms.videos.models import Encode, EncodeTask
from cms.videos.models.encode import State
from cms.videos.models.task import Step
from media_pipeline import pipeline
from media_pipeline.model import keys, work
from tests.videos.conftest import NOW
from tests.videos.films import make_film
from tests.videos.jobs import run_all

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def fresh_process(monkeypatch):
    """What a worker process has learnt of titles is not known to the next one."""
    monkeypatch.setattr(worker, "_gate", ClaimGate())


@pytest.fixture
def prepared(pasar_a, tmp_path):
    """An encode whose tasks are known and wait."""
    path = make_film(tmp_path / "pagi.mp4")
    video = do_create_video(pasar_a, "Pagi di pasar (contoh)", path, None, NOW)
    assert worker.run_next(clock.now)
    return Encode.objects.get(video=video)


def write_as(encode: Encode, form: int) -> bytes:
    """Let the job of `encode` be of the format `form`; return what stands there then."""
    job = pipeline.found_job(published.store(), encode.publication)
    assert job is not None
    data = work.encode_work(msgspec.structs.replace(job, format=form))
    published.store().write(keys.job_file(encode.publication), data)
    return data


def counts(encode: Encode) -> set[tuple[int, int, int]]:
    return set(encode.tasks.values_list("attempts", "setbacks", "losses"))


def test_a_title_of_a_newer_version_is_given_back_said_so_once_and_not_taken_again(
    prepared, caplog
):
    written = write_as(prepared, work.FORMAT + 1)
    rows = list(prepared.tasks.order_by("pk").values_list("name", "state"))
    with caplog.at_level(logging.WARNING):
        assert run_all() == 1
        assert run_all() == 0
    said = [record.message for record in caplog.records]
    assert said == [f"encode {prepared.pk} is of a newer version of Siar: left to that"]
    assert list(prepared.tasks.order_by("pk").values_list("name", "state")) == rows
    assert counts(prepared) == {(0, 0, 0)}
    assert published.store().read(keys.job_file(prepared.publication)) == written


def test_nor_is_it_prepared_anew(prepared):
    """The newer version had begun it anew and its worker was lost before the tasks were known."""
    written = write_as(prepared, work.FORMAT + 1)
    prepared.tasks.exclude(name="prepare").delete()
    prepared.tasks.update(state=Step.WAITING, not_before=NOW)
    Encode.objects.update(state=State.WAITING)
    assert run_all() == 1
    assert published.store().read(keys.job_file(prepared.publication)) == written
    assert prepared.tasks.get().state == Step.WAITING
    assert Encode.objects.get().state == State.WAITING
    assert counts(prepared) == {(0, 0, 0)}


def test_another_title_gets_its_turn_meanwhile(prepared, pasar_a, tmp_path):
    write_as(prepared, work.FORMAT + 1)
    path = make_film(tmp_path / "siang.mp4", seconds=1)
    other = do_create_video(pasar_a, "Siang (contoh)", path, None, NOW)
    run_all()
    assert Encode.objects.get(video=other).state == State.READY


def test_a_title_of_an_older_version_is_left_while_a_worker_of_that_is_at_it(prepared):
    """It ends its task, and takes the next ones perhaps: then nothing is begun anew at all."""
    written = write_as(prepared, work.FORMAT - 1)
    sound, opening = prepared.tasks.filter(name__in=("sound", "opening")).order_by("name")[::-1]
    assert do_claim(sound.pk, prepared.pk, "older", clock.now())
    assert run_all() == 1
    assert published.store().read(keys.job_file(prepared.publication)) == written
    opening.refresh_from_db()
    assert (opening.state, opening.lease_owner) == (Step.WAITING, "")
    assert opening.not_before > clock.now()
    assert counts(prepared) == {(0, 0, 0)}
    assert EncodeTask.objects.holds(sound.pk, "older")
    assert Encode.objects.get().state == State.ENCODING


def test_it_is_begun_anew_once_nobody_of_the_older_version_is_at_it(prepared):
    write_as(prepared, work.FORMAT - 1)
    sound = prepared.tasks.get(name="sound")
    assert do_claim(sound.pk, prepared.pk, "older", clock.now())
    run_all()
    assert EncodeTask.objects.give_up(sound.pk, "older")
    later = clock.now() + timedelta(minutes=1)
    while worker.run_next(lambda: later):
        pass
    encode = Encode.objects.get()
    assert encode.state == State.READY
    assert encode.publication == prepared.publication


def test_all_that_waits_of_it_is_put_off_meanwhile_and_no_backoff_is_shortened(prepared):
    write_as(prepared, work.FORMAT - 1)
    now = clock.now()
    far = now + timedelta(minutes=4)
    waiting = prepared.tasks.filter(state=Step.WAITING)
    mine, olds, *others = waiting
    EncodeTask.objects.filter(pk=olds.pk).update(state=Step.WORKING, lease_owner="host/1|2|ab|cd")
    extra = EncodeTask(encode=prepared, name="backing-off", kind="picture", not_before=far)
    soon = EncodeTask(encode=prepared, name="soon", kind="picture", not_before=NOW)
    EncodeTask.objects.bulk_create([extra, soon])
    task = do_claim(mine.pk, prepared.pk, owners.new_owner(), now)
    assert not endings.do_begin_anew_or_defer(task, now)
    assert not EncodeTask.objects.claimable(now).filter(encode=prepared).exists()
    assert prepared.tasks.get(name="backing-off").not_before == far
    later = now + endings.OLDER
    assert set(EncodeTask.objects.claimable(later).filter(encode=prepared)) == {
        mine,
        soon,
        *others,
    }


def test_workers_of_the_new_version_do_not_wait_for_each_other(prepared):
    """Whatever they claim, and however slowly they look: the first that knows begins anew."""
    tasks = list(prepared.tasks.filter(name__in=("sound", "opening")))
    now = clock.now()
    mine = [do_claim(task.pk, prepared.pk, owners.new_owner(), now) for task in tasks]
    assert [endings.do_begin_anew_or_defer(task, now) for task in mine] == [True, False]
    assert Encode.objects.get().state == State.WAITING


@pytest.mark.parametrize(
    ("life", "older"), [("ab", True), (f"ab.{work.FORMAT - 1}", True), (f"ab.{work.FORMAT}", False)]
)
def test_the_name_of_a_worker_says_whether_its_version_is_older(life, older):
    assert owners.is_older(f"host/1|2|{life}|cd") is older
    assert not owners.is_older(owners.new_owner())

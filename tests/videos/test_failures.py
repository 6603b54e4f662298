"""Failures have names; what may mend is tried again, and the rest is told in one sentence."""

import errno
from datetime import timedelta

import pytest
from django.utils import translation

from cms.core import clock
from cms.core.refusals import Refused
from cms.videos.actions import do_create_video, do_retry_encode
from cms.videos.encoding import worker
from cms.videos.encoding.failures import Fault, OriginalUnreachable, failure
from cms.videos.models import Encode, EncodeTask, Media
from cms.videos.models.encode import State
from cms.videos.models.task import ATTEMPTS, LONGEST_BACKOFF, Step
from cms.videos.words.sentences import is_known, trouble
from cms.videos.words.states import shown
from media_pipeline.errors import (
    SOURCE_FAULTS,
    PicturesDiffer,
    StepFailed,
    StoreUnavailable,
    ToolMissing,
    ToolStopped,
    UnusableSource,
)
from tests.videos.conftest import NOW
from tests.videos.films import make_film
from tests.videos.jobs import run_all

pytestmark = pytest.mark.django_db(transaction=True)


def full_store() -> StoreUnavailable:
    """As the local store says that its disk is full."""
    try:
        try:
            raise OSError(errno.ENOSPC, "No space left on device")
        except OSError as full:
            raise StoreUnavailable("The published store cannot be used.") from full
    except StoreUnavailable as error:
        return error


NAMED = [
    (StoreUnavailable("far"), "store_unavailable", Fault.PLACE),
    (full_store(), "disk_full", Fault.PLACE),
    (OSError(errno.ENOSPC, "full"), "disk_full", Fault.PLACE),
    (StepFailed("a title of the file: no space left on device"), "step_failed", Fault.UNKNOWN),
    (OriginalUnreachable("timed out"), "original_unreachable", Fault.PLACE),
    (MemoryError(), "out_of_memory", Fault.UNKNOWN),
    (ToolStopped("memory", "It needed more than there is."), "out_of_memory", Fault.UNKNOWN),
    (StepFailed("broken"), "step_failed", Fault.UNKNOWN),
    (ZeroDivisionError(), "unexpected", Fault.UNKNOWN),
    (ToolStopped("killed", "by 9"), "tool_killed", Fault.KILLER),
    (ToolStopped("crashed", "by 11"), "tool_crashed", Fault.UNKNOWN),
    (ToolStopped("cpu", "more"), "over_limit", Fault.UNKNOWN),
    (ToolStopped("wall", "more"), "over_limit", Fault.UNKNOWN),
    (ToolStopped("output", "more"), "over_limit", Fault.UNKNOWN),
    (ToolStopped("disk", "more"), "disk_full", Fault.PLACE),
    (PicturesDiffer("a" * 32), "pictures_differ", Fault.FILE),
    (ToolMissing("no ffmpeg"), "tool_missing", Fault.FILE),
    (UnusableSource("empty", "It is empty."), "empty", Fault.FILE),
]


@pytest.mark.parametrize(("error", "code", "fault"), NAMED)
def test_each_failure_has_its_name_and_whose_fault_it_is(error, code, fault):
    named = failure(error)
    assert (named.code, named.fault) == (code, fault)


def test_every_name_has_one_sentence_of_its_own_in_both_languages():
    codes = {code for _, code, _ in NAMED} | {*SOURCE_FAULTS, "worker_lost"}
    for code in sorted(codes - {"unexpected"}):
        assert is_known(code), code
    for code in sorted(codes | {"clock_jump"}):
        with translation.override("id"):
            said = trouble(code)
        with translation.override("en"):
            assert trouble(code) != said
        assert said.endswith(".")


@pytest.fixture
def waiting_video(make_video, pasar_a):
    return make_video(pasar_a)


def breaks_by(monkeypatch, error):
    def breaks(*_arguments, **_keywords):
        raise error

    monkeypatch.setattr("cms.videos.encoding.transcoding.prepare", breaks)


def newest(video) -> Encode:
    return Encode.objects.filter(video=video).latest("pk")


@pytest.mark.parametrize("error", [StepFailed("broken"), MemoryError(), ZeroDivisionError()])
def test_a_tool_that_breaks_is_tried_again_and_then_the_title_fails(
    waiting_video, monkeypatch, error
):
    breaks_by(monkeypatch, error)
    moment = [NOW]
    for _attempt in range(ATTEMPTS):
        assert newest(waiting_video).state == State.WAITING
        assert worker.run_next(lambda: moment[0])
        assert not worker.run_next(lambda: moment[0])  # not at once: others have their turn
        moment[0] += timedelta(minutes=4)
    assert newest(waiting_video).state == State.FAILED
    assert EncodeTask.objects.get().state == Step.FAILED
    seen = shown(waiting_video, NOW)
    assert seen.may_retry
    assert not worker.run_next(lambda: moment[0])


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (StoreUnavailable("far"), "Penyimpanan hasil tidak terjangkau."),
        (full_store(), "Penyimpanan server penuh."),
        (OriginalUnreachable("timed out"), "Penyimpanan berkas asli tidak terjangkau."),
    ],
)
def test_a_fault_of_the_place_fails_no_title_however_long_it_lasts(
    waiting_video, monkeypatch, error, said
):
    moment = [NOW]
    with monkeypatch.context() as broken:
        breaks_by(broken, error)
        for _hour in range(20):
            assert worker.run_next(lambda: moment[0])
            moment[0] += LONGEST_BACKOFF
        seen = shown(waiting_video, NOW)
        assert seen.detail.startswith(f"{said} Dicoba lagi sendiri. Giliran ke-1.")
        task = EncodeTask.objects.get()
        assert timedelta(0) < task.not_before - NOW <= LONGEST_BACKOFF * 20
    breaks_by(monkeypatch, UnusableSource("empty", "It is empty."))
    assert worker.run_next(lambda: moment[0])
    assert newest(waiting_video).error_code == "empty"


def test_originals_on_a_disk_that_is_not_mounted_are_waited_for(waiting_video, folders):
    originals = folders / "originals"
    originals.rename(folders / "away")
    originals.mkdir()
    assert worker.run_next(lambda: NOW)
    assert newest(waiting_video).state == State.WAITING
    assert EncodeTask.objects.get().error_code == "original_unreachable"
    (originals / "another.mp4").write_bytes(b"x")  # the disk is there, the file is not
    assert worker.run_next(lambda: NOW + LONGEST_BACKOFF)
    assert newest(waiting_video).error_code == "missing"


def test_retry_after_a_failure_is_another_attempt_that_may_succeed(pasar_a, tmp_path, monkeypatch):
    path = make_film(tmp_path / "pagi.mp4", seconds=1)
    video = do_create_video(pasar_a, "Pagi (contoh)", path, None, NOW)
    with monkeypatch.context() as broken:
        breaks_by(broken, ToolMissing("no ffmpeg"))
        run_all()
    assert newest(video).state == State.FAILED
    do_retry_encode(video, clock.now())
    run_all()
    assert newest(video).state == State.READY
    assert Media.objects.get(video=video).publication == newest(video).publication
    with pytest.raises(Refused):
        do_retry_encode(video, clock.now())

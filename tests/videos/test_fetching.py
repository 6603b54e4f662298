"""Originals that stand in a bucket: fetched in pieces, kept for the title, never without room."""

import errno
import json
import shutil

import pytest

from cms.core import clock
from cms.videos.actions import do_create_video
from cms.videos.encoding import endings, fetching, scratch, transcoding, worker
from cms.videos.encoding.failures import OriginalUnreachable, failure
from cms.videos.models import Encode, EncodeTask, Media
from cms.videos.models.task import Kind, Step
from cms.videos.words.states import shown
from media_pipeline.errors import Cancelled, UnusableSource
from media_pipeline.planning import byte_ranges
from tests.s3_stand_in import serving
from tests.videos.conftest import NOW
from tests.videos.films import make_film
from tests.videos.jobs import run_all

BYTES = bytes(range(256)) * 400


class Originals:
    """An original elsewhere that counts what is asked of it, and may break."""

    def __init__(self, data: bytes = BYTES) -> None:
        self.data, self.size, self.asked, self.breaks = data, len(data), [], ""
        self.version = "1"

    def blocks(self, first, end):
        self.asked.append((first, end))
        yield self.data[first : (first + end) // 2]
        if self.breaks == "once":
            self.breaks = ""
            raise OriginalUnreachable("cut")
        if self.breaks:
            return
        yield self.data[(first + end) // 2 : end]


@pytest.fixture
def originals(monkeypatch) -> Originals:
    monkeypatch.setattr(fetching, "PIECE", 1000)
    return Originals()


def copy_of(originals, folder, cancelled=lambda: False) -> fetching.Copy:
    return fetching.Copy(folder / ".original", originals, cancelled)


def test_only_what_is_missing_is_fetched_and_the_rest_is_a_hole(originals, tmp_path):
    copy = copy_of(originals, tmp_path)
    copy.need([(100, 2500), (90_000, 90_010)])
    data = copy.path.read_bytes()
    assert len(data) == len(BYTES)
    assert data[100:2500] == BYTES[100:2500]
    assert data[90_000:90_010] == BYTES[90_000:90_010]
    assert not any(data[2500:90_000])
    again = copy_of(originals, tmp_path)
    again.need([(0, 3000)])
    assert again.fetched == 600
    again.need(again.whole)
    assert copy.path.read_bytes() == BYTES
    assert sum(end - first for first, end in originals.asked) == len(BYTES)


def test_a_line_that_breaks_is_taken_up_where_it_broke(originals, tmp_path):
    copy = copy_of(originals, tmp_path)
    originals.breaks = "once"
    copy.need([(0, 1000)])
    assert copy.path.read_bytes()[:1000] == BYTES[:1000]
    assert originals.asked == [(0, 1000), (500, 1000)]


def test_a_line_that_stays_broken_keeps_what_has_come(originals, tmp_path):
    copy = copy_of(originals, tmp_path)
    copy.need([(0, 5000)])
    originals.breaks = "always"
    with pytest.raises(OriginalUnreachable):
        copy.need([(5000, 6000)])
    have = json.loads((copy.path.parent / "have.json").read_bytes())["spans"]
    assert have == [[0, 5999]]
    assert copy.path.read_bytes()[:5999] == BYTES[:5999]
    assert failure(OriginalUnreachable("cut")).code == "original_unreachable"


def test_an_original_that_became_another_one_is_begun_anew(originals, tmp_path):
    copy_of(originals, tmp_path).need([(0, 5000)])
    other = Originals(bytes(reversed(BYTES)))
    other.version = "2"
    copy = copy_of(other, tmp_path)
    copy.need([(4000, 6000)])
    assert not any(copy.path.read_bytes()[:4000])
    assert copy.path.read_bytes()[4000:6000] == other.data[4000:6000]


def test_many_small_stretches_are_noted_together(originals, tmp_path):
    wanted = [(at, at + 10) for at in range(0, 100_000, 100)]
    copy = copy_of(originals, tmp_path)
    copy.need(wanted)
    assert sorted(originals.asked) == wanted
    assert json.loads((copy.path.parent / "have.json").read_bytes())["spans"] == [
        list(span) for span in wanted
    ]


def test_a_wish_to_stop_is_heard_between_pieces(originals, tmp_path):
    with pytest.raises(Cancelled):
        copy_of(originals, tmp_path, lambda: len(originals.asked) > 3).need([(0, 50_000)])
    # The wish comes with the fourth question; every thread may be about to ask one then.
    assert len(originals.asked) <= 3 + fetching.AT_ONCE


def test_too_little_room_is_a_full_disk_before_anything_is_fetched(originals, tmp_path, settings):
    settings.SCRATCH_RESERVE = 2**60
    with pytest.raises(OSError, match="too little space") as full:
        copy_of(originals, tmp_path).need([(0, 10)])
    assert full.value.errno == errno.ENOSPC
    assert failure(full.value).code == "disk_full"
    assert originals.asked == []


def held(copy) -> int:
    """Bytes of disk that a copy takes, in kilobytes."""
    return copy.path.stat().st_blocks // 2


def test_where_there_is_no_room_what_no_task_needs_is_let_go(monkeypatch, tmp_path, settings):
    monkeypatch.setattr(fetching, "PIECE", 100_000)
    monkeypatch.setattr(scratch, "do_remove_idle_originals", lambda: None)  # somebody is at this
    originals = Originals(BYTES * 10)  # 1 MB
    settings.SCRATCH_FOLDER, settings.SCRATCH_BYTES = tmp_path, 500_000
    title = tmp_path / "title"
    over = copy_of(originals, title)
    over.need([(0, 300_000)])
    over.close()
    killed = copy_of(originals, title)
    killed.need([(300_000, 350_000)])
    killed._use.close()  # as the system does
    at_work = copy_of(originals, title)
    at_work.need([(100_000, 200_000)])
    copy = copy_of(originals, title)
    copy.need([(400_000, 700_000)])
    assert held(copy) < 450
    assert copy.path.read_bytes()[100_000:200_000] == originals.data[100_000:200_000]
    assert copy.path.read_bytes()[400_000:700_000] == originals.data[400_000:700_000]
    at_work.close()
    copy.close()
    again = copy_of(originals, title)
    again.need([(0, 300_000)])  # known to have gone
    assert again.path.read_bytes()[:300_000] == originals.data[:300_000]
    with pytest.raises(scratch.ScratchFull):
        again.need([(0, 1_000_000)])


def test_what_is_needed_can_be_read_when_its_spans_have_become_one(monkeypatch, tmp_path, settings):
    monkeypatch.setattr(scratch, "do_remove_idle_originals", lambda: None)  # somebody is at this
    settings.SCRATCH_FOLDER = tmp_path
    originals = Originals(BYTES)
    copy = copy_of(originals, tmp_path / "title")
    copy.need([(0, 10), (3000, 3010)])
    copy.need([(0, 4000)])
    other = copy_of(originals, tmp_path / "title")
    settings.SCRATCH_BYTES = 1
    with pytest.raises(scratch.ScratchFull):
        other.need([(40_000, 40_010)])
    assert copy.path.read_bytes()[:4000] == originals.data[:4000]


@pytest.fixture
def bucket(settings, s3_originals) -> None:
    """Originals in an empty bucket."""
    settings.STORAGES = {**settings.STORAGES, "originals": s3_originals}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["film.mp4", "film.mkv"])
def test_a_title_whose_original_is_in_a_bucket_is_made_and_leaves_no_scratch(
    bucket, pasar_a, tmp_path, monkeypatch, name
):
    fetched = []
    fetch = fetching.BucketObject.blocks

    def spy(self, first, end):
        fetched.append((first, end))
        yield from fetch(self, first, end)

    monkeypatch.setattr(fetching.BucketObject, "blocks", spy)
    film = make_film(tmp_path / name, seconds=5)
    video = do_create_video(pasar_a, "Pagi (contoh)", film, None, NOW)
    run_all()
    assert Encode.objects.get(video=video).state == "ready"
    # Nothing twice, for all tasks of the title.
    assert sum(end - first for first, end in fetched) <= film.stat().st_size
    scratch.do_clean()
    assert not [p for p in (tmp_path / "scratch").rglob("*") if p.is_file()]


@pytest.mark.django_db(transaction=True)
def test_the_opening_of_a_long_film_is_made_when_little_of_it_has_come(
    settings, s3_originals, pasar_a, tmp_path, monkeypatch
):
    for name, value in {"TRAIL": 2.0, "APART": 1.0, "SAMPLE": 0.5}.items():
        monkeypatch.setattr(byte_ranges, name, value)
    monkeypatch.setattr(fetching, "PIECE", 1_000_000)
    flags = ["-b:v", "3M", "-g", "25"]
    film = make_film(
        tmp_path / "film.mp4",
        seconds=60,
        size="192x144",
        filters="noise=alls=40:allf=t",
        flags=flags,
    )
    with serving() as line:
        options = s3_originals["OPTIONS"] | {"endpoint_url": line.endpoint}
        settings.STORAGES = {
            **settings.STORAGES,
            "originals": s3_originals | {"OPTIONS": options},
        }
        video = do_create_video(pasar_a, "Panjang (contoh)", film, None, NOW)
        line.forget()
        while not EncodeTask.objects.filter(
            encode__video=video, name="opening", state=Step.DONE
        ).exists():
            assert worker.run_next(clock.now, kinds=[Kind.PREPARE, Kind.PICTURE])
        assert line.sent < 0.55 * film.stat().st_size
        assert line.requests("GET") < 80


@pytest.mark.django_db(transaction=True)
def test_an_original_that_left_its_bucket_fails_with_its_name(bucket, pasar_a, tmp_path):
    film = make_film(tmp_path / "film.mp4", seconds=2)
    video = do_create_video(pasar_a, "Pagi (contoh)", film, None, NOW)
    transcoding.originals().delete(Media.objects.get(video=video).original.name)
    run_all()
    encode = Encode.objects.get(video=video)
    assert (encode.state, encode.error_code) == ("failed", "missing")


@pytest.mark.parametrize("when", ["while it is made", "under the tools"])
@pytest.mark.django_db(transaction=True)
def test_a_copy_that_somebody_removes_is_fetched_anew_and_nothing_is_said_of_the_file(
    when, bucket, pasar_a, tmp_path, monkeypatch
):
    film = make_film(tmp_path / "film.mp4", seconds=2)
    video = do_create_video(pasar_a, "Pagi (contoh)", film, None, NOW)

    def removed(self_or_path, *_arguments, **_given):
        shutil.rmtree(scratch.root())
        raise UnusableSource("missing", "There is no such file.")

    locked = fetching.Copy._locked

    def removed_before(self):
        shutil.rmtree(self._folder)
        return locked(self)

    with monkeypatch.context() as once:
        if when == "under the tools":
            once.setattr(transcoding, "prepare", removed)
        else:
            once.setattr(fetching.Copy, "_locked", removed_before)
        assert worker.run_next(lambda: NOW)
    task = EncodeTask.objects.get()
    assert (task.state, task.error_code, task.attempts) == (Step.WAITING, "copy_gone", 0)
    said = shown(video, NOW).detail
    assert said.startswith("Salinan kerja berkas asli terhapus dari server pengode. Dicoba lagi")
    EncodeTask.objects.update(not_before=NOW)
    run_all()
    assert Encode.objects.get(video=video).state == "ready"


@pytest.mark.django_db(transaction=True)
def test_a_title_cancelled_while_its_folder_is_cleaned_leaves_no_task_waiting(
    bucket, pasar_a, tmp_path, monkeypatch
):
    film = make_film(tmp_path / "film.mp4", seconds=2)
    video = do_create_video(pasar_a, "Pagi (contoh)", film, None, NOW)
    encode = Encode.objects.get(video=video)

    def cancelled(*_arguments, **_given):
        assert endings.do_cancel(encode.pk, NOW)
        scratch.do_clean()
        raise Cancelled

    monkeypatch.setattr(transcoding, "prepare", cancelled)
    assert worker.run_next(lambda: NOW)
    encode.refresh_from_db()
    assert (encode.state, encode.leftover) == ("cancelled", False)
    assert encode.tasks.get().state == Step.DROPPED

"""Originals that stand in a originals: fetched in pieces, kept for the title, never without room."""

import errno
import json
import secrets

import boto3
import pytest

from cms.videos.actions import do_create_video
from cms.videos.encoding import endings, fetching, transcoding
from cms.videos.encoding.failures import OriginalUnreachable, failure
from cms.videos.models import Encode, Media
from media_pipeline.errors import Cancelled, StepFailed
from tests.videos.conftest import NOW
from tests.videos.films import make_film
from tests.videos.jobs import run_all

BYTES = bytes(range(256)) * 400


class Originals:
    """An original elsewhere that counts what is asked of it, and may break."""

    def __init__(self, data: bytes = BYTES) -> None:
        self.data, self.size, self.asked, self.breaks = data, len(data), [], False

    def blocks(self, first, end):
        self.asked.append((first, end))
        yield self.data[first : (first + end) // 2]
        if self.breaks:
            raise OriginalUnreachable("cut")
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


def test_a_line_that_breaks_keeps_the_pieces_that_are_whole(originals, tmp_path):
    copy = copy_of(originals, tmp_path)
    copy.need([(0, 5000)])
    originals.breaks = True
    with pytest.raises(OriginalUnreachable):
        copy.need(copy.whole)
    have = json.loads((copy.path.parent / "have.json").read_bytes())
    assert have == [[0, 5000]]
    assert failure(OriginalUnreachable("cut")).code == "original_unreachable"


def test_a_wish_to_stop_is_heard_between_pieces(originals, tmp_path):
    with pytest.raises(Cancelled):
        copy_of(originals, tmp_path, lambda: len(originals.asked) > 3).need([(0, 50_000)])
    assert len(originals.asked) < 20


def test_too_little_room_is_a_full_disk_before_anything_is_fetched(originals, tmp_path, settings):
    settings.SCRATCH_RESERVE = 2**60
    with pytest.raises(OSError, match="too little space") as full:
        copy_of(originals, tmp_path).need([(0, 10)])
    assert full.value.errno == errno.ENOSPC
    assert failure(full.value).code == "disk_full"
    assert originals.asked == []


@pytest.fixture
def bucket(settings, s3_endpoint) -> str:
    """Originals in an empty bucket."""
    name = f"asli-{secrets.token_hex(4)}"
    keys = {"access_key": "contoh", "secret_key": "contoh", "region_name": "us-east-1"}
    options = {"bucket_name": name, "endpoint_url": s3_endpoint, **keys}
    settings.STORAGES = {
        **settings.STORAGES,
        "originals": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options},
    }
    client = boto3.client(
        "s3",
        endpoint_url=s3_endpoint,
        region_name="us-east-1",
        aws_access_key_id="contoh",
        aws_secret_access_key="contoh",
    )
    client.create_bucket(Bucket=name)
    return name


@pytest.mark.django_db(transaction=True)
def test_a_title_whose_original_is_in_a_bucket_is_made_and_leaves_no_scratch(
    bucket, pasar_a, tmp_path, monkeypatch
):
    partial, whole = [], []
    run = transcoding.pipeline.run_task

    def spy(path, job, task, *arguments, **given):
        (partial if given.get("partial") else whole).append(task.name)
        run(path, job, task, *arguments, **given)

    monkeypatch.setattr(transcoding.pipeline, "run_task", spy)
    film = make_film(tmp_path / "film.mp4", seconds=5)
    video = do_create_video(pasar_a, "Pagi (contoh)", film, None, NOW)
    run_all()
    assert Encode.objects.get(video=video).state == "ready"
    assert "opening" in partial
    assert whole == ["sound"]
    endings.remove_stray_scratch()
    assert not [p for p in (tmp_path / "scratch").rglob("*") if p.is_file()]


@pytest.mark.django_db(transaction=True)
def test_pieces_that_do_not_do_are_followed_by_the_whole_original(
    bucket, pasar_a, tmp_path, monkeypatch
):
    run = transcoding.pipeline.run_task
    refused = []

    def refuses_pieces(path, job, task, *arguments, **given):
        if given.get("partial"):
            refused.append(task.name)
            raise StepFailed("not here")
        run(path, job, task, *arguments, **given)

    monkeypatch.setattr(transcoding.pipeline, "run_task", refuses_pieces)
    film = make_film(tmp_path / "film.mp4", seconds=3)
    video = do_create_video(pasar_a, "Pagi (contoh)", film, None, NOW)
    run_all()
    assert Encode.objects.get(video=video).state == "ready"
    assert refused


@pytest.mark.django_db(transaction=True)
def test_an_original_that_left_its_bucket_fails_with_its_name(bucket, pasar_a, tmp_path):
    film = make_film(tmp_path / "film.mp4", seconds=2)
    video = do_create_video(pasar_a, "Pagi (contoh)", film, None, NOW)
    transcoding.originals().delete(Media.objects.get(video=video).original.name)
    run_all()
    encode = Encode.objects.get(video=video)
    assert (encode.state, encode.error_code) == ("failed", "missing")

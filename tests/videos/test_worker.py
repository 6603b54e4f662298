"""A worker's turn with real files, the real pipeline and a real store."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from moto.server import ThreadedMotoServer
from msgspec import structs

from cms.core import clock, facts, published
from cms.core.models import Delivery
from cms.core.refusals import Refused
from cms.videos import presentations, publications
from cms.videos.actions import (
    do_cancel_encode,
    do_create_video,
    do_request_encode,
    do_request_sound,
    do_retry_encode,
    do_take_down,
)
from cms.videos.covers import cover_url
from cms.videos.encoding import endings, leases, scratch, transcoding, worker
from cms.videos.models import Caption, Chapter, Encode, Media, Publication, Video
from cms.videos.models.encode import State
from cms.videos.models.machine import originals
from cms.videos.words.states import shown
from media_pipeline import tools
from media_pipeline.errors import StoreUnavailable, UnusableSource
from media_pipeline.model import keys
from media_pipeline.model.publication import decode_publication
from media_pipeline.model.rundown import Card, decode_presentation
from tests.s3_stand_in import client_of
from tests.videos.conftest import NOW
from tests.videos.films import make_film
from tests.videos.jobs import run_all, wait_until

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.both_stores,
]
on_s3_when_deep = pytest.mark.both_stores(s3_deep=True)
"""For what does not look at how the store answers."""


@pytest.fixture
def film_video(pasar_a, tmp_path) -> Video:
    """A video of five seconds whose encode waits."""
    path = make_film(tmp_path / "pagi.mp4")
    return do_create_video(pasar_a, "Pagi di pasar (contoh)", path, None, NOW)


def newest(video) -> Encode:
    return Encode.objects.filter(video=video).latest("pk")


def stored(prefix) -> list[str]:
    return list(published.store().keys(prefix))


def s3_at(address) -> dict:
    """Make a bucket in an S3 of its own; return the storage that keeps originals in it."""
    host, port = address
    endpoint = f"http://{host}:{port}"
    client_of(endpoint).create_bucket(Bucket="originals")
    options = {"bucket_name": "originals", "endpoint_url": endpoint, "region_name": "us-east-1"}
    options |= {"access_key": "contoh", "secret_key": "contoh", "signature_version": "s3v4"}
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


def left_over(folders) -> list[str]:
    """What failed or cancelled work could leave behind."""
    scratch = folders / "scratch"
    return stored("publications") + [p.name for p in scratch.glob("*")]


def test_a_film_becomes_a_publication_that_the_video_points_to(film_video):
    assert run_all()
    encode = newest(film_video)
    assert (encode.state, encode.progress) == (State.READY, 1)
    media = Media.objects.get(video=film_video)
    publication = decode_publication(
        published.store().read(keys.publication_file(media.publication))
    )
    assert publication.state == "whole"
    assert media.publication == encode.publication
    assert 4900 <= media.duration_ms <= 5100
    assert [r["name"] for r in media.renditions] == [r.name for r in publication.renditions]
    assert media.posters
    assert cover_url(Video.objects.get(pk=film_video.pk)).startswith("/media/publications/")
    assert (
        facts.Fact.objects.get(topic="video.encoded").payload["publication"] == encode.publication
    )
    assert shown(film_video, clock.now()).code == "ready"
    assert not worker.run_next(clock.now)


@on_s3_when_deep
def test_new_sound_comes_with_the_pictures_that_are_there(film_video, monkeypatch):
    """No picture is encoded; the video points to the new publication, and the old one retires."""
    run_all()
    before = transcoding.whole(Media.objects.get(video=film_video).publication)
    asked = do_request_sound(film_video, NOW)
    assert "Hanya suaranya yang dibuat baru." in shown(film_video, NOW).detail
    monkeypatch.setattr("media_pipeline.steps.title.encode_chunk", None)
    run_all()
    assert newest(film_video).state == State.READY
    after = transcoding.whole(Media.objects.get(video=film_video).publication)
    assert after.id == asked.publication != before.id
    store, here, there = published.store(), before.videos[0], after.videos[0]
    for old, new in zip(here.segments, there.segments, strict=True):
        folders = [keys.publication_folder(each.id) for each in (before, after)]
        assert store.read(f"{folders[0]}/{old.uri}") == store.read(f"{folders[1]}/{new.uri}")
    assert Publication.objects.get(id=before.id).retired_at
    told = facts.Fact.objects.filter(topic="video.encoded").latest("pk")
    assert told.payload["replaces"] == before.id


def test_pictures_that_do_not_fit_new_sound_are_said_and_a_retry_makes_all(film_video):
    run_all()
    do_request_sound(film_video, NOW)
    Encode.objects.open().update(pictures="f" * 32)
    run_all()
    assert newest(film_video).error_code == "pictures_differ"
    detail = shown(Video.objects.get(pk=film_video.pk), NOW).detail
    assert "tidak cocok untuk suara baru" in detail
    assert "Hasil sebelumnya tetap dipakai." in detail
    assert do_retry_encode(film_video, NOW).pictures == ""


def test_new_sound_is_made_of_the_file_that_is_in_use_alone(film_video):
    """Neither before anything is made of it, nor of a file that came in its place."""
    do_cancel_encode(film_video, NOW)
    with pytest.raises(Refused, match="Belum ada hasil"):
        do_request_sound(film_video, NOW)
    Media.objects.update(publication="a" * 32, former={"original": "old.mp4"})
    with pytest.raises(Refused, match="Belum ada hasil"):
        do_request_sound(film_video, NOW)
    Encode.objects.update(state=State.READY)
    asked = do_request_sound(film_video, NOW)
    do_cancel_encode(film_video, NOW)
    assert do_retry_encode(film_video, NOW).pictures == asked.pictures == "a" * 32


@on_s3_when_deep
def test_encoding_again_moves_one_pointer_when_the_new_one_is_whole(film_video):
    run_all()
    old = Media.objects.get(video=film_video).publication
    do_request_encode(film_video, clock.now())
    assert Media.objects.get(video=film_video).publication == old
    run_all()
    new = Media.objects.get(video=film_video).publication
    assert new != old
    assert stored(keys.publication_folder(old))
    assert Publication.objects.get(id=old).retired_at is not None
    assert Publication.objects.get(id=new).retired_at is None


def test_an_old_publication_stays_while_a_room_refers_to_it_and_a_day_longer(
    film_video, monkeypatch
):
    run_all()
    old = Media.objects.get(video=film_video).publication
    do_request_encode(film_video, clock.now())
    run_all()
    referred = {old}
    monkeypatch.setattr(publications, "_users", [lambda ids: referred & ids])
    now = clock.now()
    assert publications.do_remove_unused(now + timedelta(days=5)) == []
    referred.clear()
    assert publications.do_remove_unused(now + timedelta(days=5, hours=23)) == []
    assert publications.do_remove_unused(now + timedelta(days=6, hours=1)) == [old]
    assert stored(keys.publication_folder(old)) == []
    new = Media.objects.get(video=film_video).publication
    assert publications.do_remove_unused(now + timedelta(days=90)) == []
    assert stored(keys.publication_folder(new))


@on_s3_when_deep
@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("teks.mp4", b"Ini bukan video.\n" * 50, "not_media"),
        ("acak.mp4", bytes(range(256)) * 200, "not_media"),
        ("daftar.mp4", b"#EXTM3U\n#EXTINF:4,\nfile:///etc/passwd\n", "reference"),
    ],
)
def test_a_file_that_is_no_video_fails_with_a_sentence_and_leaves_nothing(
    pasar_a, tmp_path, folders, name, content, code
):
    path = tmp_path / name
    path.write_bytes(content)
    video = do_create_video(pasar_a, "Salah kirim (contoh)", path, None, NOW)
    run_all()
    failed = newest(video)
    assert (failed.state, failed.error_code) == (State.FAILED, code)
    seen = shown(video, clock.now())
    assert seen.may_retry
    assert seen.detail.endswith(".")
    assert not failed.leftover
    assert left_over(folders) == []


@on_s3_when_deep
def test_a_bad_file_does_not_keep_the_next_from_its_turn(pasar_a, tmp_path, film_video):
    bad = tmp_path / "rusak.mp4"
    bad.write_bytes(b"\x00\x00\x00\x18ftypmp42" + b"\xff" * 3000)
    video = do_create_video(pasar_a, "Rusak (contoh)", bad, None, NOW)
    run_all()
    assert newest(video).state == State.FAILED
    assert newest(film_video).state == State.READY


@on_s3_when_deep
def test_an_original_that_stands_elsewhere_is_fetched_for_the_work_and_not_kept(
    pasar_a, tmp_path, folders, settings
):
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    try:
        settings.STORAGES = {**settings.STORAGES, "originals": s3_at(server.get_host_and_port())}
        path = make_film(tmp_path / "jauh.mp4", seconds=2)
        video = do_create_video(pasar_a, "Jauh (contoh)", path, None, NOW)
        assert path.exists()
        run_all()
        assert newest(video).state == State.READY
        Video.objects.all().delete()
        assert publications.do_remove_orphans() == 1
        assert originals().listdir("")[1] == []
    finally:
        server.stop()
    assert list((folders / "scratch").glob("*")) == []


@on_s3_when_deep
def test_a_copy_to_seek_in_is_made_once_outlives_the_sweep_and_goes_with_its_title(
    pasar_a, tmp_path, folders, monkeypatch
):
    """MPEG-TS has no index: all tasks of the title read one copy that has."""
    steps, run = [], tools.run

    def noted(argv, *, name: str, **given):
        steps.append(name)
        return run(argv, name=name, **given)

    monkeypatch.setattr(tools, "run", noted)
    path = make_film(tmp_path / "siaran.ts", seconds=9)
    video = do_create_video(pasar_a, "Siaran (contoh)", path, None, NOW)
    while worker.run_next(clock.now):
        scratch.do_clean()
    assert newest(video).state == State.READY
    assert (steps.count("remux"), steps.count("chunk")) == (1, 2)
    assert list((folders / "scratch").iterdir()) == []


def test_cancel_ends_the_work_in_the_middle_and_cleans_up(pasar_a, long_film, folders):
    video = do_create_video(pasar_a, "Panjang (contoh)", long_film, None, clock.now())

    def work():
        run_all()
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    wait_until(lambda: newest(video).state == State.ENCODING)
    assert do_cancel_encode(video, clock.now())
    thread.join(120)
    assert not thread.is_alive()
    assert newest(video).state == State.CANCELLED
    assert newest(video).progress < 1
    endings.do_clear_all()  # the watch's look each second: no task was at work, perhaps
    assert left_over(folders) == []


@on_s3_when_deep
def test_a_crash_after_the_last_segment_is_made_up_for_without_encoding_again(
    film_video, monkeypatch
):
    def crash(*_arguments):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("cms.videos.encoding.endings.do_publish", crash)
        with pytest.raises(KeyboardInterrupt):
            run_all()
    encode = newest(film_video)
    assert encode.state == State.FINISHING
    assert Media.objects.get(video=film_video).publication == ""
    with monkeypatch.context() as gone:
        gone.setattr("cms.videos.encoding.owners.is_dead", lambda owner: True)
        assert leases.do_take_back(leases.Watch(), clock.now()) == 1
    with monkeypatch.context() as idle:
        idle.setattr("media_pipeline.pipeline.do_task", lambda *_: pytest.fail("encoded again"))
        run_all()
    assert newest(film_video).state == State.READY
    assert Media.objects.get(video=film_video).publication == encode.publication


@on_s3_when_deep
def test_a_job_of_another_version_is_begun_anew_and_loses_nobody(film_video, monkeypatch):
    for _task in range(2):
        assert worker.run_next(clock.now)
    job = keys.job_file(newest(film_video).publication)
    assert published.store().read(job)
    published.store().write(job, b'{"format": 0}')
    run_all()
    assert newest(film_video).state == State.READY


@on_s3_when_deep
def test_a_crash_while_the_pointer_moves_moves_nothing(film_video, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr("cms.videos.encoding.endings.facts.record", lambda *a: 1 / 0)
        run_all()
    assert newest(film_video).state == State.FINISHING
    assert Media.objects.get(video=film_video).publication == ""
    assert not Publication.objects.exists()
    worker.run_next(lambda: clock.now() + timedelta(minutes=2))
    assert newest(film_video).state == State.READY


def test_what_the_store_could_not_remove_is_removed_by_the_sweep(film_video, monkeypatch, folders):
    def far(*_arguments):
        raise StoreUnavailable("far")

    with monkeypatch.context() as broken:
        broken.setattr("cms.videos.publications.remove_files", far)
        broken.setattr(
            "cms.videos.encoding.endings.do_publish", lambda *a: (_ for _ in ()).throw(_poison())
        )
        run_all()
    assert newest(film_video).leftover
    assert left_over(folders)
    endings.do_sweep(clock.now())
    assert not newest(film_video).leftover
    assert left_over(folders) == []


def test_a_takedown_marks_every_publication_and_removes_the_files(film_video):
    run_all()
    publication = Media.objects.get(video=film_video).publication
    do_take_down(film_video, clock.now())
    assert published.store().read(keys.takedown_mark(publication)) is not None
    facts.deliver_due(clock.now())
    assert stored(keys.publication_folder(publication)) == []
    assert published.store().read(keys.takedown_mark(publication)) is not None
    with pytest.raises(Refused):
        do_request_encode(film_video, clock.now())


@on_s3_when_deep
def test_a_takedown_at_the_last_moment_keeps_the_encode_from_finishing(
    film_video, monkeypatch, folders
):
    whole = transcoding.whole

    def taken_down_meanwhile(publication):
        Media.objects.filter(video=film_video).update(taken_down_at=clock.now())
        return whole(publication)

    monkeypatch.setattr("cms.videos.encoding.transcoding.whole", taken_down_meanwhile)
    run_all()
    assert newest(film_video).state == State.CANCELLED
    assert Media.objects.get(video=film_video).publication == ""
    assert left_over(folders) == []


@on_s3_when_deep
def test_a_deleted_video_leaves_no_file_anywhere(film_video, folders):
    run_all()
    Video.objects.get(pk=film_video.pk).delete()
    publications.do_remove_orphans()
    publications.do_remove_unused(clock.now() + timedelta(days=2))
    assert list((folders / "originals").glob("*")) == []
    assert left_over(folders) == []


def test_captions_chapters_and_cards_reach_the_presentation(film_video, monkeypatch):
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\nSelamat pagi\n"
    Caption.objects.create(video=film_video, language="jv", text=text)
    Chapter.objects.create(video=film_video, start_ms=1500, title="Sayur")
    card = Card("p1", 90_000, 180_000, "Bayam", "Rp3.000", "ikat", "Lapak contoh", "A1", "/chat/x/")
    monkeypatch.setattr(presentations, "_sources", [lambda _video: (card,)])
    run_all()
    # Who plays the title in the moment that it is there sees them: no consumer has heard of it.
    assert not Delivery.objects.exclude(done_at=None).exists()
    publication = Media.objects.get(video=film_video).publication
    value = decode_presentation(published.store().read(keys.presentation_file(publication)))
    assert value.cards == (card,)
    assert value.title == "Pagi di pasar (contoh)"
    assert [(c.start, c.title) for c in value.chapters] == [(135_000, "Sayur")]
    assert (value.captions[0].language, value.captions[0].label) == ("jv", "Basa Jawa")
    assert published.store().read(value.captions[0].uri) == text.encode()
    # What has changed meanwhile comes with the fact.
    monkeypatch.setattr(presentations, "_sources", [])
    facts.deliver_due(clock.now())
    value = decode_presentation(published.store().read(keys.presentation_file(publication)))
    assert value.cards == ()


@on_s3_when_deep
def test_a_presentation_that_was_read_earlier_is_not_written_later(film_video, monkeypatch):
    Media.objects.filter(video=film_video).update(publication="a" * 32)
    names = iter(["Lama", "Baru"])
    card = Card("p1", 90_000, 180_000, "", "Rp3.000", "ikat", "Lapak contoh", "A1", "/chat/x/")
    monkeypatch.setattr(
        presentations, "_sources", [lambda _: (structs.replace(card, name=next(names)),)]
    )

    def work():
        presentations.write(film_video)
        connection.close()

    other = threading.Thread(target=work)
    store = published.store()
    encode_value = presentations.encode_value

    def overtaken(value):
        if not other.ident:
            other.start()
            other.join(0.5)  # it ends now if nothing holds it up
        return encode_value(value)

    monkeypatch.setattr(presentations, "encode_value", overtaken)
    presentations.write(film_video)
    other.join(120)
    written = decode_presentation(store.read(keys.presentation_file("a" * 32)))
    assert [each.name for each in written.cards] == ["Baru"]


def _poison():
    return UnusableSource("unreadable", "made for the test")

"""Lost answers, and a bucket that refuses: what the person hears, and what is kept."""

from datetime import timedelta

import pytest
from botocore.awsrequest import AWSResponse
from django.utils import translation

from cms.core import clock
from cms.videos import publications
from cms.videos.models import DirectUpload, Media, Video
from cms.videos.uploads.direct import arrivals, faults, leftovers
from tests.videos.direct.bucket_client import Direct, make_stale, objects, settle, unfinished

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


class _Body:
    """A body as botocore reads it."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self, **_options):
        yield self._body

    def read(self, *_arguments) -> bytes:
        return self._body


@pytest.fixture
def refuse(s3):
    """Let the bucket answer an operation with a status and a code of S3, from now on."""

    def refuse(operation: str, status: int, code: str) -> None:
        body = f"<Error><Code>{code}</Code><Message>contoh</Message></Error>".encode()

        def answer(request, **_rest):
            return AWSResponse(request.url, status, {}, _Body(body))

        events = arrivals.bucket()._client.meta.events
        events.register(f"before-send.s3.{operation}", answer)

    return refuse


def lose_the_answer(monkeypatch, what: str) -> None:
    """Let the site fail just after the bucket has done `what`, once."""
    from cms.videos.uploads.direct.bucket import Bucket

    real, lost = getattr(Bucket, what), []

    def then_lost(*arguments):
        result = real(*arguments)
        if not lost:
            lost.append(what)
            raise faults.BucketUnavailable("the answer was lost")
        return result

    monkeypatch.setattr(Bucket, what, then_lost)


def test_a_lost_answer_to_the_join_sends_no_byte_again(direct, pasar_a, monkeypatch, s3):
    path = direct.sent(pasar_a)
    lose_the_answer(monkeypatch, "join")
    assert direct.complete(path).status == 503
    state = direct.ask("GET", path).values
    assert (state["whole"], state["video"]) == (True, None)
    asked = direct.ask("POST", f"{path}/parts", {"numbers": [1]})
    assert (asked.status, asked.values["whole"]) == (409, True)
    assert direct.begin(pasar_a, size=4, key=path.strip("/")).values["whole"] is True
    assert direct.complete(path).status == 200
    assert Video.objects.count() == 1


@pytest.mark.parametrize("step", ["parts", "join"])
def test_what_was_asked_for_while_the_bucket_failed_becomes_a_video_without_its_person(
    direct, pasar_a, monkeypatch, s3, step
):
    path = direct.sent(pasar_a)
    with monkeypatch.context() as away:
        away.setattr(f"cms.videos.uploads.direct.bucket.Bucket.{step}", fail)
        assert direct.complete(path).status == 503
        leftovers.do_sweep(clock.now() + timedelta(days=4))
    assert unfinished(s3)
    assert not Video.objects.exists()
    leftovers.do_sweep(clock.now() + timedelta(days=5))
    assert Video.objects.count() == len(objects(s3)) == 1


def test_what_the_bucket_never_joins_is_tried_for_thirty_days(direct, pasar_a, monkeypatch, s3):
    path = direct.sent(pasar_a)
    monkeypatch.setattr("cms.videos.uploads.direct.bucket.Bucket.join", fail)
    direct.complete(path)
    for days in range(1, 30):
        leftovers.do_sweep(clock.now() + timedelta(days=days))
    assert unfinished(s3)
    leftovers.do_sweep(clock.now() + timedelta(days=31))
    assert unfinished(s3) == []


def test_what_was_asked_for_too_early_and_then_left_becomes_no_draft(direct, pasar_a, s3):
    path = direct.begun(pasar_a)
    direct.send(path, 1, 2)
    assert direct.complete(path).status == 409
    direct.send(path, 3)  # and its cancellation never arrives
    make_stale()
    settle()
    assert not Video.objects.exists()
    assert unfinished(s3) == objects(s3) == []


def fail(*_arguments):
    raise faults.BucketUnavailable("contoh")


def test_a_bucket_that_is_still_joining_is_waited_for(direct, pasar_a, monkeypatch, s3):
    path = direct.sent(pasar_a)
    lose_the_answer(monkeypatch, "join")
    direct.complete(path)
    with monkeypatch.context() as joining:
        joining.setattr("cms.videos.uploads.direct.bucket.Bucket.size", lambda *_: None)
        for reply in (direct.ask("GET", path), direct.complete(path)):
            assert (reply.status, reply.headers["retry-after"]) == (503, "5")
            assert "sedang digabungkan" in reply.text
        leftovers.do_sweep(clock.now())
    assert direct.complete(path).status == 200


def test_what_the_bucket_has_given_up_by_itself_is_told_after_a_while(direct, pasar_a, s3):
    path = direct.begun(pasar_a)
    upload = DirectUpload.objects.get()
    where = {"Bucket": s3.bucket, "Key": f"rekaman/{upload.name}"}
    s3.abort_multipart_upload(**where, UploadId=upload.multipart)
    assert direct.ask("GET", path).status == 503
    make_stale(days=1)
    assert direct.ask("GET", path).status == 404
    assert direct.complete(path).status == 404


def test_a_lost_answer_to_the_beginning_begins_no_second_upload(direct, pasar_a, monkeypatch, s3):
    key = "ab" * 16
    lose_the_answer(monkeypatch, "begin")
    assert direct.begin(pasar_a, key=key).status == 503
    assert direct.begin(pasar_a, key=key).status == 201
    assert direct.begin(pasar_a, key=key).values["id"] == key
    assert DirectUpload.objects.count() == 1
    direct.send(f"/{key}", 1)
    assert direct.begin(pasar_a, key=key).values["have"] == [1]
    assert direct.begin(pasar_a, key=key, size=99).status == 404
    leftovers.do_sweep(clock.now() + timedelta(days=5))
    settle()
    assert unfinished(s3) == []


def test_a_file_that_is_stored_becomes_a_video_without_being_sent_again(
    direct, pasar_a, monkeypatch
):
    path = direct.sent(pasar_a)
    with monkeypatch.context() as broken:
        broken.setattr(arrivals, "do_create_video_of", lambda *a, **k: 1 / 0)
        reply = direct.complete(path)
        assert (reply.status, reply.values["whole"]) == (202, True)
        assert direct.ask("GET", path).values["whole"] is True
        leftovers.do_sweep(clock.now())
    leftovers.do_sweep(clock.now())
    assert direct.ask("GET", path).values["video"] == Video.objects.get().pk


def test_what_can_never_become_a_video_fills_the_bucket_for_thirty_days_at_most(
    direct, pasar_a, monkeypatch, s3
):
    path = direct.sent(pasar_a)
    monkeypatch.setattr(arrivals, "do_create_video_of", lambda *a, **k: 1 / 0)
    direct.complete(path)
    leftovers.do_sweep(clock.now() + timedelta(days=29))
    assert len(objects(s3)) == 1
    leftovers.do_sweep(clock.now() + timedelta(days=31))
    assert objects(s3) == []


def test_a_video_that_is_deleted_soon_after_its_upload_does_not_come_back(direct, pasar_a, s3):
    path = direct.sent(pasar_a)
    direct.complete(path)
    Video.objects.get().delete()
    reply = direct.complete(path)
    assert (reply.status, "sudah dihapus" in reply.text) == (410, True)
    publications.do_remove_orphans()
    settle()
    assert not Video.objects.exists()
    assert objects(s3) == []


def test_a_row_of_an_earlier_version_makes_no_second_video(direct, pasar_a, s3):
    path = direct.sent(pasar_a)
    upload = DirectUpload.objects.get()
    direct.complete(path)
    upload.stored_at = clock.now()
    upload.save(force_insert=True)
    settle()
    assert not DirectUpload.objects.exists()
    upload.save(force_insert=True)
    Video.objects.get().delete()
    publications.do_remove_orphans()
    leftovers.do_sweep(clock.now() + timedelta(days=4))
    assert not Video.objects.exists()


def test_an_object_of_another_size_than_announced_is_refused(direct, pasar_a, monkeypatch, s3):
    path = direct.sent(pasar_a)
    lose_the_answer(monkeypatch, "join")
    direct.complete(path)
    name = DirectUpload.objects.get().name
    s3.put_object(Bucket=s3.bucket, Key=f"rekaman/{name}", Body=b"lain")
    DirectUpload.objects.update(size=5)
    reply = direct.complete(path)
    assert (reply.status, "tidak sampai utuh" in reply.text) == (403, True)
    settle()
    assert objects(s3) == []
    assert not Video.objects.exists()


def test_a_part_that_was_sent_anew_between_list_and_join_is_joined_as_it_is_then(
    direct, pasar_a, refuse
):
    path = direct.sent(pasar_a)
    refuse("CompleteMultipartUpload", 400, "InvalidPart")
    reply = direct.complete(path)
    assert (reply.status, reply.values["have"]) == (409, [1])


@pytest.mark.parametrize(
    ("status", "code", "told", "words"),
    [
        (403, "AccessDenied", 502, "menolak permintaan situs ini"),
        (403, "InvalidAccessKeyId", 502, "menolak permintaan situs ini"),
        (404, "NoSuchBucket", 502, "menolak permintaan situs ini"),
        (403, "RequestTimeTooSkewed", 502, "Jam situs ini tidak cocok"),
        (400, "EntityTooSmall", 502, "tidak dapat menggabungkan"),
        (507, "InsufficientStorage", 507, "Ruang penyimpanan penuh"),
        (403, "QuotaExceeded", 507, "Ruang penyimpanan penuh"),
    ],
)
def test_a_bucket_that_says_no_is_told_at_once_and_what_was_sent_is_kept(
    direct, pasar_a, refuse, status, code, told, words
):
    path = direct.sent(pasar_a)
    refuse("CompleteMultipartUpload", status, code)
    reply = direct.complete(path)
    assert (reply.status, reply.headers["siar-final"]) == (told, "1")
    assert words in reply.text
    assert direct.ask("GET", path).values["have"] == [1]


@pytest.mark.parametrize(
    ("operation", "method", "path"),
    [
        ("CreateMultipartUpload", "POST", ""),
        ("ListParts", "GET", "/{}"),
        ("ListParts", "POST", "/{}/complete"),
        ("CompleteMultipartUpload", "POST", "/{}/complete"),
        ("HeadObject", "POST", "/{}/complete"),
    ],
)
@pytest.mark.parametrize(
    ("status", "code", "told"), [(403, "AccessDenied", 502), (503, "SlowDown", 503)]
)
def test_no_answer_of_the_bucket_is_unexpected(
    direct, pasar_a, refuse, monkeypatch, operation, method, path, status, code, told
):
    monkeypatch.setattr("botocore.retries.standard.StandardRetryConditions.is_retryable", no)
    key = direct.sent(pasar_a).strip("/")
    refuse(operation, status, code)
    if path:
        reply = direct.ask(method, path.format(key), {} if method == "POST" else None)
    else:
        reply = direct.begin(pasar_a)
    assert reply.status == told
    assert ("siar-final" in reply.headers) == (told == 502)
    assert reply.text.count("\n") == 1


def no(*_arguments, **_keywords) -> bool:
    return False


def test_a_cancellation_that_the_bucket_does_not_hear_is_carried_out_later(
    direct, pasar_a, monkeypatch, s3
):
    path = direct.sent(pasar_a)
    with monkeypatch.context() as deaf:
        deaf.setattr(
            "cms.videos.uploads.direct.bucket.Bucket.give_up",
            lambda *_: (_ for _ in ()).throw(faults.BucketUnavailable("deaf")),
        )
        assert direct.ask("DELETE", path).status == 204
    assert direct.ask("GET", path).status == direct.complete(path).status == 404
    assert len(unfinished(s3)) == 1
    leftovers.do_sweep(clock.now())
    assert unfinished(s3) == []


def test_cancelling_removes_the_draft_that_came_of_the_upload(direct, pasar_a):
    path = direct.sent(pasar_a)
    direct.complete(path)
    assert direct.ask("DELETE", path).status == 204
    assert not Video.objects.exists()


def test_cancelling_leaves_a_draft_that_somebody_has_worked_on(direct, pasar_a):
    path = direct.sent(pasar_a)
    video = direct.complete(path).values["video"]
    Video.objects.get(pk=video).save_revision()
    reply = direct.ask("DELETE", path)
    assert (reply.status, reply.values["video"]) == (409, video)
    assert Video.objects.filter(pk=video).exists()


def test_an_original_that_is_gone_is_called_missing(direct, pasar_a, s3):
    direct.complete(direct.sent(pasar_a))
    name = Media.objects.get().original.name
    s3.delete_object(Bucket=s3.bucket, Key=f"rekaman/{name}")
    with pytest.raises(FileNotFoundError):
        list(arrivals.bucket().read(name, 0, 4, 1024, '"contoh"'))
    assert arrivals.bucket().size(name) is None


def test_sentences_of_the_bucket_are_translated(direct, pasar_a, refuse, editor_a):
    path = direct.sent(pasar_a)
    type(editor_a).objects.update(language="en")
    refuse("CompleteMultipartUpload", 507, "InsufficientStorage")
    assert direct.complete(path).text == "The storage is full. Contact the site's operator.\n"
    kinds = {faults.BucketUnavailable, *faults.BucketRefuses.__subclasses__(), faults.BucketRefuses}
    for kind in kinds:
        with translation.override("en"):
            english = str(kind.sentence)
        with translation.override("id"):
            assert english != str(kind.sentence)


def test_a_key_of_the_browsers_choice_gives_nothing_of_others_away(
    direct, pasar_a, editor_national, cookie_of
):
    path = direct.sent(pasar_a)
    key = path.strip("/")
    other = Direct(cookie_of(editor_national))
    assert other.begin(pasar_a, key=key, size=4).status == 404
    direct.complete(path)
    assert other.begin(pasar_a, key=key, size=4).status == 404
    for odd in ("x", "../" * 10, "AB" * 16, "ab" * 17):
        assert direct.begin(pasar_a, key=odd).status == 400

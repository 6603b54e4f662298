"""Uploads straight to the bucket of originals: a server that speaks S3, real PUTs to it."""

import json
import re
from datetime import timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.cooperatives.actions import do_add_member, do_remove_member
from cms.cooperatives.models import Membership
from cms.core import clock
from cms.videos.models import DirectUpload, Encode, Media, Video
from cms.videos.models.machine import originals
from cms.videos.uploads import limits
from cms.videos.uploads.direct import arrivals, checks, leftovers
from cms.videos.uploads.direct import parts as cutting
from tests.videos.direct.bucket_client import (
    FILM,
    MIB,
    Direct,
    join_unnoticed,
    make_stale,
    objects,
    settle,
    unfinished,
)

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_a_film_goes_to_the_bucket_in_parts_and_becomes_a_draft(direct, pasar_a, s3, folders):
    path = direct.begun(pasar_a)
    direct.send(path, 3, 1)
    direct.send(path, 2)
    done = direct.ask("POST", f"{path}/complete", {})
    video = Video.objects.get(pk=done.values["video"])
    assert (video.title, video.cooperative, video.live) == ("Pagi di pasar", pasar_a, False)
    with originals().open(video.media.original.name) as original:
        assert original.read() == FILM
    assert video.media.original_bytes == len(FILM)
    assert video.media.original_name == "Pagi_di pasar.MP4"
    assert Encode.objects.get(video=video).state == "waiting"
    assert not (folders / "uploads").exists()
    (key,) = objects(s3)
    assert re.fullmatch(r"rekaman/[0-9a-f]{32}\.mp4", key)
    assert s3.head_object(Bucket=s3.bucket, Key=key)["ContentType"] == "application/octet-stream"


def test_no_key_of_ours_is_in_an_address_and_it_is_for_one_part(direct, pasar_a):
    (url,) = direct.urls(direct.begun(pasar_a), 3).values()
    signed = httpx.URL(url).params
    assert "rahasia" not in url
    assert (signed["partNumber"], signed["X-Amz-Expires"]) == ("3", "3600")
    assert "content-length" in signed["X-Amz-SignedHeaders"]


def test_after_a_reload_only_what_is_missing_is_sent(direct, pasar_a):
    path = direct.begun(pasar_a)
    direct.send(path, 2)
    state = direct.ask("GET", path)
    assert (state.values["have"], state.values["part_size"]) == ([2], 5 * MIB)
    assert state.values["video"] is None
    early = direct.ask("POST", f"{path}/complete", {})
    assert (early.status, early.values["have"]) == (409, [2])
    direct.send(path, 1, 3)
    video = direct.ask("POST", f"{path}/complete", {}).values["video"]
    assert direct.ask("GET", path).values["video"] == video
    assert direct.ask("POST", f"{path}/complete", {}).values["video"] == video
    assert Video.objects.count() == 1


def test_a_part_of_another_size_counts_as_missing(direct, pasar_a):
    path = direct.begun(pasar_a)
    direct.send(path, 1, 2, data=FILM)
    (url,) = direct.urls(path, 3).values()
    assert httpx.put(url, content=b"x" * 6 * MIB).status_code == 200
    reply = direct.ask("POST", f"{path}/complete", {})
    assert (reply.status, reply.values["have"]) == (409, [1, 2])
    direct.send(path, 3)
    assert direct.ask("POST", f"{path}/complete", {}).status == 200


def test_cancelling_removes_the_parts(direct, pasar_a, s3):
    path = direct.begun(pasar_a)
    direct.send(path, 1)
    assert len(unfinished(s3)) == 1
    assert direct.ask("DELETE", path).status == 204
    assert unfinished(s3) == objects(s3) == []
    assert direct.ask("GET", path).status == 404


def test_somebody_elses_upload_is_not_there(direct, pasar_a, editor_national, cookie_of):
    path = direct.begun(pasar_a)
    other = Direct(cookie_of(editor_national))
    assert other.ask("GET", path).status == 404
    assert other.ask("POST", f"{path}/parts", {"numbers": [1]}).status == 404
    assert other.ask("POST", f"{path}/complete", {}).status == 404
    assert other.ask("DELETE", path).status == 404
    assert direct.ask("GET", path).status == 200


def test_who_may_not_upload_may_not_begin(direct, pasar_a, pasar_b, trader_a, cookie_of, s3):
    assert Direct(cookie_of(trader_a)).begin(pasar_a).status == 403
    assert direct.begin(pasar_b).status == 403
    assert direct.begin(pasar_a, cookie="sessionid=tidakada").status == 401
    assert unfinished(s3) == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "https://jahat.test"}, 403),
        ({"sec_fetch_site": "cross-site"}, 403),
        ({"content_type": "text/plain"}, 415),
        ({"content_type": None}, 415),
    ],
)
def test_pages_of_others_cannot_begin_one(direct, pasar_a, s3, headers, status):
    assert direct.begin(pasar_a, **headers).status == status
    assert unfinished(s3) == []


@pytest.mark.parametrize(
    ("wish", "status"),
    [
        ({}, 400),
        ({"name": "a.mp4", "cooperative": 7, "size": 1}, 400),
        ({"name": "a.mp4", "cooperative": "1 OR 1=1", "size": 1}, 403),
        ([], 400),
    ],
)
def test_an_odd_wish_is_refused(direct, wish, status):
    assert direct.ask("POST", "", wish).status == status


def test_an_odd_size_or_part_is_refused(direct, pasar_a, settings):
    settings.LARGEST_UPLOAD = 20 * MIB
    sizes = (0, -1, 20 * MIB + 1)
    assert [direct.begin(pasar_a, size=size).status for size in sizes] == [400, 400, 413]
    path = direct.begun(pasar_a)
    for numbers in ([], [0], [4], list(range(1, 90)), ["1"]):
        assert direct.ask("POST", f"{path}/parts", {"numbers": numbers}).status == 400
    assert direct.ask("PUT", path).status == 405
    assert direct.ask("POST", f"{path}/complete", {"x": "y" * 70_000}).status == 413


def test_one_person_cannot_open_uploads_without_end(direct, pasar_a, monkeypatch):
    monkeypatch.setattr(limits, "MOST_OPEN", 2)
    assert [direct.begin(pasar_a).status for _ in range(3)] == [201, 201, 429]


def test_what_was_left_is_given_up_by_the_sweep(direct, pasar_a, s3):
    direct.send(direct.begun(pasar_a), 1)
    make_stale()
    fresh = direct.begun(pasar_a)
    leftovers.do_sweep(clock.now())
    kept = DirectUpload.objects.get(pk=fresh.strip("/"))
    assert unfinished(s3) == [f"rekaman/{kept.name}"]
    leftovers.do_sweep(clock.now() + timedelta(hours=2))
    assert DirectUpload.objects.get() == kept


def test_what_was_begun_in_the_bucket_alone_is_given_up_too(direct, pasar_a, s3):
    path = direct.begun(pasar_a)
    s3.create_multipart_upload(Bucket=s3.bucket, Key="rekaman/tersesat.mp4")
    s3.create_multipart_upload(Bucket=s3.bucket, Key="milik-lain/x.mp4")
    begun = s3.list_multipart_uploads(Bucket=s3.bucket)["Uploads"][0]["Initiated"]
    leftovers.do_sweep(begun + timedelta(days=3.5))
    assert len(unfinished(s3)) == 3
    leftovers.do_sweep(begun + timedelta(days=4.5))
    mine = DirectUpload.objects.get(pk=path.strip("/")).name
    assert sorted(unfinished(s3)) == sorted([f"rekaman/{mine}", "milik-lain/x.mp4"])


def test_the_sweep_makes_the_video_when_only_the_answer_to_the_last_request_was_lost(
    direct, pasar_a
):
    path = direct.begun(pasar_a)
    direct.send(path, 1, 2, 3)
    join_unnoticed()
    make_stale()
    leftovers.do_sweep(clock.now())
    assert Media.objects.get().original_bytes == len(FILM)
    leftovers.do_sweep(clock.now() + timedelta(days=4))
    assert not DirectUpload.objects.exists()
    assert Video.objects.count() == 1


def test_an_upload_whose_cancellation_never_arrived_becomes_no_draft(direct, pasar_a, s3):
    path = direct.begun(pasar_a)
    direct.send(path, 1, 2, 3)
    make_stale(days=2.9)
    leftovers.do_sweep(clock.now())
    assert DirectUpload.objects.exists()  # who only closed the page can go on with it
    make_stale(days=3.1)
    leftovers.do_sweep(clock.now())
    assert direct.ask("GET", path).status == 404
    settle()
    assert not Video.objects.exists()
    assert not DirectUpload.objects.exists()
    assert unfinished(s3) == objects(s3) == []


def test_who_comes_back_within_three_days_goes_on_where_it_was(direct, pasar_a):
    path = direct.begun(pasar_a)
    direct.send(path, 1, 2, 3)
    make_stale(days=2.9)
    leftovers.do_sweep(clock.now())
    assert direct.begin(pasar_a, key=path.strip("/")).values["have"] == [1, 2, 3]
    assert direct.complete(path).values["video"] == Video.objects.get().pk


def test_whose_membership_ends_gets_no_address_and_no_video_until_it_begins_anew(
    direct, pasar_a, pasar_b, editor_a
):
    path = direct.begun(pasar_a)
    direct.send(path, 1, 2)
    do_add_member(editor_a, pasar_b, Membership.Role.EDITOR)  # they may still upload elsewhere
    do_remove_member(Membership.objects.get(user=editor_a, cooperative=pasar_a))
    for reply in (
        direct.ask("POST", f"{path}/parts", {"numbers": [3]}),
        direct.complete(path),
    ):
        assert (reply.status, "tidak lagi boleh mengunggah" in reply.text) == (403, True)
    assert not Video.objects.exists()
    do_add_member(editor_a, pasar_a, Membership.Role.EDITOR)
    direct.send(path, 3)
    assert direct.complete(path).status == 200


def test_what_is_stored_becomes_no_video_of_who_has_left_unless_they_come_back(
    direct, pasar_a, pasar_b, editor_a, monkeypatch, s3
):
    path = direct.sent(pasar_a)
    with monkeypatch.context() as broken:
        broken.setattr(arrivals, "do_create_video_of", lambda *a, **k: 1 / 0)
        assert direct.complete(path).status == 202
    do_remove_member(Membership.objects.get(user=editor_a))
    leftovers.do_sweep(clock.now() + timedelta(days=29))
    assert not Video.objects.exists()
    assert len(objects(s3)) == 1
    do_add_member(editor_a, pasar_a, Membership.Role.EDITOR)
    leftovers.do_sweep(clock.now() + timedelta(days=29))
    assert Video.objects.count() == 1


@pytest.mark.parametrize("how", ["left", "deleted"])
def test_what_is_stored_of_who_has_left_for_good_does_not_fill_the_bucket(
    direct, pasar_a, editor_a, monkeypatch, s3, how
):
    path = direct.sent(pasar_a)
    with monkeypatch.context() as broken:
        broken.setattr(arrivals, "do_create_video_of", lambda *a, **k: 1 / 0)
        assert direct.complete(path).status == 202
    do_remove_member(Membership.objects.get(user=editor_a))
    if how == "deleted":
        DirectUpload.objects.update(user=None)
    leftovers.do_sweep(clock.now() + timedelta(days=31 if how == "left" else 0))
    assert not Video.objects.exists()
    assert objects(s3) == []


def test_a_cooperative_that_went_away_meanwhile_leaves_nothing(direct, pasar_a, s3):
    path = direct.begun(pasar_a)
    direct.send(path, 1, 2, 3)
    DirectUpload.objects.update(cooperative=None)
    reply = direct.ask("POST", f"{path}/complete", {})
    assert (reply.status, "Pilih koperasi lain" in reply.text) == (403, True)
    assert unfinished(s3) == objects(s3) == []


def test_the_upload_screen_alone_may_reach_the_bucket_and_nothing_else(
    direct, s3, client, editor_a, settings
):
    client.force_login(editor_a, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/admin/video/add/")
    assert 'data-direct="/uploads/direct"' in page.text
    (allowed,) = re.findall(r"connect-src ([^;]*)", page.headers["content-security-policy"])
    assert allowed.split() == ["'self'", f"{s3.meta.endpoint_url}/{s3.bucket}/"]
    assert s3.bucket not in client.get("/admin/video/").headers["content-security-policy"]
    settings.DIRECT_UPLOADS = False
    assert "data-direct" not in client.get("/admin/video/add/").text


def test_browsers_are_sent_to_the_name_that_they_know(direct, pasar_a, settings):
    settings.UPLOADS_ENDPOINT = "https://unggah.contoh.test"
    settings.STORAGES = {**settings.STORAGES}  # a storage made anew
    (url,) = direct.urls(direct.begun(pasar_a), 1).values()
    assert url.startswith("https://unggah.contoh.test/asli-")


def test_the_check_says_what_the_bucket_lacks(s3, settings):
    settings.ALLOWED_HOSTS = ["siar.contoh.test", "www.contoh.test"]
    (missing,) = checks.check_bucket_takes_uploads()
    assert "takes no uploads from https://siar.contoh.test, https://www.contoh.test" in missing.msg
    rules = json.loads(re.search(r"'(\{.*\})'", missing.hint)[1])
    s3.put_bucket_cors(Bucket=s3.bucket, CORSConfiguration=rules)
    assert checks.check_bucket_takes_uploads() == []
    rules["CORSRules"][0]["AllowedOrigins"] = ["https://*.contoh.test"]
    rules["CORSRules"][0]["AllowedMethods"] = ["GET"]
    s3.put_bucket_cors(Bucket=s3.bucket, CORSConfiguration=rules)
    assert len(checks.check_bucket_takes_uploads()) == 1
    s3.delete_bucket(Bucket=s3.bucket)
    assert "cannot be read" in checks.check_bucket_takes_uploads()[0].msg


def test_without_a_bucket_nothing_is_offered(editor_a, cookie_of, pasar_a):
    assert Direct(cookie_of(editor_a)).begin(pasar_a).status == 404


@given(st.integers(1, 5 * 2**40))
def test_parts_cover_every_file_and_are_never_too_many_or_too_small(size):
    each = cutting.part_size(size)
    count = cutting.part_count(size, each)
    assert 1 <= count <= 10_000
    assert each >= 5 * MIB
    lengths = {cutting.part_length(size, each, n) for n in (1, max(1, count - 1))}
    assert count == 1 or lengths == {each}
    assert (count - 1) * each + cutting.part_length(size, each, count) == size
    with pytest.raises(ValueError, match="no part"):
        cutting.part_length(size, each, count + 1)


def test_a_film_of_200_gb_has_fewer_than_ten_thousand_parts():
    each = cutting.part_size(200 * 10**9)
    assert each == 20 * MIB
    assert cutting.part_count(200 * 10**9, each) == 9537


@pytest.mark.parametrize(
    "name",
    [
        "\U0001f345 tomat.mp4",
        "a" * 300 + ".mp4",
        "../../etc/passwd",
        "pagi\n\x00.mp4",
        "\u202egpm.4",
        ".",
    ],
)
def test_odd_names_become_videos_with_keys_that_are_plain(direct, pasar_a, s3, name):
    path = direct.sent(pasar_a, name=name)
    video = Video.objects.get(pk=direct.complete(path).values["video"])
    assert video.title.isprintable()
    assert len(video.title) <= 140
    (key,) = objects(s3)
    assert re.fullmatch(r"rekaman/[0-9a-f]{32}(\.\w+)?", key)


def test_who_signs_out_keeps_what_was_sent(direct, pasar_a, editor_a, cookie_of):
    path = direct.begun(pasar_a)
    direct.send(path, 1)
    gone = Direct("sessionid=tidakada")
    for method, place in (("GET", path), ("POST", f"{path}/parts"), ("DELETE", path)):
        assert gone.ask(method, place, {}).status == 401
    again = Direct(cookie_of(editor_a))
    assert again.begin(pasar_a, key=path.strip("/")).values["have"] == [1]

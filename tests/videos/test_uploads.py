"""The tus server, spoken to at the level of ASGI messages."""

import asyncio
import os
import shutil
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError

from cms.cooperatives.actions import do_add_member, do_remove_member
from cms.cooperatives.models import Membership
from cms.core import clock
from cms.videos.models import Encode, Media, Video
from cms.videos.models.machine import originals
from cms.videos.uploads import app as uploads_app
from cms.videos.uploads import body, finishing, folder, turns, unfinished
from tests.races import at_once
from tests.videos.asgi_client import Uploads, b64

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
FILM = bytes(range(256)) * 400
PATCH = {"content_type": "application/offset+octet-stream"}
START = {"upload_offset": 0}


@pytest.fixture
def uploads(editor_a, cookie_of) -> Uploads:
    return Uploads(cookie_of(editor_a))


def leftovers(folders) -> list[str]:
    """What the uploads' folder holds."""
    root = folders / "uploads"
    return sorted(p.name for p in root.iterdir()) if root.exists() else []


def original_of(video) -> bytes:
    """The bytes of a video's original, read through its storage."""
    with originals().open(Media.objects.get(video=video).original.name) as original:
        return original.read()


def test_a_file_in_two_pieces_becomes_a_draft_that_waits_for_its_encode(uploads, pasar_a, folders):
    created = uploads.create(len(FILM), pasar_a, name="Pagi_di  pasar.MP4")
    assert created.status == 201
    path = created.headers["location"]
    assert (
        uploads.patch(path, 0, [FILM[:5000], FILM[5000:70_000]]).headers["upload-offset"] == "70000"
    )
    done = uploads.patch(path, 70_000, [FILM[70_000:]])
    assert done.status == 204
    video = Video.objects.get(pk=done.headers["siar-video"])
    assert (video.title, video.cooperative, video.live) == ("Pagi di pasar", pasar_a, False)
    assert video.latest_revision is not None
    assert original_of(video.pk) == FILM
    assert video.media.original_name == "Pagi_di  pasar.MP4"
    assert Encode.objects.get(video=video).state == "waiting"
    assert not list(folders.glob("uploads/*/data"))


def test_what_arrived_before_the_line_was_cut_is_kept(uploads, pasar_a):
    path = uploads.create(len(FILM), pasar_a).headers["location"]
    assert uploads.patch(path, 0, [FILM[:30_000]], cut=True).status is None
    head = uploads.ask("HEAD", path)
    assert head.headers["upload-offset"] == "30000"
    assert head.headers["upload-length"] == str(len(FILM))
    assert head.headers["cache-control"] == "no-store"
    done = uploads.patch(path, 30_000, [FILM[30_000:]])
    assert original_of(done.headers["siar-video"]) == FILM


def test_asking_again_after_the_last_answer_was_lost_gives_the_same_video(uploads, pasar_a):
    path = uploads.create(4, pasar_a).headers["location"]
    video = uploads.patch(path, 0, [b"film"]).headers["siar-video"]
    head = uploads.ask("HEAD", path)
    assert (head.headers["upload-offset"], head.headers["siar-video"]) == ("4", video)
    assert Video.objects.count() == 1


def test_a_wrong_offset_is_409_with_the_right_one(uploads, pasar_a):
    path = uploads.create(len(FILM), pasar_a).headers["location"]
    uploads.patch(path, 0, [FILM[:10]])
    wrong = uploads.patch(path, 5, [FILM[5:]])
    assert (wrong.status, wrong.headers["upload-offset"]) == (409, "10")


def test_a_body_larger_than_declared_is_413_and_nothing_of_it_is_kept(uploads, pasar_a):
    path = uploads.create(100, pasar_a).headers["location"]
    uploads.patch(path, 0, [b"x" * 40])
    assert uploads.patch(path, 40, [b"y" * 50, b"y" * 50]).status == 413
    assert uploads.patch(path, 40, [b"y" * 61], content_length=61).status == 413
    assert uploads.ask("HEAD", path).headers["upload-offset"] == "40"
    assert not Video.objects.exists()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"upload_length": 0}, 400),
        ({"upload_length": -1}, 400),
        ({"upload_length": "banyak"}, 400),
        ({"upload_length": None}, 400),
        ({"upload_length": None, "upload_defer_length": 1}, 400),
        ({"upload_length": 10**15}, 413),
        ({"upload_metadata": "filename !!!notbase64"}, 400),
        ({"upload_metadata": "filename " + "QUJD" * 2000}, 400),
        ({"upload_metadata": "a QQ==,a QQ=="}, 400),
        ({"upload_metadata": ",".join(f"k{i} QQ==" for i in range(30))}, 400),
        ({"upload_metadata": ""}, 403),
        ({"upload_metadata": f"cooperative {b64('1 OR 1=1')}"}, 403),
        ({"tus_resumable": "0.2.2"}, 412),
        ({"tus_resumable": None}, 412),
        ({"origin": "https://jahat.test"}, 403),
        ({"origin": "null"}, 403),
        ({"sec_fetch_site": "cross-site"}, 403),
        ({"cookie": "sessionid=tidakada"}, 401),
        ({"cookie": "\x01=;;;"}, 401),
    ],
)
def test_what_cannot_be_created_is_refused_and_leaves_nothing(
    uploads, pasar_a, folders, headers, status
):
    valid = {"upload_length": 10}
    metadata = f"filename {b64('a.mp4')},cooperative {b64(str(pasar_a.pk))}"
    reply = uploads.ask("POST", **{**valid, "upload_metadata": metadata, **headers})
    assert reply.status == status
    assert len(reply.text.strip().splitlines()) == 1
    assert leftovers(folders) == []


def test_our_own_origin_may_upload(uploads, pasar_a):
    assert uploads.create(5, pasar_a, origin="https://siar.test").status == 201


def test_a_cooperative_of_others_is_refused(uploads, pasar_b):
    assert uploads.create(5, pasar_b).status == 403


def test_who_may_not_upload_is_told_so(trader_a, coordinator_a, cookie_of, pasar_a):
    for person in (trader_a, coordinator_a):
        assert Uploads(cookie_of(person)).create(5, pasar_a).status == 403


def test_an_upload_of_somebody_else_is_not_there(uploads, editor_national, cookie_of, pasar_a):
    path = uploads.create(5, pasar_a).headers["location"]
    other = Uploads(cookie_of(editor_national))
    assert other.ask("HEAD", path).status == 404
    assert other.patch(path, 0, [b"12345"]).status == 404
    assert other.ask("DELETE", path).status == 404
    for odd in ("/uploads/../../etc/passwd", "/uploads/" + "0" * 32, "/uploads/%00"):
        assert uploads.ask("HEAD", odd).status == 404


def test_signing_out_ends_the_right_to_go_on(uploads, editor_a, pasar_a):
    path = uploads.create(5, pasar_a).headers["location"]
    editor_a.set_password("kata sandi lain (contoh)")
    editor_a.save()
    assert uploads.patch(path, 0, [b"12345"]).status == 401


def test_termination_removes_everything(uploads, pasar_a, folders):
    path = uploads.create(50, pasar_a).headers["location"]
    uploads.patch(path, 0, [b"x" * 20])
    assert uploads.ask("DELETE", path).status == 204
    assert leftovers(folders) == []
    assert uploads.ask("HEAD", path).status == 404


def test_options_tells_what_is_offered_without_signing_in(settings):
    settings.LARGEST_UPLOAD = 12345
    reply = Uploads().ask("OPTIONS", tus_resumable=None)
    assert reply.status == 204
    assert reply.headers["tus-version"] == "1.0.0"
    assert reply.headers["tus-extension"] == "creation,termination,expiration"
    assert reply.headers["tus-max-size"] == "12345"


def test_a_lock_of_another_process_that_does_not_let_go_answers_423(
    uploads, pasar_a, folders, monkeypatch
):
    path = uploads.create(5, pasar_a).headers["location"]
    lock = next(folders.glob("uploads/*/lock"))
    code = (
        "import fcntl, sys; f = open(sys.argv[1], 'r+'); fcntl.flock(f, fcntl.LOCK_EX);"
        "print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(lock)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        holder.stdout.readline()
        monkeypatch.setattr(turns, "PATIENCE", 0.2)
        assert uploads.patch(path, 0, [b"12345"]).status == 423
        holder.stdin.close()
    assert uploads.patch(path, 0, [b"12345"]).status == 204


async def cut_off(uploads, path, sent):
    """Begin a PATCH of `sent` that never ends; return it once it holds the upload."""
    taken, messages = asyncio.Event(), [sent]

    async def receive():
        if messages:
            return {"type": "http.request", "body": messages.pop(), "more_body": True}
        taken.set()
        await asyncio.Event().wait()

    request = asyncio.create_task(uploads.ask_async("PATCH", path, receive, **PATCH, **START))
    await taken.wait()
    return request


def test_the_newest_request_goes_on_where_the_one_that_was_cut_off_stopped(uploads, pasar_a):
    path = uploads.create(len(FILM), pasar_a).headers["location"]

    async def both():
        older = await cut_off(uploads, path, FILM[:30_000])
        head = await uploads.ask_async("HEAD", path, siar_take_over="1")
        rest = FILM[int(head.headers["upload-offset"]) :]
        at = {"upload_offset": len(FILM) - len(rest)}
        return head, await uploads.ask_async("PATCH", path, [rest], **PATCH, **at), await older

    head, newer, older = asyncio.run(both())
    assert head.headers["upload-offset"] == "30000"
    assert (newer.status, older.status, older.headers["siar-final"]) == (204, 423, "1")
    assert original_of(newer.headers["siar-video"]) == FILM


def test_a_client_that_does_not_ask_first_takes_over_and_learns_the_offset(uploads, pasar_a):
    path = uploads.create(10, pasar_a).headers["location"]

    async def both():
        older = await cut_off(uploads, path, b"01234")
        return await uploads.ask_async("PATCH", path, [b"x" * 10], **PATCH, **START), await older

    newer, older = asyncio.run(both())
    assert (newer.status, newer.headers["upload-offset"], older.status) == (409, "5", 423)
    done = uploads.patch(path, 5, [b"56789"])
    assert original_of(done.headers["siar-video"]) == b"0123456789"


def test_looking_at_an_upload_does_not_end_it(uploads, pasar_a):
    path = uploads.create(10, pasar_a).headers["location"]

    async def both():
        older = await cut_off(uploads, path, b"01234")
        head = await uploads.ask_async("HEAD", path)
        await asyncio.sleep(3 * turns.LOOK)
        is_under_way = not older.done()
        older.cancel()
        return head.status, is_under_way

    assert asyncio.run(both()) == (200, True)


def test_a_cancellation_ends_the_request_that_is_under_way(uploads, pasar_a, folders):
    path = uploads.create(10, pasar_a).headers["location"]

    async def both():
        older = await cut_off(uploads, path, b"01234")
        return await uploads.ask_async("DELETE", path), await older

    cancelled, older = asyncio.run(both())
    assert (cancelled.status, older.status) == (204, 423)
    assert leftovers(folders) == []


def test_a_cancellation_removes_the_draft_that_came_of_the_upload(uploads, pasar_a, folders):
    path = uploads.create(5, pasar_a).headers["location"]
    uploads.patch(path, 0, [b"12345"])
    cancelled = uploads.ask("DELETE", path)
    assert (cancelled.status, "siar-video" in cancelled.headers) == (204, False)
    assert not Video.objects.exists()
    assert leftovers(folders) == []


def test_a_cancellation_leaves_a_draft_that_somebody_has_worked_on(uploads, pasar_a):
    path = uploads.create(5, pasar_a).headers["location"]
    uploads.patch(path, 0, [b"12345"])
    video = Video.objects.get()
    video.save_revision()
    assert uploads.ask("DELETE", path).headers["siar-video"] == str(video.pk)
    assert Video.objects.exists()


def test_a_cancellation_wins_over_a_video_that_takes_long_to_make(
    uploads, pasar_a, folders, monkeypatch
):
    """The original is being copied to a bucket, for longer than the cancellation waits."""
    path = uploads.create(5, pasar_a).headers["location"]
    make = finishing.do_create_video
    monkeypatch.setattr(turns, "PATIENCE", 0.2)
    replies = []

    def slow(*arguments, **keywords):
        replies.append(uploads.ask("DELETE", path))
        return make(*arguments, **keywords)

    monkeypatch.setattr(finishing, "do_create_video", slow)
    assert uploads.patch(path, 0, [b"12345"]).status == 403
    assert [reply.status for reply in replies] == [204]
    assert not Video.objects.exists()
    assert leftovers(folders) == []


@pytest.mark.postgres
def test_a_cancellation_at_the_moment_of_the_last_byte_leaves_no_video(
    uploads, pasar_a, folders, cookie_of, editor_a
):
    """Two machines, each with a loop and a connection of its own."""
    cookie = cookie_of(editor_a)
    for _round in range(4):
        path = uploads.create(5, pasar_a).headers["location"]
        replies = at_once(
            lambda path=path: Uploads(cookie).patch(path, 0, [b"12345"]),
            lambda path=path: Uploads(cookie).ask("DELETE", path),
        )
        assert replies[1].status == 204
        assert replies[0].status in (204, 403, 404, 423)
        assert not Video.objects.exists()
        assert leftovers(folders) == []


@pytest.mark.postgres
def test_two_machines_that_finish_one_upload_make_one_video(uploads, pasar_a, cookie_of, editor_a):
    cookie = cookie_of(editor_a)
    path = uploads.create(len(FILM), pasar_a).headers["location"]
    uploads.patch(path, 0, [FILM[:-5]])
    last = [FILM[-5:]]
    replies = at_once(
        lambda: Uploads(cookie).patch(path, len(FILM) - 5, last),
        lambda: Uploads(cookie).patch(path, len(FILM) - 5, last),
    )
    assert sorted(reply.status for reply in replies)[0] == 204
    assert {reply.status for reply in replies} <= {204, 409, 423}
    assert original_of(Video.objects.get().pk) == FILM


def test_a_stalled_body_ends_with_what_had_come(uploads, pasar_a, monkeypatch):
    monkeypatch.setattr(body, "PATIENCE", 0.05)
    path = uploads.create(10, pasar_a).headers["location"]
    messages = [{"type": "http.request", "body": b"01234", "more_body": True}]

    async def stalls():
        if messages:
            return messages.pop()
        await asyncio.Event().wait()

    kind = {"content_type": "application/offset+octet-stream", "upload_offset": 0}
    assert uploads.ask("PATCH", path, stalls, **kind).status == 408
    assert uploads.ask("HEAD", path).headers["upload-offset"] == "5"


def test_a_wrong_type_or_offset_header_is_refused(uploads, pasar_a):
    path = uploads.create(10, pasar_a).headers["location"]
    assert uploads.patch(path, 0, [b"x"], content_type="video/mp4").status == 415
    assert uploads.patch(path, "1e1", [b"x"]).status == 400
    assert uploads.ask("PUT", path).status == 405


def test_a_full_disk_is_told_before_anything_is_sent(uploads, pasar_a, monkeypatch, folders):
    monkeypatch.setattr(uploads_app, "RESERVE", 2**60)
    reply = uploads.create(10, pasar_a)
    assert reply.status == 507
    assert leftovers(folders) == []


def test_what_others_were_promised_counts_as_taken_until_it_is_sent(uploads, pasar_a, monkeypatch):
    usage = shutil.disk_usage
    free = uploads_app.RESERVE + 100
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(path)._replace(free=free))
    first = uploads.create(60, pasar_a)
    assert [first.status, uploads.create(41, pasar_a).status] == [201, 507]
    assert uploads.create(40, pasar_a).status == 201
    assert uploads.create(1, pasar_a).status == 507
    uploads.patch(first.headers["location"], 0, [b"x" * 20])
    # What was sent is on the disk, whose free bytes do not change here.
    assert uploads.create(20, pasar_a).status == 201


def test_a_file_as_large_as_may_be_is_taken_and_one_byte_more_is_not(uploads, pasar_a, settings):
    settings.LARGEST_UPLOAD = 12345
    assert [uploads.create(size, pasar_a).status for size in (12345, 12346)] == [201, 413]


def test_one_person_cannot_open_uploads_without_end(uploads, pasar_a, monkeypatch):
    monkeypatch.setattr(uploads_app, "MOST_OPEN", 2)
    statuses = [uploads.create(10, pasar_a).status for _ in range(3)]
    assert statuses == [201, 201, 429]


def test_a_complete_upload_survives_a_database_that_fails(uploads, pasar_a, monkeypatch, folders):
    path = uploads.create(5, pasar_a).headers["location"]

    def fails(*_arguments, **_keywords):
        raise DatabaseError("gone")

    with monkeypatch.context() as broken:
        broken.setattr(finishing, "do_create_video", fails)
        reply = uploads.patch(path, 0, [b"12345"])
        assert (reply.status, reply.headers["upload-offset"]) == (204, "5")
        assert "siar-video" not in reply.headers
    assert not Video.objects.exists()
    assert uploads.ask("HEAD", path).headers["siar-video"] == str(Video.objects.get().pk)


def test_the_sweep_finishes_what_waits_even_after_its_time(uploads, pasar_a, monkeypatch):
    path = uploads.create(5, pasar_a).headers["location"]
    with monkeypatch.context() as broken:
        broken.setattr(finishing, "do_create_video", lambda *a, **k: 1 / 0)
        uploads.patch(path, 0, [b"12345"])
    finishing.do_sweep(clock.now() + timedelta(days=30))
    assert Video.objects.count() == 1


def test_a_finishing_that_was_cut_off_after_the_video_does_not_make_a_second(
    uploads, pasar_a, monkeypatch
):
    path = uploads.create(5, pasar_a).headers["location"]
    with monkeypatch.context() as broken:
        broken.setattr("cms.videos.uploads.folder.Upload.became", lambda *a: 1 / 0)
        uploads.patch(path, 0, [b"12345"])
    assert Video.objects.count() == 1
    assert uploads.ask("HEAD", path).headers["siar-video"] == str(Video.objects.get().pk)
    assert Video.objects.count() == 1


def test_unfinished_uploads_are_listed_for_their_person_alone(
    uploads, pasar_a, editor_a, editor_national
):
    path = uploads.create(10, pasar_a, name="Sisa.mp4").headers["location"]
    uploads.patch(path, 0, [b"0123"])
    whole = uploads.create(5, pasar_a).headers["location"]
    uploads.patch(whole, 0, [b"12345"])
    uploads.ask("DELETE", uploads.create(5, pasar_a).headers["location"])
    (one,) = unfinished.of_person(editor_a, clock.now())
    assert one == {
        "way": "site",
        "id": path.rpartition("/")[2],
        "name": "Sisa.mp4",
        "size": 10,
        "sent": 4,
        "cooperative": str(pasar_a.pk),
        "sample": "",
    }
    assert unfinished.of_person(editor_national, clock.now()) == []
    assert unfinished.of_person(editor_a, clock.now() + timedelta(days=4)) == []


def test_what_was_left_is_swept_away(uploads, pasar_a, folders):
    stale = uploads.create(50, pasar_a).headers["location"].rpartition("/")[2]
    fresh = uploads.create(50, pasar_a).headers["location"].rpartition("/")[2]
    old = (clock.now() - timedelta(days=4)).timestamp()
    os.utime(folders / "uploads" / stale / "data", (old, old))
    assert uploads.ask("HEAD", f"/uploads/{stale}").status == 410
    half = folders / "uploads" / f".{stale}"
    half.mkdir()
    os.utime(half, (old, old))
    finishing.do_sweep(clock.now())
    assert leftovers(folders) == [fresh]


def test_an_upload_that_becomes_a_video_while_it_is_asked_for_is_whole(
    uploads, pasar_a, monkeypatch, folders
):
    path = uploads.create(5, pasar_a).headers["location"]
    with monkeypatch.context() as broken:
        broken.setattr(finishing, "do_create_video", lambda *a, **k: 1 / 0)
        uploads.patch(path, 0, [b"12345"])
    (upload,) = folder.all_uploads(folders / "uploads")
    stale = [upload.info]
    upload.became(7, clock.now())
    fresh = upload.info
    read = property(lambda _self: stale.pop() if stale else fresh)
    monkeypatch.setattr(folder.Upload, "info", read)
    assert upload.offset == 5
    assert not stale


def test_an_upload_that_goes_away_does_not_keep_others_from_beginning(
    uploads, pasar_a, monkeypatch, folders
):
    uploads.create(5, pasar_a)
    (gone,) = folder.all_uploads(folders / "uploads")
    gone.remove()
    monkeypatch.setattr(uploads_app, "all_uploads", lambda _root: [gone])
    assert uploads.create(5, pasar_a).status == 201


def test_a_name_with_control_characters_is_kept_without_them(uploads, pasar_a):
    path = uploads.create(5, pasar_a, name="pa\x00gi\x07\n.mp4").headers["location"]
    video = Video.objects.get(pk=uploads.patch(path, 0, [b"12345"]).headers["siar-video"])
    assert (video.title, video.media.original_name) == ("pagi", "pagi.mp4")


def test_what_can_never_become_a_video_goes_after_thirty_days(
    uploads, pasar_a, monkeypatch, folders
):
    path = uploads.create(5, pasar_a).headers["location"]
    monkeypatch.setattr(finishing, "do_create_video", lambda *a, **k: 1 / 0)
    uploads.patch(path, 0, [b"12345"])
    finishing.do_sweep(clock.now() + timedelta(days=29))
    assert uploads.ask("HEAD", path).headers["upload-offset"] == "5"
    finishing.do_sweep(clock.now() + timedelta(days=31))
    assert leftovers(folders) == []


def test_a_request_that_is_cancelled_while_it_writes_keeps_what_was_taken(tmp_path, monkeypatch):
    path = tmp_path / "data"
    path.touch()
    begun, release = threading.Event(), threading.Event()
    write = os.pwrite

    def slow(*arguments):
        begun.set()
        assert release.wait(10)
        return write(*arguments)

    monkeypatch.setattr(body.os, "pwrite", slow)
    block = b"x" * body.BLOCK

    async def receive():
        return {"type": "http.request", "body": block, "more_body": True}

    async def cancelled_twice():
        request = asyncio.create_task(body.receive_into(path, receive, 0, 10 * body.BLOCK))
        await asyncio.to_thread(begun.wait, 10)
        for _ in range(2):
            request.cancel()
            await asyncio.sleep(0)
        asyncio.get_running_loop().call_later(0.1, release.set)
        with pytest.raises(asyncio.CancelledError):
            await request

    asyncio.run(cancelled_twice())
    assert path.read_bytes() == block


def test_whose_membership_ends_can_neither_go_on_nor_finish(
    uploads, pasar_a, pasar_b, editor_a, monkeypatch
):
    paths = [uploads.create(5, pasar_a).headers["location"] for _ in range(2)]
    uploads.patch(paths[0], 0, [b"123"])
    with monkeypatch.context() as broken:
        broken.setattr(finishing, "do_create_video", lambda *a, **k: 1 / 0)
        uploads.patch(paths[1], 0, [b"12345"])
    do_add_member(editor_a, pasar_b, Membership.Role.EDITOR)  # they may still upload elsewhere
    do_remove_member(Membership.objects.get(user=editor_a, cooperative=pasar_a))
    for reply in (uploads.patch(paths[0], 3, [b"45"]), uploads.ask("HEAD", paths[1])):
        assert reply.status == 403
    finishing.do_sweep(clock.now())
    assert not Video.objects.exists()
    do_add_member(editor_a, pasar_a, Membership.Role.EDITOR)
    assert uploads.patch(paths[0], 3, [b"45"]).headers["siar-video"]  # it was kept
    assert uploads.ask("HEAD", paths[1]).headers["siar-video"]


def test_what_is_complete_of_who_has_left_goes_after_thirty_days(
    uploads, pasar_a, editor_a, monkeypatch, folders
):
    path = uploads.create(5, pasar_a).headers["location"]
    with monkeypatch.context() as broken:
        broken.setattr(finishing, "do_create_video", lambda *a, **k: 1 / 0)
        uploads.patch(path, 0, [b"12345"])
    do_remove_member(Membership.objects.get(user=editor_a, cooperative=pasar_a))
    finishing.do_sweep(clock.now() + timedelta(days=29))
    assert len(leftovers(folders)) == 1
    finishing.do_sweep(clock.now() + timedelta(days=31))
    assert leftovers(folders) == []

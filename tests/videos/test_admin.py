"""Wagtail's screens of this room, asked as a browser asks."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail import hooks

from cms.core import clock, facts
from cms.videos.encoding import progress
from cms.videos.encoding.queueing.claims import do_claim
from cms.videos.encoding.worker import do_plan
from cms.videos.models import Encode, EncodeTask, Media, Video
from cms.videos.models.encode import State
from cms.videos.tasks import publish_scheduled
from tests.videos.conftest import NOW
from tests.videos.jobs import job_of

pytestmark = pytest.mark.django_db
NAMES = "wagtailsnippets_videos_video"
VTT = b"WEBVTT\n\n00:01.000 --> 00:04.000\nSelamat pagi\n"


def address(name, *arguments):
    return reverse(f"{NAMES}:{name}", args=arguments)


def fields(video, **changes):
    """What the edit form posts."""
    management = {
        f"{name}-{key}": value
        for name in ("captions", "chapters")
        for key, value in (
            ("TOTAL_FORMS", 0),
            ("INITIAL_FORMS", 0),
            ("MIN_NUM_FORMS", 0),
            ("MAX_NUM_FORMS", 1000),
        )
    }
    own = {
        "title": video.title,
        "slug": video.slug,
        "description": "",
        "category": "",
        "rating": "SU",
        "language": "id",
        "cooperative": video.cooperative_id,
        "cover_at": "",
        "cover_image": "",
    }
    return {**management, **own, **changes}


@pytest.fixture
def video(make_video, pasar_a):
    return make_video(pasar_a)


@pytest.fixture
def finished(video):
    """A video whose encode has ended well."""
    Media.objects.filter(video=video).update(
        publication="a" * 32,
        duration_ms=65_000,
        posters=[
            {"uri": f"poster/{n}.jpg", "at": n * 10.0, "width": 640, "height": 360} for n in (1, 2)
        ],
    )
    Encode.objects.filter(video=video).update(state=State.READY, finished=clock.now())
    return Video.objects.get(pk=video.pk)


def test_the_list_shows_the_state_and_only_what_belongs_to_the_editor(
    client, editor_a, video, make_video, pasar_b
):
    make_video(pasar_b, "Rahasia pasar B (contoh)")
    client.force_login(editor_a)
    page = client.get(address("list")).content.decode()
    assert "Pagi di pasar (contoh)" in page
    assert f'data-siar-state="{video.pk}"' in page
    assert "Menunggu" in page
    assert "Unggah video" in page
    assert "Rahasia" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [("state=waiting", True), ("state=ready", False), ("q=pagi", True), ("q=malam", False)],
)
def test_the_list_is_searched_and_filtered(client, editor_a, video, query, found):
    client.force_login(editor_a)
    page = client.get(f"{address('list')}?{query}").content.decode()
    assert ("Pagi di pasar (contoh)" in page) is found


def test_the_upload_screen_offers_the_editors_own_cooperatives(client, editor_a, pasar_a, pasar_b):
    client.force_login(editor_a)
    page = client.get(address("add")).content.decode()
    assert pasar_a.name in page
    assert pasar_b.name not in page


def test_who_may_only_look_gets_no_upload_screen(client, coordinator_a):
    client.force_login(coordinator_a)
    assert client.get(address("add")).status_code in (302, 403)


def test_the_edit_page_tells_the_state_and_offers_what_is_possible(client, editor_a, finished):
    client.force_login(editor_a)
    page = client.get(address("edit", finished.pk)).content.decode()
    for expected in (
        "Siap",
        "Durasi 1.05.",
        "Kodekan ulang",
        "Tarik",
        "Putar yang sudah dikodekan",
    ):
        assert expected in page
    assert f"/vod/{'a' * 32}/master.m3u8" in page
    assert "poster/2.jpg" in page


def test_text_captions_chapters_and_cover_are_saved_as_a_draft_and_published(
    client, superuser, finished
):
    finished.save_revision().publish()
    client.force_login(superuser)
    posted = fields(
        finished,
        title="Sore di pasar (contoh)",
        cover_at="20.0",
        slug="",
        **{
            "captions-TOTAL_FORMS": 1,
            "captions-0-language": "jv",
            "captions-0-text": SimpleUploadedFile("jawa.vtt", VTT),
            "captions-0-ORDER": 1,
            "chapters-TOTAL_FORMS": 1,
            "chapters-0-start_ms": "1.30",
            "chapters-0-title": "Sayur",
            "chapters-0-ORDER": 1,
        },
    )
    client.post(address("edit", finished.pk), posted)
    row = Video.objects.get(pk=finished.pk)
    assert row.title == "Pagi di pasar (contoh)"  # a draft does not touch what is live
    draft = row.get_latest_revision_as_object()
    assert (draft.title, draft.cover_at) == ("Sore di pasar (contoh)", 20.0)
    draft.latest_revision.publish()
    row = Video.objects.get(pk=finished.pk)
    assert row.live
    assert row.captions.get().text == VTT.decode()
    assert [(c.start_ms, c.title) for c in row.chapters.all()] == [(90_000, "Sayur")]


def test_a_save_on_its_way_does_not_undo_the_publication(client, superuser, finished):
    client.force_login(superuser)
    edit = address("edit", finished.pk)
    first = client.post(edit, fields(finished), headers={"accept": "application/json"}).json()
    publishing = [fields(finished) | {"action-publish": "1"}]

    def publish(*_):
        """The video was read for the save; now the publication comes, and goes first."""
        if publishing:
            assert client.post(edit, publishing.pop()).status_code == 302

    late = fields(finished, title="Pagi") | {"overwrite_revision_id": first["revision_id"]}
    with hooks.register_temporarily("before_edit_snippet", publish, order=-1):
        saved = client.post(edit, late, headers={"accept": "application/json"})
    row = Video.objects.get(pk=finished.pk)
    assert (row.title, row.live) == (finished.title, True)
    assert (saved.status_code, saved.json()["error_code"]) == (400, "invalid_revision")


def test_a_bad_caption_file_is_told_in_one_sentence_and_nothing_is_saved(
    client, superuser, finished
):
    client.force_login(superuser)
    posted = fields(
        finished,
        **{
            "captions-TOTAL_FORMS": 1,
            "captions-0-language": "id",
            "captions-0-text": SimpleUploadedFile(
                "a.vtt", b"1\n00:00:01 sampai 00:00:02\nBukan takarir"
            ),
            "captions-0-ORDER": 1,
        },
    )
    page = client.post(address("edit", finished.pk), posted).content.decode()
    assert "Berkas ini bukan takarir." in page
    assert not finished.revisions.filter(pk__gt=finished.latest_revision_id).exists()


def test_publishing_and_reverting_text_touches_no_machine_state(finished):
    def machine():
        media = Media.objects.filter(video=finished).values().get()
        return media, list(Encode.objects.filter(video=finished).values())

    before = machine()
    first = finished.save_revision()
    first.publish()
    finished = Video.objects.get(pk=finished.pk)
    finished.title = "Judul lain (contoh)"
    finished.save_revision().publish()
    first.publish()
    finished = Video.objects.get(pk=finished.pk)
    assert finished.title == "Pagi di pasar (contoh)"
    finished.unpublish()
    assert machine() == before


def test_a_scheduled_text_is_published_by_the_clock(finished, frozen):
    finished.go_live_at = clock.now() + timedelta(hours=1)
    finished.save_revision().publish()
    publish_scheduled.call_local()
    assert not Video.objects.get(pk=finished.pk).live
    frozen.shift(timedelta(hours=2))
    publish_scheduled.call_local()
    assert Video.objects.get(pk=finished.pk).live


def test_live_state_is_given_for_ids_on_the_screen_and_never_for_those_of_others(
    client, editor_a, video, make_video, pasar_b
):
    other = make_video(pasar_b)
    client.force_login(editor_a)
    asked = f"{address('states')}?id={video.pk}&id={other.pk}&id=x&panel={video.pk}"
    answer = client.get(asked).json()["videos"]
    assert list(answer) == [str(video.pk)]
    entry = answer[str(video.pk)]
    assert (entry["code"], entry["busy"]) == ("waiting", True)
    assert "Giliran ke-1" in entry["chip"]
    assert "Batalkan" in entry["panel"]


def test_cancel_retry_and_encode_again_by_their_buttons(client, editor_a, video):
    client.force_login(editor_a)
    assert client.post(address("machine", video.pk, "cancel")).status_code == 200
    assert Encode.objects.get(video=video).state == State.CANCELLED
    assert client.post(address("machine", video.pk, "retry")).status_code == 200
    refused = client.post(address("machine", video.pk, "encode"))
    assert refused.status_code == 409
    assert "sedang dikodekan" in refused.json()["sentence"]
    Encode.objects.open().update(state=State.READY)
    assert client.post(address("machine", video.pk, "encode")).status_code == 200
    assert Encode.objects.filter(video=video).count() == 3


def test_an_action_that_is_not_known_is_not_found_and_does_nothing(client, editor_a, finished):
    client.force_login(editor_a)
    for action in ("destroy", "encode2", "x"):
        assert client.post(address("machine", finished.pk, action)).status_code == 404
    assert Encode.objects.filter(video=finished).count() == 1


def test_another_regions_editor_finds_nothing(client, editor_sulsel, video):
    client.force_login(editor_sulsel)
    for name in ("edit", "history", "usage", "withdraw", "restore", "take-down"):
        assert client.get(address(name, video.pk)).status_code == 404
    assert client.post(address("machine", video.pk, "cancel")).status_code == 404
    assert client.post(address("withdraw", video.pk)).status_code == 404
    assert Encode.objects.get(video=video).state == State.WAITING


def test_withdrawing_asks_first_is_told_to_the_rooms_above_and_can_be_undone(
    client, editor_a, finished
):
    finished.save_revision().publish()
    assert Video.objects.public().filter(pk=finished.pk).exists()
    client.force_login(editor_a)
    page = client.get(address("withdraw", finished.pk)).content.decode()
    assert "Tarik video ini" in page
    assert Video.objects.public().filter(pk=finished.pk).exists()
    after = client.post(address("withdraw", finished.pk), follow=True).content.decode()
    assert address("restore", finished.pk) in after
    assert not Video.objects.public().filter(pk=finished.pk).exists()
    client.post(address("restore", finished.pk))
    assert Video.objects.public().filter(pk=finished.pk).exists()
    told = facts.Fact.objects.filter(subject=str(finished.pk)).values_list("topic", flat=True)
    assert list(told) == ["video.published", "video.withdrawn", "video.restored"]


def test_a_takedown_needs_the_word_and_a_moderator(
    client, editor_a, moderator_a, finished, folders
):
    client.force_login(editor_a)
    refused = client.post(address("take-down", finished.pk), {"word": "TURUNKAN"})
    assert refused.status_code in (302, 403)
    client.force_login(moderator_a)
    page = client.post(address("take-down", finished.pk), {"word": "turun"})
    assert page.status_code == 422
    assert Media.objects.get(video=finished).taken_down_at is None
    client.post(address("take-down", finished.pk), {"word": "turunkan"})
    assert Media.objects.get(video=finished).taken_down_at is not None


def keys_told_of():
    """The keys that the rooms above hear of as withdrawn."""
    told = facts.Fact.objects.filter(topic="video.withdrawn")
    return {fact.payload["key"] for fact in told if not fact.subject.isdecimal()}


def test_deleting_a_video_tells_the_rooms_above_its_key(client, moderator_a, finished):
    client.force_login(moderator_a)
    client.post(address("delete", finished.pk))
    assert not Video.objects.filter(pk=finished.pk).exists()
    assert keys_told_of() == {finished.key.hex}
    assert Media.objects.get().video is None


def test_deleting_several_videos_tells_the_key_of_each(
    client, moderator_a, finished, make_video, pasar_a
):
    other = make_video(pasar_a, "Sore di pasar (contoh)")
    client.force_login(moderator_a)
    bulk = reverse("wagtail_bulk_action", args=["videos", "video", "delete"])
    answer = client.post(f"{bulk}?id={finished.pk}&id={other.pk}")
    assert answer.status_code == 302
    assert not Video.objects.exists()
    assert keys_told_of() == {finished.key.hex, other.key.hex}


def test_the_preview_shows_the_draft(client, superuser, finished):
    client.force_login(superuser)
    preview = address("preview_on_edit", finished.pk)
    client.post(preview, fields(finished, title="Judul baru (contoh)"))
    page = client.get(f"{preview}?mode=").content.decode()
    assert "Judul baru (contoh)" in page
    assert f"/vod/{'a' * 32}/master.m3u8" in page


def test_ids_that_are_no_numbers_are_not_there(client, editor_a, video):
    client.force_login(editor_a)
    asked = ["²", "x", "9" * 5000, str(video.pk)]
    answer = client.get(address("states"), {"id": asked})
    assert list(answer.json()["videos"]) == [str(video.pk)]


def test_an_editor_puts_a_video_first_and_its_history_says_so(
    client, editor_a, editor_sulsel, coordinator_a, video, make_video, pasar_a
):
    other = make_video(pasar_a, "Sore di pasar (contoh)")
    client.force_login(editor_sulsel)
    assert client.post(address("machine", other.pk, "put-first")).status_code == 404
    client.force_login(coordinator_a)
    assert client.post(address("machine", other.pk, "put-first")).status_code in (302, 403)
    client.force_login(editor_a)
    panel = client.get(f"{address('states')}?id={other.pk}&panel={other.pk}").json()["videos"]
    assert "Dahulukan" in panel[str(other.pk)]["panel"]
    assert panel[str(other.pk)]["place"] == 2
    assert client.post(address("machine", other.pk, "put-first")).status_code == 200
    entry = client.get(f"{address('states')}?id={other.pk}&panel={other.pk}").json()["videos"]
    assert entry[str(other.pk)]["place"] == 1
    assert "Giliran ke-1. Didahulukan." in entry[str(other.pk)]["chip"]
    assert "data-action=" in entry[str(other.pk)]["panel"]
    assert 'data-action="put-first"' not in entry[str(other.pk)]["panel"]
    assert "Pengodean didahulukan" in client.get(address("history", other.pk)).content.decode()


def test_live_state_tells_progress_time_left_and_where_it_can_be_watched(client, editor_a, video):
    encode = Encode.objects.get(video=video)
    client.force_login(editor_a)
    asked = f"{address('states')}?id={video.pk}"
    waiting = client.get(asked).json()["videos"][str(video.pk)]
    assert waiting["preview"] == f"/vod/{encode.publication}/master.m3u8"
    task = EncodeTask.objects.get(encode=encode)
    do_plan(do_claim(task.pk, encode.pk, "a", NOW), job_of(encode.publication), NOW)
    for name, at in (("opening", 10), ("sound", 20)):
        task = EncodeTask.objects.get(encode=encode, name=name)
        do_claim(task.pk, encode.pk, "a", NOW)
        EncodeTask.objects.beat(task.pk, "a", NOW, 1.0)
        progress.do_write(encode.pk, NOW + timedelta(seconds=at))
    entry = client.get(asked).json()["videos"][str(video.pk)]
    assert entry["progress"] == pytest.approx(0.2)
    assert entry["eta_seconds"] == pytest.approx(80, rel=0.25)
    assert "20 %" in entry["chip"]
    EncodeTask.objects.filter(encode=encode, name="sound").update(progress=0)  # a worker was lost
    progress.do_write(encode.pk, NOW + timedelta(seconds=30))
    assert client.get(asked).json()["videos"][str(video.pk)]["progress"] == pytest.approx(0.2)


def test_the_list_asks_for_the_machines_once_for_all_its_videos(
    client, editor_a, make_video, pasar_a
):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            client.get(address("list"))
        return sum('FROM "videos_encode' in query["sql"] for query in queries)

    client.force_login(editor_a)
    make_video(pasar_a)
    few = asked()
    for _more in range(6):
        make_video(pasar_a)
    assert asked() == few > 0

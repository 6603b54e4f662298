"""Another file under the same video, sent by tus: what viewers have stays until it is ready."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from cms.core import clock
from cms.core.refusals import Refused
from cms.videos import publications, replacing
from cms.videos.actions import do_delete_video, do_take_down
from cms.videos.models import Encode, Media, Video
from cms.videos.models.encode import State
from cms.videos.models.machine import originals
from cms.videos.words import findings
from tests.videos.asgi_client import Uploads, b64

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
NEW = b"another film"


@pytest.fixture
def video(make_video, pasar_a):
    """A draft whose first file is in use."""
    video = make_video(pasar_a)
    Media.objects.filter(video=video).update(publication="a" * 32, duration_ms=65_000)
    Encode.objects.filter(video=video).update(state=State.READY, finished=clock.now())
    return video


@pytest.fixture
def uploads(editor_a, cookie_of) -> Uploads:
    return Uploads(cookie_of(editor_a))


def begin(uploads, video):
    pairs = {"filename": "Baru.mp4", "purpose": "replacement", "target": str(video.pk)}
    metadata = ",".join(f"{name} {b64(value)}" for name, value in pairs.items())
    return uploads.ask("POST", upload_length=len(NEW), upload_metadata=metadata)


def replace(uploads, video):
    path = begin(uploads, video).headers["location"]
    assert uploads.patch(path, 0, [NEW]).headers["siar-video"] == str(video.pk)
    return path


def read(name):
    with originals().open(name) as original:
        return original.read()


def test_a_new_file_keeps_the_video_and_its_publication_until_it_is_ready(uploads, video):
    old = Media.objects.get().original.name
    replace(uploads, video)
    media = Media.objects.get()
    assert Video.objects.get() == video
    assert (media.publication, media.original_name) == ("a" * 32, "Baru.mp4")
    assert read(media.original.name) == NEW
    newest = video.encodes.first()
    assert (newest.state, newest.publication == "a" * 32) == (State.WAITING, False)
    # The former original stays until a publication of the new one is in use.
    assert replacing.do_drop_former() == 0
    assert read(old) == b"not a film"
    Encode.objects.filter(pk=newest.pk).update(state=State.READY)
    assert replacing.do_drop_former() == 1
    assert not originals().exists(old)
    assert read(Media.objects.get().original.name) == NEW


def test_a_file_that_was_no_film_is_replaced_and_its_encode_begins_again(uploads, video):
    Encode.objects.filter(video=video).update(state=State.FAILED, error_code="not_media")
    Media.objects.update(publication="")
    replace(uploads, video)
    assert video.encodes.first().state == State.WAITING


def test_a_second_replacement_ends_the_first_and_keeps_what_is_in_use(uploads, video):
    old = Media.objects.get().original.name
    replace(uploads, video)
    between = Media.objects.get().original.name
    replace(uploads, video)
    assert [each.state for each in video.encodes.all()][:2] == [State.WAITING, State.CANCELLED]
    assert Media.objects.get().former["original"] == old
    assert originals().exists(old)
    assert not originals().exists(between)


def test_a_cancellation_brings_the_former_file_back(uploads, video):
    old = Media.objects.get().original.name
    path = replace(uploads, video)
    assert "siar-video" not in uploads.ask("DELETE", path).headers
    media = Media.objects.get()
    assert (media.original.name, media.former, media.publication) == (old, {}, "a" * 32)
    assert read(old) == b"not a film"
    assert video.encodes.first().state == State.CANCELLED


def test_a_cancellation_after_the_new_publication_is_in_use_says_so(uploads, video):
    path = replace(uploads, video)
    Encode.objects.filter(video=video).update(state=State.READY)
    assert uploads.ask("DELETE", path).headers["siar-video"] == str(video.pk)


def test_what_viewers_see_is_replaced_by_whoever_may_publish(
    uploads, video, cookie_of, moderator_a, editor_b
):
    assert begin(Uploads(cookie_of(editor_b)), video).status == 404
    Video.objects.update(live=True)
    assert begin(uploads, video).status == 404
    assert begin(Uploads(cookie_of(moderator_a)), video).status == 201


def test_a_video_that_was_taken_down_is_not_replaced(video, editor_a):
    do_take_down(video, clock.now())
    with pytest.raises(Refused):
        replacing.check_replace(video)


def test_the_originals_of_a_deleted_video_both_go(uploads, video):
    old = Media.objects.get().original.name
    replace(uploads, video)
    new = Media.objects.get().original.name
    do_delete_video(video, clock.now())
    replacing.do_drop_former()
    publications.do_remove_orphans()
    assert not originals().exists(old)
    assert not originals().exists(new)


def test_the_page_is_for_whoever_may_and_lists_what_was_begun(uploads, video, editor_a, editor_b):
    path = begin(uploads, video).headers["location"]
    client = Client()
    address = reverse("wagtailsnippets_videos_video:replace", args=[video.pk])
    client.force_login(editor_b)
    assert client.get(address).status_code == 404
    client.force_login(editor_a)
    page = client.get(address).content.decode()
    assert f'data-purpose="replacement" data-target="{video.pk}"' in page
    assert path.rpartition("/")[2] in page
    uploading = client.get(reverse("wagtailsnippets_videos_video:add")).content.decode()
    assert path.rpartition("/")[2] not in uploading
    edit = client.get(reverse("wagtailsnippets_videos_video:edit", args=[video.pk]))
    assert address in edit.content.decode()


def test_an_original_is_kept_for_as_long_as_its_replacement_fails(uploads, video):
    old = Media.objects.get().original.name
    replace(uploads, video)
    Encode.objects.filter(video=video, state=State.WAITING).update(
        state=State.FAILED, finished=clock.now() + timedelta(days=3)
    )
    assert replacing.do_drop_former() == 0
    assert originals().exists(old)


def test_captions_that_outlast_the_new_file_are_named(video):
    text = "WEBVTT\n\n00:01.000 --> 00:04.000\na\n\n01:05.000 --> 01:06.000\nb\n"
    video.captions.create(text=text)
    media = Media.objects.get()
    assert findings.remarks_on_captions(video, media) == []
    media.duration_ms = 30_000
    (remark,) = findings.remarks_on_captions(video, media)
    assert remark.text == "Takarir Bahasa Indonesia lebih panjang daripada video ini."

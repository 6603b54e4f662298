"""Several videos of the list at once: asked first, done to those that the person may."""

import pytest
from django.urls import reverse

from cms.channels.models import InstallSlate
from cms.core import clock
from cms.videos.models import Category, Encode, Media, Video
from cms.videos.models.encode import State

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(make_video, pasar_a):
    """Two videos of a market whose encodes have ended well."""
    videos = [make_video(pasar_a, f"Pagi {n} (contoh)") for n in (1, 2)]
    Media.objects.update(duration_ms=65_000)
    for video in videos:
        Media.objects.filter(video=video).update(publication=f"{video.pk:032x}")
    Encode.objects.update(state=State.READY, finished=clock.now())
    return videos


def bulk(action, videos):
    ids = "&".join(f"id={video.pk}" for video in videos)
    return f"{reverse('wagtail_bulk_action', args=['videos', 'video', action])}?{ids}"


def test_several_are_published_by_whoever_may_publish(client, editor_a, moderator_a, pair):
    client.force_login(editor_a)
    page = client.get(bulk("publish", pair)).content.decode()
    assert "Ini tidak boleh Anda ubah" in page
    client.post(bulk("publish", pair))
    assert not Video.objects.filter(live=True).exists()
    client.force_login(moderator_a)
    page = client.get(bulk("publish", pair)).content.decode()
    assert all(video.title in page for video in pair)
    client.post(bulk("publish", pair))
    assert Video.objects.filter(live=True).count() == 2


def test_several_are_withdrawn_after_a_page_that_names_where_they_are_used(client, editor_a, pair):
    client.force_login(editor_a)
    page = client.get(bulk("withdraw", pair)).content.decode()
    assert page.count("Tidak dipakai di saluran, kabar, atau segmen mana pun.") == 2
    client.post(bulk("withdraw", pair))
    assert Media.objects.filter(withdrawn_at__isnull=True).count() == 0


def test_several_get_a_rubric_and_a_published_text_follows_for_whoever_may_publish(
    client, editor_a, moderator_a, pair
):
    rubric = Category.objects.create(name="Dapur (contoh)", slug="dapur-contoh")
    live, draft = pair
    live.latest_revision.publish()
    client.force_login(editor_a)
    client.post(bulk("category", pair), {"category": rubric.pk})
    assert Video.objects.get(pk=live.pk).category is None
    assert Video.objects.get(pk=draft.pk).get_latest_revision_as_object().category == rubric
    client.force_login(moderator_a)
    client.post(bulk("category", pair), {"category": rubric.pk})
    assert Video.objects.get(pk=live.pk).category == rubric
    assert not Video.objects.get(pk=live.pk).has_unpublished_changes


def test_several_are_encoded_again_and_one_that_is_being_encoded_says_so(client, editor_a, pair):
    busy = pair[0].encodes.get()
    Encode.objects.filter(pk=busy.pk).update(state=State.WAITING)
    client.force_login(editor_a)
    home = reverse("wagtailsnippets_videos_video:list")
    answer = client.post(f"{bulk('encode', pair)}&next={home}", follow=True)
    assert pair[1].encodes.first().state == State.WAITING
    assert pair[0].encodes.count() == 1
    assert f"{pair[0].title}: Video ini sedang dikodekan." in answer.content.decode()


def test_several_get_new_sound_with_the_pictures_that_are_in_use(client, editor_a, pair):
    client.force_login(editor_a)
    assert "Gambarnya tetap." in client.get(bulk("sound", pair)).content.decode()
    client.post(bulk("sound", pair))
    asked = {encode.video_id: encode.pictures for encode in Encode.objects.open()}
    assert asked == {video.pk: f"{video.pk:032x}" for video in pair}


def test_several_are_deleted_after_a_page_that_names_where_they_are_used(
    client, editor_a, moderator_a, pair, make_video, pasar_a
):
    card = make_video(pasar_a, "Kartu (contoh)")
    InstallSlate.objects.create(video=card)
    client.force_login(editor_a)
    assert "Ini tidak boleh Anda ubah" in client.get(bulk("delete", pair)).content.decode()
    client.post(bulk("delete", pair))
    assert Video.objects.count() == 3
    client.force_login(moderator_a)
    page = client.get(bulk("delete", [*pair, card])).content.decode()
    assert page.count("Tidak dipakai di saluran, kabar, atau segmen mana pun.") == 3
    home = reverse("wagtailsnippets_videos_video:list")
    answer = client.post(f"{bulk('delete', [*pair, card])}&next={home}", follow=True)
    page = answer.content.decode()
    assert "Kartu (contoh): Video ini masih dipakai dan tidak dapat dihapus." in page
    assert "Hapus: 2 video." in page
    assert list(Video.objects.all()) == [card]


def test_those_of_another_region_are_not_there(client, editor_sulsel, pair):
    client.force_login(editor_sulsel)
    for action in ("publish", "withdraw", "category", "encode", "sound", "delete"):
        assert client.post(bulk(action, pair)).status_code == 404

"""The chooser of videos in an article, and what a moderator reads after a decision."""

import pytest
from django.urls import reverse

from cms.articles.actions import do_ensure_workflow
from cms.core import clock
from cms.videos.models import Encode, Media, Video
from cms.videos.models.encode import State
from tests.videos.test_admin import address, fields

pytestmark = pytest.mark.django_db


@pytest.fixture
def videos(make_video, pasar_a):
    """One that plays, one that is being made, one that failed, one that was taken down."""
    made = {}
    for title, state, publication in (
        ("Siap (contoh)", State.READY, "a" * 32),
        ("Dibuat (contoh)", State.ENCODING, ""),
        ("Gagal (contoh)", State.FAILED, ""),
        ("Diturunkan (contoh)", State.READY, "b" * 32),
    ):
        video = make_video(pasar_a, title)
        Encode.objects.filter(video=video).update(state=state)
        Media.objects.filter(video=video).update(publication=publication)
        made[title] = video
    Media.objects.filter(video=made["Diturunkan (contoh)"]).update(taken_down_at=clock.now())
    return made


@pytest.mark.parametrize("question", ["", "?q=contoh"])
@pytest.mark.parametrize("name", ["choose", "choose_results"])
def test_only_what_can_come_on_a_page_is_offered(client, editor_a, videos, name, question):
    client.force_login(editor_a)
    viewset = Video.snippet_viewset.chooser_viewset
    answer = client.get(reverse(viewset.get_url_name(name)) + question)
    shown = answer.content.decode()
    assert [title for title in videos if title in shown] == ["Siap (contoh)", "Dibuat (contoh)"]


def test_what_was_chosen_before_it_failed_stays_chosen(client, editor_a, videos):
    client.force_login(editor_a)
    viewset = Video.snippet_viewset.chooser_viewset
    video = videos["Gagal (contoh)"]
    assert client.get(reverse(viewset.get_url_name("chosen"), args=[video.pk])).status_code == 200


def test_a_moderator_reads_that_a_video_was_published(
    client, synced_tree, editor_a, moderator_a, videos
):
    do_ensure_workflow()
    video = videos["Siap (contoh)"]
    Video.objects.filter(pk=video.pk).update(live=False)
    video.refresh_from_db()
    video.save_revision(user=editor_a)
    video.get_workflow().start(video, editor_a)
    client.force_login(moderator_a)
    data = fields(video) | {"action-workflow-action": "true", "workflow-action-name": "approve"}
    answer = client.post(address("edit", video.pk), data)
    assert answer.status_code == 302
    shown = client.get(answer.url).content.decode()
    assert "“Siap (contoh)” disetujui dan diterbitkan." in shown
    assert "diubah." not in shown
    assert Video.objects.get(pk=video.pk).live

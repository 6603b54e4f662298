"""The first page of the CMS: the door to uploading, and videos that wait for somebody."""

import re
from typing import Any

import pytest
from django.urls import reverse

from cms.articles.actions import do_ensure_workflow
from cms.core import clock
from cms.videos.admin.home import add_panels
from cms.videos.models import Encode, Media, Video
from cms.videos.models.encode import State

pytestmark = pytest.mark.django_db
UPLOAD = reverse("wagtailsnippets_videos_video:add")
EMPTY = "Tidak ada video yang sedang disiapkan atau menunggu Anda."


def first_page(client, user):
    """What `user` gets at /admin/."""
    client.force_login(user)
    return client.get("/admin/").content.decode()


def chips(page):
    """Ids of the videos whose state the polling script keeps up to date."""
    return [int(pk) for pk in re.findall(r'data-siar-state="(\d+)"', page)]


@pytest.fixture
def draft(make_video, pasar_a, editor_a):
    """Make a video of market A that an editor uploaded, its newest encode in a state."""

    def make(title, state=State.READY, **changes):
        video = make_video(pasar_a, title)
        Encode.objects.filter(video=video).update(state=state)
        Media.objects.filter(video=video).update(uploaded_by=editor_a)
        Video.objects.filter(pk=video.pk).update(**changes)
        return Video.objects.get(pk=video.pk)

    return make


def test_an_editor_finds_the_way_to_uploading_and_a_sentence_where_nothing_waits(client, editor_a):
    page = first_page(client, editor_a)
    assert f'href="{UPLOAD}"' in page
    assert EMPTY in page


def test_who_may_only_look_at_videos_is_offered_nothing_to_do_with_them(
    client, coordinator_a, draft
):
    draft("Rusak (contoh)", State.FAILED)
    page = first_page(client, coordinator_a)
    assert UPLOAD not in page
    assert "siar-videos" not in page


def test_five_videos_that_are_worked_on_or_failed_stand_with_live_chips_the_last_first(
    client, editor_a, draft
):
    made = [
        draft(f"Video {state} {number} (contoh)", state)
        for number, state in enumerate(
            (State.WAITING, State.FAILED, State.PROBING, State.ENCODING, State.FINISHING, "failed")
        )
    ]
    draft("Sudah siap (contoh)", State.READY)
    draft("Batal (contoh)", State.CANCELLED)
    page = first_page(client, editor_a)
    assert chips(page) == [video.pk for video in reversed(made)][:5]
    assert reverse("wagtailsnippets_videos_video:edit", args=[made[-1].pk]) in page
    assert "Gagal" in page
    assert EMPTY not in page


def test_a_video_that_was_encoded_again_is_judged_by_its_newest_encode(client, editor_a, draft):
    video = draft("Diulang (contoh)", State.FAILED)
    Encode.objects.create(
        video=video,
        publication="b" * 32,
        state=State.READY,
        created=clock.now(),
    )
    assert chips(first_page(client, editor_a)) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "Belum terbit"),
        ({"live": True, "has_unpublished_changes": True}, "Perubahan belum terbit"),
        ({"live": True, "has_unpublished_changes": False}, None),
        ({"first_published_at": clock.now(), "has_unpublished_changes": True}, None),
    ],
    ids=["never published", "changed", "published", "taken off the site"],
)
def test_a_draft_waits_until_it_is_published(client, editor_a, draft, changes, said):
    draft("Dapur pasar (contoh)", **changes)
    page = first_page(client, editor_a)
    assert ("Dapur pasar (contoh)" in page) is bool(said)
    assert (said or EMPTY) in page


def test_a_draft_that_a_moderator_looks_at_no_longer_waits_for_its_editor(
    client, editor_a, draft, synced_tree
):
    do_ensure_workflow()
    video = draft("Dapur pasar (contoh)")
    video.save_revision(user=editor_a)
    assert "Konsep yang menunggu Anda" in first_page(client, editor_a)
    video.get_workflow().start(video, editor_a)
    assert EMPTY in first_page(client, editor_a)


def test_what_is_withdrawn_or_has_a_date_or_was_made_by_code_waits_for_nobody(
    client, editor_a, draft, make_video, pasar_a
):
    withdrawn, dated = draft("Ditarik (contoh)"), draft("Besok (contoh)")
    Media.objects.filter(video=withdrawn).update(withdrawn_at=clock.now())
    revision = dated.save_revision(user=editor_a)
    revision.approved_go_live_at = clock.now()
    revision.save()
    card = make_video(pasar_a, "Kartu jeda (contoh)")
    Encode.objects.filter(video=card).update(state=State.READY)
    assert EMPTY in first_page(client, editor_a)


def test_only_who_is_a_member_of_its_cooperative_or_uploaded_it_sees_a_video(
    client, editor_a, editor_sulsel, editor_jatim, draft
):
    failed = draft("Gagal di A (contoh)", State.FAILED)
    draft("Konsep di A (contoh)")
    assert first_page(client, editor_a).count("di A (contoh)") == 2
    for above_or_elsewhere in (editor_jatim, editor_sulsel):
        page = first_page(client, above_or_elsewhere)
        assert "di A (contoh)" not in page
        assert EMPTY in page
    Media.objects.filter(video=failed).update(uploaded_by=editor_jatim)
    assert first_page(client, editor_jatim).count("di A (contoh)") == 1


def test_a_superuser_who_is_a_member_nowhere_sees_all(client, admin_user, draft):
    draft("Gagal di A (contoh)", State.FAILED)
    assert "Gagal di A (contoh)" in first_page(client, admin_user)


def test_more_videos_ask_no_more_queries(rf, editor_a, draft, django_assert_num_queries):
    request = rf.get("/admin/")
    request.user = editor_a
    for number in range(3):
        draft(f"Gagal {number} (contoh)", State.FAILED)
        draft(f"Konsep {number} (contoh)")
        panels: list[Any] = []
        # Two each for the two permissions; then whose videos, the two lists, the encodes.
        with django_assert_num_queries(8):
            add_panels(request, panels)
            shown = "".join(panel.render_html({"request": request}) for panel in panels)
        assert f"Konsep {number}" in shown


def test_no_script_of_ours_stands_in_the_page(client, editor_a, draft):
    draft("Gagal (contoh)", State.FAILED)
    panel = first_page(client, editor_a).split('id="siar-videos-section"')[1].split("</section>")[0]
    assert "<script" not in panel
    assert not re.search(r"\s(on\w+|style)=", panel)

"""Segments in Wagtail's workflow: they wait in its screens, and its record tells who decided."""

from datetime import datetime

import pytest
from django.test import Client
from wagtail.models import TaskState, Workflow, WorkflowState

from cms.core.models import User
from cms.traders.actions import (
    do_approve_segment,
    do_decline_segment,
    do_delete,
    do_refuse_segment,
    do_save_product,
    do_submit_segment,
)
from cms.traders.admin.queue import decide_path
from cms.traders.models import FeaturedSegment, Product, Review

State = FeaturedSegment.State
pytestmark = pytest.mark.usefixtures("synced_tree")


@pytest.fixture
def sent(segment_a: FeaturedSegment, now: datetime) -> FeaturedSegment:
    """A segment that its trader submitted."""
    FeaturedSegment.objects.filter(pk=segment_a.pk).update(state=State.DRAFT)
    assert do_submit_segment(segment_a, now)
    return segment_a


def _tasks() -> list[tuple[str, str, str]]:
    rows = TaskState.objects.order_by("pk")
    return [(row.status, str(row.finished_by or ""), row.comment) for row in rows]


def _workflow() -> list[str]:
    return list(WorkflowState.objects.order_by("pk").values_list("status", flat=True))


def _reviewable(user: User) -> int:
    return int(TaskState.objects.reviewable_by(user).count())


def test_a_submitted_segment_awaits_the_own_deciders_alone(
    sent: FeaturedSegment,
    coordinator_a: User,
    moderator_a: User,
    coordinator_b: User,
    editor_a: User,
    trader_a: User,
) -> None:
    people = [coordinator_a, moderator_a, coordinator_b, editor_a, trader_a]
    assert [_reviewable(user) for user in people] == [1, 1, 0, 0, 0]
    assert WorkflowState.objects.get().requested_by == trader_a


def test_wagtails_own_panel_leads_to_the_decision(
    client: Client, sent: FeaturedSegment, coordinator_a: User
) -> None:
    client.force_login(coordinator_a)
    page = client.get("/admin/").content.decode()
    assert f'href="{decide_path(sent)}"' in page
    assert "Periksa dan putuskan" in page
    [action] = [part for part in page.split('"') if "/decide/" in part]
    assert client.post(action)["Location"] == decide_path(sent)


def test_wagtails_reports_of_workflows_still_open(
    client: Client, sent: FeaturedSegment, superuser: User
) -> None:
    client.force_login(superuser)
    for report in ("workflow", "workflow_tasks"):
        assert client.get(f"/admin/reports/{report}/").status_code == 200


def test_an_approval_is_recorded_once_with_what_was_answered_for(
    sent: FeaturedSegment, coordinator_a: User, moderator_a: User, now: datetime
) -> None:
    assert do_approve_segment(sent, coordinator_a, now, "Buktinya sudah saya lihat.")
    assert not do_approve_segment(sent, moderator_a, now)
    assert _tasks() == [("approved", "pengurus-a", "Buktinya sudah saya lihat.")]
    assert _workflow() == ["approved"]
    assert _reviewable(coordinator_a) == 0


def test_a_change_asked_for_and_made_goes_on_in_the_same_workflow(
    sent: FeaturedSegment, coordinator_a: User, now: datetime
) -> None:
    do_refuse_segment(sent, coordinator_a, "Foto terlalu gelap.", now)
    assert _tasks() == [("rejected", "pengurus-a", "Foto terlalu gelap.")]
    assert _workflow() == ["needs_changes"]
    assert do_submit_segment(sent, now)
    assert _workflow() == ["in_progress"]
    assert _reviewable(coordinator_a) == 1
    assert do_approve_segment(sent, coordinator_a, now)
    assert _workflow() == ["approved"]


def test_what_is_declined_ends_and_cannot_be_submitted_again(
    sent: FeaturedSegment, coordinator_a: User, now: datetime
) -> None:
    assert do_decline_segment(sent, coordinator_a, "Bukan barang pasar.", now)
    assert _workflow() == ["cancelled"]
    assert _tasks()[0][2] == "Bukan barang pasar."
    assert not do_submit_segment(sent, now)
    assert sent.state == State.DECLINED


def test_an_approved_segment_that_its_trader_changes_is_reviewed_anew(
    sent: FeaturedSegment, sambal: Product, coordinator_a: User, trader_a: User, now: datetime
) -> None:
    do_approve_segment(sent, coordinator_a, now)
    sambal.description = "Menyembuhkan semua penyakit."
    do_save_product(sambal, trader_a, now)
    assert _workflow() == ["approved", "in_progress"]
    sent.refresh_from_db()
    assert sent.state == State.SUBMITTED
    assert _reviewable(coordinator_a) == 1


def test_a_segment_of_before_the_workflow_is_decided_without_one(
    segment_a: FeaturedSegment, coordinator_a: User, now: datetime
) -> None:
    assert do_approve_segment(segment_a, coordinator_a, now)
    assert _tasks() == []


def test_a_workflow_that_an_administrator_switched_off_stays_off(
    sent: FeaturedSegment, coordinator_a: User, now: datetime
) -> None:
    Workflow.objects.get(name="Persetujuan pengurus").deactivate()
    do_refuse_segment(sent, coordinator_a, "Foto terlalu gelap.", now)
    assert do_submit_segment(sent, now)
    assert do_approve_segment(sent, coordinator_a, now)
    assert _reviewable(coordinator_a) == 0


def test_a_deleted_segment_leaves_nothing_to_review(
    sent: FeaturedSegment, coordinator_a: User, now: datetime
) -> None:
    do_delete(sent, now)
    assert not Review.objects.exists()
    assert not WorkflowState.objects.exists()
    assert _reviewable(coordinator_a) == 0

"""Moderation: the moderators of a co-operative approve what is its own."""

import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from wagtail.models import TaskState, Workflow

from cms.articles.actions import do_ensure_root
from cms.articles.models import ArticlePage
from cms.cooperatives.models import Membership


@pytest.fixture
def submitted(synced_tree, pasar_a, editor_a, make_article, now) -> ArticlePage:
    """An article of market A that its editor has submitted."""
    page = make_article(pasar_a, "Kabar A", ("text", "<p>Isi</p>"), live=False)
    page.save_revision(user=editor_a)
    page.get_workflow().start(page, editor_a)
    return ArticlePage.objects.get(pk=page.pk)


def act(client, page: ArticlePage, action: str):
    """Do what the buttons of the edit view do."""
    state = page.current_workflow_task_state
    names = (page.pk, action, state.pk)
    return client.post(reverse("wagtailadmin_pages:workflow_action", args=names), {"comment": ""})


def test_an_editor_submits_and_cannot_publish(client, synced_tree, pasar_a, editor_a, make_article):
    page = make_article(pasar_a, "Kabar A", live=False)
    page.save_revision(user=editor_a)
    permissions = page.permissions_for_user(editor_a)
    assert permissions.can_submit_for_moderation()
    assert not permissions.can_publish()


def test_the_moderator_of_the_market_approves(client, submitted, moderator_a):
    client.force_login(moderator_a)
    assert list(TaskState.objects.reviewable_by(moderator_a)) == [
        submitted.current_workflow_task_state
    ]
    act(client, submitted, "approve")
    assert ArticlePage.objects.get(pk=submitted.pk).live


def buttons(client, page: ArticlePage) -> list[str]:
    """The buttons below the editor of `page`, the large one first."""
    answer = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    footer = answer.split('<footer class="footer')[1].split("</footer>")[0]
    return re.findall(r'<button[^>]*(?:data-workflow-action-name|name)="([^"]+)"', footer)


def test_the_large_button_of_a_moderator_approves_what_waits(client, submitted, moderator_a):
    client.force_login(moderator_a)
    assert buttons(client, submitted)[0] == "approve"
    act(client, submitted, "approve")
    assert buttons(client, submitted)[0] != "approve"


def test_who_may_not_approve_is_offered_no_button_for_it(client, submitted, editor_a):
    client.force_login(editor_a)
    assert "approve" not in buttons(client, submitted)


def test_a_moderator_of_the_province_approves_too(client, submitted, make_user, jatim):
    user = make_user("moderator-jatim", jatim, Membership.Role.MODERATOR)
    client.force_login(user)
    act(client, submitted, "approve")
    assert ArticlePage.objects.get(pk=submitted.pk).live


def test_a_moderator_of_another_market_neither_sees_nor_approves(
    client, submitted, make_user, pasar_b
):
    user = make_user("moderator-b", pasar_b, Membership.Role.MODERATOR)
    assert not TaskState.objects.reviewable_by(user).exists()
    client.force_login(user)
    act(client, submitted, "approve")
    assert not ArticlePage.objects.get(pk=submitted.pk).live


def test_a_moderator_may_ask_for_changes(client, submitted, moderator_a):
    client.force_login(moderator_a)
    act(client, submitted, "reject")
    page = ArticlePage.objects.get(pk=submitted.pk)
    assert not page.live
    assert page.current_workflow_state.status == "needs_changes"


def test_an_article_appears_at_the_hour_that_was_set(
    pasar_a, moderator_a, make_article, now, client, frozen
):
    page = make_article(pasar_a, "Terjadwal", ("text", "<p>Isi</p>"), live=False)
    page.go_live_at = now + timedelta(hours=2)
    page.save_revision(user=moderator_a).publish(user=moderator_a, skip_permission_checks=True)
    call_command("publish_scheduled")
    assert client.get(page.get_url()).status_code == 404
    frozen.shift(timedelta(hours=2, minutes=1))
    call_command("publish_scheduled")
    assert client.get(page.get_url()).status_code == 200


def test_the_workflow_is_made_once_and_stays_as_it_was_changed(db, now):
    do_ensure_root(now)
    Workflow.objects.filter(name="Persetujuan moderator").update(name="Dua mata")
    do_ensure_root(now)
    assert list(Workflow.objects.filter(active=True).values_list("name", flat=True)) == ["Dua mata"]


@pytest.mark.parametrize(
    ("action", "told"),
    [
        ("approve", "“Kabar A” disetujui dan diterbitkan."),
        ("reject", "“Kabar A” dikembalikan kepada penulisnya."),
    ],
)
def test_a_moderator_reads_what_was_decided_not_that_something_was_changed(
    client, submitted, moderator_a, posted, action, told
):
    client.force_login(moderator_a)
    data = posted(submitted.title, ("text", "<p>Isi</p>"))
    data |= {"action-workflow-action": "true", "workflow-action-name": action}
    data |= {"workflow-action-extra-data": '{"comment": "contoh"}'}
    answer = client.post(reverse("wagtailadmin_pages:edit", args=(submitted.pk,)), data)
    assert answer.status_code == 302
    shown = client.get(answer.url).content.decode()
    assert told in shown
    assert "diperbarui." not in shown
    assert ArticlePage.objects.get(pk=submitted.pk).live == (action == "approve")

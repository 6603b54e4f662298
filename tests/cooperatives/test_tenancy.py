"""What the roles of a co-operative open, by Wagtail's own permissions."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import GroupCollectionPermission, GroupPagePermission, Page
from wagtail.permissions import page_permission_policy, policy_registry

from cms.articles.actions import do_ensure_section
from cms.articles.models import ArticlePage
from cms.cooperatives import roles
from cms.cooperatives.actions import do_sync_all
from cms.cooperatives.gate import choosable_pages
from cms.cooperatives.models import Cooperative, Membership
from cms.cooperatives.tags import visible_tags
from cms.core.models import User
from cms.videos.models import Video

pytestmark = pytest.mark.django_db
Role = Membership.Role
NOW = datetime(2026, 11, 24, tzinfo=UTC)
Image = get_image_model()


@pytest.fixture
def sections(synced_tree, pasar_a, pasar_b, jatim):
    return {each.slug: do_ensure_section(each, NOW) for each in (pasar_a, pasar_b, jatim)}


def fresh(user: User) -> User:
    """Return the user without what Django remembers of their permissions."""
    return User.objects.get(pk=user.pk)


def may_on(user: User, action: str, page: Page) -> bool:
    return page_permission_policy.user_has_permission_for_instance(fresh(user), action, page)


def test_pages_open_in_the_own_section_and_below(sections, editor_jatim, editor_a):
    assert may_on(editor_jatim, "change", sections["pasar-a"])
    assert may_on(editor_a, "change", sections["pasar-a"])
    assert not may_on(editor_a, "change", sections["pasar-b"])
    assert not may_on(editor_a, "change", sections["jatim"])


def test_editors_write_and_moderators_publish(sections, editor_a, moderator_a):
    assert may_on(editor_a, "add", sections["pasar-a"])
    assert not may_on(editor_a, "publish", sections["pasar-a"])
    assert may_on(moderator_a, "publish", sections["pasar-a"])


def test_an_editor_writes_an_article_in_the_own_section_alone(client, sections, editor_a):
    client.force_login(editor_a)

    def address(slug):
        return reverse(
            "wagtailadmin_pages:add", args=["articles", "articlepage", sections[slug].pk]
        )

    assert client.get(address("pasar-a")).status_code == 200
    assert client.get(address("pasar-b")).status_code == 404


def test_images_go_into_the_own_collection_alone(client, sections, editor_a, pasar_a, pasar_b):
    client.force_login(editor_a)
    own, others = (Cooperative.objects.get(pk=each.pk).collection_id for each in (pasar_a, pasar_b))

    def upload(collection):
        picture = SimpleUploadedFile(
            "cabai.png", get_test_image_file().file.getvalue(), "image/png"
        )
        return client.post(
            reverse("wagtailimages:add"),
            {"title": "Cabai (contoh)", "file": picture, "collection": collection},
        )

    upload(others)
    assert not Image.objects.filter(collection_id=others).exists()
    upload(own)
    assert Image.objects.last().collection_id == own


def test_tags_of_others_are_not_offered(sections, editor_a, editor_b, pasar_b):
    image = Image.objects.create(
        title="Bawang (contoh)",
        file=get_test_image_file(),
        collection=Cooperative.objects.get(pk=pasar_b.pk).collection,
    )
    image.tags.add("bawang-merah")
    assert visible_tags(fresh(editor_b), "BAW") == ["bawang-merah"]
    assert visible_tags(fresh(editor_a), "baw") == []


def test_links_lead_to_what_is_published_and_to_ones_own_drafts(sections, editor_a):
    def article(slug, live):
        return sections[slug].add_child(
            instance=ArticlePage(title=f"{slug} {live}", slug=f"a-{live}", live=live)
        )

    own_draft = article("pasar-a", live=False)
    other_draft, other_live = article("pasar-b", live=False), article("pasar-b", live=True)
    offered = set(choosable_pages(fresh(editor_a)).values_list("pk", flat=True))
    assert {own_draft.pk, other_live.pk} <= offered
    assert other_draft.pk not in offered


def test_a_role_holds_for_its_own_place_though_another_is_held_elsewhere(
    make_user, pasar_a, pasar_b, editor_a
):
    from cms.cooperatives.actions import do_add_member

    person = make_user("dua", pasar_a, Role.MODERATOR)
    do_add_member(person, pasar_b, Role.EDITOR)
    here, there = (
        Video.objects.create(cooperative=place, title="V (contoh)", slug=f"v-{place.slug}")
        for place in (pasar_a, pasar_b)
    )
    policy = policy_registry.get_by_type(Video)
    person = fresh(person)
    assert policy.user_has_permission_for_instance(person, "publish", here)
    assert not policy.user_has_permission_for_instance(person, "publish", there)
    assert policy.user_has_permission_for_instance(person, "change", there)


def test_what_an_editor_is_granted_a_moderator_has_too():
    assert roles.roles_that_may(Video, "change") == (Role.EDITOR, Role.MODERATOR)
    assert Role.EDITOR not in roles.roles_that_may(Video, "publish")
    assert roles.roles_that_may(Group, "change") == ()


def test_permissions_that_somebody_gave_by_hand_are_taken_back(sections, editor_a, pasar_a):
    group = Group.objects.get(role_group__cooperative=pasar_a, role_group__role=Role.EDITOR)
    wrong = GroupPagePermission.objects.filter(group=group).first()
    GroupPagePermission.objects.create(
        group=group, page=sections["pasar-b"], permission=wrong.permission
    )
    before = GroupCollectionPermission.objects.filter(group=group).count()
    do_sync_all()
    pages = GroupPagePermission.objects.filter(group=group).values_list("page_id", flat=True)
    assert set(pages) == {sections["pasar-a"].pk}
    assert GroupCollectionPermission.objects.filter(group=group).count() == before


def test_nobody_but_superusers_sees_what_lists_across_cooperatives(client, sections, moderator_a):
    client.force_login(moderator_a)
    for name in ("site_history", "workflow", "workflow_tasks", "page_types_usage"):
        assert client.get(reverse(f"wagtailadmin_reports:{name}")).status_code == 404
    for name in ("locked_pages", "aging_pages"):
        assert client.get(reverse(f"wagtailadmin_reports:{name}")).status_code == 200

"""Co-operatives, members and accounts in the CMS."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from cms.cooperatives.access import may
from cms.cooperatives.actions import do_add_member, do_move_cooperative, do_remove_member
from cms.cooperatives.models import Cooperative, Membership, RoleGroup
from cms.core.models import Fact, User

pytestmark = pytest.mark.django_db
Role = Membership.Role
NAMES = "wagtailsnippets_cooperatives_cooperative"
PASSWORD = "kata sandi contoh"


def tree_form(cooperative=None, members=(), **changes):
    """Return the posted form of a co-operative with `members` as (id, person, role, delete)."""
    data = {
        "name": getattr(cooperative, "name", "Koppas Baru (contoh)"),
        "slug": getattr(cooperative, "slug", "koppas-baru"),
        "level": getattr(cooperative, "level", "koppas"),
        "market": "Pasar Baru",
        "city": "Malang",
        "zone": "Asia/Jakarta",
        "region": "",
        "whatsapp": "",
        "above": getattr(cooperative and cooperative.get_parent(), "pk", ""),
        "memberships-TOTAL_FORMS": len(members),
        "memberships-INITIAL_FORMS": sum(1 for each in members if each[0]),
        "memberships-MIN_NUM_FORMS": 0,
        "memberships-MAX_NUM_FORMS": 1000,
    }
    for number, (pk, person, role, delete) in enumerate(members):
        data |= {
            f"memberships-{number}-id": pk,
            f"memberships-{number}-person": person,
            f"memberships-{number}-role": role,
            f"memberships-{number}-DELETE": "on" if delete else "",
        }
    return data | changes


def test_a_superuser_adds_a_cooperative_into_the_tree(client, superuser, jatim):
    client.force_login(superuser)
    response = client.post(reverse(f"{NAMES}:add"), tree_form(above=jatim.pk))
    assert response.status_code == 302, response.context["form"].errors
    made = Cooperative.objects.get(slug="koppas-baru")
    assert made.get_parent() == jatim
    assert made.collection.get_parent() == Cooperative.objects.get(pk=jatim.pk).collection
    assert RoleGroup.objects.filter(cooperative=made).count() == 3


def test_a_city_or_zone_that_is_corrected_is_told_to_its_channels_and_to_the_person(
    client, superuser, pasar_a
):
    client.force_login(superuser)
    address = reverse(f"{NAMES}:edit", args=[pasar_a.pk])
    same = {"city": pasar_a.city, "zone": pasar_a.zone, "market": pasar_a.market}
    for changes, told in (({}, 0), ({"city": "Ambon"}, 1), ({"zone": "Asia/Jayapura"}, 1)):
        Fact.objects.all().delete()
        same |= changes
        page = client.post(address, tree_form(pasar_a, **same), follow=True)
        assert Fact.objects.filter(topic="cooperative.placed", subject=pasar_a.pk).count() == told
        said = [str(each) for each in page.context["messages"]]
        assert any("azan salurannya disusun ulang" in each for each in said) == bool(told)


def test_a_coordinator_adds_a_member_by_phone_and_takes_one_away(
    client, coordinator_a, editor_a, pasar_a, make_user
):
    new = make_user("bu-sri")
    User.objects.filter(pk=new.pk).update(phone="+6281234567890")
    gone = Membership.objects.get(user=editor_a)
    stays = Membership.objects.get(user=coordinator_a)
    client.force_login(coordinator_a)
    response = client.post(
        reverse(f"{NAMES}:edit", args=[pasar_a.pk]),
        tree_form(
            pasar_a,
            [
                (stays.pk, coordinator_a.username, "coordinator", False),
                (gone.pk, editor_a.username, "editor", True),
                ("", "0812-3456-7890", "editor", False),
            ],
        ),
    )
    assert response.status_code == 302
    assert may(new, pasar_a, Role.EDITOR)
    assert not may(editor_a, pasar_a)
    assert new.groups.filter(role_group__cooperative=pasar_a).exists()
    assert not editor_a.groups.exists()


def test_an_unknown_member_gets_one_sentence_and_nothing_is_lost(client, coordinator_a, pasar_a):
    stays = Membership.objects.get(user=coordinator_a)
    client.force_login(coordinator_a)
    page = client.post(
        reverse(f"{NAMES}:edit", args=[pasar_a.pk]),
        tree_form(
            pasar_a,
            [
                (stays.pk, coordinator_a.username, "coordinator", False),
                ("", "0812-9999-0000", "trader", False),
            ],
            market="Pasar yang baru ditulis",
        ),
    ).content.decode()
    assert "Belum ada akun dengan nomor ini" in page
    assert "Pasar yang baru ditulis" in page


def test_a_coordinator_cannot_move_or_promote_the_own_cooperative(
    client, coordinator_a, pasar_a, sulsel
):
    stays = Membership.objects.get(user=coordinator_a)
    client.force_login(coordinator_a)
    client.post(
        reverse(f"{NAMES}:edit", args=[pasar_a.pk]),
        tree_form(
            pasar_a,
            [(stays.pk, coordinator_a.username, "coordinator", False)],
            above="",
            level="inkoppas",
            slug="inkoppas-baru",
        ),
    )
    after = Cooperative.objects.get(pk=pasar_a.pk)
    assert (after.level, after.slug, after.depth) == ("koppas", "pasar-a", 3)
    assert after.city == "Malang", "what a coordinator may change was saved"


@pytest.mark.parametrize("view", ["edit", "history", "usage"])
def test_other_peoples_cooperatives_are_not_there(client, coordinator_a, pasar_b, jatim, view):
    client.force_login(coordinator_a)
    for place in (pasar_b, jatim):
        assert client.get(reverse(f"{NAMES}:{view}", args=[place.pk])).status_code == 404


def test_nobody_deletes_a_cooperative(client, superuser, pasar_a):
    client.force_login(superuser)
    client.post(reverse(f"{NAMES}:delete", args=[pasar_a.pk]))
    assert Cooperative.objects.filter(pk=pasar_a.pk).exists()


def test_a_move_takes_collections_along(synced_tree, pasar_a, sulsel):
    do_move_cooperative(pasar_a, sulsel)
    pasar_a = Cooperative.objects.get(pk=pasar_a.pk)
    assert pasar_a.get_parent() == sulsel
    assert pasar_a.collection.get_parent() == Cooperative.objects.get(pk=sulsel.pk).collection


def test_groups_follow_memberships_in_both_directions(make_user, pasar_a):
    person = make_user("satu")
    membership = do_add_member(person, pasar_a, Role.EDITOR)
    person = User.objects.get(pk=person.pk)
    assert person.has_perm("wagtailadmin.access_admin")
    do_remove_member(membership)
    person = User.objects.get(pk=person.pk)
    assert not person.has_perm("wagtailadmin.access_admin")


def test_a_trader_has_no_group_at_all(trader_a):
    assert not trader_a.groups.exists()


def test_syncing_twice_makes_nothing_twice(synced_tree, editor_a, pasar_a):
    from cms.cooperatives.actions import do_sync_cooperative

    before = Group.objects.count()
    do_sync_cooperative(pasar_a)
    do_sync_cooperative(pasar_a)
    assert Group.objects.count() == before
    assert pasar_a.collection.get_siblings().filter(name=pasar_a.name).count() == 1


# Accounts


def person_form(place, **changes):
    return {
        "first_name": "Sri",
        "last_name": "",
        "phone": "0812-3456-7890",
        "username": "",
        "email": "",
        "language": "id",
        "password1": PASSWORD,
        "password2": PASSWORD,
        "cooperative": place.pk,
        "role": "trader",
    } | changes


def test_a_coordinator_makes_an_account_with_nothing_but_a_phone(client, coordinator_a, pasar_a):
    client.force_login(coordinator_a)
    response = client.post(reverse("wagtailusers_users:add"), person_form(pasar_a))
    assert response.status_code == 302, response.context["form"].errors
    made = User.objects.get(phone="+6281234567890")
    assert made.username == "6281234567890"
    assert may(made, pasar_a, Role.TRADER)
    assert made.check_password(PASSWORD)


def test_a_coordinator_makes_no_accounts_elsewhere_and_no_superusers(
    client, coordinator_a, pasar_a, pasar_b
):
    client.force_login(coordinator_a)
    add = reverse("wagtailusers_users:add")
    assert client.post(add, person_form(pasar_b)).status_code == 200
    assert not User.objects.filter(phone="+6281234567890").exists()
    client.post(add, person_form(pasar_a, is_superuser="on", groups=[1]))
    assert User.objects.get(phone="+6281234567890").is_superuser is False


def test_the_list_of_people_is_that_of_the_own_cooperatives(
    client, coordinator_a, editor_a, editor_b, superuser
):
    client.force_login(coordinator_a)
    page = client.get(reverse("wagtailusers_users:index")).content.decode()
    assert "redaksi-a" in page
    assert "redaksi-b" not in page
    assert "pengelola" not in page


def test_who_works_elsewhere_too_is_seen_but_not_changed(
    client, coordinator_a, make_user, pasar_a, pasar_b
):
    both = make_user("dua-tempat", pasar_a, Role.EDITOR)
    do_add_member(both, pasar_b, Role.EDITOR)
    client.force_login(coordinator_a)
    assert "dua-tempat" in client.get(reverse("wagtailusers_users:index")).content.decode()
    edit = reverse("wagtailusers_users:edit", args=[both.pk])
    assert client.get(edit).status_code == 404
    assert client.post(edit, {"password1": "x", "password2": "x"}).status_code == 404


def test_editors_do_not_look_after_people(client, editor_a, trader_a):
    client.force_login(editor_a)
    assert client.get(reverse("wagtailusers_users:index")).status_code == 302
    assert client.get(reverse("wagtailusers_users:edit", args=[trader_a.pk])).status_code == 404


def test_groups_are_not_handed_out_in_bulk(client, coordinator_a, trader_a):
    client.force_login(coordinator_a)
    address = reverse("wagtail_bulk_action", args=["core", "user", "assign_role"])
    assert client.get(address, {"id": trader_a.pk}).status_code == 404

"""A role holds for the subtree below its co-operative, and nowhere else."""

import pytest

from cms.cooperatives.access import cooperatives_for, may
from cms.cooperatives.actions import do_add_member
from cms.cooperatives.models import Membership

Role = Membership.Role


def slugs(queryset):
    return set(queryset.values_list("slug", flat=True))


def test_a_role_holds_for_the_whole_subtree(editor_jatim, pasar_a, pasar_b, pasar_c):
    assert slugs(cooperatives_for(editor_jatim)) == {"jatim", "pasar-a", "pasar-b"}
    assert may(editor_jatim, pasar_a, Role.EDITOR)
    assert not may(editor_jatim, pasar_c)


def test_a_role_does_not_reach_upwards_or_sideways(editor_a, inkoppas, jatim, pasar_b):
    assert not any(may(editor_a, place) for place in (inkoppas, jatim, pasar_b))


def test_a_moderator_can_do_what_an_editor_can_but_not_the_reverse(moderator_a, editor_a, pasar_a):
    assert may(moderator_a, pasar_a, Role.EDITOR)
    assert not may(editor_a, pasar_a, Role.MODERATOR)


def test_roles_are_not_mixed(make_user, pasar_a, pasar_b):
    person = make_user("dua-peran", pasar_a, Role.EDITOR)
    do_add_member(person, pasar_b, Role.TRADER)
    assert slugs(cooperatives_for(person, Role.EDITOR)) == {"pasar-a"}
    assert slugs(cooperatives_for(person)) == {"pasar-a", "pasar-b"}


def test_superusers_may_all_and_the_inactive_nothing(superuser, editor_a, pasar_a):
    assert may(superuser, pasar_a, Role.MODERATOR)
    for person in (superuser, editor_a):
        person.is_active = False
        assert not may(person, pasar_a)
        assert not cooperatives_for(person).exists()


def test_a_visitor_may_nothing(pasar_a):
    from django.contrib.auth.models import AnonymousUser

    assert not may(AnonymousUser(), pasar_a)
    assert not cooperatives_for(AnonymousUser()).exists()


@pytest.mark.parametrize("count", [1, 300])
def test_markets_with_long_paths_do_not_run_into_one_another(inkoppas, make_user, count):
    markets = [
        inkoppas.add_child(name=f"K{n}", slug=f"k{n}", level="koppas", city="X")
        for n in range(count)
    ]
    person = make_user("satu", markets[0], Role.EDITOR)
    assert slugs(cooperatives_for(person)) == {"k0"}

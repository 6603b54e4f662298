"""What changes the tree and its memberships, and keeps Wagtail's permissions in step with them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission

from cms.cooperatives.access import STAFF_ROLES, Role
from cms.cooperatives.models import Cooperative, Membership, RoleGroup
from cms.cooperatives.roles import COLLECTION_ACTIONS, PAGE_ACTIONS, permission_names
from cms.cooperatives.sections import section_page
from cms.core import clock, facts
from cms.core.models import User


@transaction.atomic
def do_add_member(user: User, cooperative: Cooperative, role: Role) -> Membership:
    """Give `user` a role in `cooperative`; nothing changes if they have it."""
    membership, _made = Membership.objects.get_or_create(
        user=user, cooperative=cooperative, role=role
    )
    if role in STAFF_ROLES:  # others have no group
        do_sync_cooperative(cooperative)
    return membership


@transaction.atomic
def do_remove_member(membership: Membership) -> None:
    """Take a role away."""
    cooperative = membership.cooperative
    membership.delete()
    do_sync_cooperative(cooperative)


@transaction.atomic
def do_move_cooperative(cooperative: Cooperative, above: Cooperative | None) -> None:
    """Put `cooperative`, with all below it, under `above` (None: at the top)."""
    cooperative.refresh_from_db()
    parent = cooperative.get_parent()
    if parent == above:
        return
    if above is None:
        cooperative.move(Cooperative.get_last_root_node(), pos="last-sibling")
    else:
        cooperative.move(above, pos="last-child")
    cooperative.refresh_from_db()
    for each in Cooperative.objects.filter(path__startswith=cooperative.path).order_by("path"):
        do_sync_cooperative(each)


def do_tell_place(cooperative: Cooperative) -> None:
    """Let the rooms above know that city or zone of `cooperative` changed, after its save."""
    facts.record("cooperative.placed", str(cooperative.pk), {}, clock.now())


@transaction.atomic
def do_sync_all() -> None:
    """Bring every co-operative into step, from the top down: after a move or new grants."""
    rights = _rights_by_role()
    for cooperative in Cooperative.objects.order_by("path"):
        _sync(cooperative, rights)


@transaction.atomic
def do_sync_cooperative(cooperative: Cooperative) -> None:
    """Bring section page, collection, groups and permissions into step with the memberships.

    With `do_sync_all` the only writer of them; it may be called at any time, and twice.
    """
    _sync(cooperative, _rights_by_role())


@dataclass(frozen=True)
class _Rights:
    """Primary keys of the permissions of one role."""

    models: set[int]
    pages: set[int]
    collections: set[int]


def _rights_by_role() -> dict[Role, _Rights]:
    """Return what each staff role may do, by one query for all roles and co-operatives."""
    rows = Permission.objects.values_list("content_type__app_label", "codename", "pk")
    keys = {(app_label, codename): pk for app_label, codename, pk in rows}

    def known(names: Iterable[tuple[str, str]]) -> set[int]:
        return {keys[name] for name in names if name in keys}

    return {
        role: _Rights(
            known(permission_names(role)),
            known(("wagtailcore", f"{action}_page") for action in PAGE_ACTIONS[role]),
            known(
                (app_label, f"{action}_{kind}")
                for app_label, kind in (("wagtailimages", "image"), ("wagtaildocs", "document"))
                for action in COLLECTION_ACTIONS[role]
            ),
        )
        for role in STAFF_ROLES
    }


def _sync(cooperative: Cooperative, rights: dict[Role, _Rights]) -> None:
    collection = _ensure_collection(cooperative)
    section = section_page(cooperative, clock.now())
    members = defaultdict(set)
    for role, user in Membership.objects.filter(cooperative=cooperative).values_list(
        "role", "user"
    ):
        members[role].add(user)
    for role in STAFF_ROLES:
        group = _ensure_group(cooperative, role)
        group.permissions.set(rights[role].models)
        wanted = {(collection.pk, permission) for permission in rights[role].collections}
        _set_rows(GroupCollectionPermission, "collection_id", group, wanted)
        if section is not None:
            wanted = {(section.pk, permission) for permission in rights[role].pages}
            _set_rows(GroupPagePermission, "page_id", group, wanted)
        group.user_set.set(members[role])


def _set_rows(
    model: type[GroupPagePermission | GroupCollectionPermission],
    place: str,
    group: Group,
    wanted: set[tuple[int, int]],
) -> None:
    """Let `group` have the permissions `wanted`, pairs of a `place` and a permission, alone."""
    held = {
        (row[0], row[1]): row[2]
        for row in model.objects.filter(group=group).values_list(place, "permission_id", "pk")
    }
    surplus = [pk for pair, pk in held.items() if pair not in wanted]
    if surplus:
        model.objects.filter(pk__in=surplus).delete()
    model.objects.bulk_create(
        model(group=group, **{place: at, "permission_id": permission})
        for at, permission in sorted(wanted - held.keys())
    )


def _ensure_collection(cooperative: Cooperative) -> Collection:
    above = cooperative.get_parent()
    parent = _ensure_collection(above) if above else Collection.get_first_root_node()
    collection = cooperative.collection
    if collection is None:
        collection = parent.add_child(name=cooperative.name)
        Cooperative.objects.filter(pk=cooperative.pk).update(collection=collection)
        cooperative.collection = collection
        return collection
    if collection.name != cooperative.name:
        collection.name = cooperative.name
        collection.save()
    if not collection.is_child_of(parent):
        collection.move(parent, pos="sorted-child")
        collection.refresh_from_db()
    return collection


def _ensure_group(cooperative: Cooperative, role: Role) -> Group:
    name = f"{cooperative.slug} · {role.value}"
    held = RoleGroup.objects.filter(cooperative=cooperative, role=role).first()
    if held is None:
        group = Group.objects.create(name=name)
        RoleGroup.objects.create(cooperative=cooperative, role=role, group=group)
        return group
    if held.group.name != name:
        held.group.name = name
        held.group.save()
    return held.group

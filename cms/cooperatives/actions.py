"""What changes the tree and its memberships, and keeps Wagtail's permissions in step with them."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from cms.cooperatives.access import STAFF_ROLES, Role
from cms.cooperatives.models import Cooperative, Membership, RoleGroup
from cms.cooperatives.roles import COLLECTION_ACTIONS, PAGE_ACTIONS, permission_names
from cms.cooperatives.sections import section_page
from cms.core import clock
from cms.core.models import User


@transaction.atomic
def do_add_member(user: User, cooperative: Cooperative, role: Role) -> Membership:
    """Give `user` a role in `cooperative`; nothing changes if they have it."""
    membership, _made = Membership.objects.get_or_create(
        user=user, cooperative=cooperative, role=role
    )
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


@transaction.atomic
def do_sync_all() -> None:
    """Bring every co-operative into step, from the top down: after a move or new grants."""
    for cooperative in Cooperative.objects.order_by("path"):
        do_sync_cooperative(cooperative)


@transaction.atomic
def do_sync_cooperative(cooperative: Cooperative) -> None:
    """Bring section page, collection, groups and permissions into step with the memberships.

    The one function that writes them; it may be called at any time, and twice.
    """
    collection = _ensure_collection(cooperative)
    section = section_page(cooperative, clock.now())
    for role in STAFF_ROLES:
        group = _ensure_group(cooperative, role)
        group.permissions.set(_permissions(permission_names(role)))
        _set_collection_permissions(group, collection, role)
        if section is not None:
            _set_page_permissions(group, section, role)
        members = User.objects.filter(memberships__cooperative=cooperative, memberships__role=role)
        group.user_set.set(members)


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


def _permissions(names: set[tuple[str, str]]) -> list[Permission]:
    wanted = Q(pk__in=())
    for app_label, codename in names:
        wanted |= Q(content_type__app_label=app_label, codename=codename)
    return list(Permission.objects.filter(wanted))


def _set_page_permissions(group: Group, section: Page, role: Role) -> None:
    wanted = _permissions({("wagtailcore", f"{action}_page") for action in PAGE_ACTIONS[role]})
    held = GroupPagePermission.objects.filter(group=group)
    held.exclude(page=section, permission__in=wanted).delete()
    for permission in wanted:
        GroupPagePermission.objects.get_or_create(group=group, page=section, permission=permission)


def _set_collection_permissions(group: Group, collection: Collection, role: Role) -> None:
    wanted = _permissions(
        {
            (app_label, f"{action}_{kind}")
            for app_label, kind in (("wagtailimages", "image"), ("wagtaildocs", "document"))
            for action in COLLECTION_ACTIONS[role]
        }
    )
    held = GroupCollectionPermission.objects.filter(group=group)
    held.exclude(collection=collection, permission__in=wanted).delete()
    for permission in wanted:
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=collection, permission=permission
        )

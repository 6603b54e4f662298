"""Who may do what, where: the one place that decides.

A role in a co-operative holds for the whole subtree below it. A moderator can do
what an editor can. A superuser can do all.
"""

from django.contrib.auth.models import AnonymousUser

from cms.cooperatives.models import Cooperative, Membership
from cms.cooperatives.querysets import INCLUDED_IN, CooperativeQuerySet, held_paths
from cms.core.models import User

Role = Membership.Role
Person = User | AnonymousUser

STAFF_ROLES: tuple[Role, ...] = (Role.EDITOR, Role.MODERATOR, Role.COORDINATOR)
"""The roles that work in the CMS; traders have the studio."""


def cooperatives_for(user: Person, *roles: Role) -> CooperativeQuerySet:
    """Return the co-operatives in which `user` has one of `roles` (any role if none is named)."""
    return Cooperative.objects.visible_to(user, *roles)


def may(user: Person, cooperative: Cooperative, *roles: Role) -> bool:
    """Return whether `user` has one of `roles` (any role if none is named) in `cooperative`."""
    if not user.is_active:
        return False
    if user.is_superuser:
        return True
    return any(cooperative.path.startswith(path) for path in held_paths(user, roles))


def roles_including(role: Role) -> tuple[Role, ...]:
    """Return `role` and the roles that can all that it can."""
    return tuple(Role(each) for each in INCLUDED_IN.get(role, (role,)))

"""Who may do what, where: the one place that decides.

A role in a co-operative holds for the whole subtree below it. A moderator can do
what an editor can. A superuser can do all.
"""

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from cms.cooperatives.models import Cooperative, Membership
from cms.core.models import User

Role = Membership.Role
Person = User | AnonymousUser

STAFF_ROLES: tuple[Role, ...] = (Role.EDITOR, Role.MODERATOR, Role.COORDINATOR)
"""The roles that work in the CMS; traders have the studio."""
INCLUDED_IN = {Role.EDITOR: (Role.EDITOR, Role.MODERATOR)}
"""A role and the roles that can all it can."""


def cooperatives_for(user: Person, *roles: Role) -> QuerySet[Cooperative]:
    """Return the co-operatives in which `user` has one of `roles` (any role if none is named)."""
    if not user.is_active:
        return Cooperative.objects.none()
    if user.is_superuser:
        return Cooperative.objects.all()
    paths = _paths(user, roles)
    if not paths:
        return Cooperative.objects.none()
    below = Q()
    for path in paths:
        below |= Q(path__startswith=path)
    return Cooperative.objects.filter(below)


def may(user: Person, cooperative: Cooperative, *roles: Role) -> bool:
    """Return whether `user` has one of `roles` (any role if none is named) in `cooperative`."""
    if not user.is_active:
        return False
    if user.is_superuser:
        return True
    return any(cooperative.path.startswith(path) for path in _paths(user, roles))


def with_included(roles: Iterable[Role]) -> set[Role]:
    """Return `roles` and the roles that include one of them."""
    return {each for role in roles for each in INCLUDED_IN.get(role, (role,))}


def _paths(user: Person, roles: Iterable[Role]) -> list[str]:
    """Return where `user` holds one of `roles`, without the paths below another one of them."""
    if not isinstance(user, User):
        return []
    held = Membership.objects.filter(user=user)
    if wanted := with_included(roles):
        held = held.filter(role__in=wanted)
    tops: list[str] = []
    for path in sorted(set(held.values_list("cooperative__path", flat=True))):
        if not tops or not path.startswith(tops[-1]):
            tops.append(path)
    return tops

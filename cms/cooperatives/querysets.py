"""Which co-operatives a person works in: the tenant boundary in one query."""

from collections.abc import Iterable
from typing import Any, Self

from django.db.models import Q
from treebeard.mp_tree import MP_NodeManager, MP_NodeQuerySet

INCLUDED_IN = {"editor": ("editor", "moderator")}
"""A role and the roles that can all that it can."""


class CooperativeQuerySet(MP_NodeQuerySet):
    """Co-operatives, in the order of the tree."""

    def visible_to(self, user: Any, *roles: str) -> Self:
        """Return those in whose subtree `user` has one of `roles` (any role if none is named)."""
        if not user.is_active:
            return self.none()
        if user.is_superuser:
            return self.all()
        paths = held_paths(user, roles)
        if not paths:
            return self.none()
        below = Q()
        for path in paths:
            below |= Q(path__startswith=path)
        return self.filter(below)


class CooperativeManager(MP_NodeManager.from_queryset(CooperativeQuerySet)):  # type: ignore[misc]
    """Gives co-operatives in the order of the tree, as treebeard's own manager does."""

    def get_queryset(self) -> CooperativeQuerySet:
        """Return all co-operatives by path."""
        return CooperativeQuerySet(self.model, using=self._db).order_by("path")


def held_paths(user: Any, roles: Iterable[str]) -> list[str]:
    """Return where `user` holds one of `roles`, without paths below another one of them."""
    held = user.memberships.all()
    wanted = {each for role in roles for each in INCLUDED_IN.get(role, (role,))}
    if wanted:
        held = held.filter(role__in=wanted)
    tops: list[str] = []
    for path in sorted(set(held.values_list("cooperative__path", flat=True))):
        if not tops or not path.startswith(tops[-1]):
            tops.append(path)
    return tops

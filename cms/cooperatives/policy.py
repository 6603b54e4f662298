"""Wagtail's permission policy for rows that belong to a co-operative."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, QuerySet
from wagtail.permission_policies import ModelPermissionPolicy

from cms.cooperatives import roles
from cms.cooperatives.access import STAFF_ROLES, Person, cooperatives_for


class ScopedPermissionPolicy(ModelPermissionPolicy):
    """Decides by the roles that `roles.grant` names and where the user holds them.

    The model's default manager must be a `ScopedQuerySet`.
    """

    def user_has_permission(self, user: Person, action: str) -> bool:
        """Return whether `user` may do `action` with some row."""
        if user.is_superuser and user.is_active:
            return True
        wanted = roles.roles_that_may(self.model, action)
        return bool(wanted) and cooperatives_for(user, *wanted).exists()

    def user_has_permission_for_instance(self, user: Person, action: str, instance: Model) -> bool:
        """Return whether `user` may do `action` with this row; a row not yet saved is nobody's."""
        if instance.pk is None:
            return self.user_has_permission(user, action)
        return self._rows(user, action).filter(pk=instance.pk).exists()

    def instances_user_has_any_permission_for(
        self, user: Person, actions: Iterable[str]
    ) -> QuerySet[Any]:
        """Return the rows with which `user` may do one of `actions`."""
        wanted = {role for action in actions for role in roles.roles_that_may(self.model, action)}
        return self._rows_for(user, wanted)

    def _rows(self, user: Person, action: str) -> QuerySet[Any]:
        return self._rows_for(user, set(roles.roles_that_may(self.model, action)))

    def _rows_for(self, user: Person, wanted: set[Any]) -> QuerySet[Any]:
        everything = self.model._default_manager
        if user.is_superuser and user.is_active:
            return everything.all()
        return everything.visible_to(user, *wanted) if wanted else everything.none()


class ApexPermissionPolicy(ModelPermissionPolicy):
    """For rows that are the same for the whole country: the apex's own people keep them."""

    def user_has_permission(self, user: Person, action: str) -> bool:
        """Return whether `user` edits for a co-operative that has none above it."""
        if user.is_superuser and user.is_active:
            return True
        held = cooperatives_for(user, *STAFF_ROLES)
        return bool(user.is_active and held.filter(depth=1).exists())

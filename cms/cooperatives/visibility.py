"""Which rows of any model a person may see: one answer for forms, choosers and bulk actions."""

from typing import Any

from django.db.models import Model, QuerySet
from wagtail.models import AbstractPage
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy
from wagtail.permissions import policy_registry

from cms.cooperatives.access import STAFF_ROLES, Person, cooperatives_for
from cms.cooperatives.models import Cooperative
from cms.cooperatives.people import people_visible_to
from cms.core.models import User

SEEING = ("view", "add", "change", "delete", "choose", "publish", "lock", "unlock")


def visible_rows(user: Person, model: type[Model]) -> QuerySet[Any]:
    """Return the rows of `model` whose titles `user` may read in the CMS."""
    everything: Any = model._default_manager.all()
    if user.is_superuser and user.is_active:
        return everything
    if model is Cooperative:
        return cooperatives_for(user, *STAFF_ROLES)
    if _is_scoped(model):
        return everything.visible_to(user)
    if model is User:
        return people_visible_to(user)
    return _by_policy(user, model)


def choosable_rows(user: Person, model: type[Model]) -> QuerySet[Any]:
    """Return the rows of `model` that `user` may refer to: what they see, or what all share."""
    policy = policy_registry.get_by_type(model)
    if isinstance(policy, CollectionOwnershipPermissionPolicy):
        return policy.instances_user_has_permission_for(user, "choose")
    if model is User or issubclass(model, AbstractPage) or _is_scoped(model):
        return visible_rows(user, model)
    return model._default_manager.all()


def _is_scoped(model: type[Model]) -> bool:
    return hasattr(model._default_manager.all(), "visible_to")


def _by_policy(user: Person, model: type[Model]) -> QuerySet[Any]:
    policy = policy_registry.get_by_type(model)
    rows: QuerySet[Any] = policy.instances_user_has_any_permission_for(user, SEEING)
    return rows

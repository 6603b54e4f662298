"""What each role may do. Rooms above add their own models with `grant`."""

from collections import defaultdict
from collections.abc import Iterable

from django.contrib.auth import get_permission_codename
from django.db.models import Model

from cms.cooperatives.access import STAFF_ROLES, Role, roles_including

PAGE_ACTIONS: dict[Role, tuple[str, ...]] = {
    Role.EDITOR: ("add", "change"),
    Role.MODERATOR: ("add", "change", "publish", "lock", "unlock"),
    Role.COORDINATOR: (),
}
"""On the section page and what is below it."""
COLLECTION_ACTIONS: dict[Role, tuple[str, ...]] = {
    Role.EDITOR: ("add", "change", "choose"),
    Role.MODERATOR: ("add", "change", "choose"),
    Role.COORDINATOR: ("add", "change", "choose"),
}
"""On images and documents of the co-operative's collection."""

_granted: dict[type[Model], dict[str, set[Role]]] = defaultdict(lambda: defaultdict(set))


def grant(model: type[Model], role: Role, actions: Iterable[str]) -> None:
    """Let `role` do `actions` ("view", "add", "change", "delete", "publish", "lock", "unlock")
    with rows of `model` that belong to its co-operatives.

    What an editor may, a moderator may. Call it in `AppConfig.ready`.
    """
    for action in actions:
        _granted[model][action].update(roles_including(role))


def roles_that_may(model: type[Model], action: str) -> tuple[Role, ...]:
    """Return the roles that may do `action` with rows of `model` in their co-operatives."""
    granted = _granted[model][action] if model in _granted else set()
    return tuple(role for role in Role if role in granted)


def granted_models() -> list[type[Model]]:
    """Return the models that some role may work with."""
    return list(_granted)


def permission_names(role: Role) -> set[tuple[str, str]]:
    """Return (app label, codename) of every model permission that `role` has."""
    if role not in STAFF_ROLES:
        return set()
    names = {("wagtailadmin", "access_admin")}
    for model, actions in _granted.items():
        for action, roles in actions.items():
            if role in roles:
                meta = model._meta
                names.add((meta.app_label, get_permission_codename(action, meta)))
    return names

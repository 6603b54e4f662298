"""Querysets of rows that belong to a co-operative."""

from typing import ClassVar, Self

from django.db import models

from cms.cooperatives import access


class ScopedQuerySet[M: models.Model](models.QuerySet[M]):
    """Knows which of its rows a person may see. Subclass it for every tenant model.

    `scope_path` leads from the row to its co-operative ("stall__cooperative");
    `scope_roles` are the roles that see a row at all.
    """

    scope_path: ClassVar[str] = "cooperative"
    scope_roles: ClassVar[tuple[access.Role, ...]] = access.STAFF_ROLES

    def visible_to(self, user: access.Person, *roles: access.Role) -> Self:
        """Return the rows of co-operatives where `user` has one of `roles` (else `scope_roles`)."""
        cooperatives = access.cooperatives_for(user, *(roles or self.scope_roles))
        return self.filter(**{f"{self.scope_path}__in": cooperatives})

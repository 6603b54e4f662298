"""Who gets which rows: the public's, or with `?mine=1` those that the person may see."""

from typing import Annotated, Any, Protocol, Self

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field
from ninja.errors import HttpError

from cms.api.answers import mark_own
from cms.cooperatives.access import Person
from cms.cooperatives.models import Cooperative

Text = Annotated[str, Field(max_length=80, pattern=r"^[^\x00]*$")]
"""A word or slug of an address. PostgreSQL refuses NUL in a text with an error of its own."""


class Scoped(Protocol):
    """A queryset that knows both."""

    def public(self) -> Self: ...

    def visible_to(self, user: Person) -> Self: ...


def rows[Q: Scoped](request: HttpRequest, everything: Q, *, mine: bool) -> Q:
    """Return the rows of `everything` that this request may list."""
    if not mine:
        return everything.public()
    mark_own(request)
    if not request.user.is_authenticated:
        raise HttpError(401, _("Masuk dulu untuk melihat milik Anda."))
    return everything.visible_to(request.user)


def below(path: str, slug: str) -> Q:
    """A filter: what belongs to the co-operative `slug` or one below it; `path` leads to it."""
    top = Cooperative.objects.filter(slug=slug).values_list("path", flat=True).first()
    if top is None:
        return Q(pk__in=())
    return Q(**{f"{path}__path__startswith": top})


def filtered(queryset: QuerySet, filters: dict[str, Any]) -> Any:
    """Apply the filters that were given."""
    return queryset.filter(**{name: value for name, value in filters.items() if value != ""})

"""The gate of the CMS: what its addresses name is looked at before any view.

Wagtail's own views ask for permissions each in its own way, and some not at all: its
API and its page chooser tell the title of any row. Here names in an address that mean
a page, an image, a document or a collection must be the person's own; else 404.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection, Page
from wagtail.permissions import page_permission_policy

from cms.cooperatives.access import Person
from cms.cooperatives.choke import key_of
from cms.cooperatives.visibility import visible_rows

PAGE_NAMES = ("page_id", "parent_page_id", "page_to_move_id", "destination_id", "page_pk")
SUPERUSERS_ONLY = (
    "admin/api/main/images/",  # no screen asks these two, and they tell of all co-operatives
    "admin/api/main/documents/",
    "admin/workflows/",  # one workflow serves all; its task chooser asks for no permission
    # These list every row of a kind that one may edit somewhere. What waits for a
    # moderator stands on the first page, what happened to a row in its own history.
    "admin/reports/site-history/",
    "admin/reports/workflow",
    "admin/reports/page-types-usage/",
    "admin/pages/usage/",
    "admin/forms/",  # its filters name who owns and edits pages, anywhere; forms there are none
    "admin/failwhale/",  # raises an error on purpose
)
ADMIN = "admin/"
CHOOSER = "admin/choose-page/"


class GateMiddleware:
    """Stands after authentication."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, kwargs: dict[str, Any]
    ) -> None:
        """Raise 404 for what is not the person's; Wagtail sends visitors to the door."""
        route = request.resolver_match.route if request.resolver_match else ""
        if not route.startswith(ADMIN) or not request.user.is_authenticated:
            return
        if request.user.is_superuser:
            return
        if route.startswith(SUPERUSERS_ONLY):
            raise Http404
        for name, value in named_rows(request, route, kwargs):
            rows = rows_behind(name, route, request.user)
            if rows is not None and not rows.filter(pk=key_of(rows.model, value)).exists():
                raise Http404


def named_rows(request: HttpRequest, route: str, kwargs: dict[str, Any]) -> list[tuple[str, Any]]:
    """Return the names and keys in an address; the page chooser has some in its query."""
    named = list(kwargs.items())
    if route.startswith(CHOOSER):
        named += [("page_id", text) for text in request.GET.getlist("id")]
    return named


def rows_behind(name: str, route: str, user: Person) -> QuerySet[Any] | None:
    """Return the rows that `name` may mean for `user`; None if it names no row."""
    if name in PAGE_NAMES:
        return choosable_pages(user) if route.startswith(CHOOSER) else explorable_pages(user)
    models: dict[str, type[Model]] = {
        "image_id": get_image_model(),
        "document_id": get_document_model(),
        "doc_id": get_document_model(),
        "collection_id": Collection,
    }
    return visible_rows(user, models[name]) if name in models else None


def explorable_pages(user: Person) -> QuerySet[Any]:
    """Return the pages of `user` and the sections above, by which one gets to them."""
    pages: QuerySet[Any] = page_permission_policy.explorable_instances(user)
    return pages


def choosable_pages(user: Person) -> QuerySet[Any]:
    """Return the pages that `user` may link to: their own, and what is published."""
    own = explorable_pages(user).values("pk")
    return Page.objects.filter(Q(pk__in=own) | Q(live=True))

"""Bulk actions, each behind the check of its rows.

Wagtail's own confirm pages name the rows "you have no access to", whoever's they are.
"""

from typing import Any

from django.apps import apps
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.bulk_action.registry import bulk_action_registry

from cms.cooperatives.choke import key_of
from cms.cooperatives.visibility import visible_rows


class ScopedBulkAction:
    """Mixed into every bulk action: rows that the person may not see are not there."""

    def get_queryset(self, model: type[Model], object_ids: Any) -> list[Any]:
        """Return the rows that were asked for and are visible; 404 if there are none."""
        found = super().get_queryset(model, object_ids)  # type: ignore[misc]
        visible = set(
            visible_rows(self.request.user, model).values_list("pk", flat=True)  # type: ignore[attr-defined]
        )
        kept = [each for each in found if each.pk in visible]
        if not kept:
            raise Http404
        return kept


@require_admin_access
def bulk_action(request: HttpRequest, app_label: str, model_name: str, action: str) -> HttpResponse:
    """Answer in place of Wagtail's own view at the same address."""
    try:
        model = apps.get_model(app_label, model_name)
    except LookupError as unknown:
        raise Http404 from unknown
    action_class = bulk_action_registry.get_bulk_action_class(app_label, model_name, action)
    if action_class is None:
        raise Http404
    for text in request.GET.getlist("id"):
        if text != "all":
            key_of(model, text)
    scoped = type(action_class.__name__, (ScopedBulkAction, action_class), {})
    response: HttpResponse = scoped(request, model).dispatch(request)
    return response

"""What this room adds to the CMS."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from cms.cooperatives.gate import choosable_pages
from cms.cooperatives.tree_admin import CooperativeViewSet, RegionViewSet

register_snippet(CooperativeViewSet)
register_snippet(RegionViewSet)


@hooks.register("construct_page_chooser_queryset")
def only_choosable_pages(pages: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
    """Offer no drafts of other co-operatives."""
    if request.user.is_superuser:
        return pages
    return pages.filter(pk__in=choosable_pages(request.user).values("pk"))


@hooks.register("construct_reports_menu")
def only_open_reports(request: HttpRequest, items: list[Any]) -> None:
    """Show no door that the gate keeps shut."""
    if not request.user.is_superuser:
        items[:] = [item for item in items if item.name in ("locked-pages", "aging-pages")]

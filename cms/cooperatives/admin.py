"""Snippets that belong to a co-operative: the choke point of the CMS for them.

    class VideoViewSet(ScopedSnippetViewSet):
        model = Video
        ...
    register_snippet(VideoViewSet)

and in the room's `AppConfig.ready`: `roles.grant(Video, Role.EDITOR, [...])`. The model's
default manager is a `ScopedQuerySet`.
"""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.permissions import policy_registry, register_permission_policy
from wagtail.snippets.views.snippets import SnippetViewSet

from cms.cooperatives.choke import View, behind_check
from cms.cooperatives.choosers import ScopedChooserViewSet
from cms.cooperatives.forms import scoped_form
from cms.cooperatives.policy import ScopedPermissionPolicy
from cms.cooperatives.visibility import visible_rows


class ScopedSnippetViewSet(SnippetViewSet):
    """Every view of the set answers 404 for a row that the person may not see."""

    chooser_viewset_class = ScopedChooserViewSet
    policy_class: type[ScopedPermissionPolicy] = ScopedPermissionPolicy

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        # Before the views ask for a policy: the registry keeps what it first gave out.
        if not isinstance(
            policy_registry.get_by_type(self.model, fallback=False), ScopedPermissionPolicy
        ):
            register_permission_policy(self.model, self.policy_class(self.model))

    def construct_view(self, view_class: Any, **kwargs: Any) -> View:
        """Return the view behind the check of its `pk`: there is no other way to a view."""
        return behind_check(super().construct_view(view_class, **kwargs), self.get_queryset)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows of the listing."""
        return visible_rows(request.user, self.model)

    def get_edit_handler(self) -> Any:
        """Return the edit handler, its form limited to what the person may refer to."""
        handler = super().get_edit_handler()
        base = handler.base_form_class or getattr(
            self.model, "base_form_class", WagtailAdminModelForm
        )
        handler.base_form_class = scoped_form(base)
        return handler

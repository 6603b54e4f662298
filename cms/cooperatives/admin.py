"""Snippets that belong to a co-operative: the choke point of the CMS for them.

    class VideoViewSet(ScopedSnippetViewSet):
        model = Video
        ...
    register_snippet(VideoViewSet)

and in the room's `AppConfig.ready`: `roles.grant(Video, Role.EDITOR, [...])`. The model's
default manager is a `ScopedQuerySet`.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.permissions import policy_registry, register_permission_policy
from wagtail.snippets.views.snippets import SnippetViewSet

from cms.cooperatives.choosers import ScopedChooserViewSet
from cms.cooperatives.forms import scoped_form
from cms.cooperatives.policy import ScopedPermissionPolicy

View = Callable[..., HttpResponse]


class ScopedSnippetViewSet(SnippetViewSet):
    """Every view of the set answers 404 for a row that the person may not see."""

    chooser_viewset_class = ScopedChooserViewSet

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        # Before the views ask for a policy: the registry keeps what it first gave out.
        if not isinstance(
            policy_registry.get_by_type(self.model, fallback=False), ScopedPermissionPolicy
        ):
            register_permission_policy(self.model, ScopedPermissionPolicy(self.model))

    def construct_view(self, view_class: Any, **kwargs: Any) -> View:
        """Return the view behind the check of its `pk`: there is no other way to a view."""
        return self._behind_the_check(super().construct_view(view_class, **kwargs))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows of the listing."""
        return self.model._default_manager.visible_to(request.user)

    def get_edit_handler(self) -> Any:
        """Return the edit handler, its form limited to what the person may refer to."""
        handler = super().get_edit_handler()
        base = handler.base_form_class or getattr(
            self.model, "base_form_class", WagtailAdminModelForm
        )
        handler.base_form_class = scoped_form(base)
        return handler

    def _behind_the_check(self, view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if "pk" in kwargs and not self._is_visible(request, kwargs["pk"]):
                raise Http404
            return view(request, *args, **kwargs)

        return checked

    def _is_visible(self, request: HttpRequest, pk: Any) -> bool:
        try:
            key = self.model._meta.pk.to_python(unquote(str(pk)))
        except ValidationError:
            return False
        return self.get_queryset(request).filter(pk=key).exists()

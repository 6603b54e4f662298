"""Choosers that offer, and answer for, only what the person may see."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from wagtail.snippets.views import chooser

from cms.cooperatives.choke import key_of


class _ScopedList:
    def get_object_list(self) -> QuerySet[Any]:
        return super().get_object_list().visible_to(self.request.user)  # type: ignore[misc, attr-defined]


class _Choose(_ScopedList, chooser.ChooseView):
    pass


class _ChooseResults(_ScopedList, chooser.ChooseResultsView):
    pass


class _Chosen(chooser.SnippetChosenView):
    def get_object(self, pk: str) -> Any:
        rows = self.model_class._default_manager.visible_to(self.request.user)
        found = rows.filter(pk=key_of(self.model_class, pk)).first()
        if found is None:
            raise Http404
        return found


class _ChosenMultiple(chooser.SnippetChosenMultipleView):
    def get_objects(self, pks: list[str]) -> QuerySet[Any]:
        rows = self.model_class._default_manager.visible_to(self.request.user)
        return rows.filter(pk__in=[key_of(self.model_class, pk) for pk in pks])


class ScopedChooserViewSet(chooser.SnippetChooserViewSet):
    """The chooser of a model with a `ScopedQuerySet`."""

    choose_view_class = _Choose
    choose_results_view_class = _ChooseResults
    chosen_view_class = _Chosen
    chosen_multiple_view_class = _ChosenMultiple

    def get_urlpatterns(self) -> list[Any]:
        """Leave out the address for making a row inside the chooser where there is no form."""
        patterns = super().get_urlpatterns()
        if self.creation_form_class or self.form_fields or self.exclude_form_fields:
            return patterns
        return [each for each in patterns if each.name != "create"]

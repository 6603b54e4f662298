"""Choosers that offer, and answer for, only what the person may see."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from wagtail.snippets.views import chooser

from cms.cooperatives.choke import key_of
from cms.cooperatives.visibility import visible_rows


class _Scoped:
    """Narrows a stock view to the rows that the person may see."""

    def _rows(self) -> QuerySet[Any]:
        return visible_rows(self.request.user, self.model_class)  # type: ignore[attr-defined]


class _ScopedList(_Scoped):
    def get_object_list(self) -> QuerySet[Any]:
        # Joined, not by key: a search filters by fields of the index alone.
        return super().get_object_list() & self._rows()  # type: ignore[misc]


class ScopedChooseView(_ScopedList, chooser.ChooseView):
    """The chooser's first page."""


class ScopedChooseResultsView(_ScopedList, chooser.ChooseResultsView):
    """What it finds."""


class ScopedChosenView(_Scoped, chooser.SnippetChosenView):
    """What the chooser is told of the row that was chosen."""

    def get_object(self, pk: str) -> Any:
        return get_object_or_404(self._rows(), pk=key_of(self.model_class, pk))


class _ChosenMultiple(_Scoped, chooser.SnippetChosenMultipleView):
    def get_objects(self, pks: list[str]) -> QuerySet[Any]:
        return self._rows().filter(pk__in=[key_of(self.model_class, pk) for pk in pks])


class ScopedChooserViewSet(chooser.SnippetChooserViewSet):
    """The chooser of a model with a `ScopedQuerySet`."""

    choose_view_class = ScopedChooseView
    choose_results_view_class = ScopedChooseResultsView
    chosen_view_class = ScopedChosenView
    chosen_multiple_view_class = _ChosenMultiple

    def get_urlpatterns(self) -> list[Any]:
        """Leave out the address for making a row inside the chooser where there is no form."""
        patterns = super().get_urlpatterns()
        if self.creation_form_class or self.form_fields or self.exclude_form_fields:
            return patterns
        return [each for each in patterns if each.name != "create"]

"""The list of videos: cover, title, co-operative, live state; search and filters."""

from typing import Any

import django_filters
from django.db.models import OuterRef, QuerySet, Subquery
from django.forms import CheckboxSelectMultiple
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn
from wagtail.snippets.views.snippets import IndexView

from cms.cooperatives.access import cooperatives_for
from cms.cooperatives.models import Cooperative
from cms.core import clock
from cms.core.models import User
from cms.videos.covers import cover_url
from cms.videos.models import Category, Encode, Video
from cms.videos.models.encode import State
from cms.videos.words.states import all_shown


def _cooperatives(request: Any) -> QuerySet[Cooperative]:
    user: User | None = getattr(request, "user", None)
    return cooperatives_for(user) if user else Cooperative.objects.none()


class VideoFilters(WagtailFilterSet):
    """State is that of the newest encode."""

    state = django_filters.MultipleChoiceFilter(
        label=_("Keadaan"),
        choices=[*State.choices, ("withdrawn", _("Ditarik")), ("taken_down", _("Diturunkan"))],
        method="by_state",
        widget=CheckboxSelectMultiple,
    )
    category = django_filters.ModelMultipleChoiceFilter(
        label=_("Rubrik"), queryset=Category.objects.all(), widget=CheckboxSelectMultiple
    )
    cooperative = django_filters.ModelMultipleChoiceFilter(
        label=_("Koperasi"), queryset=_cooperatives, widget=CheckboxSelectMultiple
    )

    class Meta:
        model = Video
        fields: list[str] = []

    def by_state(self, rows: Any, name: str, states: list[str]) -> Any:
        """Keep rows in any of `states`."""
        if not states:
            return rows
        newest = Encode.objects.filter(video=OuterRef("pk")).order_by("-pk").values("state")[:1]
        marked = rows.annotate(newest=Subquery(newest))
        found = marked.filter(newest__in=states)
        if "withdrawn" in states:
            found |= marked.filter(media__withdrawn_at__isnull=False)
        if "taken_down" in states:
            found |= marked.filter(media__taken_down_at__isnull=False)
        return found


class CoverColumn(Column):
    """A small picture; the title beside it says what it is."""

    cell_template_name = "videos/admin/cover_cell.html"

    def get_value(self, instance: Video) -> str:
        return cover_url(instance)


class StateColumn(Column):
    """The chip that the polling script keeps up to date."""

    cell_template_name = "videos/admin/state_cell.html"

    def get_value(self, instance: Any) -> Any:
        return instance.machine


class VideoIndexView(IndexView):
    """The list, with what its columns need fetched in a few queries."""

    def get_base_queryset(self) -> QuerySet[Video]:
        rows: QuerySet[Video] = super().get_base_queryset()
        return rows.select_related("media", "cover_image", "cooperative", "category")

    def get_table(self, object_list: Any) -> Any:
        rows = list(object_list)
        known = all_shown(rows, clock.now())
        for row in rows:
            row.machine = known[row.pk]
        return super().get_table(rows)

    @property
    def columns(self) -> list[Any]:
        checkbox, *others = super().columns
        return [checkbox, CoverColumn("cover", label=_("Sampul"), width="96px"), *others]


LIST_DISPLAY = [
    "title",
    StateColumn("machine", label=_("Pengodean")),
    Column(
        "cooperative", label=_("Koperasi"), sort_key="cooperative__name", classname="siar-only-wide"
    ),
    Column("category", label=_("Rubrik"), sort_key="category__name", classname="siar-only-wide"),
    LiveStatusTagColumn(label=_("Terbit")),
]

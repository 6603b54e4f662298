"""The choosers of videos: with poster, length and rubric, searched by words of the title."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import TitleColumn
from wagtail.snippets.widgets import AdminSnippetChooser

from cms.cooperatives.choosers import (
    ScopedChooseResultsView,
    ScopedChooserViewSet,
    ScopedChooseView,
    ScopedChosenView,
)
from cms.core.formats import lama
from cms.videos.covers import cover_url, media_of
from cms.videos.models import Category, Video
from cms.videos.queries import choosable

SHOWN = ("media", "cover_image", "cooperative", "category")
"""What a row of a chooser shows besides the title."""
A_PAGE = 12
"""Videos on a page of a chooser."""


@dataclass(frozen=True)
class Choice:
    """What a row says of a video; `cover` is "" where it has none."""

    cover: str
    details: str


def told_of(video: Video) -> Choice:
    """Return poster, length, rating, rubric and co-operative of `video` (`SHOWN` is fetched)."""
    media = media_of(video)
    length = lama(media.duration_ms / 1000) if media and media.duration_ms else ""
    rubric = video.category.name if video.category else ""
    said = (length, video.rating, rubric, video.cooperative.name)
    return Choice(cover_url(video), " · ".join(part for part in said if part))


class FindForm(BaseFilterForm):
    """Words of the title, and a rubric. The database looks: an index is stale while drafts change."""

    q = forms.CharField(
        label=_("Cari judul"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Cari judul")}),
    )
    category = forms.ModelChoiceField(
        label=_("Rubrik"),
        queryset=Category.objects.all(),
        required=False,
        empty_label=_("Semua rubrik"),
    )

    def filter(self, objects: QuerySet[Video]) -> QuerySet[Video]:
        """Return those of `objects` that are looked for."""
        query, category = self.cleaned_data["q"], self.cleaned_data["category"]
        if query:
            self.is_searching, self.search_query = True, query
        for word in query.split():
            objects = objects.filter(title__icontains=word)
        return objects.filter(category=category) if category else objects


class ChoiceColumn(TitleColumn):
    """Poster, title, and what tells one video from another."""

    cell_template_name = "videos/admin/choice_cell.html"

    def get_cell_context_data(self, instance: Video, parent_context: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        return found | {"choice": told_of(instance)}


class _Choices:
    """Offers what can come on a page: it plays, or is being made to."""

    filter_form_class = FindForm
    per_page = A_PAGE
    results_template_name = "wagtailadmin/generic/chooser/results.html"
    page_subtitle = ""

    def offered(self, rows: QuerySet[Video]) -> QuerySet[Video]:
        return choosable(rows)

    def get_object_list(self) -> QuerySet[Video]:
        rows: QuerySet[Video] = super().get_object_list()  # type: ignore[misc]
        return self.offered(rows).select_related(*SHOWN)

    @property
    def title_column(self) -> ChoiceColumn:
        if self.is_multiple_choice:  # type: ignore[attr-defined]
            leads: dict[str, Any] = {"label_prefix": "chooser-modal-select"}
        else:
            leads = {"get_url": self._choice, "link_attrs": {"data-chooser-modal-choice": True}}
        return ChoiceColumn("title", label=_("Judul"), accessor=str, **leads)

    def _choice(self, video: Video) -> str:
        url = reverse(self.chosen_url_name, args=[video.pk])  # type: ignore[attr-defined]
        return str(self.append_preserved_url_parameters(url))  # type: ignore[attr-defined]


class _Choose(_Choices, ScopedChooseView):
    pass


class _ChooseResults(_Choices, ScopedChooseResultsView):
    pass


class VideoChooserViewSet(ScopedChooserViewSet):
    """A video that was chosen before stays chosen, whatever became of it."""

    choose_view_class = _Choose
    choose_results_view_class = _ChooseResults


class _Airable(_Choices):
    """Offers what a channel may plan. All of it is published, so that no column says so."""

    def offered(self, rows: QuerySet[Video]) -> QuerySet[Video]:
        return rows & Video.objects.airable()

    @property
    def columns(self) -> list[Any]:
        return [self.title_column]


class _ChooseAirable(_Airable, ScopedChooseView):
    pass


class _ChooseAirableResults(_Airable, ScopedChooseResultsView):
    pass


class _ChosenAirable(ScopedChosenView):
    """Says how long the video is as well: the planner shows when it ends."""

    def get_object(self, pk: str) -> Video:
        found: Video = super().get_object(pk)
        if not Video.objects.airable().filter(pk=found.pk).exists():
            raise Http404
        return found

    def get_chosen_response_data(self, item: Video) -> dict[str, Any]:
        found: dict[str, Any] = super().get_chosen_response_data(item)
        return found | {"seconds": item.media.duration_ms / 1000}


class AirableWidget(AdminSnippetChooser):
    """Shows which of `rows` is chosen, and nothing of a video that is not among them."""

    model = Video
    rows: QuerySet[Video] = Video.objects.none()
    show_edit_link = False

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.choose_one_text = _("Pilih video")
        self.choose_another_text = _("Ganti video")
        self.clear_choice_text = _("Tanpa video")

    def get_chooser_modal_url(self) -> str:
        return AIRABLE.url("choose")

    def get_hidden_input_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Tell the planner's script how long the video is, and where to ask it of another."""
        asked = AIRABLE.url("chosen", 0).replace("/0/", "/")
        chosen = self.get_instance(value)
        seconds = chosen.media.duration_ms / 1000 if chosen else ""
        attrs = {**attrs, "data-chosen": asked, "data-seconds": seconds}
        found: dict[str, Any] = super().get_hidden_input_context(name, value, attrs)
        return found

    def get_instance(self, value: Any) -> Video | None:
        try:
            found: Video | None = self.rows.filter(pk=value).first() if value else None
        except (TypeError, ValueError, OverflowError):
            return None
        return found

    def get_value_data_from_instance(self, instance: Video) -> dict[str, Any]:
        return {"id": instance.pk, "edit_url": "", self.display_title_key: str(instance)}


class AirableChooserViewSet(ScopedChooserViewSet):
    """The chooser of the planner and of cut-ins."""

    model = Video
    icon = "media"
    page_title = _("Pilih video")
    register_widget = False
    choose_view_class = _ChooseAirable
    choose_results_view_class = _ChooseAirableResults
    chosen_view_class = _ChosenAirable

    def url(self, name: str, *args: Any) -> str:
        """Return the address of a view of the chooser."""
        return reverse(self.get_url_name(name), args=args)


AIRABLE = AirableChooserViewSet("airable_videos", url_prefix="video-tayang")

"""The snippet viewsets of this room."""

from typing import Any

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail.snippets.views.snippets import DeleteView, EditView, SnippetViewSet, UnpublishView

from cms.cooperatives.admin import ScopedSnippetViewSet
from cms.core import clock
from cms.core.decided import decision
from cms.videos.actions import do_delete_video
from cms.videos.admin.chooser import VideoChooserViewSet
from cms.videos.admin.listing import LIST_DISPLAY, VideoFilters, VideoIndexView
from cms.videos.admin.machine_views import (
    MachineView,
    RestoreView,
    TakeDownView,
    WithdrawView,
    person,
    states,
)
from cms.videos.admin.panels import EDIT_HANDLER
from cms.videos.admin.upload_view import ReplaceView, UploadView
from cms.videos.models import Category, Video
from cms.videos.uses import uses_of


class VideoEditView(EditView):
    """Says what a moderator decided; Wagtail says that something was changed."""

    def get_success_message(self, instance: Any = None) -> str:
        video = instance or self.object
        told = decision(self.request, str(video), live=Video.objects.get(pk=video.pk).live)
        return told or str(super().get_success_message(instance))


class VideoUnpublishView(UnpublishView):
    """Goes through `Video.unpublish`, which records the fact."""

    def unpublish(self) -> HttpResponse | None:
        self.object.unpublish(user=self.request.user)
        return None


class VideoDeleteView(DeleteView):
    """Deletes by the room's own action, which tells the rooms above; names what it hits."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        uses = uses_of(self.object, clock.now())
        return {**super().get_context_data(**kwargs), "uses": uses}

    def delete_action(self) -> None:
        do_delete_video(self.object, clock.now(), user=person(self.request))


class VideoViewSet(ScopedSnippetViewSet):
    """Videos. One is made by an upload, never by a form."""

    model = Video
    icon = "media"
    url_prefix = "video"
    menu_label = _("Video")
    menu_name = "videos"
    menu_order = 150
    add_to_admin_menu = True
    copy_view_enabled = False
    list_display = LIST_DISPLAY
    filterset_class = VideoFilters
    list_per_page = 20
    search_fields = ["title", "description"]
    search_backend_name = None
    """The database looks through the texts: an index would be stale while drafts change."""
    index_view_class = VideoIndexView
    edit_view_class = VideoEditView
    chooser_viewset_class = VideoChooserViewSet
    unpublish_view_class = VideoUnpublishView
    delete_view_class = VideoDeleteView
    delete_template_name = "videos/admin/delete.html"
    edit_handler = EDIT_HANDLER

    @property
    def add_view(self) -> Any:
        return self.construct_view(UploadView, permission_policy=self.permission_policy)

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        label = _("Unggah video")
        found: dict[str, Any] = super().get_index_view_kwargs(add_item_label=label, **kwargs)
        return found

    def get_urlpatterns(self) -> list[Any]:
        confirmed = {"withdraw": WithdrawView, "restore": RestoreView, "take-down": TakeDownView}
        # The list comes first: the menu leads to whatever does.
        return [
            *super().get_urlpatterns(),
            path("states/", states, name="states"),
            path("replace/<int:pk>/", self.construct_view(ReplaceView), name="replace"),
            path(
                "machine/<int:pk>/<slug:action>/", self.construct_view(MachineView), name="machine"
            ),
            *(
                path(f"{name}/<int:pk>/", self.construct_view(view), name=name)
                for name, view in confirmed.items()
            ),
        ]


class CategoryViewSet(SnippetViewSet):
    """Rubrics are the same for the whole country: whoever runs the site keeps them."""

    model = Category
    icon = "tag"
    menu_label = _("Rubrik")
    add_to_settings_menu = True
    list_display = ["name", "slug"]

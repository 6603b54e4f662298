"""The screen on which videos are uploaded; the bytes go to the tus app (`videos.uploads`)."""

from typing import Any, cast

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic import PermissionCheckedMixin, WagtailAdminTemplateMixin

from cms.cooperatives import roles
from cms.cooperatives.access import cooperatives_for
from cms.core import clock
from cms.core.models import User
from cms.core.refusals import Refused
from cms.videos import replacing
from cms.videos.models import Video
from cms.videos.uploads import unfinished
from cms.videos.uploads.direct import arrivals
from cms.videos.uploads.direct import protocol as direct
from cms.videos.uses import uses_of
from cms.videos.words import uploading


class UploadView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """Takes the place of the form that would make a video without a film."""

    model = Video
    permission_policy: Any = None
    """Given by the viewset."""
    permission_required = "add"
    template_name = "videos/admin/upload.html"
    page_title = gettext_lazy("Unggah video")
    header_icon = "upload"
    index_url_name: str | None = None
    edit_url_name: str | None = None

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """Let the script reach the bucket of originals, on this screen alone."""
        response = super().render_to_response(context, **kwargs)
        if direct.is_offered():
            allowed = [*settings.ADMIN_CSP["connect-src"], arrivals.bucket().address]
            policy = {**settings.ADMIN_CSP, "connect-src": allowed}
            response._csp_config = policy  # type: ignore[attr-defined]
        return response

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items = [
            *self.breadcrumbs_items,
            {"url": reverse(str(self.index_url_name)), "label": _("Video")},
            {"url": "", "label": self.page_title},
        ]
        return items

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        wanted = roles.roles_that_may(Video, "add")
        return {
            **super().get_context_data(**kwargs),
            "cooperatives": cooperatives_for(self.request.user, *wanted).order_by("path"),
            "direct": direct.is_offered(),
            "person": self.request.user.pk,
            "most_bytes": settings.LARGEST_UPLOAD,
            "edit_url": reverse(str(self.edit_url_name), args=[0]),
            "words": uploading.words(),
            "unfinished": unfinished.of_person(cast(User, self.request.user), clock.now()),
        }


class ReplaceView(WagtailAdminTemplateMixin, TemplateView):
    """The screen on which the file of one video is replaced."""

    model = Video
    template_name = "videos/admin/replace.html"
    page_title = gettext_lazy("Ganti berkas")
    header_icon = "upload"
    index_url_name: str | None = None
    edit_url_name: str | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.video = get_object_or_404(Video.objects.visible_to(request.user), pk=kwargs["pk"])
        if not replacing.may_replace(request.user, self.video):
            raise PermissionDenied
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))

    def get_page_subtitle(self) -> str:
        return self.video.title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse(str(self.index_url_name)), "label": _("Video")},
            {"url": reverse(str(self.edit_url_name), args=[self.video.pk]), "label": self.video},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now, user = clock.now(), cast(User, self.request.user)
        of_this = {"purpose": replacing.PURPOSE, "target": str(self.video.pk)}
        return {
            **super().get_context_data(**kwargs),
            "video": self.video,
            "purpose": replacing.PURPOSE,
            "refusal": _refusal(self.video),
            "uses": uses_of(self.video, now),
            "most_bytes": settings.LARGEST_UPLOAD,
            "edit_url": reverse(str(self.edit_url_name), args=[0]),
            "words": uploading.words(),
            "unfinished": unfinished.of_person(user, now, **of_this),
        }


def _refusal(video: Video) -> str:
    try:
        replacing.check_replace(video)
    except Refused as refused:
        return str(refused)
    return ""

"""What the first page of the CMS shows of videos."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component
from wagtail.permissions import policy_registry

from cms.core import clock
from cms.core.home import Door, offer
from cms.videos.models import Video
from cms.videos.queries import UNSETTLED, drafts, unsettled
from cms.videos.words.states import all_shown

MOST = 5
"""Videos in each of the two lists."""
NAMES = "wagtailsnippets_videos_video"


class VideosPanel(Component):
    """The videos being worked on or failed, with live chips, and drafts to be finished."""

    name = "siar_videos"
    order = 20
    template_name = "videos/admin/home.html"

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        user = parent_context["request"].user
        own = policy_registry.get_by_type(Video).instances_user_has_permission_for(user, "change")
        working = list(unsettled(own).select_related("media", "cooperative")[:MOST])
        known = all_shown(working, clock.now())
        query = urlencode({"state": UNSETTLED}, doseq=True)
        return {
            "working": [(video, known[video.pk]) for video in working],
            "drafts": drafts(own).select_related("cooperative")[:MOST],
            "all_url": f"{reverse(f'{NAMES}:list')}?{query}",
        }


def add_panels(request: HttpRequest, panels: list[Any]) -> None:
    """Add the door and the panel for who may use them."""
    policy = policy_registry.get_by_type(Video)
    if policy.user_has_permission(request.user, "add"):
        url = reverse(f"{NAMES}:add")
        offer(panels, Door(10, _("Unggah video"), url, "upload", main=True))
    if policy.user_has_permission(request.user, "change"):
        panels.append(VideosPanel())

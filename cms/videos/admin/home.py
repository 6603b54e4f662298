"""What the first page of the CMS shows of videos."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component
from wagtail.permissions import policy_registry

from cms.core import clock
from cms.core.home import Door, offer
from cms.core.models import User
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
        own = _own(parent_context["request"].user)
        working = list(unsettled(own).select_related("media", "cooperative")[:MOST])
        known = all_shown(working, clock.now())
        query = urlencode({"state": UNSETTLED}, doseq=True)
        return {
            "working": [(video, known[video.pk]) for video in working],
            "drafts": drafts(own).select_related("cooperative")[:MOST],
            "all_url": f"{reverse(f'{NAMES}:list')}?{query}",
        }


def _own(user: User) -> QuerySet[Video]:
    """Return the videos that `user` may change, of co-operatives they are a member of or uploaded.

    What co-operatives below do is for their own editors, and stands in the list. A superuser
    who is a member nowhere sees all.
    """
    found = policy_registry.get_by_type(Video).instances_user_has_permission_for(user, "change")
    member = user.memberships.values("cooperative")
    if user.is_superuser and not member.exists():
        return found
    return found.filter(Q(cooperative__in=member) | Q(media__uploaded_by=user))


def add_panels(request: HttpRequest, panels: list[Any]) -> None:
    """Add the door and the panel for who may use them."""
    policy = policy_registry.get_by_type(Video)
    if policy.user_has_permission(request.user, "add"):
        url = reverse(f"{NAMES}:add")
        offer(panels, Door(10, _("Unggah video"), url, "upload", main=True))
    if policy.user_has_permission(request.user, "change"):
        panels.append(VideosPanel())

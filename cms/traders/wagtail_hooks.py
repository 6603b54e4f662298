"""What this room adds to the CMS."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.actions.registry import ActionRegistry
from wagtail.admin.widgets.button import ListingButton
from wagtail.snippets.models import register_snippet

from cms.cooperatives.access import cooperatives_for, may
from cms.core.clock import now
from cms.core.home import Door, offer
from cms.core.models import User
from cms.traders.actions import DECIDERS, do_delete
from cms.traders.admin import saving
from cms.traders.admin.viewsets import TradersGroup
from cms.traders.models import FeaturedSegment, Stall

register_snippet(TradersGroup)


@hooks.register("register_actions")
def register_actions(registry: ActionRegistry) -> None:
    """Save and delete by the room's own actions."""
    saving.register(registry)


@hooks.register("before_bulk_action")
def announce_deletions(
    _request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> None:
    """Delete several rows one by one, so that their cards are announced."""
    if action_type == "delete" and action.model in saving.SAVE:
        for row in objects:
            do_delete(row, now())


@hooks.register("register_snippet_listing_buttons")
def decision_buttons(
    snippet: Any, user: User, _next_url: str | None = None
) -> Iterator[ListingButton]:
    """Offer the decision where there is one to make."""
    match snippet:
        case FeaturedSegment(state="submitted" | "approved"):
            stall, label, name = snippet.product.stall, _("Putuskan"), "decide"
        case Stall():
            stall, label, name = snippet, _("Periksa lapak"), "verify"
        case _:
            return
    if may(user, stall.cooperative, *DECIDERS):
        url = reverse(snippet.snippet_viewset.get_url_name(name), args=[snippet.pk])
        yield ListingButton(label, url, icon_name="check", priority=5)


@hooks.register("construct_homepage_panels")
def segments_door(request: HttpRequest, panels: list[Any]) -> None:
    """Say to who decides how many segments wait."""
    if not cooperatives_for(request.user, *DECIDERS).exists():
        return
    state = FeaturedSegment.State.SUBMITTED
    own = FeaturedSegment.objects.visible_to(request.user, *DECIDERS)
    waiting = own.filter(state=state).count()
    note = ngettext("%(count)d segmen menunggu", "%(count)d segmen menunggu", waiting)
    url = reverse("wagtailsnippets_traders_featuredsegment:list") + f"?state={state}"
    door = Door(40, _("Putuskan segmen"), url, "check", note=note % {"count": waiting})
    offer(panels, door)

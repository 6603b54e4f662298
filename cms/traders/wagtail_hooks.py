"""What this room adds to the CMS."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail import hooks
from wagtail.actions.registry import ActionRegistry
from wagtail.admin.admin_url_finder import ModelAdminURLFinder, register_admin_url_finder
from wagtail.admin.ui.components import Component
from wagtail.admin.widgets.button import ListingButton
from wagtail.log_actions import LogActionRegistry
from wagtail.snippets.models import register_snippet

from cms.cooperatives.access import Role, cooperatives_for, may
from cms.core import clock
from cms.core.home import Door, Need, ask, offer
from cms.core.models import User
from cms.traders.actions import do_delete
from cms.traders.admin import saving
from cms.traders.admin.queue import (
    certificates_near_end,
    decide_path,
    waiting_products,
    waiting_stalls,
)
from cms.traders.admin.viewsets import TradersGroup
from cms.traders.certificates import Ending
from cms.traders.models import DECIDERS, FeaturedSegment, Review, Stall

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
            do_delete(row, clock.now())


@hooks.register("register_snippet_listing_buttons")
def decision_buttons(
    snippet: Any, user: User, _next_url: str | None = None
) -> Iterator[ListingButton]:
    """Offer the decision where there is one to make."""
    match snippet:
        case FeaturedSegment(state="submitted" | "approved"):
            stall, label, name = snippet.product.stall, _("Putuskan"), "decide"
        case Stall(taken_down_at=datetime()):
            stall, label, name = snippet, _("Pulihkan lapak"), "restore"
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
    own = FeaturedSegment.objects.visible_to(request.user, *DECIDERS)
    waiting = own.filter(state=FeaturedSegment.State.SUBMITTED).count()
    text = ngettext("%(count)d segmen menunggu", "%(count)d segmen menunggu", waiting)
    note = text % {"count": waiting}
    if new := waiting_stalls(request.user).count() + waiting_products(request.user).count():
        text = ngettext("%(count)d lapak atau produk baru", "%(count)d lapak atau produk baru", new)
        note += ", " + text % {"count": new}
    url = reverse("wagtailsnippets_traders_featuredsegment:queue")
    door = Door(40, _("Putuskan segmen"), url, "check", note=note)
    offer(panels, door)
    if waiting or new:
        ask(panels, Need(40, _("Segmen lapak"), url, note))
    if found := certificates_near_end(request.user, clock.now()):
        panels.append(EndingsPanel(found))


class EndingsPanel(Component):
    """Certificates that end within two weeks, or have ended: the office asks for new ones."""

    name = "certificate_endings"
    order = 230
    template_name = "traders/admin/endings_panel.html"

    def __init__(self, found: list[Ending]) -> None:
        self.found = found

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return {"endings": self.found}


class ReviewFinder(ModelAdminURLFinder):
    """A segment in Wagtail's workflow screens leads to the page on which it is decided."""

    def get_edit_url(self, instance: Review) -> str | None:
        cooperative = instance.segment.product.stall.cooperative
        known = self.user is None or may(self.user, cooperative, *DECIDERS)
        return decide_path(instance.segment) if known else None


register_admin_url_finder(Review, ReviewFinder)


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    """Name what a coordinator does for a trader, for the stall's history."""
    actions.register_action("traders.invite", gettext_lazy("Undang"), gettext_lazy("Diundang"))
    actions.register_action(
        "traders.lock_out",
        gettext_lazy("Keluarkan dari semua perangkat"),
        gettext_lazy("Dikeluarkan dari semua perangkat"),
    )


@hooks.register("register_snippet_listing_buttons")
def trader_button(
    snippet: Any, user: User, _next_url: str | None = None
) -> Iterator[ListingButton]:
    """Lead from a stall to its trader."""
    if isinstance(snippet, Stall) and may(user, snippet.cooperative, Role.COORDINATOR):
        url = reverse("wagtailsnippets_traders_stall:trader", args=[snippet.pk])
        yield ListingButton(_("Undangan dan persetujuan"), url, icon_name="user", priority=6)


@hooks.register("construct_homepage_panels")
def trader_door(request: HttpRequest, panels: list[Any]) -> None:
    """Let who coordinates add a trader from the first page."""
    if cooperatives_for(request.user, Role.COORDINATOR).exists():
        url = reverse("wagtailsnippets_traders_stall:add_trader")
        offer(panels, Door(45, _("Tambah pedagang"), url, "user"))

"""Stalls, products and featured segments as the CMS lists and edits them."""

from typing import Any

from django.forms import CheckboxSelectMultiple, Select
from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, Panel
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from cms.cooperatives.admin import ScopedSnippetViewSet
from cms.cooperatives.policy import ApexPermissionPolicy
from cms.traders.admin import arrivals
from cms.traders.admin.decisions import VerifyStallView
from cms.traders.admin.queue import DecideSegmentView, QueueView, WorkflowActionView
from cms.traders.admin.restoring import RestoreStallView
from cms.traders.links import price_text
from cms.traders.models import Commodity, FeaturedSegment, Product, Stall


class StatePanel(Panel):
    """Where a segment stands, the sentence of a refusal, and the way to decide."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "traders/admin/state_panel.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk)


class StallViewSet(ScopedSnippetViewSet):
    """Stalls, with the page on which one is verified."""

    model = Stall
    icon = "home"
    menu_label = _("Lapak")
    list_display = [
        "name",
        Column("place", label=_("Tempat")),
        Column("cooperative", label=_("Koperasi"), sort_key="cooperative__name"),
        BooleanColumn("is_verified", label=_("Terverifikasi")),
    ]
    list_filter = ["cooperative", "active"]
    search_fields = ["name", "block", "market"]
    panels = [
        FieldPanel("cooperative"),
        FieldPanel("name"),
        FieldPanel("trader"),
        FieldRowPanel([FieldPanel("block"), FieldPanel("market")]),
        FieldPanel("description"),
        FieldPanel("commodities", widget=CheckboxSelectMultiple),
        FieldRowPanel([FieldPanel("whatsapp"), FieldPanel("hide_number")]),
        FieldPanel("active"),
    ]

    def get_urlpatterns(self) -> list[Any]:
        view = self.construct_view(VerifyStallView, index_url_name=self.get_url_name("list"))
        verify = path("periksa/<str:pk>/", view, name="verify")
        view = self.construct_view(RestoreStallView, index_url_name=self.get_url_name("list"))
        restore = path("pulihkan/<str:pk>/", view, name="restore")
        return [*super().get_urlpatterns(), verify, restore, *arrivals.addresses(self)]


class ProductViewSet(ScopedSnippetViewSet):
    """Products."""

    model = Product
    icon = "tag"
    menu_label = _("Produk")
    list_display = [
        "name",
        Column("stall", label=_("Lapak"), sort_key="stall__name"),
        Column("price", label=_("Harga"), accessor=price_text, sort_key="price"),
        Column("unit", label=_("Satuan")),
        BooleanColumn("active", label=_("Dijual")),
    ]
    list_filter = ["active"]
    search_fields = ["name", "stall__name"]
    panels = [
        FieldPanel("stall"),
        FieldPanel("name"),
        FieldRowPanel([FieldPanel("price"), FieldPanel("price_high"), FieldPanel("unit")]),
        FieldPanel("commodity", widget=Select),
        FieldPanel("description"),
        FieldPanel("image"),
        FieldPanel("active"),
    ]


class SegmentViewSet(ScopedSnippetViewSet):
    """Featured segments, with the page on which one is approved or refused."""

    model = FeaturedSegment
    icon = "media"
    menu_label = _("Segmen unggulan")
    list_display = [
        "product",
        Column("video", label=_("Video"), sort_key="video__title"),
        Column("begin", label=_("Mulai (detik)"), sort_key="begin"),
        Column("end", label=_("Selesai (detik)")),
        Column("get_state_display", label=_("Keadaan"), sort_key="state"),
    ]
    list_filter = ["state"]
    search_fields = ["product__name", "product__stall__name", "video__title"]
    panels = [
        StatePanel(heading=_("Keadaan")),
        FieldPanel("product"),
        FieldPanel("video"),
        FieldRowPanel([FieldPanel("begin"), FieldPanel("end")]),
        FieldPanel("label"),
    ]

    def get_urlpatterns(self) -> list[Any]:
        queue, decide = self.get_url_name("queue"), self.get_url_name("decide")
        view = self.construct_view
        return [
            *super().get_urlpatterns(),
            path("antrean/", view(QueueView, decide_url_name=decide), name="queue"),
            path(
                "putuskan/<str:pk>/", view(DecideSegmentView, index_url_name=queue), name="decide"
            ),
            # By this name Wagtail's panel of what awaits a review finds its action.
            path(
                "workflow/<str:pk>/<slug:action_name>/<int:task_state_id>/",
                view(WorkflowActionView, decide_url_name=decide),
                name="workflow_action",
            ),
        ]


class CommodityViewSet(SnippetViewSet):
    """Commodities, the same for the whole country: people of the apex keep them."""

    model = Commodity
    icon = "list-ul"
    menu_label = _("Komoditas")
    list_display = ["name", Column("other_names", label=_("Nama lain"))]
    search_fields = ["name", "other_names"]
    panels = [FieldPanel("name"), FieldPanel("slug"), FieldPanel("other_names")]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        register_permission_policy(self.model, ApexPermissionPolicy(self.model))


class TradersGroup(SnippetViewSetGroup):
    """One place in the menu for all of it."""

    items = (SegmentViewSet, StallViewSet, ProductViewSet, CommodityViewSet)
    menu_label = _("Pedagang")
    menu_icon = "group"
    menu_name = "traders"
    menu_order = 250

"""Stalls, products and featured segments as the CMS lists and edits them."""

from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, Panel
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from cms.cooperatives.admin import ScopedSnippetViewSet
from cms.traders.admin.decisions import DecideSegmentView, VerifyStallView
from cms.traders.links import price_text
from cms.traders.models import FeaturedSegment, Product, Stall


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
        FieldRowPanel([FieldPanel("whatsapp"), FieldPanel("hide_number")]),
        FieldPanel("active"),
    ]

    def get_urlpatterns(self) -> list[Any]:
        view = self.construct_view(VerifyStallView, index_url_name=self.get_url_name("list"))
        return [*super().get_urlpatterns(), path("periksa/<str:pk>/", view, name="verify")]


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
        view = self.construct_view(DecideSegmentView, index_url_name=self.get_url_name("list"))
        return [*super().get_urlpatterns(), path("putuskan/<str:pk>/", view, name="decide")]


class TradersGroup(SnippetViewSetGroup):
    """One place in the menu for all of it."""

    items = (SegmentViewSet, StallViewSet, ProductViewSet)
    menu_label = _("Pedagang")
    menu_icon = "group"
    menu_name = "traders"
    menu_order = 250

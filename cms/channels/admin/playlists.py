"""Playlists as the CMS lists them: videos in an order, by drag or by buttons."""

from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.admin.ui.tables import Column

from cms.channels.models import Playlist
from cms.cooperatives.admin import ScopedSnippetViewSet


class PlaylistViewSet(ScopedSnippetViewSet):
    """Lists of videos for blocks."""

    model = Playlist
    icon = "list-ol"
    menu_label = _("Daftar putar")
    menu_order = 125
    add_to_admin_menu = True
    list_display = [
        "name",
        Column("videos", label=_("Video"), accessor="videos"),
        Column("cooperative", label=_("Koperasi"), sort_key="cooperative__name"),
    ]
    search_fields = ["name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows of the listing, each with how many videos it has."""
        rows = super().get_queryset(request).select_related("cooperative")
        return rows.annotate(videos=Count("items"))

    panels = [
        FieldPanel("cooperative"),
        FieldPanel("name"),
        InlinePanel(
            "items",
            [FieldPanel("video")],
            heading=_("Isi"),
            label=_("Video"),
            help_text=_("Urutkan dengan menggeser pegangannya atau dengan tombol panah."),
        ),
    ]

"""Channels as the CMS lists them, with the pages of their days."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import IndexView

from cms.channels import guide
from cms.channels.admin import views
from cms.channels.admin.azan import AzanView
from cms.channels.admin.days import CopyView, DiscardDraftView, DraftView, PublishDraftView
from cms.channels.admin.forms import ChannelForm
from cms.channels.admin.home import NAMES, planned_by
from cms.channels.admin.moving import FillView, ManyView, MoveView
from cms.channels.admin.once import OnceView, RestoreOnceView
from cms.channels.admin.weekly import (
    DiscardWeekView,
    PublishWeekView,
    RemoveSlotView,
    UndoWeekView,
    WeekDraftView,
    WeeklyView,
)
from cms.channels.asrun.closing.pages import DebtView
from cms.channels.asrun.views import AsRunSheetView, AsRunView
from cms.channels.cutin.notice_pages import NoticeView, TakeBackView
from cms.channels.cutin.pages import ConfirmCutInView, CutInView, EndCutInView
from cms.channels.fair.views import FairView
from cms.channels.models import Channel
from cms.cooperatives.admin import ScopedSnippetViewSet
from cms.core import clock

PAGES: dict[str, tuple[type[views.ChannelView], str]] = {
    "today": (views.TodayView, "susunan/<str:pk>/"),
    "day": (views.DayView, "susunan/<str:pk>/<str:day>/"),
    "entry": (views.EntryView, "susunan/<str:pk>/<str:day>/ubah/<str:wish>/"),
    "move": (MoveView, "susunan/<str:pk>/<str:day>/geser/<str:wish>/"),
    "many": (ManyView, "susunan/<str:pk>/<str:day>/banyak/"),
    "fill": (FillView, "susunan/<str:pk>/<str:day>/isi/"),
    "remove": (views.RemoveView, "susunan/<str:pk>/<str:day>/hapus/<str:wish>/"),
    "undo": (views.UndoView, "susunan/<str:pk>/<str:day>/urungkan/"),
    "draft": (DraftView, "susunan/<str:pk>/<str:day>/draf/"),
    "publish": (PublishDraftView, "susunan/<str:pk>/<str:day>/draf/terbitkan/"),
    "discard": (DiscardDraftView, "susunan/<str:pk>/<str:day>/draf/buang/"),
    "copy": (CopyView, "susunan/<str:pk>/<str:day>/salin/"),
    "once": (OnceView, "susunan/<str:pk>/<str:day>/sekali/<int:slot>/"),
    "restore_once": (RestoreOnceView, "susunan/<str:pk>/<str:day>/sekali/<int:slot>/kembali/"),
    "azan": (AzanView, "azan/<str:pk>/"),
    "weekly": (WeeklyView, "mingguan/<str:pk>/"),
    "remove_slot": (RemoveSlotView, "mingguan/<str:pk>/hapus/<str:slot>/"),
    "undo_week": (UndoWeekView, "mingguan/<str:pk>/urungkan/"),
    "week_draft": (WeekDraftView, "mingguan/<str:pk>/draf/"),
    "publish_week": (PublishWeekView, "mingguan/<str:pk>/draf/terbitkan/"),
    "discard_week": (DiscardWeekView, "mingguan/<str:pk>/draf/buang/"),
    "as_run": (AsRunView, "tayang/<str:pk>/<str:day>/"),
    "as_run_sheet": (AsRunSheetView, "tayang/<str:pk>/<str:day>/csv/"),
    "debt": (DebtView, "tayang/<str:pk>/<str:day>/utang/<int:debt>/"),
    "fair": (FairView, "giliran/<str:pk>/"),
    "cut_in": (CutInView, "sela/<str:pk>/"),
    "confirm_cut_in": (ConfirmCutInView, "sela/<str:pk>/pastikan/"),
    "end_cut_in": (EndCutInView, "sela/<str:pk>/hentikan/<int:cut>/"),
    "notice": (NoticeView, "pengumuman/<str:pk>/"),
    "take_back": (TakeBackView, "pengumuman/<str:pk>/cabut/<int:notice>/"),
    "repeat": (views.RepeatView, "susunan/<str:pk>/<str:day>/ulangi/"),
}


class ChannelIndexView(IndexView):
    """The list. Who has one channel is led to its day; `?semua=1` shows the list in any case."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.GET and not self.results_only:
            own = planned_by(request.user).values_list("pk", flat=True)[:2]
            if len(found := list(own)) == 1:
                return redirect(reverse(f"{NAMES}:today", args=found))
        answer: HttpResponse = super().get(request, *args, **kwargs)
        return answer


def _shows(channel: Channel) -> str:
    playing = guide.on_air(channel, clock.now())
    return playing.title if playing else gettext("Belum mengudara")


class ChannelViewSet(ScopedSnippetViewSet):
    """Channels; the extra pages stand behind the same check of `pk` as all others."""

    model = Channel
    index_view_class = ChannelIndexView
    icon = "desktop"
    menu_label = _("Saluran")
    menu_order = 120
    add_to_admin_menu = True
    list_display = [
        "name",
        Column("shows", label=_("Sedang tayang"), accessor=_shows),
        Column("cooperative", label=_("Koperasi"), sort_key="cooperative__name"),
    ]
    search_fields = ["name"]
    edit_handler = ObjectList(
        [
            FieldPanel("cooperative"),
            FieldRowPanel([FieldPanel("name"), FieldPanel("slug")]),
            FieldRowPanel(
                [
                    FieldPanel("logo"),
                    FieldPanel("colour", widget=forms.TextInput(attrs={"type": "color"})),
                ]
            ),
            InlinePanel(
                "fillers",
                [FieldPanel("video")],
                heading=_("Pengisi"),
                label=_("Pengisi"),
                help_text=_("Menutup jeda antara acara, bergiliran menurut urutan ini."),
            ),
            FieldPanel("parent", widget=forms.Select),
            InlinePanel(
                "own_windows",
                [
                    FieldRowPanel([FieldPanel("weekday"), FieldPanel("date")]),
                    FieldRowPanel([FieldPanel("start"), FieldPanel("end")]),
                ],
                heading=_("Jam siaran sendiri"),
                label=_("Jam siaran sendiri"),
                help_text=_(
                    "Untuk saluran yang mengikuti saluran lain: pada jam ini susunan acara sendiri"
                    " yang tayang. Bila kosong, acara saluran yang diikuti tetap tampil."
                ),
            ),
            FieldPanel("repeats_daily"),
            FieldRowPanel([FieldPanel("horizon_hours"), FieldPanel("listed")]),
            FieldPanel("slate"),
        ],
        base_form_class=ChannelForm,
    )

    @property
    def page_names(self) -> dict[str, str]:
        """Full URL name of each page of a day."""
        return {name: self.get_url_name(name) for name in PAGES}

    def get_urlpatterns(self) -> list[Any]:
        """Add the pages of a day."""
        pages = [
            path(route, self.construct_view(view, url_names=self.page_names), name=name)
            for name, (view, route) in PAGES.items()
        ]
        return [*super().get_urlpatterns(), *pages]
